"""Serving the house over HTTP by granian, with a worker thread in the parent process."""

from __future__ import annotations

import threading

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS = 4


def serve(host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serve until stopped. The worker begins after the server's processes have been started."""
    server = Granian(
        "house:create_app", factory=True, interface=Interfaces.WSGI, address=host, port=port,
        workers=workers, blocking_threads=THREADS, log_level=LogLevels.warning, log_access=False,
    )  # fmt: skip
    stop = threading.Event()
    if with_worker:
        server.on_startup(lambda: _begin_working(stop))
        server.on_shutdown(stop.set)
    server.serve()


def _begin_working(stop: threading.Event) -> None:
    from house import create_app, worker

    threading.Thread(target=worker.run, args=(create_app(), stop), name="worker", daemon=True).start()
