"""The inspecting client finds each fault that is planted, and leaves a good page in peace."""

from __future__ import annotations

import pytest
from flask import Flask, Response, redirect

from house import doors
from tests import inspections
from tests.inspecting import InspectingClient
from tests.inspections import findings_in_page

GOOD = """<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><title>Your visit – House</title>
<link rel="icon" href="/static/favicon.svg"></head><body><main id="main"><h1>Your visit</h1>
<a href="/en/">Home</a> <a href="#main">Up</a> <a href="?page=2">More</a> <a href="https://nyidanmark.dk">SIRI</a>
<form method="post" action="/sign-here"><input type="hidden" name="csrf_token" value="x">
<label for="name">Name</label><input id="name" name="name" aria-describedby="hint">
<p id="hint">As in the pass</p>
<label><input type="radio" name="who" value="me"> Only me</label><button>Go on</button></form>
<h2>Papers</h2><img src="/static/favicon.svg" alt=""><p>100 % free, 3 &lt; 5</p></main></body></html>"""

FAULTS: list[tuple[str, str, str]] = [
    ("is_html", "<p>100", "<p><div>100</p></div><p>100"),
    ("is_html", "<!doctype html>", ""),
    ("is_html", "<h2>Papers</h2>", "<h2>Papers</h3>"),
    ("has_one_heading", "<h2>Papers</h2>", "<h1>Papers</h1>"),
    ("has_one_heading", "<h1>Your visit</h1>", ""),
    ("has_one_heading", "<h1>Your visit</h1>", "<h1></h1>"),
    ("has_one_heading", "<title>Your", "<title>House – Your"),
    ("keeps_heading_order", "<h2>Papers</h2>", "<h3>Papers</h3>"),
    ("speaks_its_language", 'lang="en"', 'lang="da"'),
    ("speaks_its_language", 'lang="en"', 'lang="fr"'),
    ("speaks_its_language", 'dir="ltr"', 'dir="rtl"'),
    ("speaks_its_language", "<h2>", '<h2 dir="right">'),
    ("has_each_id_once", "<h2>", '<h2 id="name">'),
    ("labels_its_fields", '<label for="name">Name</label>', "Name"),
    ("labels_its_fields", '<label for="name">', '<label for="nobody">'),
    ("labels_its_fields", "> Only me</label>", "></label> Only me"),
    ("labels_its_fields", "<h2>", "<fieldset><p>x</p></fieldset><h2>"),
    ("points_at_what_is_there", 'id="hint"', 'id="hints"'),
    ("has_honest_forms", ' method="post"', ""),
    ("has_honest_forms", 'name="csrf_token" value="x"', 'name="csrf_token" value=""'),
    ("has_honest_forms", 'method="post"', 'method="get"'),
    ("has_honest_forms", "<button>Go on</button>", ""),
    (
        "has_honest_forms",
        "<h2>",
        '</form><form method="post" action="/sign-here"><button>x</button></form><h2>',
    ),
    ("names_its_links", ">Home<", "><"),
    ("names_its_links", ' alt=""', ""),
    ("is_plain_markup", "<h2>", '<h2 style="color: red">'),
    ("is_plain_markup", "<h2>", '<h2 onclick="x()">'),
    ("is_plain_markup", "</body>", "<script>x()</script></body>"),
    ("is_plain_markup", "</head>", "<style>p {}</style></head>"),
    ("is_plain_markup", 'href="/en/"', 'href="javascript:x()"'),
    ("is_plain_markup", 'href="/en/"', 'href="/en/" target="_blank"'),
    ("is_finished", "Only me", "{{ _('Only me') }}"),
    ("is_finished", "Only me", "%(name)s"),
    ("is_finished", "Only me", "Only &amp;lt;b&amp;gt;"),
    ("is_finished", "As in the pass", "None"),
    ("is_finished", "As in the pass", "Counter None, please"),
    ("is_finished", 'href="/en/"', 'href="/en/?day=None"'),
    ("counts_forward", "Only me", '<span lang="ar" dir="rtl">10:00–15:00</span>'),
    ("counts_forward", "Only me", '<b lang="ar" dir="rtl"><i>من</i> 5–10</b>'),
    ("leads_somewhere", 'href="/en/"', 'href="/en/nowhere"'),
    ("leads_somewhere", 'href="/en/"', 'href="/en"'),
    ("leads_somewhere", 'href="/en/"', 'href="/sign-here"'),
    ("leads_somewhere", "/static/favicon.svg", "/static/nothing.svg"),
    ("leads_somewhere", "#main", "#nothing"),
]


@pytest.fixture
def small_house() -> Flask:
    """A front door with two routes, so that these tests do not depend on any wing."""
    app = Flask("small")
    app.static_folder = str(inspections.Path(__file__).parent.parent / "house" / "static")
    app.add_url_rule("/en/", "home", doors.public(lambda: GOOD))
    app.add_url_rule("/sign-here", "sign", doors.public(lambda: redirect("/en/")), methods=["POST"])
    app.test_client_class = InspectingClient
    return app


def test_a_good_page_has_no_findings(small_house: Flask) -> None:
    assert findings_in_page(GOOD, "/en/", small_house) == []


@pytest.mark.parametrize(("name", "good", "bad"), FAULTS)
def test_a_planted_fault_is_found(small_house: Flask, name: str, good: str, bad: str) -> None:
    assert good in GOOD
    page = GOOD.replace(good, bad, 1)
    seen = inspections.Seen(page, "/en/", small_house, inspections.parse(page))
    inspection: inspections.Inspection = getattr(inspections, name)
    assert list(inspection(seen)), f"{name} did not see it"


def test_each_inspection_has_a_planted_fault() -> None:
    assert {one.__name__ for one in inspections.INSPECTIONS} == {name for name, _, _ in FAULTS}


POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


def secure(response: Response, **changes: str) -> Response:
    response.headers.update({
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "private",
        **{name.replace("_", "-"): value for name, value in changes.items()},
    })  # fmt: skip
    return response


HEADER_FAULTS = {
    "no policy": lambda: secure(Response(GOOD, mimetype="text/html"), Content_Security_Policy=""),
    "an open policy": lambda: secure(Response(GOOD), Content_Security_Policy=POLICY + "; img-src *"),
    "no nosniff": lambda: secure(Response(GOOD), X_Content_Type_Options=""),
    "a loose referrer": lambda: secure(Response(GOOD), Referrer_Policy="unsafe-url"),
    "a cache unsaid": lambda: secure(Response(GOOD), Cache_Control=""),
    "a fault of ours": lambda: secure(Response(GOOD, 503)),
    "too many without an end": lambda: secure(Response(GOOD, 429)),
    "out of the house": lambda: secure(redirect("https://evil.example/")),  # type: ignore[arg-type]
    "out by two slashes": lambda: secure(redirect("//evil.example/")),  # type: ignore[arg-type]
    "a broken page": lambda: secure(Response(GOOD.replace("<h1>", "<h2>"))),
}


@pytest.mark.parametrize("fault", HEADER_FAULTS)
def test_the_client_stops_at_a_faulty_answer(small_house: Flask, fault: str) -> None:
    small_house.add_url_rule("/en/try", "try", HEADER_FAULTS[fault])
    with pytest.raises(AssertionError, match="breaks the house's rules"):
        small_house.test_client().get("/en/try")


def test_the_client_lets_a_good_answer_pass_and_walks_on(small_house: Flask) -> None:
    walked: list[dict[str, str]] = []

    def signed() -> Response:
        from flask import request

        walked.append(request.form.to_dict())
        return secure(redirect("/en/"))  # type: ignore[arg-type]

    small_house.view_functions |= {"home": lambda: secure(Response(GOOD)), "sign": signed}
    client: InspectingClient = small_house.test_client()  # type: ignore[assignment]
    page = client.get_page("/en/")
    assert page.h1 == "Your visit"
    assert ("Home", "/en/") in page.links
    assert page.submit("Go on", name="Ada", who="me").follow().h1 == "Your visit"
    assert walked == [{"csrf_token": "x", "name": "Ada", "who": "me"}]


@pytest.mark.parametrize(
    ("fields", "complaint"), [({"surname": "x"}, "has no field 'surname'"), ({"who": "you"}, "not 'you'")]
)
def test_a_test_cannot_give_an_answer_that_the_page_does_not_offer(
    small_house: Flask, fields: dict[str, str], complaint: str
) -> None:
    small_house.view_functions["home"] = lambda: secure(Response(GOOD))
    client: InspectingClient = small_house.test_client()  # type: ignore[assignment]
    with pytest.raises(AssertionError, match=complaint):
        client.get_page("/en/").submit("Go on", **fields)


def test_a_route_nobody_visited_is_named(small_house: Flask) -> None:
    from tests.visits import missing

    met = {("/en/", "GET", "ok"), ("/sign-here", "POST", "ok"), ("/static/<path:filename>", "GET", "ok")}
    assert missing(small_house, met) == ["POST /sign-here (sign) was never refused"]
    assert missing(small_house, {*met, ("/sign-here", "POST", "refused")}) == []


def test_the_fixture_session_never_makes_a_request_wait(
    app: Flask, session: object, client: InspectingClient
) -> None:
    with pytest.raises(AssertionError, match=r"session\.commit\(\) first"):
        client.post("/livez")
