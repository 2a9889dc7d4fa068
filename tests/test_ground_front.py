"""Pages of the house itself: home, statements, and the demo's mailbox with letters as they would arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from house import post
from house.languages import LANGUAGES
from house.post import Enclosure, Sheet
from tests import houses
from tests.inspecting import InspectingClient

AppFactory = Callable[..., Flask]
TAGS = [language.tag for language in LANGUAGES]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("page", ["", "about/accessibility", "about/privacy"])
def test_the_pages_of_the_house_speak_every_language(
    catalogue: Flask, client: InspectingClient, tag: str, page: str
) -> None:
    assert client.get_page(f"/{tag}/{page}").text


def test_the_short_address_of_the_authorities_leads_to_the_statement(client: InspectingClient) -> None:
    response = client.get("/was", headers={"Accept-Language": "da"})
    assert response.location == "/da/about/accessibility"


# --- the demo's mailbox ----------------------------------------------------------------------------------


def render(facts: dict[str, Any]) -> Sheet:
    return Sheet(
        "Your visit", [f"Dear {facts['name']}"], button=("Open", "http://127.0.0.1:8000/en/about/privacy"),
        enclosures=[Enclosure("visit.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")],
    )  # fmt: skip


@pytest.fixture
def demo(app_factory: AppFactory) -> Flask:
    app = app_factory(demo=True, smtp_url=None)
    app.extensions["house-letters"] = {**app.extensions["house-letters"], "toy": render}
    return app


def write(app: Flask, language: str = "en", kind: str = "toy") -> int:
    with houses.arranging(app) as session:
        letter = post.write(session, kind, "ada@example.dk", language, name="<Ada>")
        session.flush()
        return int(letter.id)


def test_the_mailbox_shows_letters_as_they_would_arrive(demo: Flask) -> None:
    client: InspectingClient = demo.test_client()  # type: ignore[assignment]
    assert "Your visit" not in client.get_page("/demo/mailbox").text
    key = write(demo, "ar")
    page = client.get_page("/demo/mailbox").click("Your visit")
    assert page.url == f"/demo/mailbox/{key}"
    assert "Dear <Ada>" in page.text
    assert page.select("[lang=ar]")[0]["dir"] == "rtl"
    response = client.get(f"/demo/mailbox/{key}/0")
    assert response.mimetype == "text/calendar"
    assert response.headers["Content-Disposition"] == 'attachment; filename="visit.ics"'
    assert response.data.startswith(b"BEGIN:VCALENDAR")


def test_a_letters_button_leads_into_this_house_on_whatever_port_it_runs(demo: Flask) -> None:
    client: InspectingClient = demo.test_client()  # type: ignore[assignment]
    key = write(demo)
    page = client.get_page(f"/demo/mailbox/{key}")
    assert ("Open", "/en/about/privacy") in page.links


@pytest.mark.parametrize("path", ["/demo/mailbox/404", "/demo/mailbox/1/1", "/demo/mailbox/404/0"])
def test_what_is_not_in_the_mailbox_is_not_there(demo: Flask, path: str) -> None:
    write(demo)
    demo.test_client().get_page(path, 404)  # type: ignore[attr-defined]


def test_a_real_house_has_no_mailbox(app: Flask, client: InspectingClient) -> None:
    key = write(app)
    for path in ("/demo/mailbox", f"/demo/mailbox/{key}", f"/demo/mailbox/{key}/0"):
        client.get_page(path, 404)
