"""What a visitor has answered, in words, so that it can be looked over and changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _

from house import formats
from house.catalogue import plan_words as words
from house.catalogue.persons import ME, NOT_KNOWN, PARTNER
from house.catalogue.questions import Walk
from house.catalogue.shelf import shelf
from house.catalogue.views.plan_fields import choices_of
from house.db import db


class Told(NamedTuple):
    """One answered question: its name in an address, what it is about, and the answer, a line each."""

    question: str
    about: str
    lines: list[str]


def told_answers(so_far: Walk) -> list[Told]:
    """Every answer that counts, in the order of the questions."""
    return [
        Told(question, str(words.SUBJECTS[question]), [str(one) for one in _lines(question, answer, so_far)])
        for question, answer in so_far.answers.items()
    ]


def _lines(question: str, answer: Any, so_far: Walk) -> Iterator[Any]:
    if question == "sponsor":
        yield words.SPONSORS[answer["who"]]
        if answer.get("how"):
            yield words.RELATIONSHIPS[answer["how"]]
    elif question == "home":
        yield from _home(answer)
    elif question == "household":
        yield from _household(answer)
    elif question == "family":
        yield from _family(answer, so_far.answers["household"]["children"])
    elif question == "things":
        yield from _things(answer)
    elif question == "dates":
        yield from _dates(answer["days"])
    else:
        choices = choices_of(shelf(db.session()), question)
        yield next((label for _, label, kept in choices if kept == answer), str(answer))


def _home(answer: dict[str, Any]) -> Iterator[Any]:
    named = {words.ANOTHER_MUNICIPALITY: words.ANOTHER, NOT_KNOWN: words.NOT_KNOWN_YET}
    yield named.get(answer["where"], answer["where"])
    if answer["looking"]:
        yield words.LOOKING


def _household(answer: dict[str, Any]) -> Iterator[Any]:
    if answer["partner"]:
        yield words.PARTNERS[answer["partner"]]
    yield from (words.who(f"child{number}", answer["children"]) for number in range(len(answer["children"])))
    if not answer["partner"] and not answer["children"]:
        yield _("Nobody")


def _family(answer: dict[str, Any], ages: list[int]) -> Iterator[str]:
    if answer["partner"]:
        yield f"{words.who(PARTNER, ages)}: {words.CITIZENSHIPS[answer['partner']]}"
    for number, citizenship in enumerate(answer["children"]):
        yield f"{words.who(f'child{number}', ages)}: {words.CITIZENSHIPS[citizenship]}"


def _things(answer: dict[str, dict[str, list[str]]]) -> Iterator[Any]:
    for who, labels in ((ME, words.MY_THINGS), (PARTNER, words.PARTNERS_THINGS)):
        yield from (labels[thing] for thing in answer.get(who, {"ticked": []})["ticked"])
    if not any(one["ticked"] for one in answer.values()):
        yield _("Nothing of it")


def _dates(days: dict[str, str]) -> Iterator[str]:
    for name, day in days.items():
        yield f"{words.DATES[name]}: {formats.day(date.fromisoformat(day))}"
    if not days:
        yield _("None yet")
