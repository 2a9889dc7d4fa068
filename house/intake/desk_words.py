"""Words of the front desk: outcomes, and the sentences for what the verbs refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from house.formats import day
from house.intake.desk_seats import Seat
from house.intake.lateness import LateReason
from house.intake.models import Outcome, Priority, StepState, VisitState
from house.intake.queue import CALLING, CALLS, LONGEST, PATIENCE, TOO_LATE
from house.languages import LANGUAGES, current
from house.problems import Problem

OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.COMPLETED: _l("Completed"),
    Outcome.ADVICE_GIVEN: _l("Advice given"),
    Outcome.PAPERS_MISSING: _l("Papers are missing"),
    Outcome.WRONG_AUTHORITY: _l("Belongs to another authority"),
    Outcome.LEFT: _l("Left before it was done"),
}
PRIORITIES: dict[Priority, LazyString] = {
    Priority.SMALL_CHILDREN: _l("Small children"),
    Priority.CANNOT_WAIT_LONG: _l("Cannot wait long"),
    Priority.LAST_DAY: _l("Last day to do it"),
    Priority.EXPECTED_ELSEWHERE: _l("Is expected elsewhere"),
    Priority.OUR_MISTAKE: _l("We made a mistake"),
}
STEPS: dict[StepState, LazyString] = {
    StepState.PLANNED: _l("Comes later"),
    StepState.WAITING: _l("Waits"),
    StepState.PARKED: _l("Has a pause"),
    StepState.CALLED: _l("Is called"),
    StepState.SERVING: _l("Is at the counter"),
    StepState.DONE: _l("Done"),
    StepState.FAILED: _l("Could not be done"),
    StepState.MISSED: _l("Did not come"),
    StepState.CANCELLED: _l("Is off"),
}
DEEDS: dict[str, LazyString] = {
    "registered": _l("Registered"),
    "checked_in": _l("Checked in"),
    "called": _l("Called"),
    "called_again": _l("Called again"),
    "started": _l("Started"),
    "sent_back": _l("Sent back to the queue"),
    "did_not_come": _l("Did not come"),
    "came_back": _l("Is here after all"),
    "parked": _l("Pause began"),
    "unparked": _l("Pause ended"),
    "finished": _l("Finished"),
    "handed_over": _l("Handed over"),
    "handed_outside": _l("Handed over to another authority"),
    "served_at_once": _l("Served at once"),
    "preferred": _l("Priority changed"),
    "counted": _l("Number of people changed"),
    "added": _l("Service added"),
    "changed": _l("Details changed"),
    # Translators: these three are what was decided about somebody a desk registered without the net
    "other_ticket": _l("The person has another ticket"),
    "left": _l("The person has left"),
    "mistake": _l("It was a mistake"),
}
BESIDES: dict[str, LazyString] = {
    "visit_booked": _l("Booked for a caller"),
    "visit_moved": _l("Booking moved"),
    "visit_cancelled": _l("Booking cancelled"),
    "closed_today": _l("Closed for today"),
}
STATES: dict[VisitState, LazyString] = {
    VisitState.BOOKED: _l("This visit is booked."),
    VisitState.ARRIVED: _l("This visit is checked in."),
    VisitState.DONE: _l("This visit is over."),
    VisitState.MISSED: _l("Nobody came to this visit."),
    VisitState.CANCELLED: _l("This visit is cancelled."),
}
LATE_REASONS: dict[LateReason, LazyString] = {
    LateReason.NOTHING_BEFORE: _l("No time was free before"),
    LateReason.AUTHORITY_AGREED: _l("The authority agreed to it"),
    LateReason.VISITOR_DECIDED: _l("The visitor wants it so, and knows the last day"),
}
REFUSALS: dict[str, LazyString] = {
    "not_here": _l("We found no booking for that today."),
    "several": _l("Several bookings fit. Please use the reference."),
    "here_already": _l("This visit is checked in already."),
    "not_booked": _l("This visit was cancelled or is over."),
    # Translators: day is a date such as "Wednesday, 13 January 2027"
    "other_day": _l("This visit is on another day: %(day)s."),
    "busy": _l("Finish with the person at your counter first."),
    "no_counter": _l("Please choose your counter first."),
    "visit_began": _l("The time of this visit has come. It cannot be changed any more."),
    "too_late": _l("It is too late to take this back. The visitor has been told."),
    "taken": _l("Somebody else has the time now."),
    "on_break": _l("Your counter has a break. Please end it first."),
    "too_soon": _l("Please call three times, and wait three minutes first."),
    "day_over": _l("That day is over. Please register the person anew."),
    "too_late_to_undo": _l("It is too late to take this back."),
    "left_the_house": _l("This left the house. It cannot be taken back here."),
    "later_first": _l("Please take back first what you did later with this visit."),
    "counter_not_free": _l("The counter where this was is not free now."),
    "change_instead": _l("This cannot be taken back. Move or cancel the visit instead."),
    "undone_already": _l("This was taken back already."),
    "not_given_there": _l("That counter does not give this service."),
    "too_many_steps": _l("This visit has as many services as fit into a day."),
    "odd_party": _l("Please write a number from 1 to 12."),
    # Translators: these are about what a desk did while it had no network
    "too_old": _l("This came more than a day late. Please register the person anew."),
    "not_given_here": _l("No open counter gives this service any more."),
    "number_not_yours": _l("This number was not given to this desk for that day."),
    "other_number": _l("The visit was over before its new number arrived."),
    "settled_already": _l("Somebody has decided this already."),
    "number_taken": _l("Somebody else has this ticket number."),
    "moved": _l("Somebody else did something with this visit. Please look again."),
}


def seat_choices(
    seats: Iterable[Seat], authorities: Mapping[int, str], there: Mapping[int, str] | None = None
) -> list[tuple[int, str]]:
    """Counters to choose from, each with its authority, for two of those may have one label; with the ticket
    of whom it has now, or that it has a break: somebody sits there already."""
    return [(seat.id, _seat(seat, authorities, (there or {}).get(seat.id))) for seat in seats]


def _seat(seat: Seat, authorities: Mapping[int, str], ticket: str | None) -> str:
    authority = authorities.get(seat.authority_id, "")
    name = str(_("Counter %(counter)s (%(authority)s)", counter=seat.label, authority=authority))
    if ticket:
        # Translators: a counter in a list, and the ticket of who is called to it, or served there, now
        return str(_("%(counter)s – has %(ticket)s now", counter=name, ticket=ticket))
    # Translators: a counter in a list, whose adviser has a break
    return str(_("%(counter)s – has a break", counter=name)) if seat.paused_at else name


def refusal(problem: Problem) -> str:
    """The sentence for a refusal."""
    facts: dict[str, Any] = {"day": day(problem.facts["day"])} if "day" in problem.facts else {}  # type: ignore[arg-type]
    sentence = str(REFUSALS.get(problem.code, REFUSALS["moved"]))
    return sentence % facts if facts else sentence


def rule_of_the_queue() -> tuple[str, ...]:
    """The rule by which people are called, for staff to read: what `queue.py` does."""
    return _rule(current().tag)


@lru_cache(maxsize=len(LANGUAGES))
def _rule(_tag: str) -> tuple[str, ...]:
    spans = (CALLING, PATIENCE, LONGEST, TOO_LATE)
    minutes, patience, longest, late = (span.seconds // 60 for span in spans)
    return (
        _("First who has a priority, with its reason."),
        _("Then who is booked and whose time has come."),
        _("Up to %(minutes)s minutes late keeps the booked time; later waits like a walk-in.", minutes=late),
        _(
            "Then walk-ins, as they arrived. After %(minutes)s minutes they count like a booking.",
            minutes=patience,
        ),
        _("Who comes early for a booking is called when nobody else waits."),
        _("Who has waited %(minutes)s minutes goes before all others.", minutes=longest),
        _("Who was sent to one counter is called by others too after %(minutes)s minutes.", minutes=patience),
        _("Among equals, who speaks a language of the counter goes first."),
        _("Nobody is missed before %(calls)s calls and %(minutes)s minutes.", calls=CALLS, minutes=minutes),
    )
