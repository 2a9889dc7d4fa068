"""What desks without the net send: done once by its id, in the order people came, with their numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from house import clock
from house.audit import Act
from house.intake import cases, desk_numbers, outbox, registration, tickets
from house.intake.models import CounterService, Ticket, Visit, VisitState
from house.intake.outbox import Sent
from house.intake.outbox_models import EntryKind, EntryState, NumberBlock, OutboxEntry, Settled
from house.intake.sweeping import sweep
from house.problems import Moved, NotHere
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    DESK,
    TAX,
    TODAY,
    booked,
    call,
    furnish,
    log_of,
    serve,
    thursday,  # noqa: F401 - a fixture
    ticket_of,
    walk_in,
)

BROWSER, OTHER = "browser-of-desk-one", "browser-of-desk-two"


@pytest.fixture
def house(session, thursday):  # noqa: F811
    return furnish(session)


def sent(number: int | None = 101, ago: int = 10, id_: str = "entry-number-one", **more) -> Sent:
    """Somebody who came some minutes ago, sent now by a clock that is right."""
    now = clock.now()
    kind = EntryKind.CHECK_IN if "reference" in more else EntryKind.WALK_IN
    more.setdefault("service", "" if "reference" in more else CPR)
    noted = now - timedelta(minutes=ago)
    return Sent(id_, kind, more.pop("browser", BROWSER), noted, now, number=number, **more)


def numbered(session, *browsers: str) -> list[NumberBlock]:
    return [desk_numbers.blocks_for(session, one, 1)[0] for one in browsers or (BROWSER,)]


def take_in(session, *more, **which) -> OutboxEntry:
    entry = outbox.take_in(session, sent(*more, **which), DESK)
    session.flush()
    return entry


def number_of(session, entry) -> str | None:
    ticket = outbox.ticket_of(session, entry)
    return ticket and f"{ticket.letter}{ticket.number}"


def visits(session) -> int:
    return session.scalar(select(func.count()).select_from(Visit))


# --- numbers ---------------------------------------------------------------------------------------------


def test_no_authority_has_the_letter_of_desks_without_the_net():
    assert desk_numbers.LETTER not in tickets.LETTERS
    assert desk_numbers.LETTER not in "IO", "it would be read as a digit"


def test_a_browser_has_its_numbers_for_today_and_a_week_and_nobody_else_has_them(session, house):
    mine, others = (desk_numbers.blocks_for(session, one, 1) for one in (BROWSER, OTHER))
    assert [block.day - TODAY for block in mine] == [timedelta(days=ahead) for ahead in range(8)]
    assert {desk_numbers.numbers_of(block) for block in mine} == {(101, 199)}
    assert {desk_numbers.numbers_of(block) for block in others} == {(201, 299)}
    again = desk_numbers.blocks_for(session, BROWSER, 1)
    assert [block.block for block in again] == [block.block for block in mine]
    assert desk_numbers.numbers_of(desk_numbers.blocks_for(session, BROWSER, 2)[0]) == (301, 399)


def test_a_number_belongs_to_one_browser_on_one_day(session, house):
    numbered(session)
    owns = desk_numbers.owns
    assert owns(session, house.place_id, BROWSER, TODAY, 101)
    assert owns(session, house.place_id, BROWSER, TODAY, 199)
    assert not owns(session, house.place_id, BROWSER, TODAY, 100)
    assert not owns(session, house.place_id, BROWSER, TODAY, 201)
    assert not owns(session, house.place_id, OTHER, TODAY, 101)
    assert not owns(session, house.place_id, BROWSER, TODAY + timedelta(days=30), 101)


# --- coming ----------------------------------------------------------------------------------------------


def test_a_walk_in_keeps_number_and_arrival(session, house):
    numbered(session)
    entry = take_in(session, 101, ago=25, language="ar", party=3)
    assert (entry.state, number_of(session, entry)) == (EntryState.DONE, "Q101")
    visit = session.get_one(Visit, entry.visit_id)
    assert (visit.language, visit.party, visit.arrived_at) == ("ar", 3, clock.now() - timedelta(minutes=25))
    assert [began for _, began, _ in log_of(visit.steps[0])] == [visit.arrived_at]
    assert session.scalar(select(func.count()).where(Act.verb == "came_without_net")) == 1


def test_the_queue_is_in_the_order_people_came_not_in_which_they_were_sent(session, house, thursday):  # noqa: F811
    numbered(session, BROWSER, OTHER)
    walk_in(session, CPR)  # A1 came now, with the net
    take_in(session, 201, ago=5, id_="came-second-number", browser=OTHER)
    take_in(session, 101, ago=15, id_="came-first-number-")
    thursday.shift(60)
    assert [ticket_of(call(session, house, number)) for number in (0, 1)] == ["Q101", "Q201"]


@pytest.mark.parametrize("times", [2, 3])
def test_the_same_entry_is_done_once_and_has_the_same_answer(session, house, times):
    numbered(session)
    told = {number_of(session, take_in(session)) for _ in range(times)}
    assert told == {"Q101"}
    assert visits(session) == 1


def test_without_a_number_left_the_house_gives_one(session, house):
    entry = take_in(session, None)
    assert (entry.state, number_of(session, entry)) == (EntryState.DONE, "A1")


def test_a_booking_is_checked_in_by_its_reference(session, house):
    numbered(session)
    visit = booked(session)
    entry = take_in(session, 101, reference=visit.reference, ago=3)
    assert (entry.state, number_of(session, entry)) == (EntryState.DONE, "Q101")
    assert visit.state is VisitState.ARRIVED
    assert visit.arrived_at == clock.now() - timedelta(minutes=3)
    assert entry.service is None, "what is known from the booking is not written down twice"


# --- an answer that was lost -----------------------------------------------------------------------------


def by_form(session, id_="entry-number-one", kind=EntryKind.WALK_IN, service=CPR) -> Ticket:
    """The ordinary form, as its view does it."""
    assert outbox.begin(session, id_, kind) is None
    ticket = outbox.note(session, id_, walk_in(session, service))
    session.flush()
    return ticket


def test_a_form_whose_answer_was_lost_is_one_visit_with_the_number_that_was_told(session, house):
    numbered(session)
    by_form(session)
    entry = take_in(session, 101)
    assert (visits(session), number_of(session, entry)) == (1, "Q101")
    assert session.scalar(select(func.count()).select_from(Ticket)) == 1
    assert number_of(session, take_in(session, 102)) == "Q101", "what was answered once stays"


def test_a_form_that_comes_after_its_entry_registers_nobody(session, house):
    numbered(session)
    take_in(session, 101)
    known = outbox.begin(session, "entry-number-one", EntryKind.WALK_IN)
    assert known is not None and number_of(session, known) == "Q101"


def test_who_was_called_already_has_the_number_that_was_told_too(session, house):
    numbered(session)
    by_form(session)
    step = call(session, house)
    take_in(session, 101)
    session.expire_all()
    assert ticket_of(step) == "Q101"


def test_a_number_that_comes_after_the_visit_is_over_is_a_conflict(session, house):
    numbered(session)
    by_form(session)
    serve(session, house).visit.state = VisitState.DONE
    session.flush()
    entry = take_in(session, 101)
    assert (entry.state, entry.code, number_of(session, entry)) == (EntryState.CONFLICT, "other_number", "A1")


def test_a_form_without_an_id_is_not_counted(session, house):
    assert outbox.begin(session, None, EntryKind.WALK_IN) is None
    assert outbox.note(session, "", walk_in(session)).number == 1
    assert session.scalar(select(func.count()).select_from(OutboxEntry)) == 0


# --- conflicts -------------------------------------------------------------------------------------------


def checked_in(session, _house):
    visit = booked(session)
    registration.check_in(session, visit, DESK)
    return {"reference": visit.reference}


def cancelled(session, _house):
    visit = booked(session)
    visit.state = VisitState.CANCELLED
    return {"reference": visit.reference}


def of_another_day(session, _house):
    visit = booked(session)
    visit.day = TODAY + timedelta(days=1)
    return {"reference": visit.reference}


def not_given(session, house):
    tax = select(CounterService).where(CounterService.counter_id == house.counter_ids[-1])
    session.delete(session.scalars(tax).one())
    return {"service": TAX}


def number_taken(session, _house):
    """Two browsers that are copies of each other."""
    take_in(session, id_="entry-of-the-other")
    return {}


CONFLICTS = {
    "here_already": checked_in,
    "not_booked": cancelled,
    "other_day": of_another_day,
    "not_here": lambda *_: {"reference": "K7M4QXT"},
    "not_given_here": not_given,
    "number_taken": number_taken,
    "number_not_yours": lambda *_: {"number": 201},
    "odd_party": lambda *_: {"party": 13},
    "too_old": lambda *_: {"ago": 24 * 60 + 1},
    "day_over": lambda *_: {"ago": 10 * 60},
}


@pytest.mark.parametrize("code", CONFLICTS)
def test_what_cannot_be_done_is_kept_for_staff(session, house, code):
    numbered(session)
    which = {"number": 101, **CONFLICTS[code](session, house)}
    session.flush()
    before = visits(session)
    entry = take_in(session, **which)
    assert (entry.state, entry.code, visits(session)) == (EntryState.CONFLICT, code, before)
    assert take_in(session, **which).code == code, "asked again it says the same"
    assert [one.id for one in cases.open_cases(session)[0]] == [entry.id]


def test_staff_dismiss_a_conflict_for_a_reason_once(session, house):
    entry = take_in(session, 201)
    cases.dismiss(session, entry.id, Settled.LEFT, DESK)
    assert (entry.state, entry.settled, entry.settled_by) == (EntryState.SETTLED, Settled.LEFT, DESK)
    assert cases.open_cases(session) == ([], 0)
    with pytest.raises(Moved):
        cases.dismiss(session, entry.id, Settled.MISTAKE, DESK)
    with pytest.raises(NotHere):
        cases.dismiss(session, "nobody-sent-this", Settled.LEFT, DESK)


def test_who_is_registered_anew_keeps_arrival_and_a_number_that_is_good(session, house):
    numbered(session)
    entry = take_in(session, 101, service="no_such_service", language="pl", party=2)
    ticket = cases.register_anew(session, entry.id, CPR, DESK)
    assert (ticket.letter, ticket.number, ticket.visit.language, ticket.visit.party) == ("Q", 101, "pl", 2)
    assert ticket.visit.arrived_at == clock.now() - timedelta(minutes=10)
    assert entry.visit_id == ticket.visit_id


@pytest.mark.parametrize(("number", "letter"), [(201, "A"), (101, "A"), (None, "A")])
def test_a_number_that_is_not_good_is_replaced(session, house, number, letter):
    numbered(session)
    take_in(session, 101, id_="entry-of-the-other")
    entry = take_in(session, number, service="no_such_service")
    ticket = cases.register_anew(session, entry.id, CPR, DESK)
    assert (ticket.letter, ticket.visit.arrived_at) == (letter, clock.now() - timedelta(minutes=10))


def test_who_came_yesterday_comes_now(session, house):
    entry = take_in(session, None, ago=10 * 60)
    assert cases.register_anew(session, entry.id, CPR, DESK).visit.arrived_at == clock.now()


def test_a_week_later_all_but_open_conflicts_is_swept_away(session, house):
    numbered(session)
    take_in(session)
    open_one = take_in(session, 201, id_="entry-of-a-conflict")
    sweep(session, clock.now() + timedelta(days=6))
    assert session.scalar(select(func.count()).select_from(OutboxEntry)) == 2
    sweep(session, clock.now() + timedelta(days=16))
    session.expire_all()
    assert [one.id for one in session.scalars(select(OutboxEntry))] == [open_one.id]
    assert session.scalar(select(func.count()).select_from(NumberBlock)) == 0
