"""The web server, its worker and the sealing of the audit trail, started and stopped together.

The worker is a process of its own. It holds one end of a pipe: when the server stops or dies, the pipe closes and the
worker ends after its current job. That works alike on every system.
"""

from __future__ import annotations

import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections
from django.urls import get_resolver

from wardlight.partners.refusal import Refusal
from wardlight.partners.seals import seal

logger = logging.getLogger(__name__)
LONGEST_WAIT = 60.0
GRACE = 20.0
SEAL_EVERY = 60.0
THREADS = 8
PROXY_HEADERS = {"x-forwarded-for", "x-forwarded-proto"}


def worker_process() -> subprocess.Popen[bytes]:
    """Start `wardlight worker`, which ends when its standard input does."""
    return subprocess.Popen(
        [sys.executable, "-m", "wardlight", "worker", "--until-input-ends"],
        stdin=subprocess.PIPE,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


class Supervisor(threading.Thread):
    """Keeps one worker running: starts it again when it ends, waiting twice as long each time up to a minute."""

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]] = worker_process, first_wait: float = 1.0) -> None:
        super().__init__(name="worker supervisor", daemon=True)
        self._start = start
        self._first_wait = first_wait
        self._stopping = threading.Event()
        self.worker: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        wait = self._first_wait
        while not self._stopping.is_set():
            began = time.monotonic()
            self.worker = self._start()
            code = self.worker.wait()
            _close(self.worker)
            if self._stopping.is_set():
                return
            if time.monotonic() - began > LONGEST_WAIT:
                wait = self._first_wait
            logger.warning("the worker ended with status %s; starting it again in %.0f s", code, wait)
            self._stopping.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    def stop(self, grace: float = GRACE) -> None:
        """Ask the worker to finish its job; after `grace` seconds end it."""
        self._stopping.set()
        worker = self.worker
        if worker is None or worker.poll() is not None:
            return
        _close(worker)
        try:
            worker.wait(grace)
        except subprocess.TimeoutExpired:
            logger.warning("the worker did not finish in %.0f s and was ended; its job can be resumed", grace)
            worker.kill()
            worker.wait()


def _close(worker: subprocess.Popen[bytes]) -> None:
    if worker.stdin:
        worker.stdin.close()


class Sealer(threading.Thread):
    """Seals the audit trail once a minute."""

    def __init__(self, every: float = SEAL_EVERY) -> None:
        super().__init__(name="audit sealer", daemon=True)
        self._every = every
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(self._every):
            try:
                seal()
            except OperationalError as problem:
                logger.warning("the audit trail was not sealed and will be in a minute: %s", problem)
            finally:
                close_old_connections()

    def stop(self) -> None:
        self._stopping.set()


def stop_when_input_ends() -> None:
    """Called in the worker: end, as if asked by a signal, once the server's end of the pipe is closed."""

    def watch() -> None:
        while sys.stdin.buffer.read(1024):
            continue
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=watch, name="server watcher", daemon=True).start()


def serve(*, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C or SIGTERM. `ready` is called once the port is open."""
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        raise Refusal(f"Port {port} cannot be opened ({error.strerror}): choose another one with --port.") from error
    server = waitress.create_server(
        get_wsgi_application(), sockets=[listening], threads=THREADS, ident=None, **_behind_a_proxy()
    )
    signal.signal(signal.SIGTERM, _leave)
    supervisor, sealer = Supervisor(), Sealer()
    supervisor.start()
    sealer.start()
    try:
        get_resolver()._populate()  # import every page now, so that the first visitor does not wait for it
        ready()
        server.run()
    finally:
        sealer.stop()
        supervisor.stop()
        server.close()


def _behind_a_proxy() -> dict[str, Any]:
    """HTTPS means that a web server stands in front, which tells who asked and how; otherwise nobody is believed."""
    if not settings.HTTPS_ONLY:
        return {}
    return {"trusted_proxy": "*", "trusted_proxy_count": 1, "trusted_proxy_headers": PROXY_HEADERS}


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
