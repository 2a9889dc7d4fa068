"""All that visitors, the desk, managers and the worker can do at once, each as one act by chance.

An act picks whom it is about as a page does: by what it read a moment ago, which may be untrue by now. It
ends in an answer or in a `Problem`. What the desk and the worker do is in `storming_desk.py`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.catalogue.face import ClosedFor, Topic
from house.events import attending, publishing, signing_up
from house.events import cancelling as leaving
from house.events.models import Attendee, Event
from house.intake import (
    booking,
    closing_today,
    closings,
    counter_hours,
    counters,
    earlier,
    extending,
    guidance,
    holding,
    kiosk,
    moving,
    worklist,
)
from house.intake.cancelling import cancel, undo_cancel
from house.intake.cards import HOLD, VISIT, visit_by
from house.intake.change_models import EarlierOffer, OfferState
from house.intake.closings import Closing, Scope
from house.intake.guidance import Told
from house.intake.guidance_models import Guidance, GuidanceChannel, GuidanceEnd
from house.intake.models import Answer, Channel, Counter, Visit, VisitState
from house.problems import Problem
from house.referrals import handover
from house.referrals.models import Referral
from house.referrals.states import NEXT
from house.seals import keyring
from tests.intake.booking_house import CPR, DRIVING, FRIDAY, THURSDAY, at, tick
from tests.intake.counter_house import MANAGER, THE_FRIDAY, THE_THURSDAY, rule

DAYS = (THURSDAY, FRIDAY)
WALLS = [f"{hour}:{minute:02}" for hour in (10, 11) for minute in (20, 30, 40, 50)]
SERVICES = ([CPR], [DRIVING], [CPR, DRIVING])
BROWSERS = [f"storm-browser-{number}".encode() for number in range(3)]
CLERKS = ("staff 1", "staff 2", "staff 3")


class Idle(Problem):
    """Nobody there whom this could be done with."""

    code = "idle"


def one_of(session: Session, chance: Random, wanted, few: int = 0):
    """One row by chance, of the last few if told; what it says may be untrue when it is used."""
    rows = session.execute(wanted).all()
    if not rows:
        raise Idle()
    found = chance.choice(rows[-few:])
    return found[0] if len(found) == 1 else found


def a_visit(session: Session, chance: Random, *states: VisitState) -> Visit:
    """A visit as staff find it: by its key, without a lock."""
    wanted = select(Visit.id).where(Visit.state.in_(states), Visit.channel != Channel.WALK_IN)
    return session.get_one(Visit, one_of(session, chance, wanted.order_by(Visit.id)))


def by_link(session: Session, chance: Random, kind: str, *states: VisitState) -> Visit:
    """A visit as its visitor opens it: by its link, locked at once; of every tenth it was long ago.

    The hold of an offer has no link: nobody is told of it but the visit that it is offered to.
    """
    offered = select(EarlierOffer.id).where(EarlierOffer.hold_id == Visit.id).exists()
    wanted = select(Visit.reference, Visit.generation).where(Visit.channel != Channel.WALK_IN, ~offered)
    wanted = wanted if chance.random() < 0.1 else wanted.where(Visit.state.in_(states))
    token = keyring().link(kind, *one_of(session, chance, wanted.order_by(Visit.id)))
    return visit_by(session, kind, token)


def a_time(chance: Random) -> int:
    return tick(chance.choice(DAYS), chance.choice(WALLS))


# --- visitors ----------------------------------------------------------------------------------------------


def holds(session, chance):
    more = {"browser": chance.choice((None, *BROWSERS, *BROWSERS))}
    holding.hold(session, chance.choice(SERVICES), chance.choice((1, 1, 2)), a_time(chance), "en", **more)


def answers(session, chance):
    mine, number = by_link(session, chance, HOLD, VisitState.HELD), chance.randrange(12)
    booking.give_contact(session, mine, "Ada", f"ada{number}@example.org", chance.random() < 0.6)


def confirms(session, chance):
    mine = by_link(session, chance, HOLD, VisitState.HELD)
    if not mine.name:
        booking.give_contact(session, mine, "Bo", f"bo{chance.randrange(12)}@example.org", True)
    booking.confirm(session, mine, "en")


def needs_longer(session, chance):
    extending.extend(session, by_link(session, chance, HOLD, VisitState.HELD))


def moves(session, chance):
    moving.move(session, by_link(session, chance, VISIT, VisitState.BOOKED), a_time(chance))


def cancels(session, chance):
    cancel(session, by_link(session, chance, VISIT, VisitState.BOOKED))


def asks_for_earlier(session, chance):
    earlier.ask(session, by_link(session, chance, VISIT, VisitState.BOOKED), chance.random() < 0.8)


def answers_an_offer(session, chance):
    offers = select(EarlierOffer.id).where(EarlierOffer.state == OfferState.OPEN)
    offer = session.get_one(EarlierOffer, one_of(session, chance, offers))
    chance.choice((earlier.accept, earlier.accept, earlier.decline))(session, offer)


def signs_up(session, chance):
    person = signing_up.Person("Ada", f"ada{chance.randrange(9)}@example.org", "en")
    event_id = one_of(session, chance, select(Event.id))
    signing_up.sign_up(session, event_id, [person], once=f"press {chance.randrange(9)}")


def changes_a_seat(session, chance):
    attendee = session.get_one(Attendee, one_of(session, chance, select(Attendee.id)))
    do = chance.choice((leaving.cancel, attending.mark_attended, attending.mark_absent))
    do(session, attendee, "visitor" if do is leaving.cancel else "staff 1")


# --- the telephone -----------------------------------------------------------------------------------------


def books_for_a_caller(session, chance):
    start = at(chance.choice(DAYS), chance.choice(WALLS))
    email = f"phone{chance.randrange(9)}@example.org"
    booking.book(
        session, chance.choice(SERVICES), 1, start, "en", "Bo", email, Channel.PHONED, chance.choice(CLERKS)
    )


def moves_for_a_caller(session, chance):
    visit = a_visit(session, chance, VisitState.BOOKED)
    moving.move(session, visit, a_time(chance), chance.choice(CLERKS))


def cancels_for_a_caller(session, chance):
    cancel(session, a_visit(session, chance, VisitState.BOOKED), chance.choice(CLERKS))


def keeps_after_all(session, chance):
    lately = select(Visit.id).where(Visit.undo_until.is_not(None)).order_by(Visit.undo_until)
    visit = session.get_one(Visit, one_of(session, chance, lately, few=3))
    undo_cancel(session, visit, chance.choice(CLERKS))


def gives_guidance(session, chance):
    here = guidance.here(session, None)
    visit_id = chance.choice(here).visit_id if here else None
    told = Told(
        catalogue.read_about(f"service:{CPR}"), (Topic.BRING,), "en", GuidanceChannel.HERE,
        GuidanceEnd.ADVISED, visit_id,
    )  # fmt: skip
    guidance.send(session, guidance.note(session, told, chance.choice(CLERKS)), "ada@example.org")


def takes_guidance_back(session, chance):
    key, who = one_of(session, chance, select(Guidance.id, Guidance.actor))
    guidance.remove(session, key, who)


def follows_a_hand_over(session, chance):
    reference = one_of(session, chance, select(Referral.reference))
    found = handover.by_reference(session, reference, lock=True)
    further = sorted(NEXT[found.state])
    if not further:
        raise Idle()
    handover.turn(session, found, chance.choice(further), chance.choice(CLERKS))


# --- managers ----------------------------------------------------------------------------------------------


def closes(session, chance):
    everywhere = counters.all_counters(session)
    some = chance.choice(everywhere)
    scope = chance.choice((Scope(), Scope(counter_id=some.id), Scope(authority_id=some.authority_id)))
    day = chance.choice((THE_THURSDAY, THE_FRIDAY))
    begins, ends = chance.choice(((None, None), (time(11), time(11, 30))))
    wanted = Closing(scope, day, day, begins, ends, ClosedFor.STAFF, None)
    met = {step.visit for step in closings.met_by(session, wanted, everywhere)}
    closings.close(session, wanted, everywhere, len(met), MANAGER)


def opens_again(session, chance):
    everywhere = counters.all_counters(session)
    there = closings.closings(session, everywhere, THE_THURSDAY, True)
    if not there:
        raise Idle()
    closings.open_again(session, chance.choice(there).id, everywhere, True, MANAGER)


def closes_today(session, chance):
    seen = len(closing_today.preview(session).coming)
    closing_today.close(session, ClosedFor.STAFF, None, seen, chance.choice(CLERKS))


def opens_today(session, chance):
    row = closing_today.closed_now(session)
    if row is None:
        raise Idle()
    closing_today.undo(session, row.id, chance.choice(CLERKS))


def asks_all_to_move(session, _chance):
    everywhere = counters.all_counters(session)
    seen = [(one.visit_id, one.revision) for one in worklist.worklist(session, everywhere)]
    worklist.ask_all(session, everywhere, seen, MANAGER)


def settles_one(session, chance):
    everywhere = counters.all_counters(session)
    there = worklist.worklist(session, everywhere)
    if not there:
        raise Idle()
    seen = chance.choice(there)
    visit, found = worklist.misfit(session, everywhere, seen.visit_id, seen.revision)
    if chance.random() < 0.3:
        worklist.call_off(session, visit, MANAGER)
    else:
        worklist.settle(session, visit, found, chance.choice((Answer.KEPT, Answer.PHONED)), MANAGER)


def changes_a_counter(session, chance):
    counter = session.get_one(Counter, one_of(session, chance, select(Counter.id)))
    settings = counters.settings_of(counter)
    lanes = min(settings.capacity + chance.randrange(2), 2)
    wanted = replace(settings, capacity=lanes, buffer_minutes=chance.choice((0, 5)))
    counters.change(session, counter, wanted, counter.revision, MANAGER)


def changes_hours(session, chance):
    counter = session.get_one(Counter, one_of(session, chance, select(Counter.id)))
    until = chance.choice(("12:00", "12:30"))
    wanted = counter_hours.hours_of(session, counter)._replace(
        openings=tuple(rule(weekday, "10:00", until) for weekday in (3, 4))
    )
    counter_hours.change_hours(session, counter, wanted, counter.revision, MANAGER)


def makes_a_key(session, _chance):
    kiosk.new_key(session, catalogue.place(session), MANAGER)


def changes_seats(session, chance):
    event_id = one_of(session, chance, select(Event.id))
    publishing.change_capacity(session, event_id, chance.choice((3, 5)), MANAGER)


OF_VISITORS = (
    holds, holds, holds, answers, answers, confirms, confirms, needs_longer, moves, moves, cancels,
    asks_for_earlier, answers_an_offer, signs_up, changes_a_seat,
)  # fmt: skip
OF_CALLERS = (
    books_for_a_caller, books_for_a_caller, moves_for_a_caller, cancels_for_a_caller, keeps_after_all,
    gives_guidance, takes_guidance_back, follows_a_hand_over,
)  # fmt: skip
OF_MANAGERS = (
    closes, opens_again, opens_again, closes_today, opens_today, opens_today, asks_all_to_move, settles_one,
    changes_a_counter, changes_hours, makes_a_key, changes_seats,
)  # fmt: skip
