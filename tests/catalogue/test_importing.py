"""Taking a catalogue over: whole or not at all, the same out as in, nothing removed that is still used."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house.audit import Act
from house.catalogue import face
from house.catalogue.bundled import texts_to_take_over
from house.catalogue.language_tree import Made
from house.catalogue.models import Authority, CatalogueSection, Service, Text
from house.catalogue.shelf import new_edition, shelf
from house.catalogue.stored_texts import add_version
from house.catalogue.text_models import Origin
from house.db import Model, begin_writing, db
from tests import houses

BUNDLED = face.bundled_catalogue()
DATA = yaml.safe_load(BUNDLED.read_text("utf-8"))
Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Any], Path]:
    """Writes data as a catalogue file."""

    def to_file(data: Any) -> Path:
        path = tmp_path / "catalogue.yaml"
        text = data if isinstance(data, str) else yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
        path.write_text(text, "utf-8")
        return path

    return to_file


def everything(session: Session) -> dict[str, list[Any]]:
    """All rows of all tables."""
    session.flush()
    session.expire_all()
    return {
        table.name: session.execute(select(table).order_by(*table.primary_key)).all()
        for table in Model.metadata.sorted_tables
    }


def names(data: Any) -> list[Any]:
    """Every name in the data, in order, however deep."""
    if isinstance(data, dict):
        return [one for key, value in data.items() for one in (key, names(value))]
    return [names(one) for one in data] if isinstance(data, list) else []


def test_what_goes_in_comes_out_in_the_same_order(engine_app: Flask) -> None:
    with houses.arranging(engine_app) as session:
        face.import_catalogue(session, BUNDLED)
    with houses.looking(engine_app) as session:
        exported = yaml.safe_load(face.export(session))
    assert exported == DATA
    assert names(exported) == names(DATA)


def test_what_comes_out_can_go_in_again_and_changes_nothing(
    catalogue: Flask, arranging: Arranging, write: Callable[[Any], Path]
) -> None:
    with arranging() as session:
        before, text = everything(session), face.export(session)
        assert face.import_file(session, write(text)).lines() == ["Nothing changes."]
        assert everything(session) == before
        assert face.export(session) == text


def test_an_empty_house_gives_out_an_empty_catalogue(session: Session) -> None:
    assert yaml.safe_load(face.export(session)) == {}


def other_catalogue() -> Any:
    """The bundled catalogue with something added, changed, moved, confirmed and removed."""
    data = copy.deepcopy(DATA)
    services = data["services"]
    services.append({**copy.deepcopy(services[-1]), "id": "coffee", "name": {"en": "Coffee"}})
    services.insert(0, services.pop(5))
    next(one for one in services if one["id"] == "mitid")["fee"] = {"dkk": 10, "src": ["A"]}
    next(one for one in services if one["id"] == "daycare")["confirmed_on"] = yaml.safe_load("2026-11-02")
    services.remove(next(one for one in services if one["id"] == "change_of_name"))
    data["authorities"] = [one for one in data["authorities"] if one["id"] != "parish_registrar"]
    data["sources"]["S99"] = {"title": "New", "url": "https://example.dk/new"}
    del data["routes_out"]
    return data


def test_a_changed_file_changes_exactly_what_it_says(
    catalogue: Flask, arranging: Arranging, write: Callable[[Any], Path]
) -> None:
    path = write(other_catalogue())
    with arranging() as session:
        wanted = face.import_file(session, path, dry_run=True)
        assert yaml.safe_load(face.export(session)) == DATA
        assert face.import_file(session, path) == wanted
        assert yaml.safe_load(face.export(session)) == other_catalogue()
        assert not face.import_file(session, path)
        confirmed = session.scalar(select(Service.confirmed_on).where(Service.slug == "daycare"))
        assert str(confirmed) == "2026-11-02"
    assert wanted.added == ("service coffee",)
    assert wanted.removed == ("authority parish_registrar", "service change_of_name", "routes_out")
    assert wanted.changed["service mitid"] == ("fee",)
    assert wanted.changed["sources"] == ("S99",)
    assert "Changed: service daycare (confirmed_on)." in wanted.lines()
    assert "order of services" in wanted.changed


def test_only_the_order_may_change(
    catalogue: Flask, arranging: Arranging, write: Callable[[Any], Path]
) -> None:
    data = {name: DATA[name] for name in reversed(DATA)}
    data["services"] = [{key: one[key] for key in reversed(one)} for one in reversed(DATA["services"])]
    with arranging() as session:
        assert face.import_file(session, write(data))
        assert names(yaml.safe_load(face.export(session))) == names(data)


def test_a_dry_run_changes_nothing(
    catalogue: Flask, arranging: Arranging, write: Callable[[Any], Path]
) -> None:
    with arranging() as session:
        before = everything(session)
        assert face.import_file(session, write(other_catalogue()), dry_run=True)
        assert everything(session) == before


def test_a_dry_run_in_an_empty_house_says_what_would_come(session: Session) -> None:
    said = face.import_file(session, BUNDLED, dry_run=True).lines()
    assert "Added: service mitid." in said
    texts = len(texts_to_take_over(session, DATA))
    assert texts > 1000
    assert f"Translated texts taken over: {texts}." in said
    assert not session.scalar(select(func.count()).select_from(Service))


def test_a_broken_file_changes_nothing(
    catalogue: Flask, arranging: Arranging, write: Callable[[Any], Path]
) -> None:
    data = other_catalogue()
    data["services"][-1]["authority"] = "nobody"
    with arranging() as session:
        before = everything(session)
        with pytest.raises(face.BrokenCatalogue) as caught:
            face.import_file(session, write(data))
        assert everything(session) == before
    [finding] = caught.value.findings
    assert finding.reason == "authority: there is no authority nobody."
    assert caught.value.status == 422


def counter_with(session: Session, slug: str) -> None:
    """A counter that gives a service: from now on the service is used."""
    from house.intake import face as intake

    place = face.set_up_place(
        session, "House", "Street 1", None, "Europe/Copenhagen", {0: [("08:30", "15:00")]}
    )
    service = face.service(session, slug)
    intake.add_counter(
        session, place, service.authority_id, "One", place.schedule_id, [service.id], ["en"]
    )  # fmt: skip


def test_what_the_house_still_uses_is_not_removed(
    catalogue: Flask, arranging: Arranging, write: Callable[[Any], Path]
) -> None:
    path = write(other_catalogue())
    with arranging() as session:
        counter_with(session, "change_of_name")
        before = everything(session)
        with pytest.raises(face.BrokenCatalogue) as caught:
            face.import_file(session, path)
        assert everything(session) == before
    reasons = [finding.reason for finding in caught.value.findings]
    assert "service change_of_name is missing here, but the house still uses it (counter_service)." in reasons
    assert "authority parish_registrar is missing here, but the house still uses it (counter)." in reasons
    lines = path.read_text("utf-8").splitlines()
    assert {lines[one.line - 1] for one in caught.value.findings} == {"services:", "authorities:"}


def test_a_used_service_may_change(
    catalogue: Flask, arranging: Arranging, write: Callable[[Any], Path]
) -> None:
    with arranging() as session:
        counter_with(session, "mitid")
        before = face.service(session, "mitid").id
        face.import_file(session, write(other_catalogue()))
        assert face.service(session, "mitid").id == before


def test_every_change_is_written_down_and_only_a_change(
    catalogue: Flask, arranging: Arranging, write: Callable[[Any], Path]
) -> None:
    with arranging() as session:
        texts = len(texts_to_take_over(session, other_catalogue()))
        face.import_file(session, write(other_catalogue()))
        face.import_file(session, write(other_catalogue()))
        acts = session.scalars(select(Act).where(Act.verb == "catalogue_imported").order_by(Act.id)).all()
        assert [act.subject for act in acts] == ["catalogue 1", "catalogue 2"]
        assert acts[1].facts == {"added": 1, "changed": 6, "removed": 3, "texts": texts}


# --- several processes --------------------------------------------------------------------------------------


def test_another_process_sees_a_change_at_once(engine_app: Flask, tmp_path: Path) -> None:
    """Two houses on one database stand for two processes: the second must not show what it remembers."""
    other = houses.build(engine_app.extensions["house-config"])
    with houses.arranging(engine_app) as session:
        face.import_catalogue(session, BUNDLED)
    with houses.looking(other) as session:
        assert face.service(session, "mitid").minutes_first == 15
    data = copy.deepcopy(DATA)
    next(one for one in data["services"] if one["id"] == "mitid")["counter_minutes"]["first"] = 25
    path = tmp_path / "new.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    with houses.arranging(engine_app) as session:
        face.import_file(session, path)
    with houses.looking(other) as session:
        assert face.service(session, "mitid").minutes_first == 25
    houses.close(other)


def test_what_is_rolled_back_is_never_shown(catalogue: Flask, tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(yaml.safe_dump(other_catalogue(), sort_keys=False), "utf-8")
    with catalogue.app_context():
        session = db.session()
        begin_writing(session)
        face.import_file(session, path)
        assert face.service(session, "coffee").name == "Coffee"
        session.rollback()
        assert "coffee" not in [one.slug for one in face.services(session)]
        session.rollback()


def test_a_shelf_is_put_together_once_for_an_edition(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        assert shelf(session) is shelf(session)
        before = shelf(session)
        new_edition(session)
        assert shelf(session) is not before


def test_the_whole_import_is_one_transaction(app: Flask, looking: Arranging) -> None:
    with app.app_context():
        session = db.session()
        begin_writing(session)
        face.import_catalogue(session, BUNDLED)
        session.rollback()
    with looking() as session:
        counts = [
            session.scalar(select(func.count()).select_from(model))
            for model in (Authority, Service, Text, CatalogueSection, Act)
        ]
    assert counts == [0, 0, 0, 0, 0]


# --- the command line ---------------------------------------------------------------------------------------


def test_the_command_tells_every_finding_with_its_line(write: Callable[[Any], Path]) -> None:
    from house.cli import main

    path = write(BUNDLED.read_text("utf-8").replace("authority: skattestyrelsen", "authority: skat"))
    done = CliRunner().invoke(main, ["catalogue", "check", str(path)])
    assert done.exit_code == 1
    assert f"{path}:360: authority: there is no authority skat" in done.output
    assert CliRunner().invoke(main, ["catalogue", "check", str(BUNDLED)]).exit_code == 0


# --- when entries changed -----------------------------------------------------------------------------------


def moments(session: Session) -> dict[str, datetime]:
    """When each service and authority was last modified."""
    return {
        row.slug: row.modified_at
        for model in (Service, Authority)
        for row in session.scalars(select(model).execution_options(populate_existing=True))
    }


def test_only_entries_that_say_something_else_are_modified(
    catalogue: Flask, arranging: Arranging, write: Callable[[Any], Path]
) -> None:
    with arranging() as session:
        before = moments(session)
    data = copy.deepcopy(DATA)
    data["services"].reverse()  # a new place in the list is no change of what is said
    next(one for one in data["services"] if one["id"] == "mitid")["counter_minutes"]["first"] = 17
    data["authorities"][0]["url"] = "https://example.dk"
    with arranging() as session:
        assert face.import_file(session, write(data))
    with arranging() as session:
        after = moments(session)
    assert {slug for slug, moment in after.items() if moment != before[slug]} == {"mitid", "siri"}
    assert after["mitid"] > before["mitid"]


def test_a_new_translation_modifies_its_service_and_no_other(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        before = moments(session)
        made = Made("x", "y")
        add_version(session, "service/tax_card/name", "pl", made, Origin.WRITTEN, "house")
        add_version(session, "authority/digst/name", "xx", made, Origin.WRITTEN, "house")
    with arranging() as session:
        after = moments(session)
    assert {slug for slug, moment in after.items() if moment != before[slug]} == {"tax_card", "digst"}
