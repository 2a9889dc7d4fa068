"""Where the letters of a visit go: to its e-mail address, else to its mobile number; else there are none."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from house.intake.models import Visit


def recipient(visit: Visit) -> str | None:
    """The one address that letters go to. With both it is the e-mail: papers and calendar fit in there."""
    return visit.email or visit.mobile


def reachable() -> ColumnElement[bool]:
    """Visits that a letter reaches."""
    return or_(Visit.email.is_not(None), Visit.mobile.is_not(None))
