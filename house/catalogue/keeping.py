"""Keeping what a view made of a catalogue, for as long as the catalogue stays as it is."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from house.catalogue.shelf import Shelf

MOST_KEPT = 160
"""Parts of pages a shelf holds: every service and authority, and the ways of ticking that are in fashion."""
Pages = dict[object, str]


def kept(shelf: Shelf, made_of: object, make: Callable[[], str]) -> Markup:
    """A part of a page, made once for this edition, this language and what else it is made of."""
    return _kept_in(shelf.pages, made_of, make)


def kept_of_find(shelf: Shelf, made_of: object, make: Callable[[], str]) -> Markup:
    """The same for what words found, never for the words: in a room of its own, for there is much to find."""
    return _kept_in(shelf.finds, made_of, make)


def _kept_in(pages: Pages, made_of: object, make: Callable[[], str]) -> Markup:
    page = pages.get(made_of)
    if page is None:
        page = make()
        while len(pages) >= MOST_KEPT:
            pages.pop(next(iter(pages)), None)
        pages[made_of] = page
    return Markup(page)  # noqa: S704 - rendered by whoever made it
