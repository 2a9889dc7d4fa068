"""The house's form and its fields. A form judges shape; whether something may be done is a verb's to say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import wtforms
from email_validator import EmailNotValidError, validate_email
from flask import g, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from wtforms import Form, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import TelInput

from house import inputs
from house.messages import FormTranslations
from house.mobiles import mobile_number
from house.plain import clean_line as clean_line
from house.plain import has_cpr as has_cpr

# The messages of WTForms and Flask-WTF that a person can meet, so that they stand in our catalogues.
BORROWED = (
    _l("This field is required."),
    _l("Not a valid choice."),
    _l("Not a valid choice"),
    _l("Invalid Choice: could not coerce."),
    _l("'%(value)s' is not a valid choice for this field."),
    _l("Not a valid integer value."),
    _l("Not a valid date value."),
    _l("Not a valid time value."),
    _l("Invalid input."),
)
_EXPIRED = _l("The page was open for a long time. Please press the button once more.")
_translations = FormTranslations()


def csrf_token() -> str:
    """The token of this page's forms; asked for a dozen times, it is made once."""
    token: str = g.get("csrf_token") or generate_csrf()
    return token


class _Token(FlaskForm.Meta.csrf_class):
    """Flask-WTF's token, which makes a signer for each form of a page."""

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        return csrf_token()


class HouseForm(FlaskForm):
    """A form whose token failing is a sentence on the same page, with the answers kept.

    A request that writes may commit only after a form of it was valid: `app.py` sees to that.
    """

    class Meta(FlaskForm.Meta):
        csrf_class = _Token

        def get_translations(self, form: Form) -> FormTranslations:
            return _translations

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Markup:
            return (
                inputs.drawn(field, render_kw)
                if inputs.is_plain(field)
                else super().render_field(field, render_kw)
            )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        token = getattr(self, "csrf_token", None)
        if token is not None and token.errors:
            token.errors = [_EXPIRED]
        if valid and request.method == "POST":
            g.form_was_valid = True
        return valid

    def say_only(self, sentence: str) -> None:
        """Its fields are not on the page that comes: nothing is said of them, only this of the whole."""
        for one in self:
            one.errors = ()
        self.form_errors = [sentence]

    @property
    def status(self) -> int:
        """422 when the answers were refused, 200 before any were given."""
        return 422 if self.errors else 200


class ActionForm(HouseForm):
    """A button: nothing to fill in, only the token to check."""


class LineField(StringField):
    """One line of plain text of at most `longest` signs; longer input is cut for showing and refused."""

    def __init__(self, label: Any = None, validators: Any = None, longest: int = 80, **kwargs: Any) -> None:
        self.longest = longest
        self.too_long = False
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        raw = valuelist[0]
        line = clean_line(raw[: self.longest * 8])
        self.too_long = len(line) > self.longest or len(raw) > self.longest * 8
        self.data = line[: self.longest]

    @property
    def text(self) -> str:
        """What was written, or nothing."""
        return self.data or ""

    def pre_validate(self, form: Any) -> None:
        if self.too_long:
            raise StopValidation(
                self.gettext("Please use at most %(longest)s signs.") % {"longest": self.longest}
            )
        if self.data and has_cpr(self.data):
            raise StopValidation(self.gettext("Please do not write a CPR number here. We do not need it."))


class _Offers:
    """What is offered, told as pairs of a value and its words; WTForms wants objects of its own for them."""

    def __init__(self, label: Any = None, validators: Any = None, choices: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, choices=_offered(choices), **kwargs)  # type: ignore[call-arg]

    @property
    def choices(self) -> Any:
        return self._choices

    @choices.setter
    def choices(self, pairs: Iterable[tuple[Any, Any]] | None) -> None:
        self._choices = _offered(pairs)


def _offered(pairs: Iterable[tuple[Any, Any]] | None) -> list[SelectChoice] | None:
    return None if pairs is None else [SelectChoice(value, words) for value, words in pairs]


class SelectField(_Offers, wtforms.SelectField):
    """One of a list."""


class RadioField(_Offers, wtforms.RadioField):
    """One of a few that are all in sight."""


class SelectMultipleField(_Offers, wtforms.SelectMultipleField):
    """Some of a list; what is none of it is refused without being said again."""

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise StopValidation(self.gettext("Not a valid choice.")) from None


class EmailAddressField(LineField):
    """An e-mail address that letters can be sent to; kept normalised."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, longest=254, **kwargs)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not self.data:
            return
        try:
            self.data = validate_email(self.data, check_deliverability=False).normalized
        except EmailNotValidError:
            raise StopValidation(
                self.gettext("Please write an e-mail address like name@example.com.")
            ) from None


EXAMPLES = {"here": "\u206620 12 34 56\u2069", "abroad": "\u2066+380 67 123 4567\u2069"}
"""Mobile numbers, kept left to right in a text of any direction."""


class MobileField(LineField):
    """A mobile number that text messages can be sent to; kept as +4520123456."""

    widget = TelInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, longest=40, **kwargs)

    def pre_validate(self, form: Any) -> None:
        number = None if self.too_long else mobile_number(self.text)
        if number is not None:  # first, for a foreign number may be shaped like a CPR number
            self.data = number
            return
        super().pre_validate(form)
        if self.data:
            raise StopValidation(
                self.gettext("Please write a mobile number, such as %(here)s or %(abroad)s.") % EXAMPLES
            )


# Said above through `self.gettext`, which extraction does not see.
SAID = (
    _l("Please use at most %(longest)s signs."),
    _l("Please do not write a CPR number here. We do not need it."),
    _l("Please write an e-mail address like name@example.com."),
    _l("Please write a mobile number, such as %(here)s or %(abroad)s."),
)
