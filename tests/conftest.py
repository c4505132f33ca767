"""Shared fixtures. Tests never touch the network; journeys reach only the server they started."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["WARDLIGHT_HOME"] = tempfile.mkdtemp(prefix="wardlight-test-")
os.environ["WARDLIGHT_STRICT_TEMPLATES"] = "true"
os.environ["WARDLIGHT_PLAIN_STATIC"] = "true"
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir()) / "wardlight-numba"))

import pytest

from tests import factories

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    """A fresh home for every test."""
    path = tmp_path / "home"
    path.mkdir()
    monkeypatch.setenv("WARDLIGHT_HOME", str(path))
    settings.HOME = path
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
    return path


@pytest.fixture
def shared_data() -> Path:
    """The folder of real open data. It is present in CI; elsewhere its tests are skipped, loudly."""
    if not SHARED_DATA.is_dir():
        assert not os.environ.get("CI"), f"the real data are missing: {SHARED_DATA}"
        pytest.skip(f"REAL DATA ABSENT: no folder {SHARED_DATA}, so this test could not run")
    return SHARED_DATA


@pytest.fixture
def partnership(db):
    return factories.PartnershipFactory()
