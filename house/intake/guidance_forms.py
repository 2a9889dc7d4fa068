"""Forms of guidance: what was asked about, and how it was told. Closed choices; only an address is typed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import partial

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput

from house.formats import language_choices
from house.forms import EmailAddressField, HouseForm, RadioField, SelectField, SelectMultipleField
from house.intake.guidance_words import CHANNELS, ENDS, TOPICS

_CHOOSE_ABOUT = _l("Please choose what it was about.")
TONGUES = language_choices()


class AskedForm(HouseForm):
    """About what, and in which language: what the page shows. Sent by GET, for it writes nothing."""

    class Meta(HouseForm.Meta):
        csrf = False

    about = SelectField(_l("What was it about?"), [InputRequired(_CHOOSE_ABOUT)])
    language = SelectField(_l("Language"), choices=TONGUES)


class GuidanceForm(HouseForm):
    """What was told, how, and to whom of those who are here."""

    about = SelectField(_l("What was it about?"), [InputRequired(_CHOOSE_ABOUT)])
    language = SelectField(_l("Language"), choices=TONGUES)
    topics = SelectMultipleField(
        _l("What was asked?"),
        [InputRequired(_l("Please choose what was asked."))],
        choices=[(topic.value, words) for topic, words in TOPICS.items()],
        option_widget=CheckboxInput(),
    )
    channel = RadioField(
        _l("How was it asked?"),
        [InputRequired(_l("Please choose how it was asked."))],
        choices=[(one.value, words) for one, words in CHANNELS.items()],
        default="here",
    )
    ended = RadioField(
        _l("How did it end?"),
        [InputRequired(_l("Please choose how it ended."))],
        choices=[(one.value, words) for one, words in ENDS.items()],
        default="advised",
    )
    visit = SelectField(_l("Who asked?"), coerce=int)
    email = EmailAddressField(
        _l("Send the summary by e-mail"),
        [Optional()],
        description=_l("We keep the address only for this letter."),
        render_kw={"autocomplete": "off", "type": "email"},
    )
    once = HiddenField(default=partial(secrets.token_urlsafe, 16), filters=[lambda mark: mark and mark[:64]])

    def offer(self, topics: Sequence[str]) -> None:
        """Ask only for topics that there is something to tell about; the first one is chosen."""
        self.topics.choices = [(key, words) for key, words in TOPICS.items() if key in topics]
        if not topics:
            del self.topics
