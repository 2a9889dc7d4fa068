"""Writing texts: a version after another, nothing overwritten, and nobody's work lost to somebody faster."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Barrier, Thread

import pytest
import yaml
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house.audit import Act
from house.catalogue import face
from house.catalogue.language_tree import Made, TextState
from house.catalogue.models import Service
from house.catalogue.shelf import new_edition
from house.catalogue.stored_texts import add_version, versions
from house.catalogue.text_models import Origin, TextVersion
from house.catalogue.translating import (
    Changed,
    NewText,
    all_items,
    confirm_text,
    every_language,
    write_text,
    write_texts,
)
from house.catalogue.worklist import Item, alike, counted, counted_by_entry
from house.db import begin_writing, db
from house.languages import LANGUAGES, speak
from house.problems import NotHere, Problem
from tests import houses

SUBJECT = "service/mitid/channels/1"
DATA = yaml.safe_load(face.bundled_catalogue().read_text("utf-8"))
Arranging = Callable[[], AbstractContextManager[Session]]


def item(session: Session, language: str = "pl", subject: str = SUBJECT) -> Item:
    return {one.subject: one for one in all_items(session, language)}[subject]


def write(session: Session, text: str, language: str = "pl", **how: bool) -> int:
    new = NewText(SUBJECT, item(session, language).mark, text)
    return write_text(session, language, new, "staff 1", **how)


def test_a_text_is_written_and_every_version_stays(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        before = len(versions(session, "pl", SUBJECT))
        assert write(session, "jeden") == 1
        assert write(session, "dwa") == 1
        several = versions(session, "pl", SUBJECT)
        assert [one.text for one in several[:2]] == ["dwa", "jeden"]
        assert len(several) == before + 2
        assert (several[0].made_by, several[0].origin) == ("staff 1", Origin.WRITTEN)
        assert several[0].source == item(session).source.text
        assert item(session).state is TextState.UP_TO_DATE
        acts = session.scalars(select(Act).where(Act.verb == "text_written")).all()
        assert [act.subject for act in acts] == [f"text pl {SUBJECT}"] * 2


def test_a_text_is_on_the_shelf_of_every_process_at_once(engine_app: Flask) -> None:
    other = houses.build(engine_app.extensions["house-config"])
    with houses.arranging(engine_app) as session:
        face.import_catalogue(session, face.bundled_catalogue())
    subject = "service/mitid/name"
    with houses.looking(other) as session, speak("pl"):
        before = face.service(session, "mitid").name
    with houses.arranging(engine_app) as session:
        mark = item(session, subject=subject).mark
        write_text(session, "pl", NewText(subject, mark, "MitID po polsku"), "staff 1")
    with houses.looking(other) as session, speak("pl"):
        assert face.service(session, "mitid").name == "MitID po polsku" != before
    houses.close(other)


def test_writing_the_same_again_writes_nothing(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        write(session, "jeden")
        number = item(session).number
        assert write(session, " jeden ") == 0
        assert item(session).number == number


def test_who_saw_an_older_text_is_refused_with_what_stands(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        seen = item(session).mark
        write(session, "jeden")
        with pytest.raises(Changed) as caught:
            write_text(session, "pl", NewText(SUBJECT, seen, "dwa"), "staff 2")
        assert caught.value.status == 409
        assert caught.value.item.text == "jeden"
        assert item(session).text == "jeden"


def test_who_saw_an_older_source_is_refused(catalogue: Flask, arranging: Arranging) -> None:
    """A translation of yesterday's rule must not be taken for one of today's."""
    with arranging() as session:
        seen = item(session).mark
        row = session.scalars(select(Service).where(Service.slug == "mitid")).one()
        channels = [{**row.record["channels"][0], "text": "by fax"}, *row.record["channels"][1:]]
        row.record = {**row.record, "channels": channels}
        new_edition(session)
        assert item(session).state is TextState.OUTDATED
        assert item(session).was_made_from is not None
        with pytest.raises(Changed):
            write_text(session, "pl", NewText(SUBJECT, seen, "dwa"), "staff 2")
        write(session, "faksem")
        assert item(session).state is TextState.UP_TO_DATE


def test_a_machines_text_waits_until_a_person_has_read_it(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        new = NewText(SUBJECT, item(session).mark, "maszyna", machine=True)
        write_text(session, "pl", new, "staff 1")
        seen = item(session)
        assert seen.state is TextState.MACHINE
        assert confirm_text(session, "pl", SUBJECT, seen.mark, "staff 2") == 1
        assert item(session).state is TextState.UP_TO_DATE
        newest = versions(session, "pl", SUBJECT)[0]
        assert (newest.text, newest.origin, newest.made_by) == ("maszyna", Origin.CONFIRMED, "staff 2")
        with pytest.raises(Changed):
            confirm_text(session, "pl", SUBJECT, item(session).mark, "staff 2")


def test_what_says_the_same_can_be_written_everywhere(catalogue: Flask, arranging: Arranging) -> None:
    no = "service/daycare/family_must_attend"
    with arranging() as session:
        seen = item(session, subject=no)
        others = alike(all_items(session, "pl"), seen)
        assert len(others) > 5
        done = write_text(session, "pl", NewText(no, seen.mark, "ależ nie"), "staff 1", everywhere=True)
        assert done == len(others) + 1
        assert {one.text for one in all_items(session, "pl") if one.source == seen.source} == {"ależ nie"}


def test_what_somebody_wanted_otherwise_stays_otherwise(catalogue: Flask, arranging: Arranging) -> None:
    no, own = "service/daycare/family_must_attend", "service/mitid/family_must_attend"
    with arranging() as session:
        write_text(session, "pl", NewText(own, item(session, subject=own).mark, "wcale nie"), "staff 1")
        seen = item(session, subject=no)
        write_text(session, "pl", NewText(no, seen.mark, "nie trzeba"), "staff 1", everywhere=True)
        assert item(session, subject=own).text == "wcale nie"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_text"), (" \u202e\u200b ", "no_text"), ("x" * 2001, "text_too_long"),
        ("010190-1234", "text_with_cpr"),
    ],
)
def test_a_text_that_cannot_be_taken_changes_nothing(
    catalogue: Flask, arranging: Arranging, text: str, code: str
) -> None:
    with arranging() as session:
        before = session.scalar(select(func.count()).select_from(TextVersion))
        with pytest.raises(Problem) as caught:
            write(session, text)
        assert caught.value.code == code
        assert session.scalar(select(func.count()).select_from(TextVersion)) == before


def test_signs_that_turn_the_direction_are_left_out(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        write(session, "a\u202eb\u2066c\u200bd\n e")
        assert item(session).text == "abcd e"


def test_what_the_catalogue_does_not_say_or_says_itself_is_not_here(
    catalogue: Flask, arranging: Arranging
) -> None:
    with arranging() as session:
        for subject in ("service/mitid/channels/99", "service/nobody/name", "", "text"):
            with pytest.raises(NotHere):
                write_text(session, "pl", NewText(subject, "x", "x"), "staff 1")
        own = item(session, "da", "service/mitid/name")
        assert own.own
        with pytest.raises(NotHere):
            write_text(session, "da", NewText(own.subject, own.mark, "x"), "staff 1")
        with pytest.raises(NotHere):
            all_items(session, "en")


def test_several_are_written_all_or_none(catalogue: Flask, arranging: Arranging) -> None:
    other = "service/mitid/channels/2"
    with arranging() as session:
        good = NewText(SUBJECT, item(session).mark, "jeden")
        with pytest.raises(Changed):
            write_texts(session, "pl", [good, NewText(other, "stale", "dwa")], "staff 1")
        session.rollback()
        begin_writing(session)
        assert item(session).text != "jeden"
        good_too = NewText(other, item(session, subject=other).mark, "dwa")
        assert write_texts(session, "pl", [good, good_too], "staff 1") == 2
        assert write_texts(session, "pl", [], "staff 1") == 0


def test_of_two_who_write_at_once_one_is_refused(engine_app: Flask) -> None:
    with houses.arranging(engine_app) as session:
        face.import_catalogue(session, face.bundled_catalogue())
        seen = item(session).mark
        before = len(versions(session, "pl", SUBJECT))
    start, said = Barrier(4), []

    def one(number: int) -> None:
        with engine_app.app_context():
            session = db.session()
            start.wait()
            begin_writing(session)
            try:
                write_text(session, "pl", NewText(SUBJECT, seen, f"tekst {number}"), f"staff {number}")
                session.commit()
                said.append("written")
            except Changed:
                session.rollback()
                said.append("refused")

    threads = [Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["refused"] * 3 + ["written"]
    with houses.looking(engine_app) as session:
        assert len(versions(session, "pl", SUBJECT)) == before + 1


def test_every_text_in_every_language_is_counted(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        add_version(session, SUBJECT, "pl", Made("another", "stary"), Origin.WRITTEN, "staff 1")
        every = every_language(session, [one.tag for one in LANGUAGES])
    assert set(every) == {one.tag for one in LANGUAGES} - {"en"}
    for several in every.values():
        by_entry = counted_by_entry(several)
        assert sum(sum(counts.values()) for counts in by_entry.values()) == len(several)
        assert list(by_entry)[: len(DATA["services"])] == [f"service/{one['id']}" for one in DATA["services"]]
    assert counted(every["pl"])[TextState.OUTDATED] == 1


def test_nothing_of_what_ships_is_missing(catalogue: Flask, looking: Arranging) -> None:
    """The count on the managers' coverage page: 0 missing, 0 outdated, in every language."""
    with looking() as session:
        every = every_language(session, [one.tag for one in LANGUAGES])
    for language, several in every.items():
        lacking = [one.subject for one in several if one.state in (TextState.MISSING, TextState.OUTDATED)]
        assert lacking == [], language
