"""Earlier times: who asked first is offered first, with a hold; no, or silence, lets the next have it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from house import clock, post
from house.intake import claiming
from house.intake import offers as offering
from house.intake.booking import book
from house.intake.cancelling import cancel
from house.intake.change_models import EarlierOffer, Freed, OfferState
from house.intake.counter_models import CounterService
from house.intake.earlier import accept, ask, decline
from house.intake.holding import hold
from house.intake.models import Occupancy, Step, Visit, VisitState
from house.intake.moving import move, other_times
from house.intake.offering import find_times
from house.intake.passing_on import answer_by, clear_run_out, let_lapse, offer_next
from house.problems import Gone, Moved, Taken
from tests.intake.booking_house import (
    COPENHAGEN,
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.bookkeeping import agree

LATER = "2027-01-14"


@pytest.fixture
def house(session, frozen):
    house = set_up(session, services=[CPR, DRIVING])
    house.clock = frozen(WEDNESDAY)
    return house


def booked(session, name, wall, day=THURSDAY, services=CPR, waits=False, party=1):
    visit = book(session, services, party, at(day, wall), "en", name, f"{name}@example.org")
    if waits:
        ask(session, visit, True)
    return visit


def work(session):
    """What the worker does in a minute."""
    session.flush()
    for act in (let_lapse, clear_run_out, offer_next):
        while act(session, clock.now()):
            session.flush()
    agree(session)


def offers(session):
    """(whose, day and time, state) of every offer."""
    session.flush()
    found = session.scalars(select(EarlierOffer).order_by(EarlierOffer.id))
    return [
        (one.visit.name, f"{one.starts_at.astimezone(COPENHAGEN):%d %H:%M}", one.state.value) for one in found
    ]


def letters(session):
    session.flush()
    found = session.scalars(select(post.Letter).where(post.Letter.kind == "earlier_time")).all()
    return [letter.recipient for letter in found]


def the_offer(session):
    return session.scalars(select(EarlierOffer).where(EarlierOffer.state == OfferState.OPEN)).one()


def test_a_freed_time_is_held_for_the_first_who_asked(session, house):
    gone = booked(session, "Gone", "10:00")
    first = booked(session, "First", "10:00", LATER, waits=True)
    house.clock.shift(60)
    booked(session, "Second", "11:00", waits=True)
    cancel(session, gone)
    work(session)
    assert offers(session) == [("First", "07 10:00", "open")]
    assert letters(session) == ["First@example.org"]
    assert tick(THURSDAY, "10:00") not in free(session)
    with pytest.raises(Taken):
        hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en")
    assert first.steps[0].starts_at == at(LATER, "10:00")


def free(session, day=THURSDAY):
    return [time.start for time in find_times(session, CPR, 1, "en").times(at(day, "00:00").date())]


def test_yes_moves_the_visit_in_one_go(session, house):
    gone, waits = booked(session, "Gone", "10:00"), booked(session, "Waits", "10:00", LATER, waits=True)
    cancel(session, gone)
    work(session)
    accept(session, the_offer(session))
    assert (waits.steps[0].starts_at, waits.revision) == (at(THURSDAY, "10:00"), 2)
    assert waits.asked_earlier_at is None
    assert offers(session) == [("Waits", "07 10:00", "accepted")]
    assert session.scalars(select(Visit).where(Visit.state == VisitState.HELD)).all() == []
    accept(session, session.scalars(select(EarlierOffer)).one())  # pressed twice
    work(session)
    assert waits.revision == 2
    assert session.scalars(select(post.Letter.kind)).all().count("visit_moved") == 1
    assert letters(session) == []  # it had not left, and is of no use any more


@pytest.fixture
def overlapping(session, house):
    """Three people wait from 10:30 to 11:10; from 10:00 on they would need ten minutes of their own time."""
    gone = booked(session, "Gone", "10:00")
    waits = booked(session, "Waits", "10:30", waits=True, party=3)
    cancel(session, gone)
    work(session)
    return waits


def test_ones_own_place_is_part_of_what_is_offered(session, overlapping):
    assert offers(session) == [("Waits", "07 10:00", "open")]
    rows = agree(session)
    assert len(rows) == len({(row.counter_id, row.tick) for row in rows}) == 8 + 6, "no place is taken twice"
    accept(session, the_offer(session))
    assert {row.tick for row in agree(session)} == {tick(THURSDAY, "10:00") + n for n in range(8)}
    assert tick(THURSDAY, "10:40") in free(session)


@pytest.mark.parametrize("what", ["decline", "move", "cancel", "lapse"])
def test_an_offer_over_ones_own_place_leaves_nothing_behind(session, house, overlapping, what):
    if what == "decline":
        decline(session, the_offer(session))
    elif what == "move":
        move(session, overlapping, tick(THURSDAY, "10:20"))  # over the offer and over the old place
    elif what == "cancel":
        cancel(session, overlapping)
    else:
        house.clock.shift(timedelta(hours=3))
    work(session)
    kept = {"decline": "10:30", "lapse": "10:30", "move": "10:20"}.get(what)
    wanted = {tick(THURSDAY, kept) + n for n in range(8)} if kept else set()
    assert {row.tick for row in agree(session)} == wanted
    assert [state for _, _, state in offers(session)] == ["declined" if what == "decline" else "over"]


def test_no_lets_the_next_have_it_and_is_not_asked_again(session, house):
    gone = booked(session, "Gone", "10:00")
    booked(session, "First", "10:00", LATER, waits=True)
    house.clock.shift(60)
    booked(session, "Second", "10:20", LATER, waits=True)
    cancel(session, gone)
    work(session)
    decline(session, the_offer(session))
    decline(session, session.scalars(select(EarlierOffer)).one())
    work(session)
    assert offers(session) == [("First", "07 10:00", "declined"), ("Second", "07 10:00", "open")]
    decline(session, the_offer(session))
    work(session)
    assert len(offers(session)) == 2
    assert tick(THURSDAY, "10:00") in free(session)
    assert session.scalar(select(func.count()).select_from(Freed)) == 0


def test_silence_lets_the_next_have_it(session, house):
    gone = booked(session, "Gone", "10:00", FRIDAY)
    booked(session, "First", "10:00", LATER, waits=True)
    house.clock.shift(60)
    booked(session, "Second", "10:20", LATER, waits=True)
    cancel(session, gone)
    work(session)
    offer = the_offer(session)
    house.clock.shift(timedelta(hours=2, minutes=1))
    work(session)
    assert offers(session) == [("First", "08 10:00", "over"), ("Second", "08 10:00", "open")]
    with pytest.raises(Gone):
        accept(session, offer)


def test_a_late_yes_counts_while_nobody_else_was_asked(session, house):
    gone = booked(session, "Gone", "10:00", FRIDAY)
    waits = booked(session, "Waits", "10:00", LATER, waits=True)
    cancel(session, gone)
    work(session)
    house.clock.shift(timedelta(hours=2, minutes=3))
    accept(session, the_offer(session))
    assert waits.day.isoformat() == FRIDAY
    agree(session)


def test_who_moves_oneself_gives_the_offer_back(session, house):
    gone, waits = booked(session, "Gone", "10:00"), booked(session, "Waits", "10:00", LATER, waits=True)
    cancel(session, gone)
    work(session)
    listed = [time.start for time in other_times(session, waits).times(at(THURSDAY, "00:00").date())]
    assert tick(THURSDAY, "10:10") in listed  # what is held for oneself is no obstacle
    move(session, waits, tick(THURSDAY, "10:10"))
    work(session)
    assert offers(session) == [("Waits", "07 10:00", "over")]


def test_moving_to_the_very_time_that_is_offered_is_a_yes(session, house):
    gone, waits = booked(session, "Gone", "10:00"), booked(session, "Waits", "10:00", LATER, waits=True)
    cancel(session, gone)
    work(session)
    move(session, waits, tick(THURSDAY, "10:00"))
    assert offers(session) == [("Waits", "07 10:00", "accepted")]
    agree(session)


def test_who_cancels_gives_the_offer_to_the_next(session, house):
    gone, waits = booked(session, "Gone", "10:00"), booked(session, "Waits", "10:00", LATER, waits=True)
    house.clock.shift(60)
    booked(session, "Next", "10:20", LATER, waits=True)
    cancel(session, gone)
    work(session)
    cancel(session, waits)
    work(session)
    assert offers(session)[1] == ("Next", "07 10:00", "open")
    with pytest.raises(Gone):
        accept(session, session.scalars(select(EarlierOffer).order_by(EarlierOffer.id).limit(1)).one())


def test_only_what_is_earlier_and_was_freed_since_is_offered(session, house):
    """Times that were free when the visitor chose a later one are no news."""
    booked(session, "Waits", "11:00", FRIDAY, waits=True)
    gone = booked(session, "Gone", "11:20", FRIDAY)
    work(session)
    assert offers(session) == []
    cancel(session, gone)
    work(session)
    assert offers(session) == []


def test_nobody_gets_a_letter_for_ten_minutes(session, house):
    gone = booked(session, "Gone", "10:00")
    booked(session, "Waits", "10:20", waits=True)
    cancel(session, gone)
    work(session)
    assert offers(session) == []


def test_a_visit_of_two_steps_is_offered_both_or_nothing(session, house):
    booked(session, "Full", "10:00", party=4)
    gone = booked(session, "Gone", "11:00")
    taken = booked(session, "Taken", "11:20", services=DRIVING)
    booked(session, "Waits", "10:00", LATER, services=[CPR, DRIVING], waits=True)
    cancel(session, gone)
    cancel(session, taken)
    work(session)
    assert [(name, state) for name, _when, state in offers(session)] == [("Waits", "open")]
    offer = the_offer(session)
    assert len(offer.hold.steps) == 2
    accept(session, offer)
    agree(session)


def test_the_counter_and_the_length_must_fit(session, house):
    gone = booked(session, "Gone", "10:00")
    for wall in ("10:20", "10:40", "11:00", "11:20", "11:40"):
        booked(session, f"Stays{wall[:2]}{wall[3:]}", wall)
    booked(session, "Waits", "10:00", LATER, party=3, waits=True)
    cancel(session, gone)
    work(session)
    assert offers(session) == []


def test_nobody_is_asked_who_could_not_answer_in_time(session, house):
    house.clock.move_to(at(THURSDAY, "08:20"))
    gone = booked(session, "Gone", "10:00")
    booked(session, "Waits", "10:00", LATER, waits=True)
    house.clock.move_to(at(THURSDAY, "08:45"))
    cancel(session, gone)
    work(session)
    assert offers(session) == []
    assert tick(THURSDAY, "10:00") in free(session)


def test_a_cooled_off_time_is_offered_when_it_is_cool(session, house):
    session.query(CounterService).update({"cool_off_minutes": 30})
    gone = booked(session, "Gone", "10:00")
    booked(session, "Waits", "10:00", LATER, waits=True)
    cancel(session, gone)
    work(session)
    assert offers(session) == []
    house.clock.shift(timedelta(minutes=32))
    work(session)
    assert offers(session) == [("Waits", "07 10:00", "open")]


def test_a_hold_that_ran_out_is_passed_on_as_well(session, house):
    hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en", b"1")
    booked(session, "Waits", "10:00", LATER, waits=True)
    house.clock.shift(timedelta(minutes=20))
    work(session)
    assert offers(session) == []  # its holder may only be slow
    house.clock.shift(timedelta(minutes=6))
    work(session)
    assert offers(session) == [("Waits", "07 10:00", "open")]


def test_a_moved_visit_frees_its_old_time_for_who_waits(session, house):
    mover = booked(session, "Mover", "10:00")
    booked(session, "Waits", "10:00", LATER, waits=True)
    move(session, mover, tick(FRIDAY, "10:00"))
    work(session)
    assert offers(session) == [("Waits", "07 10:00", "open")]


def test_without_an_address_there_is_no_offer(session, house):
    silent = book(session, CPR, 1, at(LATER, "10:00"), "en", "Silent")
    with pytest.raises(Moved):
        ask(session, silent, True)
    cancel(session, booked(session, "Gone", "10:00"))
    work(session)
    assert offers(session) == []


def test_who_no_longer_wants_it_is_not_asked_and_gives_the_offer_back(session, house):
    gone, waits = booked(session, "Gone", "10:00"), booked(session, "Waits", "10:00", LATER, waits=True)
    cancel(session, gone)
    work(session)
    ask(session, waits, False)
    work(session)
    assert offers(session) == [("Waits", "07 10:00", "declined")]
    assert tick(THURSDAY, "10:00") in free(session)


def test_asking_again_keeps_the_turn(session, house):
    waits = booked(session, "Waits", "10:00", LATER, waits=True)
    since = waits.asked_earlier_at
    house.clock.shift(600)
    ask(session, waits, True)
    assert waits.asked_earlier_at == since


def test_who_moves_while_the_hold_of_the_offer_is_swept_up_moves_all_the_same(session, house, monkeypatch):
    """An offer whose hold was taken away, between looking and locking, holds nothing any more."""
    gone, waits = booked(session, "Gone", "10:00"), booked(session, "Waits", "10:00", LATER, waits=True)
    cancel(session, gone)
    work(session)
    looked = offering.open_offer

    def swept_after(session, visit):
        found = looked(session, visit)
        if found is not None and found.hold is not None:
            hold_id, connection = found.hold.id, session.connection()
            table = EarlierOffer.__table__
            connection.execute(table.update().where(table.c.hold_id == hold_id).values(hold_id=None))
            for one in (Occupancy.__table__, Step.__table__):
                connection.execute(one.delete().where(one.c.visit_id == hold_id))
            connection.execute(Visit.__table__.delete().where(Visit.__table__.c.id == hold_id))
        return found

    monkeypatch.setattr(offering, "open_offer", swept_after)
    monkeypatch.setattr(claiming, "nobody_else_writes", lambda _: False)
    assert move(session, waits, tick(FRIDAY, "10:00")).day.isoformat() == FRIDAY
    assert offers(session) == [("Waits", "07 10:00", "over")]


@pytest.mark.parametrize(
    ("now", "latest", "until"),
    [
        ("2027-01-06 12:00", "2027-01-14 09:00", "2027-01-06 14:00"),
        ("2027-01-06 12:00", "2027-01-06 13:15", "2027-01-06 13:15"),
        ("2027-01-06 20:00", "2027-01-14 09:00", "2027-01-07 10:00"),
        ("2027-01-07 03:00", "2027-01-14 09:00", "2027-01-07 10:00"),
        ("2027-01-07 03:00", "2027-01-07 08:00", "2027-01-07 08:00"),
        ("2026-10-24 20:00", "2026-11-14 09:00", "2026-10-25 10:00"),
    ],
)
def test_an_answer_is_due_by_day(now, latest, until):
    assert answer_by(at(*now.split()), at(*latest.split()), COPENHAGEN) == at(*until.split())
