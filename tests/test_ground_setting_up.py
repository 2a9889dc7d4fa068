"""The first day of a house, and the days after: what `house init` sets up, and what it leaves alone."""

from __future__ import annotations

import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from house.catalogue.places import place
from house.cli import main
from house.setting_up import first_day, shut_files
from tests import houses

Arranging = Callable[[], AbstractContextManager[Session]]
NUMBER = "+45 99 31 00 00"


def test_a_house_is_set_up_once(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        assert [one.split()[0] for one in first_day(session)] == ["Took", "Opened"]
        assert place(session).phone is None
        place(session).phone = NUMBER
    with arranging() as session:
        assert first_day(session) == [], "a number that the environment does not know stays"
        assert place(session).phone == NUMBER


def test_the_number_of_the_house_is_written_down_and_shown(app_factory: Callable[..., Any]) -> None:
    app = app_factory(phone=NUMBER)
    with houses.arranging(app) as session:
        first_day(session)
        assert place(session).phone == NUMBER
        place(session).phone = "+45 12 34 56 78"
    with houses.arranging(app) as session:
        assert first_day(session) == [f"The house is phoned at {NUMBER} now."]
    page = app.test_client().get_page("/en/find")
    assert (NUMBER, "tel:+4599310000") in page.links


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_nobody_else_on_the_machine_reads_the_house(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    env = {"HOUSE_DEMO": "1", "HOUSE_DATA_DIR": str(folder)}
    done = CliRunner().invoke(main, ["init"], env=env, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert (folder / "house.db").stat().st_size
    assert {oct(mode(file)) for file in folder.iterdir()} == {"0o600"}


def test_an_older_house_is_shut_with_its_log(tmp_path: Path) -> None:
    files = [tmp_path / f"house.db{end}" for end in ("", "-wal")]
    for file in files:
        file.touch(mode=0o644)
    shut_files(houses.config_in(tmp_path))
    assert [oct(mode(file)) for file in files] == ["0o600"] * 2
    assert len(list(tmp_path.iterdir())) == 2
    shut_files(houses.config_in(tmp_path / "data", database_url="postgresql://house@db/house"))
    assert list((tmp_path / "data").iterdir()) == []
