"""What the desk, the kiosk and the worker do in the storm; who else does what is in `storming.py`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from house import audit, clock, post, worker
from house.intake import (
    calling,
    cases,
    closing,
    deeds,
    desk_numbers,
    forget,
    handing_on,
    kiosk,
    notes,
    outbox,
    parking,
    passing_on,
    ranking,
    registration,
    reminding,
    sweeping,
    telling,
    undoing,
)
from house.intake.deeds import BUSY
from house.intake.desk_models import Deed, Priority
from house.intake.guidance import tell_guidance
from house.intake.handing_on import Next
from house.intake.models import Counter, Outcome, Step, StepState, Visit
from house.intake.note_models import Note
from house.intake.outbox import Sent
from house.intake.outbox_models import EntryKind, EntryState, OutboxEntry, Settled
from house.intake.registration import WalkIn
from house.intake.serving_at_once import quick_serve
from house.people import forget as people_forget
from house.reporting import face as reporting
from tests.intake.booking_house import CPR, DRIVING
from tests.intake.counter_house import THE_FRIDAY
from tests.intake.desk_house import TAX, TODAY
from tests.intake.storming import CLERKS, Idle, one_of

DESK_BROWSER = "browser-of-the-storm"
LATE, AT_ONCE = timedelta(0), deeds.WINDOW
HERE = (StepState.WAITING, StepState.PARKED, *BUSY)


def walk_in(chance):
    services = chance.choice(((CPR,), (CPR, DRIVING), (TAX,)))
    return WalkIn(services, "en", chance.choice((1, 3)), name="Guest")


def a_counter(session, chance):
    return calling.counter(session, one_of(session, chance, select(Counter.id).where(Counter.active)))


def my_step(session, chance):
    """A step that is called or served, through the counter it is at."""
    at_counters = select(Step.id, Step.counter_id).where(Step.state.in_(BUSY))
    step_id, counter_id = one_of(session, chance, at_counters.order_by(Step.id))
    return calling.step_at(session, calling.counter(session, counter_id), step_id)


def served_step(session, chance):
    """The same, begun with where they were only called."""
    step = my_step(session, chance)
    if step.state is StepState.CALLED:
        calling.start(session, step, chance.choice(CLERKS))
    return step


def somebody_here(session, chance, *states):
    """A visit that has a step in one of these states, locked as the page of a person does."""
    wanted = select(Step.visit_id).where(Step.state.in_(states or HERE)).order_by(Step.id)
    visit = deeds.lock(session, one_of(session, chance, wanted))
    step = next((one for one in visit.steps if one.state in (states or HERE)), None)
    if step is None:
        raise Idle()
    return visit, step


def a_reference(session, chance):
    return one_of(session, chance, select(Visit.reference).where(Visit.day == TODAY).order_by(Visit.id))


# --- coming ------------------------------------------------------------------------------------------------


def registers(session, chance):
    """The ordinary form, of which some are sent twice."""
    id_ = f"entry-{chance.randrange(40)}"
    if outbox.begin(session, id_, EntryKind.WALK_IN) is None:
        ticket = registration.register_walk_in(session, walk_in(chance), chance.choice(CLERKS))
        outbox.note(session, id_, ticket)


def checks_in(session, chance):
    typed = a_reference(session, chance)
    id_ = outbox.check_in_id(f"form-{chance.randrange(40)}", typed)
    if outbox.begin(session, id_, EntryKind.CHECK_IN) is None:
        visit = registration.find_for_check_in(session, typed, TODAY)
        outbox.note(session, id_, registration.check_in(session, visit, chance.choice(CLERKS)))


def sends_the_outbox(session, chance):
    """What a desk did without the net; the same entries come again and again, also beside their form."""
    now, number = clock.now(), chance.choice((None, *range(101, 105)))
    facts = {"service": CPR}, {"reference": a_reference(session, chance)}
    kind = chance.choice((EntryKind.WALK_IN, EntryKind.CHECK_IN))
    sent = Sent(
        f"entry-{chance.randrange(40)}", kind, DESK_BROWSER, now - timedelta(minutes=3), now, number=number,
        **facts[kind is EntryKind.CHECK_IN],
    )  # fmt: skip
    outbox.take_in(session, sent, chance.choice(CLERKS))


def decides_a_case(session, chance):
    open_ = select(OutboxEntry.id).where(OutboxEntry.state == EntryState.CONFLICT).order_by(OutboxEntry.id)
    id_ = one_of(session, chance, open_)
    if chance.random() < 0.5:
        cases.register_anew(session, id_, CPR, chance.choice(CLERKS))
    else:
        cases.dismiss(session, id_, Settled.LEFT, chance.choice(CLERKS))


def asks_for_numbers(session, chance):
    desk_numbers.blocks_for(session, f"browser-{chance.randrange(9)}", 1)


def takes_a_ticket(session, chance):
    kiosk.take(session, walk_in(chance), f"press {chance.randrange(20)}")


def scans_at_the_kiosk(session, chance):
    kiosk.check_in(session, a_reference(session, chance), TODAY)


# --- at the counters ---------------------------------------------------------------------------------------


def calls(session, chance):
    if calling.call_next(session, a_counter(session, chance), TODAY, chance.choice(CLERKS)) is None:
        raise Idle()


def acts_on_a_step(session, chance):
    acts = (calling.call_again, calling.start, calling.start, calling.back_to_queue, parking.park)
    chance.choice(acts)(session, my_step(session, chance), chance.choice(CLERKS))


def misses(session, chance):
    closing.did_not_come(session, my_step(session, chance), chance.choice(CLERKS))


def finishes(session, chance):
    step, outcome = served_step(session, chance), chance.choice(list(Outcome))
    closing.finish(session, step, outcome, chance.choice(CLERKS))


def hands_over(session, chance):
    step, outcome = served_step(session, chance), chance.choice(list(Outcome))
    if chance.random() < 0.4:
        ground = chance.choice(("consent", "law"))
        handing_on.hand_outside(session, step, DRIVING, ground, None, chance.choice(CLERKS))
        return
    to = Next(None, chance.choice((None, DRIVING, TAX)), chance.choice((None, 1, 2)))
    handing_on.hand_over(session, step, outcome, chance.choice(CLERKS), to)


def answers_a_quick_question(session, chance):
    at, outcome = a_counter(session, chance), chance.choice((None, None, Outcome.ADVICE_GIVEN))
    quick_serve(session, at, walk_in(chance), chance.choice(CLERKS), outcome)


def has_a_break(session, chance):
    act = chance.choice((parking.pause_counter, parking.resume_counter, parking.resume_counter))
    act(session, a_counter(session, chance), chance.choice(CLERKS))


def lets_pause(session, chance):
    _, step = somebody_here(session, chance, StepState.WAITING, StepState.PARKED)
    act = parking.unpark if step.state is StepState.PARKED else parking.park
    act(session, step, chance.choice(CLERKS))


def comes_back(session, chance):
    closing.came_back(session, somebody_here(session, chance, StepState.MISSED)[0], chance.choice(CLERKS))


def changes_a_person(session, chance):
    visit, _ = somebody_here(session, chance)
    first, service = chance.choice((None, *Priority)), chance.choice((None, None, DRIVING))
    to = ranking.Known(chance.choice((1, 2)), first, chance.choice(("en", "uk")), "Storm", service)
    ranking.change(session, visit, to, chance.choice(CLERKS))


def writes_a_note(session, chance):
    visit, _ = somebody_here(session, chance)
    at = a_counter(session, chance)
    notes.write(session, visit, at.authority_id, "Has the papers.", chance.choice(CLERKS))


def removes_a_note(session, chance):
    key, visit_id, authority_id, who = one_of(
        session, chance, select(Note.id, Note.visit_id, Note.authority_id, Note.actor).order_by(Note.id)
    )
    notes.remove(session, session.get_one(Visit, visit_id), authority_id, key, who)


def takes_back(session, chance):
    """One of the last acts, or one of long ago; at once, or as if it had been found late."""
    wanted = select(Deed.id, Deed.actor).order_by(Deed.id)
    key, who = one_of(session, chance, wanted, few=chance.choice((3, 3, 10, 1000)))
    deeds.WINDOW = chance.choice((AT_ONCE, AT_ONCE, LATE))
    undoing.undo(session, key, who)


# --- the worker --------------------------------------------------------------------------------------------


def works(session, chance):
    """What is done every minute, sometimes as if hours had gone."""
    now = clock.now() + chance.choice((timedelta(0), timedelta(0), timedelta(hours=3)))
    acts = (reminding.remind, passing_on.let_lapse, passing_on.clear_run_out, *[passing_on.offer_next] * 3)
    if not chance.choice(acts)(session, now):
        raise Idle()


def tells(session, chance):
    """How something ended: as if it were midnight, or now."""
    later = clock.now() + chance.choice((timedelta(0), timedelta(days=1)))
    if not chance.choice((telling.tell_ended, tell_guidance))(session, later):
        raise Idle()


def keeps_house(chance, sent):
    """One of the things of the hour, which open transactions of their own."""
    now = clock.now()
    acts = (
        lambda session, _: audit.seal(session), sweeping.sweep, post.forget, people_forget.forget,
        reporting.close_due, lambda session, _: forget.forget(session, now + timedelta(days=2)),
    )  # fmt: skip
    return worker._in_turn(chance.choice(acts))


def closes_the_day(chance, sent):
    """As if it were midnight."""
    return worker._in_turn(lambda session, _: closing.close_days_before(session, THE_FRIDAY))


def sends_letters(chance, sent):
    """Some letters leave; some do not get through at first."""
    for _ in range(3):
        if not worker.send_one(partial(_send, chance, sent)):
            return


def _send(chance, sent, message):
    if chance.random() < 0.2:
        raise ConnectionError("not now")
    sent.append(message["Message-ID"])


OF_THE_DESK = (
    registers, checks_in, checks_in, sends_the_outbox, sends_the_outbox, decides_a_case, asks_for_numbers,
    takes_a_ticket, scans_at_the_kiosk, calls, calls, calls, acts_on_a_step, acts_on_a_step, acts_on_a_step,
    misses, finishes, finishes, hands_over, answers_a_quick_question, has_a_break, lets_pause, comes_back,
    changes_a_person, writes_a_note, removes_a_note, takes_back, takes_back, takes_back, takes_back,
)  # fmt: skip
OF_THE_WORKER = (works, works, works, works, tells)
ALONE = (keeps_house, keeps_house, sends_letters)
