"""What to say when something around Wardlight fails (a full disk, a silent database), and when Wardlight itself does.

A `Refusal` is about what a person asked for. A fault is not, and still nobody should meet a traceback: `explain` gives the
sentence for what an administrator can put right, and `note` keeps where a fault of our own happened, without any data.
"""

from __future__ import annotations

import errno
import traceback
from datetime import UTC, datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db.utils import DatabaseError, OperationalError

FULL = "The disk is full: make room and do it again."
FULL_SIGNS = ("no space left", "os error 28", "disk is full", "disk full", "os error 112")
DAMAGED_SIGNS = ("not a database", "malformed", "disk i/o error")
BUSY_SIGNS = ("database is locked", "database table is locked")
READ_ONLY_SIGNS = ("readonly database", "read-only")
NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}
NO_SPACE = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


def explain(error: BaseException) -> str | None:
    """One sentence about a failure outside Wardlight, with its remedy; None when it is a fault of Wardlight's own."""
    if isinstance(error, ImproperlyConfigured):
        return str(error)
    if _is_full(error):
        return FULL
    if isinstance(error, DatabaseError):
        return _of_database(error)
    if type(error).__module__.startswith("polars") and "parquet" in str(error).lower():
        return "A file of stored rows is damaged: put the folder “records” of WARDLIGHT_HOME back from a backup."
    if isinstance(error, OSError):
        return _of_system(error)
    if isinstance(error, MemoryError):
        return "This machine has too little memory for it: close other programs, or do it in smaller parts."
    return None


def _is_full(error: BaseException) -> bool:
    words = str(error).lower()
    return getattr(error, "errno", None) in NO_SPACE or any(sign in words for sign in FULL_SIGNS)


def _of_database(error: DatabaseError) -> str | None:
    words = str(error).lower()
    if any(sign in words for sign in DAMAGED_SIGNS):
        return "The database is damaged and cannot be read: put back the last backup of it."
    if any(sign in words for sign in BUSY_SIGNS):
        return "The database is busy with other work: try again in a minute."
    if any(sign in words for sign in READ_ONLY_SIGNS):
        return "The database cannot be written: let the user that runs Wardlight write in WARDLIGHT_HOME."
    if "unable to open database file" in words:
        return (
            "The database file cannot be opened: check WARDLIGHT_HOME and DATABASE_URL, and that you may write there."
        )
    if isinstance(error, OperationalError):
        return f"The database does not answer ({_reason(error)}): check that it runs, and DATABASE_URL."
    return None


def _reason(error: BaseException) -> str:
    """What the server said, without where it is."""
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return first.rpartition(" failed: ")[2].removeprefix("FATAL:").strip(" .")


def _of_system(error: OSError) -> str | None:
    name = error.filename
    if not isinstance(name, str | Path):
        return None
    if error.errno in NOT_ALLOWED:
        return f"{name} cannot be opened: check that you may read and write there, and that no other program holds it."
    if error.errno in (errno.EEXIST, errno.ENOTDIR, errno.EISDIR):
        return (
            f"{name} is in the way: a folder is expected where a file is, or the other way round; choose another place."
        )
    return None


def own_fault(error: BaseException, folder: Path) -> str:
    """The sentence for a fault of Wardlight's own, kept in a file of `folder` where that can be written."""
    frame = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    where = f" in {Path(frame.filename).name}, line {frame.lineno}" if frame else ""
    what = f"Wardlight stopped because of a fault of its own ({type(error).__name__}{where})"
    try:
        path = note(error, folder)
    except OSError:
        return f"{what}: tell whoever looks after it what you did and when."
    return f"{what}: send {path} to whoever looks after it."


def note(error: BaseException, folder: Path) -> Path:
    """Write where a fault happened. The words of the error stay out: they may quote the data."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    path = folder / f"fault-{now:%Y%m%d-%H%M%S-%f}.txt"
    lines = [f"{type(error).__name__} at {now:%Y-%m-%d %H:%M} UTC\n", *_frames(error)]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _frames(error: BaseException) -> list[str]:
    frames = traceback.format_tb(error.__traceback__)
    earlier = error.__cause__ or error.__context__
    return frames if earlier is None else [*_frames(earlier), f"then {type(error).__name__}\n", *frames]
