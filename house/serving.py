"""Serving the house over HTTP by granian, with a worker process beside it.

The worker is a process, not a thread: granian forks its workers, and a fork copies locks that another thread
holds at that moment, SQLite's among them, so that a request could wait for ever.
"""

from __future__ import annotations

import subprocess
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS = 4


def serve(host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serve until stopped; the worker ends with the server."""
    server = Granian(
        "house:create_app", factory=True, interface=Interfaces.WSGI, address=host, port=port,
        workers=workers, blocking_threads=THREADS, log_level=LogLevels.warning, log_access=False,
    )  # fmt: skip
    beside = _begin_working() if with_worker else None
    try:
        server.serve()
    finally:
        if beside is not None:
            beside.terminate()
            beside.wait(30)


def _begin_working() -> subprocess.Popen[bytes]:
    """A worker that also ends when this process is gone without a word."""
    return subprocess.Popen([sys.executable, "-m", "house.cli", "worker", "--with-parent"])
