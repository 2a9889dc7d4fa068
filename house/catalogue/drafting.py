"""Working on an entry before anybody else sees it: drafts, saved one after the other, never over each other.

Every text carries the number of the version it is. Who saves says which one was on the screen; when another
one stands there now, nothing is saved.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue.changes import Merged, merge
from house.catalogue.editing_models import Draft, DraftState, How
from house.catalogue.entries import Kind, Record, find
from house.catalogue.storing import lock, stored
from house.catalogue.versions import published_number, version, write_down
from house.problems import Moved, NotHere


@dataclass(frozen=True)
class Entry:
    """One entry as an editor finds it: what is published, its draft, and the text to work on."""

    kind: Kind
    slug: str
    published: Record | None
    number: int
    """Of the published version; 0 where none was written down."""
    draft: Draft | None
    text: Record | None
    """The draft's, else the published one; None in a draft that takes the entry out."""
    seen: int
    """The number of the version that `text` is."""

    @property
    def state(self) -> str:
        return self.draft.state.value if self.draft else "published"

    @property
    def outdated(self) -> bool:
        """Whether what is published changed since the draft was begun."""
        return self.draft is not None and self.draft.base != self.number


def entry(session: Session, kind: Kind, slug: str, new: bool = False) -> Entry:
    """An entry that is published or drafted; NotHere when it is neither, but for one that is to be `new`."""
    draft = session.get(Draft, (kind, slug), populate_existing=True)
    published = find(stored(session), kind, slug)
    if published is None and draft is None and not new:
        raise NotHere()
    number = published_number(session, kind, slug)
    if draft is None:
        return Entry(kind, slug, published, number, None, published, number)
    text = version(session, kind, slug, draft.number).record
    return Entry(kind, slug, published, number, draft, text, draft.number)


def save(session: Session, kind: Kind, slug: str, record: Record | None, seen: int, account_id: int) -> int:
    """Save a text, or None to take the entry out, as the draft; returns the number of its version.

    It begins a draft where there is none, and takes one that is in review back. The same text again changes
    nothing, and its number is returned. Raises Moved when another
    version than the one `seen` stands there now.
    """
    lock(session)
    there = entry(session, kind, slug, new=True)
    if there.seen != seen:
        raise Moved("changed_meanwhile")
    if there.text is not None and json.dumps(record) == json.dumps(there.text):
        return seen
    number = write_down(session, kind, slug, record, How.SAVED, account_id, stood=there.published)
    draft = there.draft
    if draft is None:
        draft = Draft(kind=kind, slug=slug, base=there.number, authors=[])
        session.add(draft)
    draft.number, draft.state, draft.changed_at = number, DraftState.DRAFT, clock.now()
    draft.authors = sorted({*draft.authors, account_id})
    session.flush()
    audit.record(session, f"staff {account_id}", "draft_saved", f"{kind} {slug}", version=number)
    return number


def drafted(session: Session, kind: Kind, slug: str, seen: int) -> Entry:
    """The entry with the draft that was seen, locked; Moved when it is gone or another text."""
    lock(session)
    there = entry(session, kind, slug, new=True)
    if there.draft is None:
        raise Moved("no_draft")
    if there.seen != seen:
        raise Moved("changed_meanwhile")
    return there


def send_for_review(session: Session, kind: Kind, slug: str, seen: int, account_id: int) -> None:
    """Ask the owner to look at the draft and publish it."""
    _set_state(session, kind, slug, seen, account_id, DraftState.IN_REVIEW, "draft_sent")


def take_back(session: Session, kind: Kind, slug: str, seen: int, account_id: int) -> None:
    """Take a draft out of review: by its authors, or by the owner who wants it changed."""
    _set_state(session, kind, slug, seen, account_id, DraftState.DRAFT, "draft_taken_back")


def _set_state(
    session: Session, kind: Kind, slug: str, seen: int, account_id: int, state: DraftState, verb: str
) -> None:
    draft = drafted(session, kind, slug, seen).draft
    assert draft is not None
    draft.state, draft.changed_at = state, clock.now()
    audit.record(session, f"staff {account_id}", verb, f"{kind} {slug}", version=seen)


def discard(session: Session, kind: Kind, slug: str, seen: int, account_id: int) -> None:
    """Give a draft up; its texts stay in the history."""
    session.delete(drafted(session, kind, slug, seen).draft)
    session.flush()
    audit.record(session, f"staff {account_id}", "draft_discarded", f"{kind} {slug}", version=seen)


def take_in(session: Session, there: Entry) -> Merged:
    """A draft brought together with what was published since it was begun; nothing is saved."""
    base = version(session, there.kind, there.slug, there.draft.base if there.draft else 0).record
    return merge(base or {}, there.text or {}, there.published or {})


def rebase(session: Session, kind: Kind, slug: str, record: Record, seen: int, account_id: int) -> int:
    """Save a text that takes in what was published meanwhile: the draft now begins from there."""
    number = save(session, kind, slug, record, seen, account_id)
    session.get_one(Draft, (kind, slug)).base = published_number(session, kind, slug)
    return number
