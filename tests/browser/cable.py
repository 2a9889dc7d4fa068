"""The cable between a browser and the house: it can be cut at any moment, in every way that cables fail.

A browser's own switch to be offline does not reach its service worker, and cannot lose an answer whose
request arrived. This is a line of its own: everything goes through it as bytes.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import StrEnum

CHUNK = 65536


class Line(StrEnum):
    """How the line is: requests arrive and answers come back; or not."""

    WHOLE = "whole"
    CUT = "cut"
    """Nothing arrives."""
    DEAF = "deaf"
    """Requests arrive and are done; no answer comes back."""
    TORN = "torn"
    """Requests arrive; half of the answer comes back."""


class Cable:
    """A line to the house. `shut` is a path that does not get through while everything else does."""

    def __init__(self, house: str) -> None:
        self._target = ("127.0.0.1", int(house.rsplit(":", 1)[1]))
        self._door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.line, self.shut, self.lost = Line.WHOLE, "", 0
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._serve, daemon=True).start()

    def be(self, line: Line) -> None:
        """Cut it, in one of the ways, or mend it; what is under way when it is cut is lost."""
        self.line = line
        if line is Line.CUT:
            for one in list(self._open):
                _close(one)

    def close(self) -> None:
        self.be(Line.CUT)
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                if self.line is Line.CUT:
                    _close(near)
                else:
                    threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        with suppress(OSError), near:
            far = socket.create_connection(self._target, 20)
            self._open |= {near, far}
            threading.Thread(target=self._carry, args=(near, far, self._there), daemon=True).start()
            self._carry(far, near, self._back)
            self._open -= {near, far}

    def _carry(self, one: socket.socket, other: socket.socket, judge) -> None:  # type: ignore[no-untyped-def]
        with suppress(OSError):
            while data := one.recv(CHUNK):
                passing = judge(data)
                other.sendall(passing)
                if len(passing) < len(data):
                    self.lost += 1
                    break
        _close(one)
        _close(other)

    def _there(self, data: bytes) -> bytes:
        shut = self.shut and f" {self.shut} ".encode() in data.split(b"\r\n", 1)[0]
        return b"" if self.line is Line.CUT or shut else data

    def _back(self, data: bytes) -> bytes:
        if self.line in (Line.CUT, Line.DEAF):
            return b""
        head, end, body = data.rpartition(b"\r\n\r\n")
        return head + end + body[: len(body) // 2] if self.line is Line.TORN else data


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
