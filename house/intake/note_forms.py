"""The form of a note: a few plain words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired
from wtforms.widgets import TextArea

from house.forms import HouseForm, LineField
from house.intake.desk_forms import one_press
from house.intake.notes import LONGEST


class NoteForm(HouseForm):
    """What a colleague of the same authority should know; sent twice it is written once."""

    note = LineField(
        _l("A new note"),
        [DataRequired(_l("Please write the note."))],
        longest=LONGEST,
        widget=TextArea(),
        description=_l("Only what a colleague must know. Nothing about health, no CPR number."),
        render_kw={"rows": 2, "maxlength": LONGEST, "autocomplete": "off"},
    )
    once = one_press()
