"""Fetch police.uk archives over HTTPS: on from where it stopped, checked, and only then under their own name."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

import httpx

from wardlight.partners.refusal import Refusal

ARCHIVE_BASE = "https://data.police.uk/data/archive"
TRIES = 5
FIRST_PAUSE = 1.0
PIECE = 1 << 18
TIMEOUT = httpx.Timeout(30.0)
CHECKSUM_LENGTHS = {32: "md5", 40: "sha1", 64: "sha256"}
PASSING_FAULTS = (408, 425, 429, 500, 502, 503, 504)

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that was fetched. `fetched` is how many bytes came over the wire this time."""

    path: Path
    fetched: int
    checked_by: str  # "sha256", "md5", or "zip" when no checksum was published


def months_between(first: str, last: str) -> list[str]:
    """["2022-07", …] from first to last. Raises Refusal for what is no month and for a last before the first."""
    numbers = [_month_number(first), _month_number(last)]
    if numbers[1] < numbers[0]:
        raise Refusal(f"The last month, {last}, is before the first, {first}: swap them.")
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(numbers[0], numbers[1] + 1)]


def archives_for(first: str, last: str) -> list[str]:
    """The archives to fetch: each holds the 36 months up to the one it is named for, the newest version of each."""
    months = months_between(first, last)
    return sorted(months[::-1][::36])


def _month_number(text: str) -> int:
    year, dash, month = text.partition("-")
    if not (
        dash and len(year) == 4 and year.isdigit() and len(month) == 2 and month.isdigit() and 1 <= int(month) <= 12
    ):
        raise Refusal(f"“{text}” is not a month: write it as 2022-07.")
    return int(year) * 12 + int(month) - 1


def fetch(
    url: str,
    target: Path,
    *,
    checksum: str = "",
    progress: Progress | None = None,
    pause: Callable[[float], None] = time.sleep,
    client: httpx.Client | None = None,
) -> Downloaded:
    """Fetch `url` to `target`, which appears whole and checked or not at all.

    What came before a break stays aside as `<name>.part` and the next try asks only for the rest. `checksum` is an MD5, SHA-1
    or SHA-256 in hexadecimal; without it the checksum published beside the file is used when there is one. Raises Refusal
    when the file is not there, keeps breaking off, or does not match.
    """
    own = client is None
    client = client or httpx.Client(timeout=TIMEOUT, follow_redirects=True)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f"{target.name}.part")
        fetched = _fetch_all(client, url, aside, progress or _silent, pause)
        checked_by = _check(aside, url, target.name, checksum or _published_checksum(client, url))
        aside.replace(target)
        return Downloaded(target, fetched, checked_by)
    finally:
        if own:
            client.close()


def _silent(fraction: float, doing: str) -> None:
    return None


def _fetch_all(client: httpx.Client, url: str, aside: Path, progress: Progress, pause: Callable[[float], None]) -> int:
    fetched = 0
    problem = ""
    for number in range(TRIES):
        if number:
            pause(FIRST_PAUSE * 2 ** (number - 1))
        try:
            count, whole = _fetch_some(client, url, aside, progress)
        except httpx.HTTPError as error:
            problem = type(error).__name__
            continue
        fetched += count
        if whole:
            return fetched
        problem = "the connection broke off"
    raise Refusal(f"{url} could not be fetched in {TRIES} tries ({problem}): try again later, it goes on from here.")


def _fetch_some(client: httpx.Client, url: str, aside: Path, progress: Progress) -> tuple[int, bool]:
    """One request. Gives how many bytes came and whether the file is whole now."""
    have = aside.stat().st_size if aside.exists() else 0
    with client.stream("GET", url, headers=_range(aside, have)) as response:
        if response.status_code == 416:
            # Nothing is left to fetch, or the file has changed: start again unless the sizes agree.
            whole = response.headers.get("content-range", "").endswith(f"/{have}")
            if not whole:
                aside.unlink()
            return 0, whole
        if response.status_code in PASSING_FAULTS:
            return 0, False
        if response.status_code not in (200, 206):
            raise Refusal(f"{url} answered {response.status_code}: check the months, or the address given with --base.")
        goes_on = response.status_code == 206 and have > 0
        total = (have if goes_on else 0) + int(response.headers.get("content-length", 0))
        _remember_version(aside, response.headers)
        with aside.open("ab" if goes_on else "wb") as out:
            count = _copy(response, out, have if goes_on else 0, total, aside.name, progress)
    size = aside.stat().st_size
    return count, size == total or not response.headers.get("content-length")


def _copy(response: httpx.Response, out: BinaryIO, have: int, total: int, name: str, progress: Progress) -> int:
    """Keeps what came even when the connection breaks, so that the next try goes on from there."""
    count = 0
    try:
        for piece in response.iter_raw():
            out.write(piece)
            count += len(piece)
            progress((have + count) / total if total else 0.0, f"Fetching {name.removesuffix('.part')}")
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.ReadTimeout):
        return count
    return count


def _version_file(aside: Path) -> Path:
    return aside.with_name(f"{aside.name}.version")


def _range(aside: Path, have: int) -> dict[str, str]:
    """Ask for the rest, but only of the very same version of the file."""
    headers = {"accept-encoding": "identity"}
    if have:
        headers["range"] = f"bytes={have}-"
        version = _version_file(aside)
        if version.exists():
            headers["if-range"] = version.read_text(encoding="utf-8")
    return headers


def _remember_version(aside: Path, headers: Mapping[str, str]) -> None:
    version = headers.get("etag") or headers.get("last-modified")
    if version and not version.startswith("W/"):
        _version_file(aside).write_text(version, encoding="utf-8")


def _published_checksum(client: httpx.Client, url: str) -> str:
    """The checksum in the file beside the archive (`….zip.sha256` or `….zip.md5`), "" when there is none."""
    for ending in ("sha256", "md5"):
        response = client.get(f"{url}.{ending}")
        if response.status_code == 200:
            words = response.text.split()
            if words and len(words[0]) in CHECKSUM_LENGTHS and set(words[0].lower()) <= set("0123456789abcdef"):
                return words[0]
    return ""


def _check(aside: Path, url: str, name: str, checksum: str) -> str:
    """Raises Refusal, and removes the file, when it is not what was published."""
    kind = "zip"
    if checksum:
        kind = CHECKSUM_LENGTHS.get(len(checksum), "")
        if not kind:
            raise Refusal(f"“{checksum}” is not an MD5, SHA-1 or SHA-256 checksum: copy it again.")
        with aside.open("rb") as file:
            found = file_digest(file, kind).hexdigest()
        if found != checksum.lower():
            _discard(aside)
            raise Refusal(f"{name} does not match its checksum ({kind} {checksum}, found {found}): fetch it again.")
    if not _is_whole_zip(aside):
        _discard(aside)
        raise Refusal(f"{url} is not a whole zip file: fetch it again, or check the address given with --base.")
    _version_file(aside).unlink(missing_ok=True)
    return kind


def _discard(aside: Path) -> None:
    aside.unlink(missing_ok=True)
    _version_file(aside).unlink(missing_ok=True)


def _is_whole_zip(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except zipfile.BadZipFile:
        return False


def extract_months(archives: list[Path], into: Path, *, first: str, last: str, force: str = "") -> list[Path]:
    """Unpack the files of the months (and of one force, as files name it) from archives; the newest archive wins."""
    wanted = set(months_between(first, last))
    found: dict[str, Path] = {}
    for path in sorted(archives):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                name = member.filename.rsplit("/", 1)[-1]
                if name[:7] not in wanted or not name.endswith(".csv") or not _is_force(name, force):
                    continue
                target = into / name[:7] / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source, target.open("wb") as out:
                    while piece := source.read(PIECE):
                        out.write(piece)
                found[name] = target
    if not found:
        who = f" of {force}" if force else ""
        raise Refusal(f"The archives hold no files{who} from {first} to {last}: check the months and the force's name.")
    return [found[name] for name in sorted(found)]


def _is_force(name: str, force: str) -> bool:
    rest = name[8:]
    return not force or any(rest == f"{force}-{kind}.csv" for kind in ("street", "outcomes", "stop-and-search"))
