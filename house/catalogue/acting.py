"""What can be done with an entry, by whom: the buttons of its page, and pressing one of them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from house.catalogue import drafting, publishing
from house.catalogue.entries import Kind
from house.catalogue.owning import Hands
from house.catalogue.reviewing import REVIEWED
from house.catalogue.versions import version


class Act(StrEnum):
    """A button."""

    SEND = "send"
    TAKE_BACK = "take_back"
    PUBLISH = "publish"
    DISCARD = "discard"
    TAKE_IN = "take_in"
    CONFIRM = "confirm"
    REMOVE = "remove"


def allowed(there: drafting.Entry, hands: Hands, account_id: int) -> frozenset[str]:
    """What this person may do with the entry as it stands; `write` among them."""
    draft, writes = there.draft, hands.may_write(account_id)
    publishes = draft is not None and hands.may_publish(account_id, draft.authors)
    in_review, stands = there.state == "in_review", there.published is not None
    may = {
        "write": writes,
        Act.SEND: writes and there.state == "draft" and not there.outdated,
        Act.TAKE_BACK: in_review and (writes or publishes),
        Act.PUBLISH: in_review and publishes and not there.outdated,
        Act.DISCARD: writes and draft is not None,
        Act.TAKE_IN: writes and there.outdated and there.text is not None and stands,
        Act.CONFIRM: stands and there.kind in REVIEWED and hands.may_confirm(account_id),
        Act.REMOVE: writes and draft is None and stands and there.kind is not Kind.ROUTES,
    }
    return frozenset(name for name, it_is in may.items() if it_is)


def act(session: Session, there: drafting.Entry, do: Act, seen: int, account_id: int, today: date) -> None:
    """Do it, if this person may; `seen` is the version that was on the screen.

    Raises NotYours, Moved and Unsound as the verbs of drafting and publishing say.
    """
    kind, slug = there.kind, there.slug
    hands = publishing.hands_on(session, there)
    if do is Act.PUBLISH:
        publishing.publish(session, kind, slug, seen, account_id)
    elif do is Act.CONFIRM:
        publishing.confirm(session, kind, slug, seen, account_id, today)
    elif do is Act.TAKE_BACK and do in allowed(there, hands, account_id):
        drafting.take_back(session, kind, slug, seen, account_id)
    elif not hands.may_write(account_id):
        raise publishing.NotYours()
    elif do is Act.SEND:
        drafting.send_for_review(session, kind, slug, seen, account_id)
    elif do is Act.DISCARD:
        drafting.discard(session, kind, slug, seen, account_id)
    elif do is Act.TAKE_IN:
        merged = drafting.take_in(session, drafting.drafted(session, kind, slug, seen))
        drafting.rebase(session, kind, slug, merged.record, seen, account_id)
    elif do is Act.REMOVE:
        drafting.save(session, kind, slug, None, seen, account_id)
    else:
        drafting.take_back(session, kind, slug, seen, account_id)


def restore(session: Session, there: drafting.Entry, number: int, seen: int, account_id: int) -> None:
    """Make a text of the past a new draft."""
    if not publishing.hands_on(session, there).may_write(account_id):
        raise publishing.NotYours()
    record = version(session, there.kind, there.slug, number).record
    drafting.save(session, there.kind, there.slug, record, seen, account_id)
