"""The code lists that other wings keep, and their names; `app.py` plugs them in, so that no arrow goes up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy.orm import Session

from house.reporting import codes

Source = Callable[[Session], Iterable[str]]
Namer = Callable[[Session], Mapping[str, str]]

SOURCES: dict[str, Source] = {}
"""By dimension: where its codes come from. A dimension without a source has only `unknown`."""
NAMES: dict[str, Namer] = {}
"""By dimension: what its codes are called in the language of the moment."""


def code_lists(session: Session) -> dict[str, tuple[str, ...]]:
    """Every dimension's codes, fixed and kept by staff, now."""
    kept = {name: tuple(SOURCES[name](session)) if name in SOURCES else () for name in codes.DYNAMIC}
    return codes.code_lists(**kept)


def names(session: Session, dimension: str) -> Mapping[str, str]:
    """What the codes of a dimension are called now; a code that was removed since is not among them."""
    return NAMES[dimension](session) if dimension in NAMES else {}
