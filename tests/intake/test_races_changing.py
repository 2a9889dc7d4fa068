"""Races of what changes a visit, with real processes on both engines: exact counts, nothing half, no jam.

Each has a control in a careless house, without the locks and without the key, that must end badly; else the
test could not fail. The counts of the issue (20 for the last one) are run with `full`.
"""

from __future__ import annotations

import os
import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from house import clock
from house.db import db, writing
from house.intake import claiming
from house.intake.booking import book, confirm, give_contact
from house.intake.cancelling import cancel
from house.intake.change_models import EarlierOffer, OfferState
from house.intake.earlier import accept, ask
from house.intake.fairness import VISITS_AHEAD
from house.intake.holding import hold
from house.intake.models import Occupancy, Visit
from house.intake.moving import move
from house.intake.offering import find_times
from house.intake.passing_on import clear_run_out, let_lapse, offer_next
from house.post import Letter
from house.problems import Problem
from tests import houses
from tests.intake.booking_house import (
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
from tests.intake.racing import (
    FEW,
    act,
    counts,
    drop_the_key,
    has_looked,
    look_then_act,
    look_then_hold,
    look_then_judge,
    look_then_keep,
    look_then_take,
)

pytestmark = pytest.mark.races
MANY = 20 if os.environ.get("HOUSE_FULL") else 8
TEN = tick(THURSDAY, "10:00")
BOTH = [CPR, DRIVING]
LATER = "2027-01-14"


@pytest.fixture
def house(engine_app, frozen):
    """One counter for both services, open on Thursdays and Fridays from ten to noon."""
    return furnish(engine_app, frozen)


@pytest.fixture
def last_itinerary(engine_app, frozen):
    """A house where a visit of both services fits once on a Thursday."""
    return furnish(engine_app, frozen, {3: [("10:00", "10:35")]})


def furnish(app, frozen, hours=None):
    travel = frozen(WEDNESDAY)
    with houses.arranging(app) as session:
        house = set_up(session, services=BOTH, hours=hours)
        claiming.lock_days(session, [(house.counter_ids[0], at(THURSDAY, "10:00").date())])
    with houses.looking(app) as session:  # what is slow once is loaded before the processes part
        find_times(session, BOTH, 1, "en").days(at(THURSDAY, "10:00").date())
    house.clock = travel
    return house


def visits(app):
    with houses.looking(app) as session:
        found = session.scalars(select(Visit).order_by(Visit.id)).all()
        session.expunge_all()  # or the end of the transaction would ask for them anew
        return found


def books_agree(app):
    with houses.looking(app) as session:
        return agree(session)


def kinds(app):
    with houses.looking(app) as session:
        return sorted(session.scalars(select(Letter.kind)))


# --- the last itinerary ------------------------------------------------------------------------------------


def take_both(app, number):
    return act(app, lambda session: hold(session, BOTH, 1, TEN, "en", b"%d" % number).state.value)


def take_both_carelessly(app, number):
    look_then_take(app, number)
    return take_both(app, number)


def test_one_gets_the_last_itinerary_whole(engine_app, race, last_itinerary):
    answers = race(take_both, MANY)
    assert sorted(answers) == ["held"] + ["taken"] * (MANY - 1)
    assert counts(engine_app) == [7, 1, 2]
    books_agree(engine_app)


def test_without_locks_and_key_everybody_gets_it(engine_app, race, last_itinerary):
    drop_the_key(engine_app)
    assert race(take_both_carelessly, FEW) == ["held"] * FEW
    assert counts(engine_app) == [7 * FEW, FEW, 2 * FEW]


def test_by_the_key_alone_one_gets_it(engine_app, race, last_itinerary):
    assert sorted(race(take_both_carelessly, FEW)) == ["held"] + ["taken"] * (FEW - 1)
    assert counts(engine_app) == [7, 1, 2]


# --- overlapping, but unequal ------------------------------------------------------------------------------

STARTS = [TEN + 2 * number for number in range(FEW)]  # 10:00, 10:10, … each 20 minutes long


def take_mine(app, number):
    start = STARTS[number % len(STARTS)]
    return act(app, lambda session: hold(session, CPR, 1, start, "en", b"%d" % number) and start)


def take_mine_carelessly(app, number):
    look_then_take(app, number)
    return take_mine(app, number)


def overlap(starts):
    return any(second - first < 4 for first, second in zip(sorted(starts), sorted(starts)[1:], strict=False))


def test_times_that_overlap_are_not_both_sold(engine_app, race, house):
    answers = race(take_mine, MANY)
    got = [one for one in answers if one != "taken"]
    assert 2 <= len(got) <= 3 and not overlap(got)
    assert counts(engine_app) == [4 * len(got), len(got), len(got)]
    books_agree(engine_app)


def test_without_locks_and_key_times_that_overlap_are_sold(engine_app, race, house):
    drop_the_key(engine_app)
    assert overlap(race(take_mine_carelessly, FEW))


# --- a hold that ran out, against a new one ----------------------------------------------------------------


@pytest.fixture
def run_out(engine_app, house):
    with houses.arranging(engine_app) as session:
        visit = hold(session, CPR, 1, TEN, "en", b"slow")
        give_contact(session, visit, "Slow", "slow@example.org")
    house.clock.shift(timedelta(minutes=17))


def confirm_or_take(app, number):
    if number == 0:
        return act(app, lambda session: confirm(session, session.get(Visit, 1), "en").state.value)
    return act(app, lambda session: hold(session, CPR, 1, TEN, "en", b"%d" % number).state.value)


def confirm_or_take_carelessly(app, number):
    if number == 0:
        look_then_keep(app, number, few=1)
    else:
        has_looked(app, 0)
    return confirm_or_take(app, number)


def test_a_hold_that_ran_out_goes_to_one_its_holder_or_another(engine_app, race, run_out):
    answers = race(confirm_or_take, MANY)
    mine, others = answers[0], answers[1:]
    if mine == "booked":
        assert set(others) == {"taken"}
    else:
        assert mine == "hold_over" and sorted(others) == ["held"] + ["taken"] * (MANY - 2)
    books_agree(engine_app)
    assert counts(engine_app)[0] == 4


def test_without_locks_both_are_told_yes(engine_app, race, run_out):
    answers = race(confirm_or_take_carelessly, 2)
    assert answers == ["booked", "held"]
    with pytest.raises(AssertionError, match="lacks a place"):
        books_agree(engine_app)


# --- moving against cancelling -----------------------------------------------------------------------------


@pytest.fixture
def booked(engine_app, house):
    with houses.arranging(engine_app) as session:
        book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")


def move_or_cancel(app, number):
    if number % 2:
        return act(app, lambda session: cancel(session, session.get(Visit, 1)).state.value)
    return act(app, lambda session: move(session, session.get(Visit, 1), tick(FRIDAY, "10:00")).state.value)


def is_cancelled(app):
    def look():
        with app.app_context(), writing(db.session()) as session:
            return session.scalar(select(Visit.state).where(Visit.id == 1)) == "cancelled"

    return look


def move_or_cancel_carelessly(app, number):
    if not number % 2:
        look_then_act(app, number, few=2, after=is_cancelled(app))
    else:
        look_then_act(app, number, few=2)
    return move_or_cancel(app, number)


def test_moving_against_cancelling_ends_cancelled_and_empty(engine_app, race, booked):
    answers = race(move_or_cancel, MANY)
    assert set(answers[1::2]) == {"cancelled"} and set(answers[::2]) <= {"booked", "moved"}
    [visit] = visits(engine_app)
    moved = int("booked" in answers)
    assert (visit.state, visit.revision) == ("cancelled", 2 + moved)
    assert counts(engine_app)[0] == 0
    assert kinds(engine_app) == ["visit_booked", "visit_cancelled"] + ["visit_moved"] * moved
    books_agree(engine_app)


def test_without_locks_a_cancelled_visit_moves(engine_app, race, booked):
    assert race(move_or_cancel_carelessly, 2) == ["booked", "cancelled"]
    with pytest.raises(AssertionError):
        books_agree(engine_app)


# --- moving against moving ---------------------------------------------------------------------------------


@pytest.fixture
def crowd(engine_app, house):
    """Five visits, each with a time of its own; all want the same other one."""
    with houses.arranging(engine_app) as session:
        for number in range(FEW):
            wall = f"{10 + number // 3}:{20 * (number % 3):02}"
            book(session, CPR, 1, at(THURSDAY, wall), "en", f"V{number}")


def move_there(app, number):
    there = tick(FRIDAY, "10:00")
    return act(app, lambda session: move(session, session.get(Visit, 1 + number), there).state.value)


def move_there_carelessly(app, number):
    look_then_take(app, number)
    return move_there(app, number)


def test_one_moves_to_the_time_and_the_others_stay(engine_app, race, crowd):
    before = {visit.id: visit.day for visit in visits(engine_app)}
    answers = race(move_there, FEW)
    assert sorted(answers) == ["booked"] + ["taken"] * (FEW - 1)
    after = visits(engine_app)
    assert sum(visit.day != before[visit.id] for visit in after) == 1
    assert sorted(visit.revision for visit in after) == [1] * (FEW - 1) + [2]
    assert counts(engine_app) == [4 * FEW, FEW, FEW]
    books_agree(engine_app)


def test_without_locks_and_key_all_move_there(engine_app, race, crowd):
    drop_the_key(engine_app)
    assert race(move_there_carelessly, FEW) == ["booked"] * FEW
    assert {visit.day.isoformat() for visit in visits(engine_app)} == {FRIDAY}


def move_somewhere(app, number):
    start = tick(FRIDAY, f"10:{10 * (number % 6):02}")
    return act(app, lambda session: move(session, session.get(Visit, 1), start).state.value)


def test_one_visit_moved_in_many_windows_ends_in_one_place(engine_app, race, booked):
    assert race(move_somewhere, 6) == ["booked"] * 6
    [visit] = visits(engine_app)
    assert (visit.day.isoformat(), visit.revision) == (FRIDAY, 7)
    assert counts(engine_app) == [4, 1, 1]
    books_agree(engine_app)


# --- pressing twice ----------------------------------------------------------------------------------------


def hold_as(key):
    def press(app, number):
        return act(app, lambda session: hold(session, CPR, 1, TEN, "en", key(number)).reference)

    return press


def one_browser(_number):
    return b"browser"


def no_browser(_number):
    return None


def test_a_button_pressed_twice_in_one_browser_holds_once(engine_app, race, house):
    [reference] = set(race(hold_as(one_browser), MANY))
    assert reference == visits(engine_app)[0].reference
    assert counts(engine_app) == [4, 1, 1]


def hold_here_and_there(app, number):
    """One impatient finger: the same two times, again and again."""
    starts = [TEN, tick(FRIDAY, "10:00")]
    return {hold_at(app, starts[(number + turn) % 2]) for turn in range(6)}


def hold_at(app, start):
    return act(app, lambda session: hold(session, CPR, 1, start, "en", b"browser").reference)


def test_one_browser_that_presses_on_two_days_waits_for_itself_in_no_circle(engine_app, race, house):
    [reference] = set().union(*race(hold_here_and_there, MANY))
    assert reference == visits(engine_app)[0].reference
    assert counts(engine_app) == [4, 1, 1]
    books_agree(engine_app)


def hold_without_turns(app, number):
    look_then_hold(app, number)
    return hold_as(one_browser)(app, number)


def test_without_turns_the_second_press_is_refused(engine_app, race, house):
    answers = race(hold_without_turns, FEW)
    assert answers.count("taken") == FEW - 1
    assert counts(engine_app) == [4, 1, 1]


def test_without_a_key_the_second_is_somebody_else(engine_app, race, house):
    answers = race(hold_as(no_browser), MANY)
    assert answers.count("taken") == MANY - 1
    assert counts(engine_app) == [4, 1, 1]


@pytest.fixture
def checked(engine_app, house):
    with houses.arranging(engine_app) as session:
        visit = hold(session, CPR, 1, TEN, "en", b"browser")
        give_contact(session, visit, "Ada", "ada@example.org")


def press_book(app, number):
    return act(app, lambda session: confirm(session, session.get(Visit, 1), "en").state.value)


def press_book_carelessly(app, number):
    look_then_act(app, number)
    return press_book(app, number)


def test_booking_pressed_twice_is_one_visit_and_one_letter(engine_app, race, checked):
    assert race(press_book, MANY) == ["booked"] * MANY
    assert kinds(engine_app) == ["visit_booked"]
    assert visits(engine_app)[0].revision == 1
    books_agree(engine_app)


def test_without_the_lock_it_is_told_twice(engine_app, race, checked):
    race(press_book_carelessly, FEW)
    assert len(kinds(engine_app)) == FEW


# --- fair shares -------------------------------------------------------------------------------------------


@pytest.fixture
def greedy(engine_app, house):
    """Five times held side by side for one address."""
    with houses.arranging(engine_app) as session:
        for number in range(FEW):
            start = tick(THURSDAY, f"{10 + number // 3}:{20 * (number % 3):02}")
            visit = hold(session, CPR, 1, start, "en", b"%d" % number)
            give_contact(session, visit, "Ada", "ada@example.org")


def press_mine(app, number):
    return act(app, lambda session: confirm(session, session.get(Visit, 1 + number), "en").state.value)


def press_mine_carelessly(app, number):
    look_then_judge(app, number)
    return press_mine(app, number)


def test_an_address_gets_its_share_and_no_more(engine_app, race, greedy):
    answers = race(press_mine, FEW)
    assert sorted(answers) == ["booked"] * VISITS_AHEAD + ["enough_visits"] * (FEW - VISITS_AHEAD)
    assert len(kinds(engine_app)) == VISITS_AHEAD


def test_without_the_lock_it_gets_all(engine_app, race, greedy):
    assert race(press_mine_carelessly, FEW) == ["booked"] * FEW


# --- passing freed times on --------------------------------------------------------------------------------


@pytest.fixture
def wanted(engine_app, house):
    """Two times were freed; four visits wait for something earlier."""
    with houses.arranging(engine_app) as session:
        gone = [book(session, CPR, 1, at(THURSDAY, wall), "en", "Gone") for wall in ("10:00", "11:00")]
        for number in range(4):
            email = f"v{number}@example.org"
            visit = book(session, CPR, 1, at(LATER, f"10:{20 * (number % 3):02}" if number < 3 else "11:00"),
                         "en", f"V{number}", email)  # fmt: skip
            ask(session, visit, True)
        for visit in gone:
            cancel(session, visit)


def pass_on(app, number):
    for _ in range(6):
        act(app, lambda session: offer_next(session, clock.now()))


def test_workers_beside_each_other_offer_each_time_once(engine_app, race, wanted):
    race(pass_on, 4)
    with houses.looking(engine_app) as session:
        offers = session.scalars(select(EarlierOffer).where(EarlierOffer.state == OfferState.OPEN)).all()
        assert len({offer.visit_id for offer in offers}) == len(offers)
        held = session.scalars(select(Occupancy.tick).where(Occupancy.expires_at.is_not(None))).all()
        assert len(held) == len(set(held)) == 4 * len(offers) and len(offers) >= 2
        assert session.scalar(select(func.count()).where(Letter.kind == "earlier_time")) == len(offers)
    books_agree(engine_app)


# --- a crowd that does everything at once ------------------------------------------------------------------

WALLS = ["10:00", "10:10", "10:20", "11:00", "11:10", "11:20"]


def do_anything(app, number):
    """A restless visitor, or a worker; only a refusal may come of it, never an error of the database."""
    chance, visit_id, done = random.Random(number), None, 0
    with app.app_context():
        for _ in range(12):
            try:
                with writing(db.session()) as session:
                    visit = session.get(Visit, visit_id) if visit_id else None
                    visit_id = one_act(session, chance, number, visit)
                done += 1
            except Problem:
                pass
    return done


def one_act(session, chance, number, visit):
    start = tick(chance.choice([THURSDAY, FRIDAY]), chance.choice(WALLS))
    if number == 0:  # the worker
        for work in (let_lapse, clear_run_out, offer_next):
            work(session, clock.now())
    elif visit is None or visit.state in ("cancelled", "held"):
        visit = hold(session, CPR, chance.randint(1, 2), start, "en", str(number).encode())
        give_contact(session, visit, "Ada", f"v{number}@example.org", earlier=chance.random() < 0.5)
        confirm(session, visit, "en")
    else:
        offers = select(EarlierOffer).where(EarlierOffer.visit_id == visit.id, EarlierOffer.state == "open")
        offer = session.scalar(offers)
        if offer and chance.random() < 0.7:
            accept(session, offer)
        elif chance.random() < 0.6:
            move(session, visit, start)
        else:
            cancel(session, visit)
    return visit.id if visit else None


def test_a_crowd_that_does_everything_at_once_leaves_the_books_right(engine_app, race, frozen):
    frozen(WEDNESDAY)
    with houses.arranging(engine_app) as session:
        set_up(session, counters=2)
    assert sum(race(do_anything, 6)) > 20
    assert books_agree(engine_app)
