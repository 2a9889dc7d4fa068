"""Forms of people: staff sign-in, and asking for a link."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import DataRequired, Length

from house.forms import EmailAddressField, HouseForm


class SignInForm(HouseForm):
    """Staff: e-mail and password."""

    email = EmailAddressField(
        _l("E-mail"),
        [DataRequired(_l("Please write your e-mail address."))],
        render_kw={"autocomplete": "username", "type": "email"},
    )
    password = PasswordField(
        _l("Password"),
        [DataRequired(_l("Please write your password.")), Length(max=200, message=_l("That is too long."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class LinkForm(HouseForm):
    """Company contact: where to send the link."""

    email = EmailAddressField(
        _l("Your work e-mail"),
        [DataRequired(_l("Please write your e-mail address."))],
        description=_l("We send you a link. You need no password."),
        render_kw={"autocomplete": "email", "type": "email"},
    )
