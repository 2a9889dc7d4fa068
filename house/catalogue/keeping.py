"""Keeping what a view made of a catalogue, for as long as the catalogue stays as it is."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from house.catalogue.shelf import Shelf

MOST_KEPT = 160
"""Parts of pages a shelf holds: every service and authority, and the ways of ticking that are in fashion."""


def kept(shelf: Shelf, made_of: object, make: Callable[[], str]) -> Markup:
    """A part of a page, made once for this edition, this language and what else it is made of."""
    page = shelf.pages.get(made_of)
    if page is None:
        page = make()
        while len(shelf.pages) >= MOST_KEPT:
            shelf.pages.pop(next(iter(shelf.pages)), None)
        shelf.pages[made_of] = page
    return Markup(page)  # noqa: S704 - rendered by whoever made it
