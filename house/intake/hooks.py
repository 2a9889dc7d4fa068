"""Named points where wings above are told what happened; `app.py` plugs them in, same transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

Told = Callable[[Session, Any], None]

visit_changed: list[Told] = []
"""Called with the visit when it was booked, moved or cancelled."""

step_ended: list[Told] = []
"""Called with the step when it was served to its end, whatever the outcome."""
