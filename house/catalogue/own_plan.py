"""What the visitor of this request has to do by when, by the list that her own browser carries."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from house.catalogue.kept_answers import kept
from house.catalogue.persons import people
from house.catalogue.planning import last_days, plans_for
from house.catalogue.questions import walk
from house.catalogue.shelf import shelf


def own_last_days(session: Session) -> dict[str, date]:
    """The last open day for each duty on the visitor's own list, by slug; nothing for who has no list."""
    visitor = kept()
    if not visitor.answers:
        return {}
    done = walk(shelf(session).rulebook, visitor.answers)
    if done.next is not None:
        return {}
    return last_days(plans_for(session, people(done.facts, done.unknown, done.answers, visitor.ticks)))
