"""The environment of every test, set before Django reads its settings: importing this comes before everything else."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import django

FIRST_HOME = Path(tempfile.mkdtemp(prefix="wardlight-test-"))
(FIRST_HOME / "static").mkdir()  # WhiteNoise warns where there is none
os.environ["WARDLIGHT_HOME"] = str(FIRST_HOME)
os.environ["WARDLIGHT_STRICT_TEMPLATES"] = "true"
os.environ["WARDLIGHT_PLAIN_STATIC"] = "true"
os.environ["DJANGO_SETTINGS_MODULE"] = "wardlight.config.settings"
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir()) / "wardlight-numba"))
django.setup()
