"""Forms of changing: finding one's booking, asking for something earlier, answering an offer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import AnyOf, DataRequired

from house.forms import EmailAddressField, HouseForm, LineField

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


class AnswerForm(HouseForm):
    """One of two buttons: yes or no."""

    answer = StringField(validators=[AnyOf(["yes", "no"], message=_CHOOSE)])

    @property
    def yes(self) -> bool:
        return bool(self.answer.data == "yes")
