"""One entry sent by many processes at once, and many desks that ask for numbers at once; on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from house import clock
from house.intake import cases, desk_numbers, outbox, registration, undoing
from house.intake.desk_models import Deed
from house.intake.models import Ticket, Visit
from house.intake.outbox import Sent
from house.intake.outbox_models import EntryKind, EntryState, OutboxEntry, Settled
from house.problems import Moved
from tests import houses
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import DESK, THURSDAY, furnish

pytestmark = pytest.mark.races
SENDERS, BROWSER = 8, "browser-of-desk-one"
BROWSERS = [f"browser-of-desk-{number:03}" for number in range(20)]


@pytest.fixture
def house(engine_app, frozen):
    """A house whose first desk has numbers of its own."""
    frozen(f"{THURSDAY} 09:10")
    with houses.arranging(engine_app) as session:
        furnish(session)
        desk_numbers.blocks_for(session, BROWSER, 1)
    return engine_app


def send(app, id_, number=101):
    """One sender: the answer it gets."""
    now = clock.now()
    noted = now - timedelta(minutes=5)
    with houses.arranging(app) as session:
        sent = Sent(id_, EntryKind.WALK_IN, BROWSER, noted, now, service=CPR, number=number)
        entry = outbox.take_in(session, sent, DESK)
        ticket = outbox.ticket_of(session, entry)
        return entry.state.value, entry.code, f"{ticket.letter}{ticket.number}" if ticket else None


def by_form(app, id_):
    """The ordinary form with the same id, which was on its way all the time."""
    with houses.arranging(app) as session:
        if outbox.begin(session, id_, EntryKind.WALK_IN) is None:
            walk_in = registration.WalkIn([CPR], "en", name="Guest")
            outbox.note(session, id_, registration.register_walk_in(session, walk_in, DESK))


def ask(app, browser):
    """One window of a browser asks for numbers."""
    with houses.arranging(app) as session:
        return [(one.day, one.block) for one in desk_numbers.blocks_for(session, browser, 1)]


def at_once(app, number):
    """All that many do at the same moment, one after the other: building a house takes longer than each."""
    same = send(app, "entry-number-one")
    half = by_form(app, "entry-on-its-way") if number % 2 else send(app, "entry-on-its-way", 102)
    copies = send(app, f"entry-of-a-copy-{number:03}", 103)
    alone = send(app, f"entry-of-its-own-{number:03}", None)
    blocks = {browser: ask(app, browser) for browser in BROWSERS[number // 2 :: SENDERS // 2]}
    return same, half, copies, alone, blocks


def test_one_entry_is_one_visit_and_each_desk_has_numbers_of_its_own(house, race):
    same, half, copies, alone, blocks = zip(*race(at_once, SENDERS), strict=True)

    assert set(same) == {("done", None, "Q101")}, "eight senders of one entry get one answer"
    assert {one for one in half if one} == {("done", None, "Q102")}, "its form came at the same moment"
    others = [("conflict", "number_taken", None)] * (SENDERS - 1)
    assert sorted(copies, key=str) == [*others, ("done", None, "Q103")], "a number is one ticket"
    # The control: without one id for all, eight become eight. So the id alone makes them one.
    assert len({ticket for _, _, ticket in alone}) == SENDERS

    with houses.looking(house) as session:
        visits = session.scalar(select(func.count()).select_from(Visit))
        assert visits == session.scalar(select(func.count()).select_from(Ticket)) == 3 + SENDERS
    assert all(one == other for one, other in zip(blocks[0::2], blocks[1::2], strict=True)), (
        "two windows of a browser share its numbers"
    )
    given = [block for asked in blocks[0::2] for mine in asked.values() for block in mine]
    assert len(set(given)) == len(given) == desk_numbers.DAYS * len(BROWSERS)


def take_back(app, number):
    """One of many who press Undo of the same decision at once: what comes of it."""
    with houses.arranging(app) as session:
        mine = session.scalars(select(Deed.id).where(Deed.entry_id.is_not(None))).one()
        try:
            undoing.undo(session, mine, DESK)
        except Moved as moved:
            return moved.code
        return "taken back"


@pytest.mark.parametrize("decision", [Settled.LEFT, Settled.REGISTERED])
def test_a_decision_is_taken_back_once(house, race, decision):
    with houses.arranging(house) as session:
        now = clock.now()
        sent = Sent("entry-of-a-case-1", EntryKind.WALK_IN, BROWSER, now, now, service="none", number=101)
        entry = outbox.take_in(session, sent, DESK)
        if decision is Settled.LEFT:
            cases.dismiss(session, entry.id, decision, DESK)
        else:
            cases.register_anew(session, entry.id, CPR, DESK)
    assert sorted(race(take_back, 3)) == ["taken back", "undone_already", "undone_already"]
    with houses.looking(house) as session:
        entry = session.scalars(select(OutboxEntry)).one()
        assert (entry.state, entry.visit_id, entry.settled) == (EntryState.CONFLICT, None, None)
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0, "Q101 is theirs again"
