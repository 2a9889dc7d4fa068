"""Forms of the texts' pages: looking for texts, writing one, bringing a file in."""

from __future__ import annotations

import json
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired
from wtforms.widgets import TextArea

from house.catalogue.language_tree import TextState
from house.catalogue.text_words import STATES
from house.catalogue.translating import LONGEST, NewText
from house.forms import HouseForm, LineField, SelectField
from house.problems import Moved

TO_DO, ALL = "to_do", "all"


class TextsForm(HouseForm):
    """Which texts to list. Sent by GET, for it writes nothing."""

    class Meta(HouseForm.Meta):
        csrf = False

    q = LineField(_l("Words in the text"), longest=80)
    state = SelectField(
        _l("State"),
        choices=[
            (TO_DO, _l("Everything to do")),
            *((state.value, words) for state, (_kind, words) in STATES.items()),
            (ALL, _lp("texts", "All")),
        ],
        default=TO_DO,
    )
    entry = StringField(default="", filters=[lambda text: (text or "")[:80]])

    def wants(self, state: TextState) -> bool:
        """Whether texts in this state are to be listed."""
        if self.state.data == ALL:
            return True
        return state is not TextState.UP_TO_DATE if self.state.data == TO_DO else state == self.state.data


class TextForm(HouseForm):
    """One text in one language, with the mark of what the writer saw."""

    text = LineField(
        _l("Translation"), [DataRequired(_l("Please write the text."))], longest=LONGEST, widget=TextArea()
    )
    everywhere = BooleanField(_l("Also where the catalogue says the same"), default=True)
    mark = HiddenField(filters=[lambda mark: (mark or "")[:16]])


class FileForm(HouseForm):
    """A file of texts, looked at before anything is written."""

    file = FileField(_l("File"), [FileRequired(_l("Please choose a file."))])
    machine = BooleanField(
        _l("A machine made the new texts"), description=_l("Then they wait for somebody to read them.")
    )


class TakeForm(HouseForm):
    """What a file changes, as the page showed it: subjects with their marks and texts."""

    changes = HiddenField()

    @property
    def wanted(self) -> list[NewText]:
        """The texts to write; raises Moved for what no page of ours sends."""
        try:
            rows = json.loads(self.changes.data or "")
            found = [
                NewText(str(subject), str(mark), str(text), machine is True)
                for subject, mark, text, machine in rows
            ]
        except (ValueError, TypeError, RecursionError):
            raise Moved() from None
        if not found:
            raise Moved()
        return found

    @staticmethod
    def told(several: Iterable[NewText]) -> str:
        """The texts as the page carries them."""
        return json.dumps([list(one) for one in several], ensure_ascii=False)
