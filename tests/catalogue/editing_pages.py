"""Editors at the pages of the catalogue: their browsers, the lists, saving, and what a form holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from house.doors import Role
from house.people import face as people
from tests.inspecting import InspectingClient, Page

Context = Callable[[], AbstractContextManager[Session]]
SERVICE = "/manage/catalogue/entries/service"
ENTRY = f"{SERVICE}/residence_card"
KINDS = ["service", "authority", "offer", "routes", "source"]


@pytest.fixture(name="ane")
def browser_of_ane(
    catalogue: Flask, client: InspectingClient, sign_in: Callable[..., Any]
) -> InspectingClient:
    """The browser of an editor of the house."""
    sign_in(client, Role.EDITOR)
    return client


@pytest.fixture(name="siri")
def browser_of_siri(
    ane: InspectingClient, arranging: Context, sign_in: Callable[..., Any]
) -> InspectingClient:
    """The browser of an editor of the immigration agency."""
    with arranging() as session:
        body = people.authority_body(session, "siri", "SIRI").id
    return another(ane, sign_in, body_id=body)


@pytest.fixture(name="bo")
def browser_of_bo(ane: InspectingClient, sign_in: Callable[..., Any]) -> InspectingClient:
    """The browser of another editor of the house."""
    return another(ane, sign_in)


def another(client: InspectingClient, sign_in: Callable[..., Any], **more: Any) -> InspectingClient:
    other: Any = client.application.test_client()
    sign_in(other, Role.EDITOR, **more)
    return other  # type: ignore[no-any-return]


def listed(client: InspectingClient, kind: str) -> list[str]:
    """The addresses of all entries of a kind."""
    page = client.get_page(f"/manage/catalogue/entries/{kind}/")
    name = re.compile(rf"/manage/catalogue/entries/{kind}/\w+")
    found = [where for _, where in page.links if name.fullmatch(where)]
    assert found
    return list(dict.fromkeys(found))


def save(client: InspectingClient, where: str, **answers: Any) -> Page:
    return client.get_page(f"{where}/edit").submit("Save the draft", **answers)


def shown(page: Page, name: str) -> Any:
    """What the editor's form holds in this field."""
    return page.values("Save the draft").get(name)
