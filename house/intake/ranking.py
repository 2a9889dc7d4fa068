"""What changes how a visit is called: a priority with its reason, and how many came together."""

from __future__ import annotations

from sqlalchemy.orm import Session

from house import audit
from house.intake import deeds
from house.intake.desk_models import Priority
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
