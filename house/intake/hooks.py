"""Named points where wings above are told what happened; `app.py` plugs them in, same transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

Told = Callable[[Session, Any], None]

visit_changed: list[Told] = []
"""Called with the visit when it was booked, moved or cancelled."""

step_ended: list[Told] = []
"""Called with the step when it was served to its end and that cannot be taken back any more."""


@dataclass(frozen=True)
class Outside:
    """Somebody of a visit is handed over to the authority of a service outside: the ground, the matter."""

    visit: Any
    service_id: int
    ground: str
    matter: str | None = field(repr=False)
    actor: str
    authority_id: int | None = None
    """The authority whose adviser does it; none for the house's own staff."""


hand_over_pages: list[Callable[[str, str, str | None], str]] = []
"""Each answers its page for handing somebody over: about which entry, in which language, of which visit."""

handed_outside: list[Callable[[Session, Outside], str]] = []
"""Called to hand somebody over to an authority outside; answers the reference to follow it by."""
