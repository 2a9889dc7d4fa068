"""What other wings may use of this wing: booking, the desk, changes, counters."""

from house.intake.booking import book
from house.intake.bringing_in import Past, bring_in
from house.intake.calling import call_next, counters_at, start
from house.intake.cancelling import cancel, undo_cancel
from house.intake.closing import close_days_before, finish
from house.intake.closings import Closing, Scope, close, met_by
from house.intake.counter_hours import change_hours, hours_of
from house.intake.counters import add_counter, all_counters
from house.intake.estimating import Guest, Open, waits
from house.intake.extending import extend
from house.intake.giving import at_counters
from house.intake.guidance import tell_guidance
from house.intake.holding import hold
from house.intake.hooks import Outside, hand_over_pages, handed_outside, step_ended, visit_changed
from house.intake.household import ACCESS, Household
from house.intake.models import Channel, Counter, Level, Outcome, Visit
from house.intake.moving import move, other_times
from house.intake.offering import Offer, Time, find_times
from house.intake.passing_on import clear_run_out, let_lapse, offer_next
from house.intake.queue import Desk, Waiting, in_order
from house.intake.registration import Given, WalkIn, check_in, register_walk_in
from house.intake.reminding import remind
from house.intake.seeing import authorities_of
from house.intake.sweeping import sweep
from house.intake.telling import tell_ended
from house.intake.timetable import Since
from house.intake.wishes import OtherTime, bookable_services

__all__ = [
    "ACCESS",
    "Channel",
    "Closing",
    "Counter",
    "Desk",
    "Given",
    "Guest",
    "Household",
    "Level",
    "Offer",
    "Open",
    "OtherTime",
    "Outcome",
    "Outside",
    "Past",
    "Scope",
    "Since",
    "Time",
    "Visit",
    "Waiting",
    "WalkIn",
    "add_counter",
    "all_counters",
    "at_counters",
    "authorities_of",
    "book",
    "bookable_services",
    "bring_in",
    "call_next",
    "cancel",
    "change_hours",
    "check_in",
    "clear_run_out",
    "close",
    "close_days_before",
    "counters_at",
    "extend",
    "find_times",
    "finish",
    "hand_over_pages",
    "handed_outside",
    "hold",
    "hours_of",
    "in_order",
    "let_lapse",
    "met_by",
    "move",
    "offer_next",
    "other_times",
    "register_walk_in",
    "remind",
    "start",
    "step_ended",
    "sweep",
    "tell_ended",
    "tell_guidance",
    "undo_cancel",
    "visit_changed",
    "waits",
]
