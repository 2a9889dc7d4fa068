"""The hall's side of the small house: its kiosk, with a key, and tickets to follow."""

from __future__ import annotations

from sqlalchemy import select

from house.catalogue import face as catalogue
from house.intake import following, kiosk
from house.intake.models import Visit

SLUG = "international-house"
KIOSK = f"/kiosk/{SLUG}"


def make_key(session, actor="staff 1"):
    """A new key, as the manager's page makes it."""
    place = catalogue.place(session)
    kiosk.new_key(session, place, actor)
    return kiosk.key_of(session, place)


def set_up_screen(client, key, **answers):
    """Open the manager's link on this screen and press its button."""
    return client.get_page(f"{KIOSK}/key/{key}").submit("Use this screen", **answers).must_be(303).follow()


def link(ticket):
    return following.link_of(ticket.visit)


def visits(looking):
    """Who was registered or booked, as plain rows."""
    wanted = (Visit.language, Visit.party, Visit.name, Visit.channel, Visit.state)
    with looking() as session:
        return session.execute(select(*wanted).order_by(Visit.id)).all()
