"""Small forms of the editors: a button with the version it is about, a new entry's name, a case, a bundle."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Regexp
from wtforms.widgets import TextArea

from house.catalogue.acting import Act
from house.forms import HouseForm, LineField


class SeenForm(HouseForm):
    """A button that is about the version that was on the screen."""

    seen = StringField(default="0")

    @property
    def seen_number(self) -> int:
        text = str(self.seen.data or "")
        return int(text[:9]) if text[:9].isdecimal() and text.isascii() else 0


class ActForm(SeenForm):
    """One of the buttons of an entry's page."""

    do = SelectField(choices=[(one.value, one.value) for one in Act])


class NewForm(HouseForm):
    """The short name of a new entry."""

    id = LineField(
        _l("Short name"),
        [
            DataRequired(_l("Please write a short name.")),
            Regexp(r"[a-z][a-z0-9_]{1,59}\Z", message=_l("Use small letters, digits and _ only.")),
        ],
        description=_l("Small letters, digits and _. It stays the same for ever."),
        longest=60,
        render_kw={"autocapitalize": "off", "autocomplete": "off"},
    )


class NewSourceForm(HouseForm):
    """The mark of a new source."""

    id = LineField(
        _l("Mark"),
        [
            DataRequired(_l("Please write a mark.")),
            Regexp(r"(?!A\Z)[A-Z][A-Za-z0-9]*\Z", message=_l("A mark is like S99. A means an assumption.")),
        ],
        description=_l("A capital letter and digits, such as S99."),
        longest=20,
        render_kw={"autocomplete": "off"},
    )


class YamlForm(SeenForm):
    """The raw view: the entry as it stands in a catalogue file."""

    yaml = StringField(
        _l("The entry as YAML"), widget=TextArea(),
        render_kw={"rows": "30", "dir": "ltr", "class": "code", "spellcheck": "false"},
    )  # fmt: skip


class CaseForm(HouseForm):
    """A worked case of staff."""

    title = LineField(_l("Title"), [DataRequired(_l("Please write a title."))], longest=80)
    yaml = StringField(
        _l("The case as YAML"), [DataRequired(_l("Please write the case."))], widget=TextArea(),
        description=_l("Invented people only."),
        render_kw={"rows": "16", "dir": "ltr", "class": "code", "spellcheck": "false"},
    )  # fmt: skip


class BundleForm(HouseForm):
    """A bundle to look at, or to take over as it was looked at."""

    bundle = FileField(_l("Bundle (ZIP)"), [FileRequired(_l("Please choose a file."))])
