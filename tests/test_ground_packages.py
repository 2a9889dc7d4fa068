"""What goes into the wheel: everything the house reads when it runs, not its code alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import house
from house import languages

ROOT = Path(house.__file__).parents[1]


def test_the_wheel_holds_translations_and_migrations_where_the_house_looks_for_them() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = told["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["house"]
    for folder in (languages.TRANSLATIONS, languages.MIGRATIONS):
        assert folder.is_dir()
        beside = folder.relative_to(ROOT).as_posix()
        assert wheel["force-include"][beside] == f"house/{beside}"
    assert not (ROOT / "house" / "migrations").exists(), "a clone has them beside the code, once"
