"""Archives are fetched from a server on this machine that breaks off, changes its mind and lies."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from hashlib import md5, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from wardlight.incidents import download
from wardlight.partners.refusal import Refusal

from .street_files import row, write_street

pytestmark = pytest.mark.enable_socket


class Shelf:
    """What the server has, and how it behaves. `break_after` lists after how many bytes each answer breaks off."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.break_after: list[int] = []
        self.answers: list[int] = []
        self.ranges: list[str | None] = []
        self.base = ""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = shelf.files.get(self.path)
            if self.path.endswith(".zip"):
                shelf.ranges.append(self.headers.get("range"))
            if shelf.answers and self.path.endswith(".zip"):
                self.send_error(shelf.answers.pop(0))
                return
            if data is None:
                self.send_error(404)
                return
            self._answer(data)

        def _answer(self, data: bytes) -> None:
            etag = f'"{sha256(data).hexdigest()}"'
            start = 0
            asked = self.headers.get("range")
            if asked and self.headers.get("if-range") == etag:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
            body = data[start:]
            if asked and start >= len(data):
                self.send_response(416)
                self.send_header("content-range", f"bytes */{len(data)}")
                self.send_header("content-length", "0")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            self.send_header("etag", etag)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            stop = shelf.break_after.pop(0) if shelf.break_after and self.path.endswith(".zip") else len(body)
            self.wfile.write(body[:stop])

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    shelf.base = f"http://127.0.0.1:{server.server_port}"
    yield shelf
    server.shutdown()
    server.server_close()
    thread.join()


def archive(tmp_path: Path, months: list[str], outcome: str = "Under investigation") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for month in months:
            for force in ("city-of-london", "metropolitan"):
                name = f"{month}/{month}-{force}-street.csv"
                path = write_street(tmp_path / "made" / name, [row(n, month=month, outcome=outcome) for n in range(90)])
                packed.write(path, name)
    return held.getvalue()


@pytest.fixture
def data(shelf, tmp_path) -> bytes:
    shelf.files["/2023-06.zip"] = archive(tmp_path, ["2023-05", "2023-06"])
    return shelf.files["/2023-06.zip"]


def fetch(shelf: Shelf, tmp_path: Path, **more: Any) -> download.Downloaded:
    return download.fetch(f"{shelf.base}/2023-06.zip", tmp_path / "2023-06.zip", pause=lambda _: None, **more)


def test_it_goes_on_where_it_broke_off(shelf, data, tmp_path):
    shelf.break_after = [1_000, 2_000]
    seen: list[float] = []
    done = fetch(shelf, tmp_path, progress=lambda fraction, _: seen.append(fraction))
    assert done.path.read_bytes() == data
    assert shelf.ranges == [None, "bytes=1000-", "bytes=3000-"]
    assert done.fetched == len(data)
    assert seen[-1] == 1.0
    assert [path.name for path in tmp_path.glob("2023*")] == ["2023-06.zip"]


def test_a_later_run_goes_on_too_and_a_changed_file_starts_again(shelf, data, tmp_path):
    shelf.break_after = [1_000] + [0] * 4
    with pytest.raises(Refusal, match="could not be fetched in 5 tries"):
        fetch(shelf, tmp_path)
    assert not (tmp_path / "2023-06.zip").exists()
    assert (tmp_path / "2023-06.zip.part").stat().st_size == 1_000
    shelf.break_after = []
    shelf.files["/2023-06.zip"] = archive(tmp_path, ["2023-05", "2023-06"], outcome="Local resolution")
    done = fetch(shelf, tmp_path)
    assert done.path.read_bytes() == shelf.files["/2023-06.zip"]


def test_a_passing_fault_is_tried_again_and_a_lasting_one_told(shelf, data, tmp_path):
    shelf.answers = [503, 500]
    assert fetch(shelf, tmp_path).path.read_bytes() == data
    shelf.files.clear()
    with pytest.raises(Refusal, match="answered 404: check the months"):
        download.fetch(f"{shelf.base}/1999-01.zip", tmp_path / "1999-01.zip", pause=lambda _: None)


@pytest.mark.parametrize(("ending", "digest"), [("sha256", sha256), ("md5", md5)])
def test_a_published_checksum_is_compared(shelf, data, tmp_path, ending, digest):
    shelf.files[f"/2023-06.zip.{ending}"] = f"{digest(data).hexdigest()}  2023-06.zip\n".encode()
    assert fetch(shelf, tmp_path).checked_by == ending
    shelf.files[f"/2023-06.zip.{ending}"] = digest(b"other").hexdigest().encode()
    (tmp_path / "2023-06.zip").unlink()
    with pytest.raises(Refusal, match="does not match its checksum"):
        fetch(shelf, tmp_path)
    assert not list(tmp_path.glob("2023*"))


def test_a_checksum_that_is_given_is_compared(shelf, data, tmp_path):
    assert fetch(shelf, tmp_path, checksum=sha256(data).hexdigest().upper()).checked_by == "sha256"
    with pytest.raises(Refusal, match="is not an MD5"):
        fetch(shelf, tmp_path, checksum="12")


def test_a_page_that_is_no_zip_is_refused(shelf, tmp_path):
    shelf.files["/2023-06.zip"] = b"<html>Down for maintenance</html>"
    with pytest.raises(Refusal, match="is not a whole zip file"):
        fetch(shelf, tmp_path)
    assert not list(tmp_path.glob("2023*"))


def test_the_command_unpacks_the_months_and_the_force(shelf, data, tmp_path, home):
    import typer

    from wardlight.config.commands import imports

    app = typer.Typer()
    imports.register(app)
    where = ["--base", shelf.base, "--into", str(tmp_path / "out")]
    months = ["--from", "2023-06", "--to", "2023-06", "--force", "city-of-london"]
    result = CliRunner().invoke(app, ["download", "police-uk", *months, *where], catch_exceptions=False)
    assert result.exit_code == 0
    files = [path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.csv")]
    assert files == ["2023-06/2023-06-city-of-london-street.csv"]
    with pytest.raises(Refusal, match="hold no files of nowhere"):
        CliRunner().invoke(app, ["download", "police-uk", *months[:-1], "nowhere", *where], catch_exceptions=False)


def test_which_archives_are_needed():
    assert download.archives_for("2022-07", "2023-06") == ["2023-06"]
    assert download.archives_for("2019-01", "2023-06") == ["2020-06", "2023-06"]
    with pytest.raises(Refusal, match="“2022-13” is not a month"):
        download.archives_for("2022-13", "2023-06")
    with pytest.raises(Refusal, match="is before the first"):
        download.archives_for("2023-06", "2022-07")
