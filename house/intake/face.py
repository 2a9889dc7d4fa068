"""What other wings may use of this wing."""

# --- booking ----------------------------------------------------------------------------------------------
from house.intake.booking import book
from house.intake.cancelling import cancel
from house.intake.counters import add_counter
from house.intake.giving import at_counters
from house.intake.hooks import step_ended, visit_changed
from house.intake.models import Channel, Counter, Visit
from house.intake.offering import Offer, Time, find_times
from house.intake.wishes import bookable_services

__all__ = [
    "Channel", "Counter", "Offer", "Time", "Visit", "add_counter", "at_counters", "book", "bookable_services",
    "cancel", "find_times", "step_ended", "visit_changed",
]  # fmt: skip

# --- desk -------------------------------------------------------------------------------------------------
from house.intake.calling import call_next, counters_at, start
from house.intake.closing import close_days_before, finish
from house.intake.models import Outcome
from house.intake.queue import Desk, Waiting, in_order
from house.intake.registration import WalkIn, check_in, register_walk_in

__all__ += [
    "Desk", "Outcome", "Waiting", "WalkIn", "call_next", "check_in", "close_days_before", "counters_at",
    "finish", "in_order", "register_walk_in", "start",
]  # fmt: skip

# --- changes ----------------------------------------------------------------------------------------------
from house.intake.cancelling import undo_cancel
from house.intake.moving import move, other_times
from house.intake.passing_on import clear_run_out, let_lapse, offer_next
from house.intake.reminding import remind
from house.intake.sweeping import sweep

__all__ += [
    "clear_run_out", "let_lapse", "move", "offer_next", "other_times", "remind", "sweep", "undo_cancel",
]  # fmt: skip

# --- counters ---------------------------------------------------------------------------------------------
from house.intake.closings import Closing, Scope, close, met_by
from house.intake.counter_hours import change_hours, hours_of
from house.intake.counters import all_counters
from house.intake.models import Level
from house.intake.timetable import Since

__all__ += [
    "Closing", "Level", "Scope", "Since", "all_counters", "change_hours", "close", "hours_of", "met_by",
]  # fmt: skip
