"""Forms of the kiosk: buttons to touch, and one line that a scanner or fingers fill in."""

from __future__ import annotations

import secrets
from functools import partial

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import DataRequired, InputRequired, NumberRange

from house.forms import HouseForm, LineField
from house.intake.registration import LARGEST_PARTY
from house.seals import ALPHABET

BACK = "back"


class KeyForm(HouseForm):
    """Make this screen a kiosk."""

    prints = BooleanField(_l("This screen has a printer"))


class TakeForm(HouseForm):
    """How many came: each number is a button that takes the ticket."""

    party = IntegerField(
        _l("How many people are you?"),
        [
            InputRequired(_l("Please touch how many people you are.")),
            NumberRange(1, LARGEST_PARTY, _l("Please touch how many people you are.")),
        ],
    )
    once = HiddenField(
        default=partial(secrets.token_urlsafe, 16),
        filters=[lambda mark: mark and mark[:64]],
        validators=[DataRequired()],
    )


class CodeForm(HouseForm):
    """The code of a booking, as it is on the confirmation."""

    typed = LineField(
        _l("Your code"),
        [DataRequired(_l("Please write the code of your booking."))],
        longest=300,
        render_kw={
            "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr",
        },
    )  # fmt: skip

    def press(self, key: str) -> None:
        """A key of the keyboard on the screen: another sign, or the last one away."""
        text = self.typed.text
        if key == BACK:
            self.typed.data = text[:-1]
        elif key in ALPHABET and len(text) < self.typed.longest:
            self.typed.data = text + key
