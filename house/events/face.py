"""What other wings may use of events: the pages' verbs, for the demo, and the kinds that are reported."""

from house.events.attending import mark_absent, mark_attended
from house.events.cancelling import cancel, withdraw
from house.events.models import Attendee, Audience, Event, EventKind, OpenTo, Signup
from house.events.publishing import add_event, call_off, change_capacity
from house.events.seating import Full
from house.events.signing_up import AlreadyComing, Person, sign_up

__all__ = [
    "AlreadyComing", "Attendee", "Audience", "Event", "EventKind", "Full", "OpenTo", "Person", "Signup",
    "add_event", "call_off", "cancel", "change_capacity", "mark_absent", "mark_attended", "sign_up",
    "withdraw",
]  # fmt: skip
