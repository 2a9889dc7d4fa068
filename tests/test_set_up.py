"""`up.py` without a network: what it reads, what it chooses, what it refuses and in which words."""

import contextlib
import hashlib
import importlib.util
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

UP = Path(__file__).parent.parent / "up.py"


@pytest.fixture(scope="module")
def up() -> ModuleType:
    spec = importlib.util.spec_from_file_location("up", UP)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(version: str, **changes: Any) -> dict[str, Any]:
    return {
        "filename": f"pip-{version}-py3-none-any.whl",
        "url": f"../../files/pip-{version}-py3-none-any.whl",
        "hashes": {"sha256": "ab" * 32},
        "requires-python": ">=3.9",
        "yanked": False,
    } | changes


# -- the command line


def test_without_words_it_serves_for_this_machine_only(up: ModuleType) -> None:
    asked = up.read_arguments([])
    assert (asked.test, asked.port, asked.host, asked.no_demo_reset) == (False, 8000, "127.0.0.1", False)


def test_after_test_what_is_not_ours_goes_to_pytest(up: ModuleType) -> None:
    asked = up.read_arguments(["test", "--full", "-k", "slots", "tests/intake", "-x"])
    assert (asked.test, asked.full, asked.quick) == (True, True, False)
    assert asked.pytest == ["-k", "slots", "tests/intake", "-x"]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8000.5"])
def test_a_port_is_a_number(up: ModuleType, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        up.read_arguments(["--port", port])
    assert "--port" in capsys.readouterr().err


def test_pytest_gets_the_callers_words_last(up: ModuleType) -> None:
    assert up.pytest_arguments(False, "/chromium", ["-n", "0"])[-2:] == ["-n", "0"]
    assert "-m" not in up.pytest_arguments(False, "/chromium", [])
    assert "not browser" in up.pytest_arguments(False, None, [])
    assert up.QUICK in up.pytest_arguments(True, None, [])


# -- the port


def test_a_busy_port_is_one_clear_sentence_before_anything_else(up: ModuleType) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, str(UP), "--port", str(port)], capture_output=True, text=True, check=False
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Port {port} is already in use.")
    assert done.stderr.count("\n") == 1


def test_a_port_just_freed_can_be_had_again(up: ModuleType) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server.accept()[0].close()
    client.close()
    up.check_port("127.0.0.1", port)


def test_the_printed_address_can_be_opened(up: ModuleType) -> None:
    assert up.page_address("0.0.0.0", 80) == "http://127.0.0.1:80/"
    assert up.page_address("::", 8000) == "http://[::1]:8000/"
    assert up.page_address("house.example", 8000) == "http://house.example:8000/"


# -- when it installs again


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]")
    (tmp_path / "uv.lock").write_text("version = 1")
    return tmp_path


@pytest.mark.parametrize("file", ["pyproject.toml", "uv.lock"])
def test_the_stamp_changes_with_each_file_that_says_what_to_install(
    up: ModuleType, project: Path, file: str
) -> None:
    before = up.stamp_key(project)
    assert before == up.stamp_key(project)
    (project / file).write_text("something else")
    assert before != up.stamp_key(project)


def test_the_stamp_changes_with_the_folder_since_scripts_name_it(up: ModuleType, project: Path) -> None:
    before = up.stamp_key(project)
    (project / "moved").mkdir()
    for name in ("pyproject.toml", "uv.lock"):
        (project / name).rename(project / "moved" / name)
    assert before != up.stamp_key(project / "moved")


def test_a_copy_without_lock_is_refused_in_words(up: ModuleType, project: Path) -> None:
    (project / "uv.lock").unlink()
    with pytest.raises(up.Stop, match=r"uv\.lock is missing"):
        up.stamp_key(project)


def test_what_the_tests_need_suffices_for_serving_but_not_the_other_way(
    up: ModuleType, tmp_path: Path
) -> None:
    stamp = tmp_path / "stamp"
    assert not up.is_installed(stamp, "key", dev=False)
    stamp.write_text("key run")
    assert up.is_installed(stamp, "key", dev=False)
    assert not up.is_installed(stamp, "key", dev=True)
    stamp.write_text("key dev")
    assert up.is_installed(stamp, "key", dev=False)
    assert up.is_installed(stamp, "key", dev=True)
    assert not up.is_installed(stamp, "other", dev=True)


# -- which pip


def test_the_newest_final_pip_by_number_not_by_letter(up: ModuleType) -> None:
    files = [wheel("9.0.3"), wheel("26.2"), wheel("26.10.1"), wheel("27.0b1"), wheel("26.9")]
    assert up.choose_pip(files, (3, 11, 2))["filename"] == "pip-26.10.1-py3-none-any.whl"


def test_a_pip_that_is_yanked_hashless_a_source_or_too_new_is_passed_over(up: ModuleType) -> None:
    files = [
        wheel("26.5", yanked="broken"),
        wheel("26.4", hashes={}),
        wheel("26.3", filename="pip-26.3.tar.gz"),
        wheel("26.2", **{"requires-python": ">=3.12"}),
        wheel("26.1", **{"requires-python": None}),
    ]
    assert up.choose_pip(files, (3, 11, 2))["filename"] == "pip-26.1-py3-none-any.whl"
    with pytest.raises(up.Stop, match="no pip"):
        up.choose_pip(files[:4], (3, 11, 2))


def test_an_older_index_answers_in_html(up: ModuleType) -> None:
    page = """<html><body>
      <a href="../../x/pip-26.1-py3-none-any.whl#sha256=cd12" data-requires-python="&gt;=3.9">
        pip-26.1-py3-none-any.whl</a>
      <a data-yanked="" href="../../x/pip-26.2-py3-none-any.whl#sha256=ef">pip-26.2-py3-none-any.whl</a>
      <a href="pip-1.0.tar.gz">pip-1.0.tar.gz</a></body></html>"""
    chosen = up.choose_pip(up.read_index(page, "text/html"), (3, 11, 2))
    assert chosen["url"] == "../../x/pip-26.1-py3-none-any.whl"
    assert chosen["hashes"] == {"sha256": "cd12"}
    assert chosen["requires-python"] == ">=3.9"


class Index(BaseHTTPRequestHandler):
    """A package index of one wheel; `stated` is the hash it claims."""

    body, stated, seen = b"a wheel", "", list[tuple[str, str | None]]()

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Authorization"]))
        listed = self.path.endswith("/simple/pip/")
        files = {"files": [wheel("26.1", hashes={"sha256": self.stated})]}
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.pypi.simple.v1+json" if listed else "binary/octet")
        self.end_headers()
        self.wfile.write(json.dumps(files).encode() if listed else self.body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "*")
    Index.seen.clear()
    Index.stated = hashlib.sha256(Index.body).hexdigest()
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()


def test_pip_comes_from_the_index_by_its_relative_address(up: ModuleType, index: str, tmp_path: Path) -> None:
    assert up.fetch_pip(index, tmp_path).read_bytes() == b"a wheel"
    assert Index.seen == [("/simple/pip/", None), ("/files/pip-26.1-py3-none-any.whl", None)]


def test_a_wheel_with_another_hash_is_refused_and_not_kept(
    up: ModuleType, index: str, tmp_path: Path
) -> None:
    Index.stated = "0" * 64
    with pytest.raises(up.Stop, match="nothing was installed"):
        up.fetch_pip(index, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_login_of_an_index_goes_to_that_index_only(up: ModuleType, index: str, tmp_path: Path) -> None:
    private = index.replace("http://", "http://anna:p%40ss@")
    up.fetch_pip(private, tmp_path)
    assert [login for _, login in Index.seen] == ["Basic YW5uYTpwQHNz"] * 2
    assert up.with_login("http://elsewhere.example/pip.whl", private) == "http://elsewhere.example/pip.whl"


def test_an_index_out_of_reach_is_one_sentence(
    up: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(up.time, "sleep", lambda _: None)
    monkeypatch.setenv("no_proxy", "*")
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(up.Stop, match=r"^The package index at 127\.0\.0\.1 cannot be reached: "):
        up.fetch_pip(f"http://127.0.0.1:{port}/simple", tmp_path)


# -- which index


def test_the_public_index_unless_the_machine_says_otherwise(up: ModuleType, tmp_path: Path) -> None:
    nowhere = {"PIP_CONFIG_FILE": str(tmp_path / "absent"), "XDG_CONFIG_HOME": str(tmp_path)}
    named = "https://packages.example/simple"
    assert up.configured_index(nowhere | {"PIP_INDEX_URL": named + "/"}, tmp_path) == named
    assert up.configured_index(nowhere | {"UV_DEFAULT_INDEX": named}, tmp_path) == named
    assert up.configured_index({"PIP_INDEX_URL": "https://pypi.org/simple/"}, tmp_path) is None
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "pip.conf").write_text(f"[global]\nindex-url = {named}\ntimeout = 60%\n")
    assert up.configured_index(nowhere, tmp_path) == named


# -- serving and the verdict


STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
WITH_WORKER = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {STUBBORN!r}])"


def test_closing_leaves_no_worker_behind(up: ModuleType) -> None:
    before = signal.getsignal(signal.SIGINT)
    command = [sys.executable, "-c", WITH_WORKER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as server:
        assert server.stdout and server.stdout.readline() == b"up\n"
        began = time.monotonic()
        try:
            up.stop(server)
        finally:
            signal.signal(signal.SIGINT, before)
        assert server.stdout.read() == b"", "the worker holds this pipe for as long as it lives"
    assert server.returncode == -signal.SIGTERM
    assert time.monotonic() - began < 30


def test_a_server_that_ends_at_once_is_not_waited_for(up: ModuleType) -> None:
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]) as server:
        server.wait()
        with pytest.raises(up.Stop, match=r"did not start \(code 3\)"):
            up.wait_for_page(server, "http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("codes", "missed", "strict", "expected"),
    [
        ((0, 0), [], True, 0),
        ((0, 1), [], False, 1),
        ((2, 0), [], False, 1),
        ((0, 0), ["The browser tests."], False, 0),
        ((0, 0), ["The browser tests."], True, 1),
    ],
)
def test_what_never_ran_is_said_and_counts_where_it_must(
    up: ModuleType, codes: tuple[int, int], missed: list[str], strict: bool, expected: int
) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert up.verdict(dict(zip(("ruff", "pytest"), codes, strict=True)), missed, strict) == expected
    assert ("DID NOT RUN" in said.getvalue()) == bool(missed)


def test_the_checks_of_the_project_are_one_command(up: ModuleType) -> None:
    run = UP.parent / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert "exec python3 up.py test" in run.read_text()
