"""What the directory shows: everything, or what was asked for by a few words and by who one is."""

from __future__ import annotations

from dataclasses import dataclass

from house.catalogue.for_whom import Ticked
from house.catalogue.looking import look
from house.catalogue.shelf import AuthorityView, ServiceView, Shelf


@dataclass(frozen=True)
class Shown:
    """The services to show, best first where words were given, and what belongs beside them."""

    services: tuple[ServiceView, ...]
    authorities: tuple[AuthorityView, ...] = ()
    near: tuple[ServiceView, ...] = ()
    """Where nothing was found: services with names a little like the words."""
    found: frozenset[str] = frozenset()
    """What the words alone found."""

    @property
    def left_out(self) -> int:
        """How many the words found that are not for whom was ticked."""
        return len(self.found) - len(self.services)

    @property
    def nothing(self) -> bool:
        return not self.services and not self.authorities


def browse(shelf: Shelf, wanted: str, ticked: Ticked) -> Shown:
    """The services that the words find, as far as they can be for whom was ticked; all without words."""
    fitting = shelf.for_whom.fitting(ticked)
    if not wanted:
        return Shown(
            tuple(one for one in shelf.services if one.slug in fitting),
            found=frozenset(one.slug for one in shelf.services),
        )
    found = look(shelf, wanted)
    return Shown(
        services=tuple(shelf.by_slug[slug] for slug in found.services if slug in fitting),
        authorities=tuple(shelf.authority_by_slug[slug] for slug in found.authorities),
        near=tuple(shelf.by_slug[slug] for slug in found.near if slug in shelf.by_slug),
        found=frozenset(found.services),
    )
