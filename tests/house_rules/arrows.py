"""How the house is wired: layers inside a wing, wings by their faces, pure rooms pure, commits on top."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator

from tests.house_rules.reading import BELOW, PURE, WINGS, House, Source, called, functions

# Stand on top of the wings; every other file directly under house/ is ground.
TOP = frozenset({
    "__init__", "app", "cli", "cli_bundle", "cli_letters", "cli_texts", "demo", "doctoring", "front",
    "serving", "setting_up", "worker",
})  # fmt: skip
COMMANDS = (
    "house/cli.py", "house/cli_bundle.py", "house/cli_letters.py", "house/cli_texts.py", "house/worker.py",
    "house/front.py",
)  # fmt: skip
# What the top floor may take from a wing beside its face: the list of everything the house has.
PLUGS = {"house/app.py": ("views", "forget", "letters", "signing_in", "hooks")}
LAYERS = ("ground", "pure", "models", "verbs", "face", "words and forms", "views")
COMMITS_ELSEWHERE = {
    "house/db.py": {"writing"},  # the transaction of the worker and the command line
    "house/people/signing_in.py": {"count_attempt"},  # counted even when the request is refused
}
CLOCKS = frozenset({
    "date.today", "datetime.now", "datetime.today", "datetime.utcnow", "datetime.utcfromtimestamp",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "func.now", "func.current_timestamp",
})  # fmt: skip


def on_top(source: Source) -> bool:
    """Whether a file outside the wings stands above them."""
    return source.wing is None and source.path.split("/")[1].removesuffix(".py") in TOP


def layer(source: Source) -> int:
    """How high a room of a wing stands."""
    room = source.room
    if source.path in PURE or room == "__init__":
        return 1
    if room == "models" or room.endswith("_models"):
        return 2
    if room == "face":
        return 4
    if room in ("forms", "words", "letters") or room.endswith(("_forms", "_words")):
        return 5
    return 6 if room == "views" else 3


def arrows_go_down(house: House) -> Iterator[str]:
    """No room imports a higher room of its wing; no wing one above it or past a face; the ground none."""
    rooms = {source.path: source for source in house.python}
    for source in house.python:
        for node, name in source.imports():
            target = rooms.get(house.module(name) or "")
            if target is None or target.path == source.path:
                continue
            if problem := _wrong_arrow(source, target):
                yield source.at(node, problem)


def _wrong_arrow(source: Source, target: Source) -> str | None:
    if target.wing is None:
        if (source.wing is not None or not on_top(source)) and on_top(target):
            return f"imports {target.module}, which stands above it; move what it needs into the ground"
        return None
    if source.wing is None:
        return _into_a_wing(source, target)
    if source.wing == target.wing:
        return _inside_a_wing(source, target)
    if target.room not in ("face", "__init__"):
        return f"imports {target.module}; other wings only by house.{target.wing}.face"
    if target.wing not in BELOW[source.wing]:
        return f"{source.wing} stands below {target.wing}; let {source.wing}'s face name a hook"
    return None


def _into_a_wing(source: Source, target: Source) -> str | None:
    if not on_top(source):
        return f"the ground imports the wing {target.wing}; let app.py hand it over"
    if target.room in ("face", "__init__", *PLUGS.get(source.path, ())):
        return None
    return f"imports {target.module}; from outside a wing only by house.{target.wing}.face"


def _inside_a_wing(source: Source, target: Source) -> str | None:
    if target.room == "face":
        return "imports its own wing's face; import the room itself"
    if layer(target) > layer(source):
        return f"{LAYERS[layer(source)]} import {LAYERS[layer(target)]} ({target.module}); arrows go down"
    return None


def pure_rooms_are_pure(house: House) -> Iterator[str]:
    """No Flask, SQLAlchemy, clock or other wing in a pure room: everything comes in as arguments."""
    for source in house.python:
        if source.path not in PURE:
            continue
        for node, name in source.imports():
            if not _pure_enough(house, source, name):
                yield source.at(node, f"a pure room imports {name}; let it come in as an argument")


def _pure_enough(house: House, source: Source, name: str) -> bool:
    top = name.split(".")[0]
    if top in sys.stdlib_module_names:
        return top not in ("time", "random", "secrets", "os", "sqlite3", "threading", "socket")
    allowed = (*PURE[source.path], "house.problems")
    if any(name == one or name.startswith(f"{one}.") for one in allowed):
        return True
    target = house.module(name)
    return target in PURE and str(target).split("/")[1] == source.wing


def pure_rooms_load_alone(house: House) -> Iterator[str]:
    """Importing every pure room loads neither Flask nor SQLAlchemy, whatever the packages around it do."""
    present = [source.module for source in house.python if source.path in PURE]
    script = (
        f"import sys, importlib; [importlib.import_module(name) for name in {present!r}]; "
        "print([name for name in ('flask', 'sqlalchemy', 'werkzeug', 'house.clock') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=house.root, capture_output=True, text=True, check=False
    )
    if done.stdout.strip() != "[]":
        yield f"house: importing the pure rooms loads {done.stdout.strip()} {done.stderr[-300:]}"


def pure_rooms_are_there(house: House) -> Iterator[str]:
    """The list of pure rooms names rooms that exist: a renamed room must not slip out of the rules."""
    yield from (f"{path}: is named as a pure room but is not there" for path in PURE if not house.has(path))


def only_the_clock_asks_the_time(house: House) -> Iterator[str]:
    """`house.clock` asks the time, nobody else, so that a test can move it and a pure room needs none."""
    for source in house.python:
        if source.path == "house/clock.py":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and ".".join(called(node).split(".")[-2:]) in CLOCKS:
                yield source.at(node, f"asks the time by {called(node)}; use house.clock")


def views_commit(house: House) -> Iterator[str]:
    """Verbs never commit: the view does, once, after everything."""
    for source in house.python:
        if source.room == "views" or source.path in COMMANDS:
            continue
        if source.path.startswith("house/demo"):
            continue
        allowed = COMMITS_ELSEWHERE.get(source.path, set())
        exempt = {
            id(node)
            for function in functions(source.tree)
            if function.name in allowed
            for node in ast.walk(function)
        }
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and id(node) not in exempt:
                name = called(node)
                if name.split(".")[-1] == "commit" or name in ("writing", "db.writing"):
                    yield source.at(node, f"{name}() outside a view; verbs never commit")


def no_grab_bags(house: House) -> Iterator[str]:
    """There is no utils, helpers, common or services: a line belongs where one would look for it."""
    names = {"utils", "util", "helpers", "helper", "common", "misc", "services", "managers", "core", "shared"}
    for source in house.python:
        for part in source.path.removesuffix(".py").split("/"):
            if part in names:
                yield source.at(1, f"'{part}' says nothing; name it by what one does there")


def wings_are_known(house: House) -> Iterator[str]:
    """Every package of the house is a wing these rules know, or the demo."""
    for source in house.python:
        parts = source.path.split("/")
        if len(parts) > 2 and parts[1] not in (*WINGS, "demo"):
            yield source.at(1, f"house/{parts[1]}/ is no wing the rules know; add it to reading.py")


def files_stay_small(house: House) -> Iterator[str]:
    """No file over 250 lines: ask which two things live in it."""
    for source in house.python:
        lines = source.text.count("\n")
        if lines > 250:
            yield source.at(1, f"{lines} lines; which two things live here?")


# Functions that are longer because their shape is a list, with the reason.
LONGER: dict[str, str] = {}


def functions_stay_small(house: House) -> Iterator[str]:
    """No function over 40 lines."""
    for source in house.python:
        for function in functions(source.tree):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > 40 and f"{source.module}.{function.name}" not in LONGER:
                yield source.at(function, f"{function.name} has {lines} lines; name its parts")
