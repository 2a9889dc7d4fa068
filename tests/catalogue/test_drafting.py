"""Drafts: saved one after the other, never over each other, reviewed, published by two people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.audit import Act
from house.catalogue import drafting, face, publishing
from house.catalogue.editing_models import Draft, How
from house.catalogue.entries import Kind
from house.catalogue.owning import hands
from house.catalogue.storing import stored
from house.catalogue.versions import history, version
from house.clock import today
from house.problems import NotHere, Problem
from tests import houses
from tests.catalogue.editing_house import (
    HOUSE_SERVICE,
    SIRI_SERVICE,
    Staff,
    change,
    employ,
    publish,
    rename,
    text_of,
)

SERVICE = Kind.SERVICE


@pytest.fixture
def writing(catalogue: Flask, session: Session) -> Session:
    return session


@pytest.fixture
def staff(writing: Session) -> Staff:
    return employ(writing)


class refused:
    """`with refused("code"):` a problem of this code and status is raised."""

    def __init__(self, code: str, status: int = 409) -> None:
        self.code, self.status = code, status

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, problem: BaseException | None, _trace: Any) -> bool:
        assert isinstance(problem, Problem), f"nothing was refused: {problem!r}"
        assert (problem.code, problem.status) == (self.code, self.status)
        return True


# --- drafts -------------------------------------------------------------------------------------------------


def test_a_draft_changes_nothing_that_is_published(writing: Session, staff: Staff) -> None:
    before = json.dumps(stored(writing))
    number = change(writing, SIRI_SERVICE, staff.ane, rename("EU paper"))
    there = drafting.entry(writing, SERVICE, SIRI_SERVICE)
    assert (there.state, there.seen, there.number) == ("draft", number, 0)
    assert there.text is not None
    assert there.text["name"]["en"] == "EU paper"
    assert json.dumps(stored(writing)) == before
    assert face.service(writing, SIRI_SERVICE).name == "EU residence document"


def test_the_first_draft_keeps_what_stood_before(writing: Session, staff: Staff) -> None:
    before, _ = text_of(writing, SIRI_SERVICE)
    change(writing, SIRI_SERVICE, staff.ane, rename("EU paper"))
    assert [one.how for one in history(writing, SERVICE, SIRI_SERVICE)] == [How.SAVED, How.STOOD]
    assert version(writing, SERVICE, SIRI_SERVICE, 0).record == before


def test_the_second_who_saves_is_told_and_nothing_is_lost(writing: Session, staff: Staff) -> None:
    first, seen = text_of(writing, SIRI_SERVICE)
    second, _ = text_of(writing, SIRI_SERVICE)
    first["name"]["en"], second["outcome"] = "EU paper", "a paper"
    drafting.save(writing, SERVICE, SIRI_SERVICE, first, seen, staff.ane)
    with refused("changed_meanwhile"):
        drafting.save(writing, SERVICE, SIRI_SERVICE, second, seen, staff.bo)
    there = drafting.entry(writing, SERVICE, SIRI_SERVICE)
    assert there.text == first
    drafting.save(writing, SERVICE, SIRI_SERVICE, {**first, "outcome": "a paper"}, there.seen, staff.bo)
    draft = writing.get_one(Draft, (SERVICE, SIRI_SERVICE))
    assert draft.authors == [staff.ane, staff.bo]


def test_a_new_entry_begins_as_a_draft(writing: Session, staff: Staff) -> None:
    record = {"id": "tea_hour", "name": "Tea hour", "src": ["A"]}
    drafting.save(writing, Kind.OFFER, "tea_hour", record, 0, staff.ane)
    assert drafting.entry(writing, Kind.OFFER, "tea_hour").published is None
    with refused("changed_meanwhile"):
        drafting.save(writing, Kind.OFFER, "tea_hour", record, 0, staff.bo)
    with refused("changed_meanwhile"):
        drafting.save(writing, Kind.OFFER, "cv_dropin", record, 5, staff.bo)
    with refused("changed_meanwhile"):
        drafting.save(writing, Kind.OFFER, "no_such_offer", record, 5, staff.bo)


def test_editing_what_is_in_review_takes_it_back(writing: Session, staff: Staff) -> None:
    number = change(writing, SIRI_SERVICE, staff.ane, rename("EU paper"))
    drafting.send_for_review(writing, SERVICE, SIRI_SERVICE, number, staff.ane)
    later = change(writing, SIRI_SERVICE, staff.bo, rename("EU sheet"))
    with refused("changed_meanwhile"):
        publishing.publish(writing, SERVICE, SIRI_SERVICE, number, staff.siri)
    with refused("not_in_review"):
        publishing.publish(writing, SERVICE, SIRI_SERVICE, later, staff.siri)


def test_a_draft_is_given_up_and_its_text_stays_in_the_history(writing: Session, staff: Staff) -> None:
    number = change(writing, SIRI_SERVICE, staff.ane, rename("EU paper"))
    drafting.discard(writing, SERVICE, SIRI_SERVICE, number, staff.ane)
    assert drafting.entry(writing, SERVICE, SIRI_SERVICE).state == "published"
    assert version(writing, SERVICE, SIRI_SERVICE, number).record is not None
    with refused("no_draft"):
        drafting.send_for_review(writing, SERVICE, SIRI_SERVICE, number, staff.ane)
    assert change(writing, SIRI_SERVICE, staff.ane, rename("EU sheet")) == number + 1


# --- four eyes ----------------------------------------------------------------------------------------------


def may(session: Session, slug: str, account: int, *authors: int) -> bool:
    record = drafting.entry(session, SERVICE, slug).published
    return hands(session, SERVICE, slug, record).may_publish(account, authors)


def test_who_may_publish(writing: Session, staff: Staff) -> None:
    assert may(writing, SIRI_SERVICE, staff.siri, staff.ane)
    assert may(writing, SIRI_SERVICE, staff.sara, staff.siri)
    assert may(writing, SIRI_SERVICE, staff.ane, staff.siri), "the owner wrote it, the house looks at it"
    assert not may(writing, SIRI_SERVICE, staff.bo, staff.ane), "the owner never saw it"
    assert not may(writing, SIRI_SERVICE, staff.siri, staff.siri), "nobody alone"
    assert not may(writing, SIRI_SERVICE, staff.siri, staff.ane, staff.siri), "nor who wrote a part of it"
    assert may(writing, SIRI_SERVICE, staff.admin, staff.admin)
    assert not may(writing, SIRI_SERVICE, staff.desk, staff.ane)
    assert may(writing, HOUSE_SERVICE, staff.bo, staff.ane)
    assert not may(writing, HOUSE_SERVICE, staff.siri, staff.ane)
    assert not may(writing, HOUSE_SERVICE, staff.ane, staff.ane)


def test_what_has_no_editor_of_its_own_is_the_houses(writing: Session, staff: Staff) -> None:
    assert may(writing, "tax_card", staff.bo, staff.ane)
    hands_ = hands(writing, Kind.SOURCE, "S01", {"title": "x"})
    assert hands_.owner is None
    assert hands_.may_publish(staff.bo, [staff.ane])
    assert not hands_.may_write(staff.siri)


def test_a_draft_that_gives_an_entry_away_is_still_its_owners_to_publish(
    writing: Session, staff: Staff
) -> None:
    number = change(writing, SIRI_SERVICE, staff.ane, lambda record: record.update(authority="ihnd"))
    drafting.send_for_review(writing, SERVICE, SIRI_SERVICE, number, staff.ane)
    with refused("not_yours_to_publish", 403):
        publishing.publish(writing, SERVICE, SIRI_SERVICE, number, staff.bo)
    publishing.publish(writing, SERVICE, SIRI_SERVICE, number, staff.siri)
    assert face.service(writing, SIRI_SERVICE).authority_slug == "ihnd"


# --- publishing ---------------------------------------------------------------------------------------------


def test_what_is_published_is_what_the_house_says(writing: Session, staff: Staff) -> None:
    publish(writing, SIRI_SERVICE, staff.ane, staff.siri, rename("EU paper"))
    assert face.service(writing, SIRI_SERVICE).name == "EU paper"
    assert writing.get(Draft, (SERVICE, SIRI_SERVICE)) is None
    assert [(one.how, one.account_id) for one in history(writing, SERVICE, SIRI_SERVICE)] == [
        (How.PUBLISHED, staff.siri),
        (How.SAVED, staff.ane),
        (How.STOOD, None),
    ]
    act = writing.scalars(select(Act).where(Act.verb == "entry_published")).one()
    assert (act.actor, act.subject) == (f"staff {staff.siri}", f"service {SIRI_SERVICE}")
    assert act.facts == {"version": 2, "alone": False}


def test_an_administrator_alone_is_written_down(writing: Session, staff: Staff) -> None:
    publish(writing, SIRI_SERVICE, staff.admin, staff.admin, rename("EU paper"))
    assert writing.scalars(select(Act).where(Act.verb == "entry_published")).one().facts["alone"] is True


def test_what_does_not_hold_together_is_not_published(writing: Session, staff: Staff) -> None:
    before = json.dumps(stored(writing))
    number = change(writing, SIRI_SERVICE, staff.ane, lambda record: record.update(authority="nobody"))
    drafting.send_for_review(writing, SERVICE, SIRI_SERVICE, number, staff.ane)
    with pytest.raises(publishing.Unsound) as caught:
        publishing.publish(writing, SERVICE, SIRI_SERVICE, number, staff.siri)
    assert [one.way for one in caught.value.findings] == [("authority",)]
    assert json.dumps(stored(writing)) == before


@pytest.mark.parametrize(
    ("kind", "slug", "record"),
    [
        (Kind.OFFER, "tea_hour", {"id": "tea_hour", "name": "Tea", "rule": "daily", "src": ["A"]}),
        (Kind.SOURCE, "S99", {"title": "Tea", "url": "https://example.dk/tea"}),
        (
            Kind.AUTHORITY,
            "tea_board",
            {
                "id": "tea_board",
                "name_en": "Tea Board",
                "level": "state",
                "url": "https://tea.example.dk",
                "src": ["A"],
            },
        ),
    ],
)
def test_entries_come_and_go(writing: Session, staff: Staff, kind: Kind, slug: str, record: Any) -> None:
    before = json.dumps(stored(writing))
    for text in (record, None):
        seen = 0 if text else drafting.entry(writing, kind, slug).seen
        number = drafting.save(writing, kind, slug, text, seen, staff.ane)
        drafting.send_for_review(writing, kind, slug, number, staff.ane)
        publishing.publish(writing, kind, slug, number, staff.bo)
        if text:
            assert drafting.entry(writing, kind, slug).published == record
    assert json.dumps(stored(writing)) == before
    with pytest.raises(NotHere):
        drafting.entry(writing, kind, slug)
    assert history(writing, kind, slug)[0].record is None


def test_what_others_need_does_not_go(writing: Session, staff: Staff) -> None:
    number = drafting.save(writing, SERVICE, "cpr_registration", None, 0, staff.ane)
    drafting.send_for_review(writing, SERVICE, "cpr_registration", number, staff.ane)
    with pytest.raises(publishing.Unsound) as caught:
        publishing.publish(writing, SERVICE, "cpr_registration", number, staff.bo)
    assert "services mitid requires 0 all_of" in [one.elsewhere for one in caught.value.findings]


def test_what_was_published_under_a_draft_is_taken_in(writing: Session, staff: Staff, tmp_path: Any) -> None:
    number = change(writing, SIRI_SERVICE, staff.ane, rename("EU paper"))
    text = face.export(writing).replace(
        "paper document needed for the CPR number", "a sheet for the CPR number"
    )
    (tmp_path / "new.yaml").write_text(text, "utf-8")
    face.import_file(writing, tmp_path / "new.yaml")
    drafting.send_for_review(writing, SERVICE, SIRI_SERVICE, number, staff.ane)
    with refused("base_changed"):
        publishing.publish(writing, SERVICE, SIRI_SERVICE, number, staff.siri)
    merged = drafting.take_in(writing, drafting.entry(writing, SERVICE, SIRI_SERVICE))
    assert merged.disputed == ()
    later = drafting.rebase(writing, SERVICE, SIRI_SERVICE, merged.record, number, staff.ane)
    drafting.send_for_review(writing, SERVICE, SIRI_SERVICE, later, staff.ane)
    publishing.publish(writing, SERVICE, SIRI_SERVICE, later, staff.siri)
    record = face.service(writing, SIRI_SERVICE).record
    assert (record["name"]["en"], record["outcome"]) == ("EU paper", "a sheet for the CPR number")
    assert How.IMPORTED in [one.how for one in history(writing, SERVICE, SIRI_SERVICE)]


# --- confirming ---------------------------------------------------------------------------------------------


def test_the_owner_confirms_and_the_catalogue_names_the_authority_only(
    writing: Session, staff: Staff
) -> None:
    day = today("Europe/Copenhagen")
    publishing.confirm(writing, SERVICE, SIRI_SERVICE, 0, staff.siri, day)
    record = face.service(writing, SIRI_SERVICE).record
    assert (record["confirmed_on"], record["confirmed_by"]) == (day.isoformat(), "SIRI")
    assert history(writing, SERVICE, SIRI_SERVICE)[0].account_id == staff.siri
    with refused("changed_meanwhile"):
        publishing.confirm(writing, SERVICE, SIRI_SERVICE, 0, staff.siri, day)
    with refused("not_yours", 403):
        publishing.confirm(writing, SERVICE, SIRI_SERVICE, 2, staff.ane, day)


def test_an_open_draft_takes_a_confirmation_in(writing: Session, staff: Staff) -> None:
    change(writing, SIRI_SERVICE, staff.ane, rename("EU paper"))
    publishing.confirm(writing, SERVICE, SIRI_SERVICE, 0, staff.siri, today("Europe/Copenhagen"))
    there = drafting.entry(writing, SERVICE, SIRI_SERVICE)
    assert not there.outdated
    assert there.text is not None
    assert there.text["confirmed_by"] == "SIRI"
    drafting.send_for_review(writing, SERVICE, SIRI_SERVICE, there.seen, staff.ane)
    publishing.publish(writing, SERVICE, SIRI_SERVICE, there.seen, staff.siri)
    record = face.service(writing, SIRI_SERVICE).record
    assert (record["name"]["en"], record["confirmed_by"]) == ("EU paper", "SIRI")


# --- on both engines ----------------------------------------------------------------------------------------


@pytest.fixture
def engine_session(engine_app: Flask) -> Iterator[Session]:
    with houses.arranging(engine_app) as session:
        face.import_catalogue(session, face.bundled_catalogue())
        yield session


def test_drafts_and_publishing_work_on_both_engines(engine_session: Session) -> None:
    staff = employ(engine_session)
    publish(engine_session, SIRI_SERVICE, staff.ane, staff.siri, rename("EU paper"))
    assert face.service(engine_session, SIRI_SERVICE).name == "EU paper"
    publishing.confirm(engine_session, SERVICE, SIRI_SERVICE, 3, staff.sara, today("Europe/Copenhagen"))
    assert len(history(engine_session, SERVICE, SIRI_SERVICE)) == 4
