"""Letters of hand-overs: sent, and how it ended."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from house.db import db
from house.post import Render, Sheet
from house.referrals.handover import matter_of
from house.referrals.states import ReferralState
from house.referrals.words import STATES


def referral_changed(facts: dict[str, Any]) -> Sheet:
    """Where a matter stands, with the link to follow it."""
    matter = matter_of(db.session(), facts["service_id"], facts.get("route"))
    about = (_("Service"), matter.what) if facts["service_id"] else (_("Who has it now"), matter.who)
    state = ReferralState(facts["state"])
    sent = state is ReferralState.SENT
    return Sheet(
        subject=_("We passed your matter on") if sent else _("News about your matter"),
        paragraphs=[
            _("We passed your matter on to the authority that decides it.")
            if sent
            else _("We did not pass your matter on. Please ask us.")
            if not facts.get("told", True)
            else _("There is news about the matter we passed on for you."),
        ],
        facts=[about, (_("Now"), str(STATES[state]))],
        button=(_("Follow your matter"), facts["link"]),
    )


LETTERS: dict[str, Render] = {"referral_changed": referral_changed}
