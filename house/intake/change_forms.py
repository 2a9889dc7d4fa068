"""Forms of changing: finding one's booking, asking for something earlier, answering an offer."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import AnyOf, DataRequired

from house.forms import EmailAddressField, HouseForm, LineField, MobileField

_WHICH_ADDRESS = _l("Please write your e-mail address or your mobile number.")
_CHOOSE = _l("Please use one of the buttons.")


class FindForm(HouseForm):
    """Reference and the whole address; whether they belong together is never said."""

    reference = LineField(
        _l("Your reference"),
        validators=[DataRequired(_l("Please write your reference."))],
        description=_l("Seven letters and digits, such as K7M4QXT."),
        longest=20,
    )
    email = EmailAddressField(
        _l("Your e-mail address"),
        validators=[DataRequired(_l("Please write your e-mail address."))],
        description=_l("The whole address that you gave when you booked."),
    )


    mobile: MobileField | None = None

    @property
    def address(self) -> str:
        """The e-mail address or the mobile number, as it was given for the visit."""
        return self.email.text or (self.mobile.text if self.mobile is not None else "")


class FindBySmsForm(FindForm):
    """The same where an SMS gateway is configured: one of the two addresses is enough."""

    email = EmailAddressField(_l("Your e-mail address"))
    mobile = MobileField(_l("Your mobile number"))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and not self.address:
            self.email.errors = [_WHICH_ADDRESS]
            return False
        return valid


class AnswerForm(HouseForm):
    """One of two buttons: yes or no."""

    answer = StringField(validators=[AnyOf(["yes", "no"], message=_CHOOSE)])

    @property
    def yes(self) -> bool:
        return bool(self.answer.data == "yes")
