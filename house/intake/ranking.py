"""What changes how a visit is called: a priority with its reason, and how many came together."""

from __future__ import annotations

from sqlalchemy.orm import Session

from house import audit
from house.intake import deeds
from house.intake.desk_models import Priority
from house.intake.handing_on import add_step
from house.intake.models import Visit
from house.intake.parking import has_arrived
from house.intake.registration import LARGEST_PARTY
from house.problems import Problem


def prefer(session: Session, visit: Visit, reason: Priority | None, actor: str) -> None:
    """Call somebody before others for a reason; None takes that away. Raises `Moved` for who is not here."""
    has_arrived(visit)
    with deeds.doing(session, "preferred", actor, visit):
        visit.priority = reason
        audit.record(session, actor, "preferred", f"visit {visit.id}", reason=reason and reason.value)


def count_people(session: Session, visit: Visit, party: int, actor: str) -> None:
    """More or fewer of a household came than were told; they stay on one ticket."""
    has_arrived(visit)
    if not 1 <= party <= LARGEST_PARTY:
        raise Problem("odd_party")
    with deeds.doing(session, "counted", actor, visit):
        audit.record(session, actor, "counted", f"visit {visit.id}", was=visit.party, party=party)
        visit.party = party


def change(
    session: Session, visit: Visit, party: int | None, reason: Priority | None, service: str | None,
    actor: str,
) -> None:  # fmt: skip
    """All that was changed on one page as one act; what is as it was stays untouched."""
    has_arrived(visit)
    with deeds.doing(session, "changed", actor, visit):
        if party is not None and party != visit.party:
            count_people(session, visit, party, actor)
        if reason != visit.priority:
            prefer(session, visit, reason, actor)
        if service:
            add_step(session, visit, service, actor)
