"""What changes how a visit is called: a priority with its reason, how many came, name and language."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from house import audit
from house.intake import deeds
from house.intake.desk_models import Priority
from house.intake.handing_on import add_step
from house.intake.models import Channel, Visit
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


@dataclass(frozen=True)
class Known:
    """All that is known of somebody who is here, as it shall be; `service` is a further one."""

    party: int
    priority: Priority | None
    language: str
    name: str | None = field(repr=False)
    service: str | None = None


def correct(session: Session, visit: Visit, name: str | None, language: str, actor: str) -> None:
    """Another name to call by, or another language, for what was written wrong.

    Who booked online chose the language of the letters: only the one for the counters is another then.
    """
    has_arrived(visit)
    with deeds.doing(session, "changed", actor, visit) as act:
        if name != visit.name:
            act.name_was, visit.name = visit.name or "", name
        if language != (visit.speaks or visit.language):
            if visit.channel is Channel.BOOKED:
                visit.speaks = language if language != visit.language else None
            else:
                visit.language, visit.speaks = language, None
        audit.record(session, actor, "corrected", f"visit {visit.id}", language=language)


def change(session: Session, visit: Visit, to: Known, actor: str) -> None:
    """All that was changed on one page as one act; what is as it was stays untouched."""
    has_arrived(visit)
    with deeds.doing(session, "changed", actor, visit):
        if to.party != visit.party:
            count_people(session, visit, to.party, actor)
        if to.priority != visit.priority:
            prefer(session, visit, to.priority, actor)
        if (to.name, to.language) != (visit.name, visit.speaks or visit.language):
            correct(session, visit, to.name, to.language, actor)
        if to.service:
            add_step(session, visit, to.service, actor)
