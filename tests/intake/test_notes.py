"""Notes of an authority about a visit: who reads them, who takes them back, and that they are forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from house import clock
from house.audit import Act
from house.catalogue import face as catalogue
from house.doors import Role
from house.forgetting import fates
from house.intake import booking, cancelling, moving, notes, parking, undoing
from house.intake.desk_models import Deed
from house.intake.forget import forget
from house.intake.note_models import Note
from house.people import face as people
from house.problems import Moved, NotHere
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.desk_house import (
    TAX,
    TODAY,
    booked,
    furnish,
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

WORDS = "Has the lease only as a photo; the landlord sends it."
ADA, BO = "staff 1", "staff 2"


@pytest.fixture
def house(session, thursday):  # noqa: F811
    return furnish(session)


@pytest.fixture
def visit(session, house):
    return walk_in(session, CPR, TAX, name="Olena").visit


def authority(session, service):
    return catalogue.service(session, service).authority_id


def note(session, visit, words=WORDS, service=CPR, actor=ADA):
    return notes.write(session, visit, authority(session, service), words, actor)


def read(session, visit, service=CPR, actor=ADA):
    return notes.of_visit(session, visit.id, authority(session, service), actor)


def test_the_newest_note_is_last_and_says_who_wrote_it_and_when(session, visit, thursday):  # noqa: F811
    writer = people.open_account(
        session, "bo@example.org", "Bo Lind", [(people.house_body(session).id, Role.DESK)]
    )
    note(session, visit, "First", actor="staff 99")
    thursday.shift(120)
    note(session, visit, "Second", actor=f"staff {writer.id}")
    lines = read(session, visit, actor=f"staff {writer.id}")
    assert [(one.words, one.writer, one.mine) for one in lines] == [
        ("First", "", False), ("Second", "Bo Lind", True),
    ]  # fmt: skip
    assert lines[1].at - lines[0].at == timedelta(minutes=2)


def test_an_authority_reads_its_own_notes_and_no_others(session, visit):
    other = walk_in(session, CPR).visit
    note(session, visit)
    note(session, visit, "Of tax", TAX)
    note(session, other, "Of another visit")
    assert [one.words for one in read(session, visit)] == [WORDS]
    assert [one.words for one in read(session, visit, TAX)] == ["Of tax"]


def test_the_words_are_sealed_at_rest(session, visit):
    note(session, visit)
    stored = session.execute(text("SELECT words FROM note")).scalar_one()
    assert b"lease" not in bytes(stored)
    assert "lease" not in repr(session.scalars(select(Note)).one())
    assert "lease" not in repr(read(session, visit))


def test_ones_own_note_is_taken_back_the_same_day_and_the_audit_keeps_both_without_words(session, visit):
    row = note(session, visit)
    notes.remove(session, visit, row.authority_id, row.id, ADA)
    assert read(session, visit) == []
    acts = session.scalars(select(Act).order_by(Act.id.desc()).limit(2)).all()[::-1]
    facts = {"note": row.id, "authority": row.authority_id}
    assert [(one.verb, one.actor, one.subject, one.facts) for one in acts] == [
        ("noted", ADA, f"visit {visit.id}", facts), ("note_removed", ADA, f"visit {visit.id}", facts),
    ]  # fmt: skip
    with pytest.raises(NotHere):
        notes.remove(session, visit, row.authority_id, row.id, ADA)


def test_nobody_else_takes_a_note_back_and_no_other_counter(session, visit):
    other, row = walk_in(session, CPR).visit, note(session, visit)
    for wrong in (
        (visit, row.authority_id, row.id, BO),
        (visit, authority(session, TAX), row.id, ADA),
        (other, row.authority_id, row.id, ADA),
        (visit, row.authority_id, row.id + 1, ADA),
    ):
        with pytest.raises(NotHere):
            notes.remove(session, *wrong)
    assert not read(session, visit, actor=BO)[0].mine
    assert read(session, visit)[0].mine


def test_after_its_day_a_note_stays(session, visit, thursday):  # noqa: F811
    row = note(session, visit)
    thursday.shift(timedelta(hours=14, minutes=49))  # one minute to midnight
    assert read(session, visit)[0].mine
    thursday.shift(timedelta(minutes=1))
    with pytest.raises(Moved, match="too_late_to_undo"):
        notes.remove(session, visit, row.authority_id, row.id, ADA)
    [line] = read(session, visit)
    assert (line.mine, line.other_day) == (False, True)


def test_a_visit_that_is_off_takes_no_notes(session, house):
    visit = booked(session, "10:00")
    cancelling.cancel(session, visit, ADA)
    with pytest.raises(Moved):
        note(session, visit)


def test_a_registration_that_is_taken_back_takes_its_notes_along(session, visit):
    kept = walk_in(session, CPR).visit
    note(session, visit)
    note(session, kept)
    session.flush()
    deed = session.scalars(select(Deed.id).where(Deed.visit_id == visit.id)).one()
    undoing.undo(session, deed, ADA)
    assert session.scalars(select(Note.visit_id)).all() == [kept.id]


def test_an_act_that_is_taken_back_leaves_the_notes(session, visit):
    parking.park(session, visit.steps[0], ADA)
    note(session, visit)
    deed = session.scalars(select(Deed.id).order_by(Deed.id.desc()).limit(1)).one()
    undoing.undo(session, deed, ADA)
    assert len(read(session, visit)) == 1


def test_notes_are_removed_thirty_days_after_the_visit_and_not_before(session, house):
    assert fates()["note.words"] == "removed 30 days after the visit"
    early = booked(session, "10:00", "Early")
    late = booking.book(session, CPR, 1, at(FRIDAY, "10:00"), "en", "Late")
    note(session, early)
    note(session, late, "Of Friday")
    end = at(TODAY.isoformat(), "12:00") + timedelta(days=30)
    assert forget(session, end) == 0
    forget(session, end + timedelta(days=1))
    assert session.scalars(select(Note.visit_id)).all() == [late.id]
    forget(session, end + timedelta(days=2))
    assert session.scalar(select(func.count()).select_from(Note)) == 0


def test_a_visit_that_moves_takes_its_notes_to_the_new_day(session, house):
    visit = booked(session, "10:00")
    note(session, visit)
    moving.move(session, visit, tick(FRIDAY, "11:00"), ADA)
    forget(session, at(TODAY.isoformat(), "12:00") + timedelta(days=31))
    assert len(read(session, visit)) == 1
    assert clock.now() < visit.steps[0].starts_at
