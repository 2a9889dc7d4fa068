"""Twelve languages: how one is chosen, that pages keep it, and that every catalogue is complete."""

from __future__ import annotations

import importlib.util
import threading
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po
from flask import Flask, Response, render_template_string
from flask_babel import get_locale, gettext

from house import doors, languages
from house.languages import LANGUAGES, TRANSLATIONS, speak
from house.messages import compile_catalogues
from tests.dom import parse
from tests.house_rules import catalogues
from tests.house_rules.catalogues import CATALOGUE_RULES, CatalogueRule
from tests.house_rules.reading import ROOT, House
from tests.inspecting import InspectingClient

TAGS = [language.tag for language in LANGUAGES]


# --- choosing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        (None, "en"),
        ("", "en"),
        ("da", "da"),
        ("da-DK,da;q=0.9,en;q=0.8", "da"),
        ("fr-FR,fr;q=0.9,uk;q=0.5", "uk"),
        ("xx", "en"),
        ("ar-EG", "ar"),
        ("en;q=0.1,fa;q=0.9", "fa"),
        ("*", None),
        (";;;q=,,\x7f", None),
        ("a" * 10_000, None),
    ],
)
def test_the_entrance_listens_to_the_browser(
    client: InspectingClient, header: str | None, tag: str | None
) -> None:
    response = client.get("/", headers={} if header is None else {"Accept-Language": header})
    assert response.status_code == 302
    assert response.location in ([f"/{tag}/"] if tag else [f"/{one}/" for one in TAGS])
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in response.headers["Vary"].split(",")}


def test_a_chosen_language_is_remembered_and_wins(client: InspectingClient) -> None:
    client.get("/language/fa")
    assert client.get("/", headers={"Accept-Language": "da"}).location == "/fa/"


def test_a_cookie_that_is_no_language_is_ignored(client: InspectingClient) -> None:
    client.set_cookie(languages.COOKIE, "xx", domain="127.0.0.1")
    assert client.get("/", headers={"Accept-Language": "da"}).location == "/da/"


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/sign-in", "/sign-in"),
        ("//evil.example", "/lt/"),
        ("/\\evil.example", "/lt/"),
        ("https://e.example", "/lt/"),
    ],
)
def test_switching_leads_back_but_never_out(client: InspectingClient, wanted: str, where: str) -> None:
    response = client.get("/language/lt", query_string={"next": wanted})
    assert response.location == where


@pytest.mark.parametrize("path", ["/xx/", "/EN/", "/english/", "/language/xx"])
def test_what_is_no_language_is_not_there(client: InspectingClient, path: str) -> None:
    client.get_page(path, 404)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: str(language.tag))
def test_a_page_speaks_its_language_and_offers_all_others(
    catalogue: Flask, client: InspectingClient, language: languages.Language
) -> None:
    page = client.get_page(f"/{language.tag}/")
    assert (page.one("html")["lang"], page.one("html")["dir"]) == (language.tag, language.dir)
    offered = {one["hreflang"]: page.address(one["href"]) for one in page.select("a[hreflang]")}
    assert offered == {tag: f"/{tag}/" for tag in TAGS}


def test_changing_the_language_keeps_the_question(app: Flask) -> None:
    with app.test_request_context("/en/about/privacy?from=letter", base_url="http://127.0.0.1:8000"):
        assert languages.language_url("ar") == "/ar/about/privacy?from=letter"
    with app.test_request_context("/sign-in", base_url="http://127.0.0.1:8000"):
        assert languages.language_url("ar") == "/language/ar?next=/sign-in"


def test_the_list_of_languages_leads_to_this_page_in_each_and_shows_the_one_spoken(app: Flask) -> None:
    with app.test_request_context('/da/services/?q="><b>&who=eu', "http://127.0.0.1:8000"):
        app.preprocess_request()
        links = parse(f"<ul>{languages.language_links()}</ul>").document.select("a")
        assert [link["href"] for link in links] == [languages.language_url(one.tag) for one in LANGUAGES]
        assert [(link["lang"], link["dir"], link.text) for link in links] == [
            (one.tag, one.dir, one.own_name) for one in LANGUAGES
        ]
        assert [link["lang"] for link in links if link.get("aria-current")] == ["da"]


# --- speaking --------------------------------------------------------------------------------------------


def test_a_language_is_spoken_for_a_while_only(app: Flask) -> None:
    with app.app_context():
        before = languages.current().tag
        with speak("ar") as arabic, speak("pl"):
            assert (arabic.dir, languages.current().tag, str(get_locale())) == ("rtl", "pl", "pl")
        with pytest.raises(ZeroDivisionError), speak("ar"):
            raise ZeroDivisionError
        assert languages.current().tag == before
        with speak("xx") as unknown:
            assert unknown.tag == "en"


@pytest.mark.parametrize("path", ["/da/", "/da/no-such-page", "/ar/plan/"])
def test_after_a_request_its_language_is_not_spoken_on(client: InspectingClient, path: str) -> None:
    client.get(path)
    assert languages.current() is languages.ENGLISH


def test_two_requests_beside_each_other_do_not_mix(app: Flask) -> None:
    meeting = threading.Barrier(2, timeout=10)

    @app.get("/<lang:lang_tag>/meet")
    @doors.public
    def meet(lang_tag: str) -> Response:
        meeting.wait()
        return Response(f"{languages.current().tag} {get_locale()}", mimetype="text/plain")

    answers: dict[str, str] = {}

    def visit(tag: str) -> None:
        answers[tag] = app.test_client().get(f"/{tag}/meet").text

    visitors = [threading.Thread(target=visit, args=(tag,)) for tag in ("ar", "pl")]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert answers == {"ar": "ar ar", "pl": "pl pl"}


def test_what_fills_a_message_is_escaped(app: Flask) -> None:
    with app.app_context():
        page = render_template_string(
            "{{ _('Dear %(name)s, 100 %%', name=name) }} {{ _('100 %%') }}", name="<b>"
        )
    assert page == "Dear &lt;b&gt;, 100 % 100 %"


# --- catalogues ------------------------------------------------------------------------------------------

TEMPLATE = TRANSLATIONS / "messages.pot"
has_catalogues = pytest.mark.skipif(not TEMPLATE.is_file(), reason="nothing extracted yet")


@cache
def template() -> Catalog:
    with TEMPLATE.open("rb") as stream:
        return read_po(stream)


@cache
def catalogue_of(tag: str) -> Catalog:
    with (TRANSLATIONS / tag / "LC_MESSAGES" / "messages.po").open("rb") as stream:
        return read_po(stream, locale=tag)


def keeper() -> Any:
    spec = importlib.util.spec_from_file_location("keep", TRANSLATIONS / "keep.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@has_catalogues
def test_the_template_is_what_the_code_says_today() -> None:
    assert catalogues.difference(template(), keeper().extract()) == []
    assert catalogues.not_extracted(House(ROOT), template()) == []


@has_catalogues
@pytest.mark.parametrize("tag", TAGS)
def test_every_catalogue_has_exactly_the_templates_messages(tag: str) -> None:
    assert catalogues.difference(template(), catalogue_of(tag)) == []
    assert list(catalogues.plural_forms_are_right(tag, catalogue_of(tag))) == []


@has_catalogues
@pytest.mark.parametrize("rule", CATALOGUE_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("tag", TAGS)
def test_every_catalogue_keeps_the_rule(tag: str, rule: CatalogueRule) -> None:
    found = list(rule(tag, catalogue_of(tag)))
    assert not found, "\n".join(["", *found[:12], f"{len(found)} findings"])


FAULTS: list[tuple[CatalogueRule, str | tuple[str, str], Any]] = [
    (catalogues.every_message_is_translated, "Book a visit", ""),
    (catalogues.every_message_is_translated, ("One day", "%(num)s days"), ("Jeden dzień", "%(num)s dni")),
    (catalogues.placeholders_are_kept, "Dear %(name)s", "Drogi %(nazwa)s"),
    (catalogues.placeholders_are_kept, "Dear %(name)s", "Drogi"),
    (catalogues.placeholders_are_kept, "Dear %(name)s", "Drogi %(name)"),
    (catalogues.placeholders_are_kept, ("One day", "%(num)s days"), ("x", "%(n)s dni", "%(num)s dni")),
    (catalogues.markup_is_not_smuggled_in, "Book a visit", "<script>x</script>"),
    (catalogues.markup_is_not_smuggled_in, "Book a visit", "Umów\u202e wizytę"),
    (catalogues.markup_is_not_smuggled_in, "Book a visit", " Umów wizytę"),
    (catalogues.texts_are_in_their_language, "Please book a visit", "Please book a visit"),
]


@pytest.mark.parametrize(("rule", "message", "text"), FAULTS)
def test_a_planted_fault_in_a_catalogue_is_found(rule: CatalogueRule, message: Any, text: Any) -> None:
    polish = Catalog(locale="pl")
    polish.add("Dear %(name)s, 100 %%", "Drogi %(name)s, 100 %%")
    polish.add(("One day", "%(num)s days"), ("Jeden dzień", "%(num)s dni", "%(num)s dni"))
    assert list(rule("pl", polish)) == []
    faulty = Catalog(locale="pl")
    faulty.add(message, text)
    assert list(rule("pl", faulty))


def test_english_in_an_arabic_catalogue_is_found() -> None:
    arabic = Catalog(locale="ar")
    arabic.add("Time", "Zeit")
    assert list(catalogues.texts_are_in_their_language("ar", arabic))


def test_a_message_that_was_never_extracted_is_found(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "words.py").write_text("x = lazy_pgettext('day', 'Never said')")
    assert catalogues.not_extracted(House(tmp_path), Catalog())
    one = Catalog()
    one.add("Never said")
    assert catalogues.difference(one, Catalog()) == ["'Never said'"]


def test_a_newer_catalogue_is_compiled_once(tmp_path: Path) -> None:
    source = tmp_path / "pl" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Day"\nmsgstr "Dzień"\n'
    )
    assert compile_catalogues(tmp_path) == 1
    assert compile_catalogues(tmp_path) == 0
    assert {path.name for path in source.parent.iterdir()} == {"messages.po", "messages.mo"}


@has_catalogues
@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag != "en"])
def test_python_and_templates_speak_the_same_catalogue(app: Flask, tag: str) -> None:
    sentence = "We cannot find this page"
    with app.app_context(), speak(tag):
        said = gettext(sentence)
        assert said != sentence
        assert render_template_string("{{ _('We cannot find this page') }}") == said
