"""The rules of the house hold for the house as it stands, and each goes red on a planted fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table, update
from sqlalchemy.orm import Session

from house import forgetting
from house.db import Model, Sealed
from house.people.models import Account
from tests.house_rules import arrows, looks, schema, wording
from tests.house_rules.reading import PURE, ROOT, House, Rule

HOUSE = House(ROOT)  # read and parsed once for all rules
RULES: tuple[Rule, ...] = (
    arrows.arrows_go_down,
    arrows.pure_rooms_are_pure,
    arrows.pure_rooms_are_there,
    arrows.pure_rooms_load_alone,
    arrows.only_the_clock_asks_the_time,
    arrows.views_commit,
    arrows.no_grab_bags,
    arrows.wings_are_known,
    arrows.files_stay_small,
    arrows.functions_stay_small,
    wording.text_waits_for_its_language,
    wording.lazy_text_stays_in_forms_and_words,
    wording.text_can_be_extracted,
    wording.templates_can_be_extracted,
    wording.templates_speak_every_language,
    wording.sentences_are_short,
    wording.nobody_is_told_to_phone_without_a_number,
    wording.blank_answers_are_no_answers,
    looks.styles_are_logical,
    looks.templates_carry_no_style,
    looks.templates_live_in_their_wing,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    found = list(rule(HOUSE))
    assert not found, "\n".join(["", *found])


# --- planted faults --------------------------------------------------------------------------------------

VERB = "house/people/accounts.py"
VIEW = "house/people/views.py"
PAGE = "house/templates/people/page.html"
CSS = "house/static/house.css"
BABEL = "from flask_babel import gettext as _, lazy_gettext as _l, ngettext\n"

FAULTS: list[tuple[Rule, str, str]] = [
    (arrows.arrows_go_down, VERB, "from house.people.views import bp"),
    (arrows.arrows_go_down, VERB, "def verb():\n    from house.people import views"),
    (arrows.arrows_go_down, VERB, "from house.people.forms import Form"),
    (arrows.arrows_go_down, VERB, "from .forms import Form"),
    (arrows.arrows_go_down, "house/people/models.py", "from house.people.accounts import open_account"),
    (arrows.arrows_go_down, VERB, "from house.people import face"),
    (arrows.arrows_go_down, VERB, "from house.intake import face as intake"),
    (arrows.arrows_go_down, "house/intake/booking.py", "from house.people.accounts import open_account"),
    (arrows.arrows_go_down, "house/intake/booking.py", "from house.people import models"),
    (arrows.arrows_go_down, "house/intake/booking.py", "from house.events import face"),
    (arrows.arrows_go_down, "house/clock.py", "from house.people import face"),
    (arrows.arrows_go_down, "house/clock.py", "from house import app"),
    (arrows.arrows_go_down, VERB, "import house.app"),
    (arrows.arrows_go_down, "house/front.py", "from house.people.accounts import open_account"),
    (arrows.pure_rooms_are_pure, "house/intake/queue.py", "from flask import current_app"),
    (arrows.pure_rooms_are_pure, "house/intake/queue.py", "import sqlalchemy"),
    (arrows.pure_rooms_are_pure, "house/intake/queue.py", "def f():\n    from house import clock"),
    (arrows.pure_rooms_are_pure, "house/intake/queue.py", "from house.intake.models import Visit"),
    (arrows.pure_rooms_are_pure, "house/intake/queue.py", "from house.catalogue import opening"),
    (arrows.pure_rooms_are_pure, "house/intake/queue.py", "import time"),
    (arrows.pure_rooms_load_alone, "house/intake/__init__.py", "import sqlalchemy"),
    (arrows.only_the_clock_asks_the_time, VERB, "from datetime import datetime\nx = datetime.now()"),
    (arrows.only_the_clock_asks_the_time, VERB, "import datetime\nx = datetime.datetime.now(datetime.UTC)"),
    (arrows.only_the_clock_asks_the_time, VERB, "import datetime\nx = datetime.datetime.utcnow()"),
    (arrows.only_the_clock_asks_the_time, VERB, "from datetime import date\nx = date.today()"),
    (arrows.only_the_clock_asks_the_time, VERB, "import time\nx = time.time()"),
    (arrows.views_commit, VERB, "def verb(session):\n    session.commit()"),
    (arrows.views_commit, VERB, "def verb(session):\n    db.session.commit()"),
    (arrows.views_commit, VERB, "def verb(session):\n    with writing(session): pass"),
    (arrows.views_commit, "house/people/signing_in.py", "def enter(session):\n    session.commit()"),
    (arrows.no_grab_bags, "house/people/utils.py", ""),
    (arrows.no_grab_bags, "house/helpers/dates.py", ""),
    (arrows.wings_are_known, "house/weather/face.py", ""),
    (arrows.files_stay_small, VERB, "x = 1\n" * 251),
    (arrows.functions_stay_small, VERB, "def long():\n" + "    x = 1\n" * 41),
    (wording.text_waits_for_its_language, VIEW, BABEL + "TITLE = _('Hello')"),
    (wording.text_waits_for_its_language, VIEW, BABEL + "class Form:\n    label = ngettext('a', 'b', 1)"),
    (wording.text_waits_for_its_language, VIEW, BABEL + "def view(title=_('Hello')): pass"),
    (wording.lazy_text_stays_in_forms_and_words, VIEW, BABEL),
    (wording.text_can_be_extracted, VIEW, BABEL + "def view(n):\n    return _(f'Hello {n}')"),
    (wording.text_can_be_extracted, VIEW, BABEL + "def view(n):\n    return _(n)"),
    (wording.text_can_be_extracted, VIEW, BABEL + "def view(n):\n    return _('Hello %s') % n"),
    (wording.text_can_be_extracted, VIEW, BABEL + "def view(n):\n    return _('')"),
    (wording.text_can_be_extracted, VIEW, BABEL + "def view(n):\n    return _('Hello') + n"),
    (wording.text_can_be_extracted, VIEW, BABEL + "def view(n):\n    return f'{n}: {_(\"Hello\")}'"),
    (wording.templates_can_be_extracted, PAGE, "{{ _('Hello ' ~ name) }}"),
    (wording.templates_can_be_extracted, PAGE, "{{ _('Hello %s') }}"),
    (wording.templates_speak_every_language, PAGE, "<p>Hello</p>"),
    (wording.templates_speak_every_language, PAGE, "<p>{{ n }} people</p>"),
    (wording.templates_speak_every_language, PAGE, '<img src="x" alt="A house">'),
    (wording.sentences_are_short, PAGE, "{{ _('" + "word " * 16 + "') }}"),
    (wording.nobody_is_told_to_phone_without_a_number, PAGE, "{{ _('Come, or call us.') }}"),
    (
        wording.nobody_is_told_to_phone_without_a_number,
        "house/people/words.py",
        "W = _l('No address. Please phone.')",
    ),
    (
        wording.blank_answers_are_no_answers,
        "house/people/forms.py",
        "name = LineField('x', [InputRequired()])",
    ),
    (looks.styles_are_logical, CSS, "p { margin-left: 1rem; }"),
    (looks.styles_are_logical, CSS, "p { left: 0 }"),
    (looks.styles_are_logical, CSS, "p { text-align: left; }"),
    (looks.styles_are_logical, CSS, "p { padding: 0 1rem 0 calc(1rem + 2px); }"),
    (looks.styles_are_logical, CSS, "p { border-top-left-radius: 3px; }"),
    (looks.styles_are_logical, CSS, "p { border-radius: 3px 0 0 3px; }"),
    (looks.templates_carry_no_style, PAGE, '<p style="color: red">'),
    (looks.templates_carry_no_style, PAGE, '<p onclick="x()">'),
    (looks.templates_carry_no_style, PAGE, "<script>x()</script>"),
    (looks.templates_carry_no_style, PAGE, "{{ x | safe }}"),
    (looks.templates_live_in_their_wing, "house/templates/page.html", ""),
    (looks.templates_live_in_their_wing, "house/templates/weather/page.html", ""),
    (looks.templates_live_in_their_wing, "house/people/templates/page.html", ""),
]


def a_house(root: Path, path: str, text: str) -> House:
    """A sound little house with one file in it replaced."""
    files = {"house/__init__.py": "", "house/clock.py": "", "house/app.py": "", "house/db.py": ""}
    for wing in ("people", "catalogue", "intake", "events"):
        files |= {
            f"house/{wing}/{room}.py": ""
            for room in ("__init__", "face", "models", "forms", "views", "words")
        }
    files |= {VERB: "", PAGE: "<p>{{ _('Hello') }}</p>", CSS: "p { margin-inline-start: 1rem }", path: text}
    files |= {pure: "" for pure in PURE if pure not in files}
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return House(root)


@pytest.mark.parametrize(("rule", "path", "text"), FAULTS, ids=lambda part: getattr(part, "__name__", None))
def test_a_planted_fault_makes_the_rule_red(rule: Rule, path: str, text: str, tmp_path: Path) -> None:
    assert list(rule(a_house(tmp_path / "sound", VERB, ""))) == []
    found = list(rule(a_house(tmp_path / "faulty", path, text)))
    assert [one for one in found if one.startswith((path, "house:"))]


def test_a_pure_room_that_was_renamed_is_missed(tmp_path: Path) -> None:
    house = a_house(tmp_path, VERB, "")
    (tmp_path / "house/intake/queue.py").unlink()
    assert list(arrows.pure_rooms_are_there(house))


def test_each_rule_has_a_planted_fault() -> None:
    planted = {rule for rule, _, _ in FAULTS} | {arrows.pure_rooms_are_there}
    assert planted == set(RULES)


# What looks like a breach and is none.
SOUND: list[tuple[Rule, str, str]] = [
    (arrows.arrows_go_down, VIEW, "from house.people.forms import F\nfrom house.people import accounts"),
    (arrows.arrows_go_down, "house/events/signing_up.py", "from house.intake import face as intake"),
    (arrows.arrows_go_down, "house/app.py", "from house.people import views, forget, letters, signing_in"),
    (arrows.arrows_go_down, "house/people/face.py", "from house.people.accounts import open_account"),
    (arrows.views_commit, VIEW, "def view():\n    db.session.commit()"),
    (wording.text_waits_for_its_language, VIEW, BABEL + "def view():\n    return _('Hello')"),
    (wording.text_waits_for_its_language, "house/people/words.py", BABEL + "W = {1: lambda: _('Hello')}"),
    (wording.text_can_be_extracted, VIEW, BABEL + "def view():\n    return _('100 %% of %(n)s', n=1)"),
    (wording.templates_speak_every_language, PAGE, '<p class="warm">{{ n }} · 24/7 &nbsp; {# later #}</p>'),
    (wording.templates_speak_every_language, PAGE, '<meta name="viewport" content="width=device-width">'),
    (
        wording.nobody_is_told_to_phone_without_a_number,
        PAGE,
        "{% from 'parts/phone.html' import phone_us %}{{ _('You can call us.') }}{{ phone_us() }}",
    ),
    (looks.styles_are_logical, CSS, "p { margin: 0 1rem 2rem 1rem; text-align: start; top: 0 }"),
    (looks.styles_are_logical, CSS, "a.left:hover { color: red } /* left: 0; */"),
]


@pytest.mark.parametrize(("rule", "path", "text"), SOUND, ids=lambda part: getattr(part, "__name__", None))
def test_what_is_sound_stays_green(rule: Rule, path: str, text: str, tmp_path: Path) -> None:
    assert list(rule(a_house(tmp_path, path, text))) == []


# --- what rests about people -----------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [schema.every_sealed_column_has_a_fate, schema.personal_columns_are_sealed])
def test_every_personal_column_is_sealed_and_has_a_fate(app: Flask, rule: schema.SchemaRule) -> None:
    found = list(rule(Model.metadata))
    assert not found, "\n".join(["", *found])


def test_a_personal_column_without_fate_or_seal_is_found() -> None:
    faulty = MetaData()
    Table("guest", faulty, Column("id", Integer, primary_key=True), Column("first_name", String))
    Table("friend", faulty, Column("name", Sealed("guest.name"), nullable=False))
    assert len(list(schema.personal_columns_are_sealed(faulty))) == 1
    assert len(list(schema.every_sealed_column_has_a_fate(faulty))) == 3


def forget_in_ten_years(app: Flask, session: Session, rooms: tuple[forgetting.Forget, ...]) -> Iterator[str]:
    schema.fill(session, Model.metadata, schema.BEGINNING)
    session.flush()
    known = {column.table.name for column in schema.sealed_columns(Model.metadata)}
    assert known >= {"visit", "letter", "account"}
    forgetting.forget_all(session, schema.BEGINNING + schema.TEN_YEARS, rooms)
    session.flush()
    return schema.still_known(session, Model.metadata)


def test_nothing_personal_outlives_ten_years(app: Flask, session: Session) -> None:
    found = list(forget_in_ten_years(app, session, app.extensions["house-forget"]))
    assert not found, "\n".join(["", *found])


def test_a_wing_that_forgets_to_forget_is_found(app: Flask, session: Session) -> None:
    rooms = tuple(room for room in app.extensions["house-forget"] if "intake" not in room.__module__)
    assert "visit.name" in " ".join(forget_in_ten_years(app, session, rooms))


def test_what_is_still_to_come_is_not_forgotten(app: Flask, session: Session) -> None:
    soon: datetime = schema.BEGINNING
    schema.fill(session, Model.metadata, soon)
    session.execute(update(Account).values(closed_at=None))
    session.flush()
    forgetting.forget_all(session, soon, app.extensions["house-forget"])
    assert "visit.name" in " ".join(schema.still_known(session, Model.metadata))
