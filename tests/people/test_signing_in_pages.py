"""Staff sign in and out: right, wrong, unknown, too often; where they land; what nobody may learn."""

from __future__ import annotations

import json
import statistics
import time
from contextlib import suppress

import pytest
from flask_login import encode_cookie
from sqlalchemy import event, select

from house import audit, create_app
from house.db import db
from house.doors import Role
from house.people import face as people
from house.people import signing_in
from house.people.known import tries
from house.people.models import Account
from house.problems import TooMany
from house.seals import Keyring
from tests import houses
from tests.hostile import MEGABYTE, refuses_everything, send

EMAIL, PASSWORD = "ada@example.dk", "a sentence of my own"


@pytest.fixture
def account(arranging):
    with arranging() as session:
        body = people.house_body(session)
        people.open_account(session, EMAIL, "Ada Lovelace", [(body.id, Role.DESK)], PASSWORD)


def try_to_sign_in(client, email=EMAIL, password=PASSWORD, address="/sign-in", **extra):
    return client.get_page(address).submit("Sign in", email=email, password=password, extra=extra)


# --- right and wrong -------------------------------------------------------------------------------------


def test_staff_sign_in_and_out(client, catalogue, account):
    inside = try_to_sign_in(client)
    assert (inside.status, inside.location) == (303, "/desk/")
    out = client.get_page("/en/").submit("Sign out")
    assert (out.status, out.location) == (303, "/en/")
    assert "/sign-in" in client.get_page("/desk/", 303).location


@pytest.mark.parametrize("guarded", [True, False])
def test_a_session_is_the_only_way_in(app, client, catalogue, account, guarded):
    with app.app_context():
        mine = db.session.scalars(select(Account)).one()
        token, remembered = mine.get_auth_token(), encode_cookie(mine.fs_uniquifier)
    if not guarded:  # without the guard the libraries would let both in
        app.before_request_funcs[None].remove(signing_in._nobody_without_session)
    statuses = set()
    for ask in (
        lambda: client.get("/desk/", headers={"Authentication-Token": token}),
        lambda: client.get("/desk/", query_string={"auth_token": token}),
        lambda: client.get("/desk/", headers={"Cookie": f"remember_token={remembered}"}),
    ):
        statuses.add(ask().status_code)
    assert (statuses == {303}) == guarded


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "another sentence"), ("nobody@example.dk", PASSWORD), (EMAIL, "x")]
)
def test_wrong_and_unknown_get_the_same_answer(client, account, email, password):
    page = try_to_sign_in(client, email, password).must_be(422)
    assert page.one(".summary li").text == "This e-mail address and password do not fit together."
    assert page.one("#email")["value"] == email
    assert page.one("#password").get("value", "") == ""
    assert "/sign-in" in client.get_page("/desk/", 303).location


def test_an_account_without_a_password_is_not_opened_by_any(client, arranging):
    with arranging() as session:
        people.open_account(session, EMAIL, "Ada", [(people.house_body(session).id, Role.DESK)])
    try_to_sign_in(client, EMAIL, "nobody has this password").must_be(422)


@pytest.fixture
def with_real_passwords(app):
    """The same house with hashes that cost what they cost outside of tests."""
    signing_in._nobodys_password.cache_clear()
    yield create_app(app.extensions["house-config"])
    signing_in._nobodys_password.cache_clear()


def test_unknown_accounts_take_as_long_as_wrong_passwords(with_real_passwords):
    """Both compute one argon2 hash, which dwarfs the rest; the bounds are wide because machines are busy."""
    app = with_real_passwords
    with houses.arranging(app) as session:
        people.open_account(session, EMAIL, "Ada", [(people.house_body(session).id, Role.DESK)], PASSWORD)
    with app.test_request_context():
        nobodys = signing_in._nobodys_password()
        assert nobodys.startswith("$argon2id$v=19$m=65536,"), "a real hash, or it is refused uncomputed"
        took = {"known": [], "unknown": []}
        for _ in range(5):
            for kind, email in (("known", EMAIL), ("unknown", "nobody@example.dk")):
                began = time.process_time()
                signing_in.admit(db.session(), email, "another sentence")
                took[kind].append(time.process_time() - began)
        db.session.rollback()
    known, unknown = (statistics.median(one) for one in took.values())
    assert known > 0.01, "a hash that costs something"
    assert 0.5 < unknown / known < 2


def test_no_one_waits_for_the_writers_lock_while_a_password_is_hashed(client, app, account, monkeypatch):
    states = []

    def look(password, stored):
        states.append(db.session().in_transaction())
        return False

    monkeypatch.setattr(signing_in, "verify_password", look)
    try_to_sign_in(client).must_be(422)
    assert states == [False]


def test_every_bad_input_is_refused(client, account):
    good = {"email": EMAIL, "password": "another sentence", "next": "/desk/"}
    refuses_everything(
        lambda: client.get_page("/sign-in?next=/desk/"), "Sign in", good,
        needed=["email", "password"], lines=["email"], secret=["password"],
    )  # fmt: skip
    send(client.get_page("/sign-in"), "Sign in", {**good, "password": MEGABYTE}).must_be(422)
    long_way = send(client.get_page("/sign-in"), "Sign in", {**good, "next": "//" + MEGABYTE}).must_be(422)
    assert len(long_way.html) < 50_000


# --- limits ----------------------------------------------------------------------------------------------


HOME, AWAY = "192.0.2.1", "198.51.100.7"


def tried(app, times, email=EMAIL, where="127.0.0.1", **known):
    """So many tries were counted already: each real one costs the hash of a password."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": where}, **known):
        for _ in range(times):
            with suppress(TooMany):
                signing_in.count_attempt(*tries(email))


def at(client, where):
    """The same browser in another network."""
    client.environ_base = {**client.environ_base, "REMOTE_ADDR": where}
    return client


def test_after_ten_tries_the_right_password_waits_too(app, client, account, frozen):
    clock = frozen("2027-01-07 10:00")
    tried(app, 9)
    try_to_sign_in(client, password="another sentence").must_be(422)
    page = try_to_sign_in(client).must_be(429)
    assert page.response.headers["Retry-After"] == "900"
    assert page.h1 == "Too many tries"
    try_to_sign_in(client, "nobody@example.dk").must_be(422)  # another account is not shut with it
    clock.shift(900)
    try_to_sign_in(client).must_be(303)


def test_unknown_accounts_are_limited_the_same(app, client, account):
    tried(app, 9, "nobody@example.dk")
    try_to_sign_in(client, "Nobody@Example.dk").must_be(422)
    try_to_sign_in(client, "nobody@example.dk").must_be(429)


def test_a_stranger_shuts_no_colleague_out(app, client, account):
    tried(app, 150, where=AWAY)
    try_to_sign_in(at(app.test_client(), AWAY)).must_be(429)
    try_to_sign_in(at(client, HOME)).must_be(303)


def test_very_many_strangers_shut_an_account_but_not_the_browsers_it_knows(app, client, account, frozen):
    frozen("2027-01-07 10:00")
    try_to_sign_in(at(client, HOME)).must_be(303)
    client.get_page("/en/").submit("Sign out").must_be(303)
    for number in range(21):
        tried(app, 10, where=f"198.51.100.{number}")
    tried(app, 150, "bo@example.dk", HOME)
    try_to_sign_in(at(app.test_client(), "203.0.113.9")).must_be(429)
    try_to_sign_in(at(client, "198.51.100.3")).must_be(303)
    try_to_sign_in(at(client, HOME)).must_be(303)


def test_a_known_browser_has_ten_tries_of_its_own_for_its_own_accounts(app, client, account, frozen):
    frozen("2027-01-07 10:00")
    try_to_sign_in(client).must_be(303)
    for _ in range(10):
        try_to_sign_in(client, password="another sentence").must_be(422)
    try_to_sign_in(client).must_be(429)
    try_to_sign_in(app.test_client()).must_be(303)
    tried(app, 9, "bo@example.dk")
    try_to_sign_in(client, "bo@example.dk").must_be(422)
    try_to_sign_in(client, "bo@example.dk").must_be(429)  # a stranger to that account


@pytest.mark.parametrize("cookie", ["", "x", "forged"])
def test_a_cookie_that_is_not_ours_makes_nobody_known(app, client, account, cookie):
    if cookie == "forged":
        ring = Keyring("a secret that a stranger made up")
        told = json.dumps(["browser", [signing_in_mark(app)]])
        cookie = ring.carry("known", told)
    client.set_cookie("known", cookie, domain="127.0.0.1", path="/sign-in")
    tried(app, 10)
    try_to_sign_in(client).must_be(429)


def signing_in_mark(app):
    with app.app_context():
        return signing_in.email_mark(EMAIL).hex()


def test_the_cookie_names_nobody_and_is_sent_to_the_sign_in_alone(client, account):
    inside = try_to_sign_in(client).must_be(303)
    [cookie] = [one for one in inside.response.headers.getlist("Set-Cookie") if one.startswith("known=")]
    assert "HttpOnly" in cookie and "Path=/sign-in" in cookie and "SameSite=Lax" in cookie
    assert "ada" not in cookie and signing_in_mark(client.application) not in cookie


# --- where one lands -------------------------------------------------------------------------------------

HOSTILE = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\tevil", "javascript:alert(1)", "/desk/\r\nSet-Cookie: x=1", "http:evil.example", "evil", " /desk/",
    "/%0a//evil.example\n",
]  # fmt: skip


@pytest.mark.parametrize("wanted", HOSTILE)
def test_a_hostile_next_leads_to_the_desk(client, account, wanted):
    assert try_to_sign_in(client, next=wanted).must_be(303).location == "/desk/"


@pytest.mark.parametrize("wanted", HOSTILE)
def test_a_hostile_next_is_not_written_into_the_page(client, wanted):
    page = client.get_page("/sign-in", query_string={"next": wanted})
    assert page.one("#next").get("value", "") == ""


def test_a_shut_door_leads_to_sign_in_and_back(client, catalogue, account):
    shut = client.get_page("/referrals/?x=1", 303)
    inside = try_to_sign_in(client, address=shut.location)
    assert inside.location == "/referrals/?x=1"


ROOMS = [
    (Role.DESK, "/desk/"), (Role.ADVISER, "/counter/"), (Role.ADMIN, "/desk/"), (Role.MANAGER, "/reports/"),
    (Role.ORGANISER, "/events/manage/"), (Role.EDITOR, "/manage/catalogue/"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "room"), ROOMS)
def test_everybody_begins_in_a_room_they_may_enter(client, catalogue, arranging, role, room):
    with arranging() as session:
        people.open_account(session, EMAIL, "Ada", [(people.house_body(session).id, role)], PASSWORD)
    assert try_to_sign_in(client).location == room


def test_roles_open_their_doors_and_no_others(app, catalogue, sign_in):
    doors = {"/desk/": {"desk"}, "/reports/": {"manager"}, "/en/company/room": {"company"}}
    for role in ("desk", "manager", "company"):
        client = app.test_client()
        sign_in(client, role)
        for path, roles in doors.items():
            if role not in roles:
                assert client.get_page(path, 403).h1 == "This door is for others"


# --- the session -----------------------------------------------------------------------------------------


def test_signing_in_keeps_nothing_of_the_session_before(client, account):
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    page = client.get_page("/sign-in")
    token = page.values("Sign in")["csrf_token"]
    page.submit("Sign in", email=EMAIL, password=PASSWORD).must_be(303)
    with client.session_transaction() as after:
        assert "planted" not in after
    assert client.get_page("/en/").one("footer input[name=csrf_token]")["value"] != token


def test_signing_out_needs_its_token_and_leaves_nothing(client, catalogue, account):
    try_to_sign_in(client)
    assert client.post_page("/sign-out", {}, 422).h1 == "Sign out"
    with client.session_transaction() as before:
        before["counter"] = 3
    client.post_page("/sign-out", client.get_page("/en/").values("Sign out"), 303)
    with client.session_transaction() as after:
        assert "_user_id" not in after
        assert "counter" not in after


def test_a_session_ends_with_its_account(client, catalogue, account, arranging):
    try_to_sign_in(client)
    client.get_page("/referrals/")
    with arranging() as session:
        people.close_account(session, session.scalars(select(Account)).one())
    assert "/sign-in" in client.get_page("/referrals/", 303).location


# --- what is written down --------------------------------------------------------------------------------


def test_nobody_can_be_read_in_logs_addresses_or_the_audit(account, client, app, capfd, looking):
    addresses = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, parameters, *_more):
        addresses.append(f"{statement} {parameters!r}")

    event.listen(engine, "before_cursor_execute", note)
    for password in ("another sentence", PASSWORD):
        addresses.append(str(try_to_sign_in(client, password=password).location))
    event.remove(engine, "before_cursor_execute", note)
    with looking() as session:
        addresses += [str(vars(act)) for act in session.scalars(select(audit.Act))]
        assert "signed_in" in session.scalars(select(audit.Act.verb)).all()
    written = "\n".join([*addresses, *capfd.readouterr()])
    for secret in (EMAIL, "Lovelace", PASSWORD, "another sentence"):
        assert secret not in written


# --- the demo house --------------------------------------------------------------------------------------


@pytest.fixture
def demo(app_factory):
    app = app_factory(demo=True, smtp_url=None)
    from house.catalogue import face

    with houses.arranging(app) as session:
        face.import_catalogue(session, face.bundled_catalogue())
        body = people.house_body(session)
        people.open_account(session, EMAIL, "Ada", [(body.id, Role.DESK)], PASSWORD)
    return app.test_client()


def test_in_the_demo_house_one_press_signs_in(demo):
    page = demo.get_page("/sign-in")
    assert page.submit("The front desk").must_be(303).location == "/desk/"
    assert demo.get_page("/referrals/").h1 == "Hand-overs"


def test_the_demo_has_no_other_roles_and_needs_its_token(demo):
    token = demo.get_page("/sign-in").values("The front desk")["csrf_token"]
    demo.post_page("/demo/sign-in/admin", {"csrf_token": token}, 404)
    assert demo.post_page("/demo/sign-in/desk", {}, 422).h1 == "Sign in for staff"
    missing = demo.post_page("/demo/sign-in/manager", {"csrf_token": token}, 303).follow()
    assert "nobody with that role" in missing.text


def test_a_real_house_knows_no_demo_sign_in(client, account):
    page = client.get_page("/sign-in")
    assert "demo" not in page.html
    client.post_page("/demo/sign-in/desk", {"csrf_token": page.values("Sign in")["csrf_token"]}, 404)
