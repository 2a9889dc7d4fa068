"""The ticket on paper says everything that the page on the telephone says to bring, with its conditions."""

from __future__ import annotations

import pytest

from house.catalogue import face as catalogue
from house.intake import following
from house.languages import speak
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)


@pytest.mark.parametrize("tag", ["ar", "da"])
def test_every_paper_is_on_it_with_its_condition_and_none_is_cut(client, house, arranging, app, tag):
    with arranging() as session:
        token = following.link_of(walk_in(session, CPR, language=tag).visit)
    page = client.get_page(f"/{tag}/ticket/{token}/print")
    with arranging() as session, app.test_request_context(), speak(tag):
        papers = catalogue.papers(catalogue.service(session, CPR))
        conditions = [app.jinja_env.filters["conditions"](paper.when) for paper in papers]
        shown = [one.text for one in page.select(".sheet li")]
        assert len(shown) == len(papers) and sum(map(bool, conditions)) >= 3, "some hold for some people"
        for line, paper, when in zip(shown, papers, conditions, strict=True):
            assert paper.said.text in line and all(one in line for one in when)
    on_phone = client.get_page(f"/{tag}/ticket/{token}")
    assert [one.text for one in on_phone.select("main li")][-len(shown) :] == shown


def test_what_one_needs_in_the_hand_stands_before_the_long_list(client, house, arranging):
    with arranging() as session:
        token = following.link_of(walk_in(session, CPR).visit)
    html = client.get_page(f"/en/ticket/{token}/print").html
    assert html.index('class="no"') < html.index('class="qr"') < html.index("EU residence document")
