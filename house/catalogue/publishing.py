"""Publishing a draft, and confirming that an entry is still right: from then on the public page says so."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from house import audit
from house.catalogue import drafting
from house.catalogue.editing_models import DraftState, How
from house.catalogue.entries import Kind, Record, put
from house.catalogue.judging import Judged, judge
from house.catalogue.owning import Hands, hands
from house.catalogue.shelf import new_edition
from house.catalogue.storing import lock, still_used, stored, take_over
from house.catalogue.versions import published_number, write_down
from house.problems import Moved, NotHere, Problem


class NotYours(Problem):
    """Somebody else must do this."""

    status = 403
    code = "not_yours"


class Unsound(Problem):
    """The catalogue would not hold together; each finding says what and where."""

    code = "unsound"

    def __init__(self, findings: list[Judged]) -> None:
        super().__init__(number=len(findings))
        self.findings = findings


def hands_on(session: Session, there: drafting.Entry) -> Hands:
    """Who may do what with an entry: its owner is who owns what is published, not who a draft says."""
    return hands(session, there.kind, there.slug, there.published or there.text)


def publish(session: Session, kind: Kind, slug: str, seen: int, account_id: int) -> int:
    """Publish the draft that was seen; returns the new edition of the catalogue.

    Raises Moved when the draft is another by now, is not in review, or began from what is no longer
    published; NotYours for whoever may not; Unsound when the catalogue would not hold together.
    """
    there = drafting.drafted(session, kind, slug, seen)
    draft = there.draft
    if draft is None or draft.state is not DraftState.IN_REVIEW:
        raise Moved("not_in_review")
    if there.outdated:
        raise Moved("base_changed")
    if not hands_on(session, there).may_publish(account_id, draft.authors):
        raise NotYours("not_yours_to_publish")
    if there.text == there.published and list(there.text or ()) == list(there.published or ()):
        raise Problem("nothing_changed")
    alone = account_id in draft.authors
    session.delete(draft)
    session.flush()
    edition = _put(session, there, there.text, How.PUBLISHED, account_id)
    audit.record(
        session, f"staff {account_id}", "entry_published", f"{kind} {slug}", version=seen, alone=alone
    )
    return edition


def confirm(session: Session, kind: Kind, slug: str, seen: int, account_id: int, today: date) -> None:
    """Say that what is published is still right, today; an open draft takes that in.

    Who confirms is written down for the house; the catalogue itself names the authority only. Raises Moved
    when something else is published by now.
    """
    lock(session)
    there = drafting.entry(session, kind, slug)
    allowed = hands_on(session, there)
    if not allowed.may_confirm(account_id):
        raise NotYours()
    if there.published is None or kind not in (Kind.SERVICE, Kind.AUTHORITY):
        raise NotHere()
    if there.number != seen:
        raise Moved("changed_meanwhile")
    by = next((one.body for one in allowed.owners if one.account_id == account_id), "")
    fresh = _confirmed(there.published, today, by)
    _put(session, there, fresh, How.CONFIRMED, account_id)
    if there.draft is not None and not there.outdated:
        if there.text is not None:
            text = _confirmed(there.text, today, by)
            there.draft.number = write_down(session, kind, slug, text, How.SAVED, account_id, None)
        there.draft.base = published_number(session, kind, slug)
    audit.record(session, f"staff {account_id}", "entry_confirmed", f"{kind} {slug}")


def _confirmed(record: Record, today: date, by: str) -> Record:
    kept = {name: value for name, value in record.items() if name not in ("confirmed_by", "next_review_on")}
    return {**kept, "confirmed_on": today.isoformat(), **({"confirmed_by": by} if by else {})}


def _put(session: Session, there: drafting.Entry, record: Record | None, how: How, account_id: int) -> int:
    """Write a sound entry into the catalogue, and its version into the history."""
    before = stored(session)
    if findings := judge(before, there.kind, there.slug, record):
        raise Unsound(findings)
    after = put(before, there.kind, there.slug, record)
    if used := still_used(session, before, after):
        raise Unsound([Judged((), "", one.reason) for one in used])
    write_down(session, there.kind, there.slug, record, how, account_id, stood=there.published)
    take_over(session, after)
    return new_edition(session)
