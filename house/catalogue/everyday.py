"""What people call things in everyday language: the lists in `everyday/`, one for each language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

FOLDER = Path(__file__).parent / "everyday"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Everyday(NamedTuple):
    """The everyday words of one language: what says nothing, and what services and authorities are called."""

    little: str
    services: dict[str, list[str]]
    authorities: dict[str, list[str]]


@lru_cache(maxsize=32)
def everyday(tag: str) -> Everyday:
    """The lists of one language; empty ones where there is no file."""
    path = FOLDER / f"{tag}.yaml"
    read = yaml.load(path.read_text("utf-8"), _Loader) if path.is_file() else {}  # noqa: S506 - a safe loader
    return Everyday(read.get("little", ""), _split(read.get("services")), _split(read.get("authorities")))


def _split(lists: dict[str, str] | None) -> dict[str, list[str]]:
    return {of: [one.strip() for one in line.split(",")] for of, line in (lists or {}).items()}
