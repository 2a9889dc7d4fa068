"""A small house with a gateway to mobile phones: who gave a number, and the texts that were sent."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house import post
from house.config import SmsGateway
from house.intake.booking import book
from house.post import Letter
from house.seals import keyring
from tests import houses
from tests.intake.booking_house import CPR, THURSDAY, at

ADA, MOBILE, OTHER = "ada@example.org", "+4520123456", "+380671234567"
SMS = SmsGateway("https://sms.example.dk/messages", "token", "House")


@pytest.fixture(name="app")
def the_house_with_a_gateway(app_factory):
    """A house with a gateway."""
    return app_factory(sms=SMS, base_url="http://127.0.0.1:8000")


@pytest.fixture(name="book_one")
def booking_one(arranging, house):
    """Books a visit; answers its key, its reference and the path of its page."""

    def make(wall="10:00", day=THURSDAY, email=None, mobile=MOBILE, lang="en", slug=CPR):
        with arranging() as session:
            visit = book(session, slug, 1, at(day, wall), lang, "Ada", email, mobile=mobile)
            link = keyring().link("visit", visit.reference, visit.generation)
            return visit.id, visit.reference, f"/{lang}/visit/{link}"

    return make


def sent(looking):
    """What letters there are: kind, where to, which way."""
    with looking() as session:
        found = session.scalars(select(Letter).order_by(Letter.id))
        return [(one.kind, one.recipient, one.way) for one in found]


def texts(app):
    """The text messages as they would leave."""
    with houses.looking(app) as session:
        return [post.text_message(one).text for one in session.scalars(select(Letter).order_by(Letter.id))]


def units(text):
    """How many parts a text message has: 7-bit signs, else two bytes each."""
    plain = all((sign.isascii() and sign not in "^{}\\[~]|`") or sign in "æøåÆØÅéäöüß" for sign in text)
    length, one, more = (len(text), 160, 153) if plain else (len(text.encode("utf-16-le")) // 2, 70, 67)
    return 1 if length <= one else -(-length // more)
