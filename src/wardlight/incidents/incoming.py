"""Find what a person pointed at: files, folders, zips as downloaded; unpacked into a folder of our own, within limits."""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from wardlight.partners.refusal import Refusal

ARCHIVE_ENDING = ".zip"
COMPRESSED_ENDING = ".gz"
MOST_UNPACKED = 40 * 1024**3
MOST_RATIO = 200
RATIO_FROM = 50 * 1024**2
MOST_MEMBERS = 50_000
PIECE = 1 << 20
HIDDEN = ("__MACOSX", ".")


@dataclass(frozen=True, slots=True)
class Found:
    """A plain file to read. `chosen` tells a file the person named from one that merely lay in a folder or zip."""

    path: Path
    name: str
    chosen: bool


def find(paths: Sequence[Path], endings: Iterable[str], into: Path, progress: Callable[[str], None]) -> list[Found]:
    """The plain files under `paths`, in the order of their names; compressed ones are unpacked into `into`.

    Raises Refusal for a path that is missing or cannot be read, a folder or zip without any file of these endings, and
    a zip that is broken, unsafe or swells beyond MOST_RATIO times its size or MOST_UNPACKED bytes.
    """
    unpacker = _Unpacker(into, tuple(endings), progress)
    found: list[Found] = []
    for path in paths:
        found.extend(_under(Path(path), unpacker))
    if not found:
        raise Refusal("No file was given: name at least one file, folder or zip.")
    return found


def _under(path: Path, unpacker: _Unpacker) -> list[Found]:
    if not path.exists():
        raise Refusal(f"There is no file or folder {path}: check the spelling.")
    if not path.is_dir():
        return unpacker.plain(path, path.name, chosen=True)
    inside = sorted(item for item in path.rglob("*") if item.is_file() and unpacker.wants(item.name))
    found = [each for item in inside for each in unpacker.plain(item, item.relative_to(path).as_posix(), chosen=False)]
    if not found:
        raise Refusal(f"The folder {path} holds no {_listed(unpacker.endings)} file: choose the folder with the data.")
    return found


def _listed(endings: Sequence[str]) -> str:
    return " or ".join(sorted(ending.lstrip(".") for ending in endings))


class _Unpacker:
    """Unpacks into one folder and keeps count of how much."""

    def __init__(self, into: Path, endings: tuple[str, ...], progress: Callable[[str], None]) -> None:
        self.into, self.endings, self.progress = into, endings, progress
        self.unpacked = 0
        self.number = 0

    def wants(self, name: str) -> bool:
        """Whether a file in a folder or zip may be the data, by its ending."""
        base = PurePosixPath(name).name.lower()
        if base.startswith(HIDDEN):
            return False
        return base.removesuffix(COMPRESSED_ENDING).endswith(self.endings) or base.endswith(ARCHIVE_ENDING)

    def plain(self, path: Path, name: str, *, chosen: bool) -> list[Found]:
        """The plain files of one file: itself, or what it unpacks to."""
        _check_readable(path)
        if name.lower().endswith(ARCHIVE_ENDING):
            return list(self._members(path, name))
        if name.lower().endswith(COMPRESSED_ENDING):
            return [Found(self._inflate(path, name), name[: -len(COMPRESSED_ENDING)], chosen)]
        return [Found(path, name, chosen)]

    def _members(self, path: Path, name: str) -> Iterator[Found]:
        try:
            with zipfile.ZipFile(path) as archive:
                members = self._checked_members(archive, name)
                for member in members:
                    self.progress(f"Unpacking {member.filename}")
                    target = self._member(archive, member, f"{name}/{member.filename}")
                    plain = f"{name}/{member.filename}".removesuffix(COMPRESSED_ENDING)
                    yield Found(target, plain, chosen=False)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise Refusal(f"{name} is not a whole zip file: download it again.") from error

    def _checked_members(self, archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
        listed = archive.infolist()
        if len(listed) > MOST_MEMBERS:
            raise Refusal(
                f"{name} holds {len(listed):,} files, more than {MOST_MEMBERS:,}: unpack it and choose the folder."
            )
        for member in listed:
            inside = PurePosixPath(member.filename.replace("\\", "/"))
            if inside.is_absolute() or ".." in inside.parts or ":" in member.filename:
                raise Refusal(f"{name} holds a file that points outside it ({member.filename}): it was not opened.")
        wanted = [member for member in listed if not member.is_dir() and self._wanted_member(member.filename)]
        if not wanted and any(member.filename.lower().endswith(ARCHIVE_ENDING) for member in listed):
            raise Refusal(f"{name} holds another zip and no data itself: unpack it and choose the zip inside.")
        if not wanted:
            raise Refusal(f"{name} holds no {_listed(self.endings)} file: choose the zip with the data.")
        if any(member.flag_bits & 0x1 for member in wanted):
            raise Refusal(f"{name} is locked with a password: unpack it and choose the folder.")
        return sorted(wanted, key=lambda member: member.filename)

    def _wanted_member(self, filename: str) -> bool:
        return (
            not filename.startswith(HIDDEN) and self.wants(filename) and not filename.lower().endswith(ARCHIVE_ENDING)
        )

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Path:
        with archive.open(member) as stream:
            if not member.filename.lower().endswith(COMPRESSED_ENDING):
                return self._copy(stream, member.compress_size, name)
            with gzip.GzipFile(fileobj=stream) as inner:
                return self._copy(inner, member.compress_size, name)

    def _inflate(self, path: Path, name: str) -> Path:
        self.progress(f"Unpacking {name}")
        try:
            with gzip.open(path) as stream:
                return self._copy(stream, path.stat().st_size, name)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise Refusal(f"{name} is not a whole gz file: download it again.") from error

    def _copy(self, stream: IO[bytes] | gzip.GzipFile, packed_bytes: int, name: str) -> Path:
        """Counted as it is written: what the archive says of its own sizes is not believed."""
        self.number += 1
        target = self.into / f"{self.number:06d}{_plain_ending(name)}"
        written = 0
        with target.open("wb") as out:
            while piece := stream.read(PIECE):
                written += len(piece)
                self.unpacked += len(piece)
                self._check_swelling(written, packed_bytes, name)
                out.write(piece)
        return target

    def _check_swelling(self, written: int, packed_bytes: int, name: str) -> None:
        if written > RATIO_FROM and written > MOST_RATIO * max(packed_bytes, 1):
            raise Refusal(
                f"{name} unpacks to more than {MOST_RATIO} times its size, which no real data do: it was not opened."
            )
        if self.unpacked > MOST_UNPACKED:
            raise Refusal(
                f"{name} unpacks to more than {MOST_UNPACKED // 1024**3} GB: unpack it and import part by part."
            )
        if shutil.disk_usage(self.into).free < PIECE * 16:
            raise Refusal(f"The disk is full: make room before importing {name}.")


def _plain_ending(name: str) -> str:
    return PurePosixPath(name.lower().removesuffix(COMPRESSED_ENDING)).suffix


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise Refusal(
            f"{path.name} cannot be read: check that you may open it and that no other program holds it."
        ) from error
