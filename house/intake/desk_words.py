"""Words of the front desk: outcomes, and the sentences for what the verbs refuse."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from house.formats import day
from house.intake.models import Outcome, VisitState
from house.problems import Problem

OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.COMPLETED: _l("Completed"),
    Outcome.ADVICE_GIVEN: _l("Advice given"),
    Outcome.PAPERS_MISSING: _l("Papers are missing"),
    Outcome.WRONG_AUTHORITY: _l("Belongs to another authority"),
    Outcome.LEFT: _l("Left before it was done"),
}
STATES: dict[VisitState, LazyString] = {
    VisitState.BOOKED: _l("This visit is booked."),
    VisitState.ARRIVED: _l("This visit is checked in."),
    VisitState.DONE: _l("This visit is over."),
    VisitState.MISSED: _l("Nobody came to this visit."),
    VisitState.CANCELLED: _l("This visit is cancelled."),
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
    "undone_already": _l("This was taken back already."),
    "not_given_there": _l("That counter does not give this service."),
    "too_many_steps": _l("This visit has as many services as fit into a day."),
    "odd_party": _l("Please write a number from 1 to 12."),
    "number_taken": _l("Somebody else has this ticket number."),
    "moved": _l("Somebody else did something with this visit. Please look again."),
}


def refusal(problem: Problem) -> str:
    """The sentence for a refusal."""
    facts: dict[str, Any] = {"day": day(problem.facts["day"])} if "day" in problem.facts else {}  # type: ignore[arg-type]
    sentence = str(REFUSALS.get(problem.code, REFUSALS["moved"]))
    return sentence % facts if facts else sentence
