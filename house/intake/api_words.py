"""Words of the API: what each refusal says, and what is wrong with each part of a body."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from house.intake import words
from house.intake.api.reading import Finding
from house.pages import error_words

_CODES = {
    "misasked": _l("Some of it cannot be asked like this: see the errors."),
    "unreadable": _l("Please send JSON: each key once, finite numbers, whole signs."),
    "not_json": _l("Please send this as application/json."),
    "key_shape": _l("Please send a random Idempotency-Key of 16 to 255 signs."),
    "key_used": _l("This Idempotency-Key came with another request. Please take a new one."),
    "taken": _l("This time is not on offer. The nearest other times are listed."),
    "hold_over": _l("This time is no longer kept, and somebody else took it."),
    "moved": _l("It is no longer as it was shown to you. Please look again."),
    "visit_began": _l("The time of this visit has come. Please talk to us."),
    "no_more_time": _l("You had more time three times. Please go on now."),
    "not_here": _l("This link opens nothing. Please check it."),
}  # fmt: skip
_RULES = {
    "required": _l("This is missing."),
    "additionalProperties": _l("This is not known here."),
    "type": _l("This is of another kind than it should be."),
    "uniqueItems": _l("Please name each only once."),
    "pattern": _l("This is not written as it should be."),
    "format": _l("Please write it as in RFC 3339, with the offset."),
    "service": _l("We do not know this service."),
    "no_time": _l("No other system gives times for this service."),
    "children": _l("At least one adult must come along."),
    "municipality": _l("Please choose where you live."),
    "day": _l("Please choose a day in the next twelve months."),
    "order": _l("The last day comes before the first."),
    "name": _l("Please write your name."),
    "cpr": _l("Please do not write a CPR number here. We do not need it."),
    "email": _l("Please write an e-mail address like name@example.com."),
    "email_needed": _l("We need an e-mail address to write to you."),
    "mobile": _l("Please write a mobile number with the code of its country."),
    "no_mobile": _l("This house does not send text messages."),
    "nothing_left": _l("Nothing of this is left to book here."),
    "twice": _l("Given more than once."),
}
_LIMITS: dict[str, Callable[[int], object]] = {
    "minimum": lambda n: _("At least %(number)s.", number=n),
    "maximum": lambda n: _("At most %(number)s.", number=n),
    "minItems": lambda n: ngettext("Please name at least one.", "Please name at least %(num)s.", n),
    "maxItems": lambda n: ngettext("Please name at most one.", "Please name at most %(num)s.", n),
    "minLength": lambda n: ngettext("Please use at least one sign.", "Please use at least %(num)s signs.", n),
    "maxLength": lambda n: _("Please use at most %(longest)s signs.", longest=n),
}


def said(code: str, status: int) -> str:
    """What a refusal says to a person."""
    if code == "enough_visits":
        return words.enough_visits()
    return str(_CODES[code]) if code in _CODES else str(error_words(status)[1])


def heading(status: int) -> str:
    """The name of a refusal: that of its page."""
    if status == 415:
        return str(_("We read only JSON here"))
    if status == 422:
        return str(_("Please correct what you sent"))
    return str(error_words(status)[0])


def wrong(finding: Finding) -> str:
    """What is wrong with one part of a body, or one parameter."""
    if finding.detail:
        return finding.detail
    if finding.rule in _LIMITS and isinstance(finding.limit, int):
        return str(_LIMITS[finding.rule](finding.limit))
    if finding.rule == "enum":
        return str(_("Please choose one of these: %(choices)s.", choices=finding.limit))
    return str(_RULES.get(finding.rule, _RULES["pattern"]))
