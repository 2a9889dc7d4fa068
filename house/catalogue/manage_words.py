"""Words of the editors' pages: kinds of entries, states, what happened and what was done, and refusals."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from house.catalogue.field_words import FIELDS, OBLIGATIONS
from house.catalogue.field_words import HINTS as HINTS
from house.catalogue.field_words import field_name as field_name
from house.problems import Problem

KINDS: dict[str, Any] = {
    "service": _l("Services"),
    "authority": _l("Authorities"),
    "offer": _l("Offers"),
    "routes": _l("Routes out"),
    "source": _l("Sources"),
}
NEW: dict[str, Any] = {
    "service": _l("New service"),
    "authority": _l("New authority"),
    "offer": _l("New offer"),
    "source": _l("New source"),
}

STATES: dict[str, Any] = {
    "published": _l("Published"),
    "draft": _l("Draft"),
    "in_review": _l("In review"),
    "removed": _l("Removed"),
}

HAPPENED: dict[str, Any] = {
    "stood": _l("As it stood before"),
    "saved": _l("Draft saved"),
    "published": _l("Published"),
    "imported": _l("Imported"),
    "confirmed": _l("Confirmed"),
}


DONE: dict[str, Any] = {
    "saved": _l("The draft is saved."),
    "same": _l("Nothing was changed."),
    "send": _l("Sent for review."),
    "take_back": _l("It is a draft again."),
    "publish": _l("Published. The public pages say so from now on."),
    "discard": _l("The draft was given up. Its text stays in the history."),
    "take_in": _l("The draft now takes in what was published meanwhile."),
    "confirm": _l("Confirmed today."),
    "remove": _l("A draft takes this entry out. Send it for review."),
    "restore": _l("The old text is a new draft."),
}


def trouble(code: str | None, status: int | None) -> str:
    """Why a link fails."""
    words = {
        "timeout": _("It does not answer in time."),
        "no_such_host": _("There is no such host."),
        "refused": _("It refuses the connection."),
        "certificate": _("Its certificate is not in order."),
        "private": _("It leads into a private network."),
        "no_address": _("It is no web address."),
    }
    if status:
        return str(_("It answers with the error %(status)s.", status=status))
    return str(words.get(code or "", _("It does not answer.")))


def step_name(what: str) -> str:
    """What is said of a step of somebody's list."""
    return str(
        {"authority": FIELDS["authority"], "obligation": FIELDS["obligation"]}.get(what, FIELDS["requires"])
    )


def step_value(value: Any) -> str:
    """What is said there: an obligation in words, names as they are."""
    return ", ".join(value) or "–" if isinstance(value, tuple) else str(OBLIGATIONS.get(value, value))


def refusal(problem: Problem) -> str:
    """Why something was not done."""
    said = {
        "changed_meanwhile": _("Somebody else has saved this entry meanwhile."),
        "base_changed": _("The published entry has changed since this draft was begun."),
        "not_in_review": _("This draft is no longer in review."),
        "no_draft": _("There is no draft any more."),
        "not_yours_to_publish": _("Somebody else must publish this: four eyes see more."),
        "not_yours": _("This entry belongs to another authority."),
        "nothing_changed": _("Nothing differs from what is published."),
        "still_used": _("The house still uses this entry, so it must stay."),
        "unsound": _("The catalogue would no longer hold together."),
        "case_exists": _("There is already a case with this title."),
        "id_taken": _("There is already an entry with this short name."),
    }
    return str(said.get(problem.code, problem.code))
