"""The code lists that other wings keep; `app.py` plugs them in, so that no arrow goes up."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from house.reporting import codes

Source = Callable[[Session], Iterable[str]]

SOURCES: dict[str, Source] = {}
"""By dimension: where its codes come from. A dimension without a source has only `unknown`."""


def code_lists(session: Session) -> dict[str, tuple[str, ...]]:
    """Every dimension's codes, fixed and kept by staff, now."""
    kept = {name: tuple(SOURCES[name](session)) if name in SOURCES else () for name in codes.DYNAMIC}
    return codes.code_lists(**kept)
