"""Small forms of the editors: a button with the version it is about, a new entry's name, a case, a bundle."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Regexp, StopValidation
from wtforms.widgets import TextArea

from house.catalogue.acting import Act
from house.forms import HouseForm, LineField, SelectField
from house.plain import shows

LONGEST_YAML = 200_000


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


class YamlField(StringField):
    """A piece of YAML of many lines, shown again as it came but for signs that no page can show."""

    widget = TextArea()

    def process_formdata(self, valuelist: list[str]) -> None:
        sent = (valuelist or [""])[0].replace("\r\n", "\n")
        self.too_long = len(sent) > LONGEST_YAML
        self.data = "".join(sign if shows(sign) else "\ufffd" for sign in sent[:LONGEST_YAML])
        self.odd = self.data != sent[:LONGEST_YAML]

    def pre_validate(self, form: Any) -> None:
        if getattr(self, "too_long", False):
            raise StopValidation(_l("That is too long."))
        if getattr(self, "odd", False):
            raise StopValidation(_l("It holds signs that cannot be shown."))


class YamlForm(SeenForm):
    """The raw view: the entry as it stands in a catalogue file."""

    yaml = YamlField(
        _l("The entry as YAML"),
        render_kw={"rows": "30", "dir": "ltr", "class": "code", "spellcheck": "false"},
    )  # fmt: skip


class CaseForm(HouseForm):
    """A worked case of staff."""

    title = LineField(_l("Title"), [DataRequired(_l("Please write a title."))], longest=80)
    yaml = YamlField(
        _l("The case as YAML"), [DataRequired(_l("Please write the case."))],
        description=_l("Invented people only."),
        render_kw={"rows": "16", "dir": "ltr", "class": "code", "spellcheck": "false"},
    )  # fmt: skip


class BundleForm(HouseForm):
    """A bundle to look at, or to take over as it was looked at."""

    bundle = FileField(_l("Bundle (ZIP)"), [FileRequired(_l("Please choose a file."))])


class KeptBundleForm(HouseForm):
    """The bundle that was looked at, and the edition of the catalogue it was compared with."""

    data_kept = HiddenField(validators=[DataRequired(_l("Please choose a file."))])
    edition = HiddenField()
