"""Words for hand-overs."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from house.referrals.models import Basis, ToldBy
from house.referrals.states import ReferralState

STATES: dict[ReferralState, LazyString] = {
    ReferralState.DRAFT: _l("Not told to the authority yet"),
    ReferralState.SENT: _l("Sent, waiting for an answer"),
    ReferralState.ACCEPTED: _l("Accepted"),
    ReferralState.REJECTED: _l("Not accepted"),
    ReferralState.IN_PROGRESS: _l("Being worked on"),
    ReferralState.ON_HOLD: _l("On hold"),
    ReferralState.COMPLETED: _l("Completed"),
    ReferralState.FAILED: _l("Could not be completed"),
    ReferralState.CANCELLED: _l("Cancelled"),
    ReferralState.UNANSWERED: _l("Closed without an answer"),
}
TOLD_BY: dict[ToldBy, LazyString] = {
    ToldBy.PHONE: _l("By phone"),
    ToldBy.MAIL: _l("By mail"),
    ToldBy.IN_PERSON: _l("In person"),
}
BASES: dict[Basis, LazyString] = {
    Basis.CONSENT: _l("The person agreed"),
    Basis.LAW: _l("A law says so"),
    Basis.NOTHING: _l("The person does not agree: nothing personal is passed on"),
}
