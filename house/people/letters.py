"""Letters of people: the link that signs a company contact in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from house.post import Render, Sheet


def sign_in_link(facts: dict[str, Any]) -> Sheet:
    """The one-time link, with how long it lasts."""
    return Sheet(
        subject=_("Your link to sign in"),
        paragraphs=[_("Press the button to sign in to your company's room.")],
        button=(_("Sign in"), facts["link"]),
        after=[
            _("The link works once, for 30 minutes."),
            _("If you did not ask for it, you can delete this letter."),
        ],
    )


LETTERS: dict[str, Render] = {"sign_in_link": sign_in_link}
