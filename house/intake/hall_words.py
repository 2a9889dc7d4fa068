"""Words of the screens in the hall and of tickets; the board speaks several languages at once."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext
from markupsafe import Markup

from house.intake.estimating import Range
from house.languages import BY_TAG, LANGUAGES, Language, speak
from house.problems import NotHere, Problem, TooMany

SIDE_BY_SIDE = 3
"""So many languages stand beside each other; the groups take turns."""
_SINCE = Markup('<span data-since dir="ltr"></span>')


@dataclass(frozen=True)
class BoardWords:
    """What the board says in one language."""

    language: Language
    number: str
    counter: str
    nobody: str
    shut: str
    lost: str


def board_words(tags: list[str]) -> list[list[BoardWords]]:
    """The words in these languages, in groups that stand side by side."""
    every = [_in(tag) for tag in tags]
    return [every[start : start + SIDE_BY_SIDE] for start in range(0, len(every), SIDE_BY_SIDE)]


def board_languages(wanted: str | None) -> list[str]:
    """The languages a board was asked for, `da,en,ar`; all of the house when there is none of them."""
    tags = [tag for tag in dict.fromkeys((wanted or "").split(",")[:40]) if tag in BY_TAG]
    return tags or [language.tag for language in LANGUAGES]


def _in(tag: str) -> BoardWords:
    with speak(tag) as language:
        return BoardWords(
            language,
            # Translators: head of a column of ticket numbers on the screen in the waiting room; one word
            number=pgettext("waiting room screen", "Number"),
            # Translators: head of a column of counter numbers on that screen; one word
            counter=pgettext("waiting room screen", "Counter"),
            nobody=_("Nobody is called right now."),
            shut=_("Closed now"),
            # Translators: time is a time of day; the screen gets no answer from the house since then
            lost=Markup(_("Connection lost since %(time)s.")) % {"time": _SINCE},  # noqa: S704 - our own catalogue
        )


# --- tickets ----------------------------------------------------------------------------------------------


def wait_words(span: Range | None) -> str:
    """How long somebody will wait, as honest as it is known."""
    if span is None:
        return str(_("We cannot say how long. No counter for this is open now."))
    if span.least == 0:
        # Translators: most is a number of minutes
        return str(_("At most about %(most)s minutes", most=span.most))
    # Translators: two numbers of minutes, such as "10 to 25 minutes"
    return str(_("About %(least)s to %(most)s minutes", least=span.least, most=span.most))


def before_words(number: int) -> str:
    """How many are called first."""
    if number == 0:
        return str(_("You are next."))
    return str(ngettext("One person is before you.", "%(num)s people are before you.", number))


def kiosk_refusal(problem: Problem) -> str:
    """What the kiosk says; for a code always the same, whatever the reason."""
    if isinstance(problem, TooMany):
        return str(_("There were too many tries. Please wait a little, or ask at the desk."))
    if isinstance(problem, NotHere):
        return str(_("We cannot check in with this code. Please ask at the desk."))
    if problem.code == "shut":
        return str(_("Closed now"))
    if problem.code == "closed_already":
        return str(_("There are no tickets to take here. Please ask at the desk."))
    return str(_("That did not work. Please start again, or ask at the desk."))
