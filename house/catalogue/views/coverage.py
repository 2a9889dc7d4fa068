"""How much of the catalogue is told in which language: for managers and editors."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from house import doors
from house.catalogue import text_words
from house.catalogue.language_tree import TextState
from house.catalogue.translating import every_language
from house.catalogue.views import bp
from house.catalogue.views.texts import names
from house.catalogue.worklist import RIGHT, counted, counted_by_entry
from house.db import db
from house.doors import Role
from house.languages import BY_TAG, LANGUAGES

READ = frozenset({TextState.UP_TO_DATE})


@bp.get("/manage/catalogue/coverage")
@doors.staff(Role.MANAGER, Role.EDITOR)
def text_coverage() -> ResponseReturnValue:
    """Languages by services: how many of the texts readers see, or how many a person has read."""
    by_person = request.args.get("read") == "1"
    every = every_language(db.session(), [one.tag for one in LANGUAGES])
    entries = {tag: counted_by_entry(several) for tag, several in every.items()}
    good = READ if by_person else RIGHT
    rows = [
        (entry, [(tag, *_share(entries[tag][entry], good)) for tag in entries])
        for entry in next(iter(entries.values()), {})
    ]
    return render_template(
        "catalogue/coverage.html",
        languages=[BY_TAG[tag] for tag in every], totals={tag: counted(every[tag]) for tag in every},
        rows=rows, names=names(db.session()), words=text_words, by_person=by_person,
        missing=sum(counted(several)[TextState.MISSING] for several in every.values()),
    )  # fmt: skip


def _share(counts: dict[TextState, int], good: frozenset[TextState]) -> tuple[int, int]:
    """How many of an entry's texts are good, and how many it has."""
    return sum(counts[state] for state in good), sum(counts.values())
