"""Copy static files, hashed and compressed, into the home – only when one of them has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_static() -> bool:
    """True when something had changed."""
    stamp = settings.STATIC_ROOT.parent / "static-digest.txt"
    wanted = _digest()
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if manifest.is_file() and stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _digest() -> str:
    total = hashlib.sha256(settings.STATIC_BACKEND.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = Path(storage.path(name)).stat()
            total.update(f"{name}|{about.st_size}|{about.st_mtime_ns}\n".encode())
    return total.hexdigest()
