"""Shared fixtures. Tests never touch the network; journeys reach only the server they started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import pytest_socket
from hypothesis import settings as hypothesis_settings

from tests import environment as environment  # first: it starts Django
from tests import factories

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


hypothesis_settings.register_profile("wardlight", deadline=None)  # machines differ; no test is timed
hypothesis_settings.load_profile("wardlight")

HERE = Path(__file__).resolve().parent
THIS_MACHINE = ["127.0.0.1", "::1", "localhost"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Unit tests open no socket at all; the others reach this machine only. (PostgreSQL's own library is not Python's.)"""
    if HERE / "unit" in item.path.parents:
        pytest_socket.disable_socket(allow_unix_socket=True)
    else:
        pytest_socket.socket_allow_hosts(THIS_MACHINE, allow_unix_socket=True)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    """A fresh home for every test."""
    path = tmp_path / "home"
    path.mkdir()
    monkeypatch.setenv("WARDLIGHT_HOME", str(path))
    settings.HOME = path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; nothing here is secret
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
