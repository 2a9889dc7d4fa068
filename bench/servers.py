"""Servers under measurement: processes of their own, watched for the CPU seconds they and their children use.

The clock of a process counts nanoseconds of all its threads, ended ones too; Linux shows it to everybody.
"""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[1]
BROWSER = {"Accept-Encoding": "gzip", "Connection": "close"}
QUIET = 0.02
"""CPU seconds a second of a server that has started and is asked nothing."""
_CPU_CLOCK = 2  # CPUCLOCK_SCHED, see the kernel's posix-timers_types.h


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Burst:
    """What a number of requests cost."""

    cpu: float
    """CPU seconds of the server for each request, its idle ticking taken off."""
    seconds: tuple[float, ...]
    """How long each request took."""


@dataclass
class Server:
    """A running server: its first process, and where it listens."""

    process: subprocess.Popen[bytes]
    port: int
    idle: float = 0.0
    """CPU seconds a second while nobody asks."""

    def cpu(self) -> float:
        """CPU seconds used so far by the server's whole family of processes."""
        return sum(_cpu_of(pid) for pid in family(self.process.pid))

    def ask(
        self, path: str, cookie: str = "", method: str = "GET", body: str | None = None, mark: str = ""
    ) -> Answer:
        """One request over a connection of its own: gunicorn's sync worker keeps none open.

        `mark` is the ETag of what the asker holds already.
        """
        headers = {**BROWSER, **({"Cookie": cookie} if cookie else {})}
        if mark:
            headers["If-None-Match"] = mark
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return Answer(answer.status, answer.headers, read, time.perf_counter() - begun)

    def burst(
        self, path: str, requests: int, cookie: str = "", status: int = 200, mark: str = ""
    ) -> Burst:  # fmt: skip
        """Ask for a page a number of times, one visitor after the other."""
        begun, used = time.perf_counter(), self.cpu()
        answers = [self.ask(path, cookie, mark=mark) for _ in range(requests)]
        used, lasted = self.cpu() - used, time.perf_counter() - begun
        wrong = {answer.status for answer in answers} - {status}
        if wrong:
            raise RuntimeError(f"{path} answered {sorted(wrong)}, not {status}")
        cpu = max(used - self.idle * lasted, 0.0) / requests
        return Burst(cpu, tuple(answer.seconds for answer in answers))

    def watch_idle(self, seconds: float) -> None:
        """See what the server uses while nobody asks; waits for workers that are still starting."""
        for _ in range(100):
            used, begun = self.cpu(), time.perf_counter()
            time.sleep(seconds)
            self.idle = (self.cpu() - used) / (time.perf_counter() - begun)
            if self.idle < QUIET:
                return
        raise RuntimeError(f"The server never rests: {self.idle:.2f} CPU seconds a second.")


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue  # it ended while we looked
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found.extend(children.get(one, ()))
    return found


def _cpu_of(pid: int) -> float:
    try:
        return time.clock_gettime((~pid << 3) | _CPU_CLOCK)
    except OSError:
        return 0.0  # it ended


def free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def serving(command: list[str], env: Mapping[str, str], log: Path, path: str = "/") -> Iterator[Server]:
    """A server until the end of the block; `{port}` in the command becomes a free one.

    What it writes goes to a file, as it would in operation.
    """
    port = free_port()
    with log.open("wb") as written:
        process = subprocess.Popen(
            [part.format(port=port) for part in command],
            env={**os.environ, **env}, cwd=ROOT, stdout=written, stderr=written,
        )  # fmt: skip
        server = Server(process, port)
        try:
            _wait_for(server, path, log)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                for pid in reversed(family(process.pid)):
                    os.kill(pid, 9)
                process.wait()


def _wait_for(server: Server, path: str, log: Path) -> None:
    for _ in range(600):
        if server.process.poll() is not None:
            raise RuntimeError(f"The server ended at once:\n{log.read_text()[-2000:]}")
        try:
            if server.ask(path).status < 500:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"No answer from {path}:\n{log.read_text()[-2000:]}")


def percentile(seconds: list[float], hundredth: int) -> float:
    """The value that so many of a hundred stay below."""
    if len(seconds) < 2:
        return seconds[0]
    return statistics.quantiles(seconds, n=100, method="inclusive")[hundredth - 1]
