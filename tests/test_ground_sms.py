"""Text messages: which numbers they reach, and how they leave by a real gateway, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from house import clock, logs, post, sms, worker
from house.config import Misconfigured, SmsGateway, from_environment
from house.forms import HouseForm, MobileField
from house.mobiles import mobile_number
from house.post import TRIES, Letter, LetterState, Sheet, Way
from tests import houses
from tests.gatewaybox import TOKEN, Gatewaybox
from tests.test_ground_config import REAL

AppFactory = Callable[..., Flask]
NUMBER, LINK = "+4520123456", "https://house.example.dk/en/visit/K7M4QXT.x"


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("20123456", NUMBER), ("20 12 34 56", NUMBER), ("+45 20-12-34-56", NUMBER), ("0045 20123456", NUMBER),
        ("\u202a+4520123456\u202c", NUMBER), ("\u200f20123456", NUMBER), ("٢٠١٢٣٤٥٦", NUMBER),
        ("۲۰۱۲۳۴۵۶", NUMBER), ("２０１２３４５６", NUMBER), ("Tlf. 20 12 34 56", NUMBER),
        ("+380 67 123 4567", "+380671234567"), ("+44 (0)7911 123456", "+447911123456"),
        ("+48 512 345 678", "+48512345678"), ("+20 101234 5678", "+201012345678"),
    ],
)  # fmt: skip
def test_a_mobile_number_is_read_as_people_write_it(written: str, dialled: str) -> None:
    assert mobile_number(written) == dialled


@pytest.mark.parametrize(
    "written",
    [
        "", " ", "ada@example.dk", "2012345", "201234567", "12345678", "+49 30 123456", "80 12 34 56",
        "+45", "+", "20 12 34 56 ext 7", "20 12 FLOWER", "+999 20123456", "010190-1234", "0" * 5000,
        "20123456 30123456", "\u202e", "<script>", "+45 20 12 34 5x",
    ],
)  # fmt: skip
def test_what_no_text_message_reaches_is_no_mobile_number(written: str) -> None:
    assert mobile_number(written) is None


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("12345", "Please write a mobile number, such as"),
        ("010190-1234", "Please do not write a CPR number here. We do not need it."),
        ("2" * 400, "Please use at most 40 signs."),
    ],
)
def test_a_field_says_what_is_wrong_with_a_number(app: Flask, written: str, says: str) -> None:
    class Form(HouseForm):
        mobile = MobileField("Mobile")

    with app.test_request_context(method="POST", data={"mobile": written}):
        form = Form(meta={"csrf": False})
        assert not form.validate()
        assert str(form.mobile.errors[0]).startswith(says)
        assert len(form.mobile.text) <= 40


# --- what the environment says -----------------------------------------------------------------------------

GOOD = {"HOUSE_SMS_URL": "https://sms.example.dk/v1", "HOUSE_SMS_TOKEN": "t0ken", "HOUSE_SMS_FROM": "House"}


def test_a_house_without_a_gateway_has_none() -> None:
    assert from_environment(REAL).sms is None


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"HOUSE_SMS_URL": "http://127.0.0.1:8099/"}, {"HOUSE_SMS_URL": "http://localhost/sms"},
        {"HOUSE_SMS_FROM": "+4520123456"}, {"HOUSE_SMS_FROM": "1204"}, {"HOUSE_SMS_FROM": "Int House 9"},
    ],
)  # fmt: skip
def test_a_gateway_is_read_whole(changes: dict[str, str]) -> None:
    said = {**GOOD, **changes}
    found = from_environment({**REAL, **said}).sms
    assert found == SmsGateway(said["HOUSE_SMS_URL"], said["HOUSE_SMS_TOKEN"], said["HOUSE_SMS_FROM"])
    assert "t0ken" not in repr(found) and "sms.example" not in repr(from_environment({**REAL, **said}))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("HOUSE_SMS_URL", ""), ("HOUSE_SMS_URL", "sms.example.dk"), ("HOUSE_SMS_URL", "http://sms.example.dk"),
        ("HOUSE_SMS_URL", "https://"), ("HOUSE_SMS_URL", "https://[::1"), ("HOUSE_SMS_URL", "ftp://localhost"),
        ("HOUSE_SMS_URL", "https://user:pass@sms.example.dk"), ("HOUSE_SMS_URL", "https://sms.example.dk:x"),
        ("HOUSE_SMS_URL", "https://sms.example.dk/\nx"), ("HOUSE_SMS_URL", "http://localhost.example.dk/"),
        ("HOUSE_SMS_TOKEN", ""), ("HOUSE_SMS_TOKEN", "two words"), ("HOUSE_SMS_TOKEN", "x\r\nX-Other: 1"),
        ("HOUSE_SMS_TOKEN", "tøken"), ("HOUSE_SMS_FROM", ""), ("HOUSE_SMS_FROM", "A name that is too long"),
        ("HOUSE_SMS_FROM", "Hus<b>"), ("HOUSE_SMS_FROM", "12"),
    ],
)  # fmt: skip
def test_half_a_gateway_is_refused_by_name(setting: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=setting) as refusal:
        from_environment({**REAL, **GOOD, setting: value})
    assert "t0ken" not in str(refusal.value)


# --- how they leave ----------------------------------------------------------------------------------------


def render(facts: dict[str, Any]) -> Sheet:
    return Sheet("Your visit", ["Long"], button=("Open", LINK), short=facts.get("short", ""))


@pytest.fixture
def box() -> Iterator[Gatewaybox]:
    with Gatewaybox() as box:
        yield box


@pytest.fixture
def sending(app_factory: AppFactory, box: Gatewaybox) -> Flask:
    app = app_factory(sms=box.gateway)
    app.extensions["house-letters"] = {**app.extensions["house-letters"], "toy": render}
    return app


def write(app: Flask, recipient: str = NUMBER, **facts: Any) -> int:
    with houses.arranging(app) as session:
        letter = post.write(session, "toy", recipient, "en", **facts)
        session.flush()
        return int(letter.id)


def work(app: Flask, mailed: list[Any] | None = None) -> int:
    """Send whatever is due; how many letters were tried."""
    config = app.extensions["house-config"]
    texting = sms.gateway(config.sms) if config.sms else sms.no_gateway
    tried = 0
    with app.app_context():
        while tried < 50 and worker.send_one((mailed if mailed is not None else []).append, texting):
            tried += 1
    return tried


def state(app: Flask, key: int) -> tuple[LetterState, int]:
    with houses.looking(app) as session:
        letter = session.get_one(Letter, key)
        return letter.state, letter.tries


def test_a_letter_to_a_number_leaves_as_one_short_text(sending: Flask, box: Gatewaybox) -> None:
    key, mailed = write(sending, short="Your visit is booked."), []
    assert work(sending, mailed) == 1
    [asked] = box.requests
    headers = asked.pop("headers")
    assert asked == {
        "path": "/messages", "to": NUMBER, "from": "House", "text": f"Your visit is booked.\n{LINK}",
        "id": f"letter-{key}@example.dk",
    }  # fmt: skip
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert (headers["Content-Type"], headers["Idempotency-Key"]) == ("application/json", asked["id"])
    assert (state(sending, key), mailed) == ((LetterState.SENT, 1), [])
    assert work(sending) == 0


def test_each_letter_goes_its_own_way(sending: Flask, box: Gatewaybox) -> None:
    mailed: list[Any] = []
    write(sending, "ada@example.dk")
    write(sending)
    assert work(sending, mailed) == 2
    assert [str(one["To"]) for one in mailed] == ["ada@example.dk"]
    assert [one["text"] for one in box.taken.values()] == [f"Your visit\n{LINK}"]
    with houses.looking(sending) as session:
        assert [one.way for one in session.query(Letter).order_by(Letter.id)] == [Way.MAIL, Way.SMS]


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_refusal_for_good_is_not_tried_again(
    sending: Flask, box: Gatewaybox, frozen: Any, status: int
) -> None:
    clocked = frozen("2027-01-07 10:00")
    key = write(sending)
    box.answer(status)
    work(sending)
    clocked.shift(timedelta(hours=3))
    assert work(sending) == 0
    assert (state(sending, key), len(box.requests)) == ((LetterState.REFUSED, 1), 1)


@pytest.mark.parametrize("status", [401, 403, 408, 429, 302, 307, 500, 503])
def test_what_may_pass_is_tried_again_and_arrives_once(
    sending: Flask, box: Gatewaybox, frozen: Any, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    clocked = frozen("2027-01-07 10:00")
    key = write(sending, short="Words for one person")
    box.answer(status, status)
    logs.init(sending, testing=True)  # once more: to where this test can read
    for _ in range(3):
        assert work(sending) == 1
        assert work(sending) == 0  # not at once
        clocked.shift(timedelta(minutes=5))
    assert state(sending, key) == (LetterState.SENT, 3)
    assert len({one["id"] for one in box.requests}) == 1
    assert ({one["path"] for one in box.requests}, len(box.taken)) == ({"/messages"}, 1)
    logged = "".join(capsys.readouterr())
    assert "letter not sent" in logged
    for secret in (NUMBER, NUMBER[3:], "Words", LINK, TOKEN):
        assert secret not in logged


def test_a_gateway_that_took_it_and_died_is_told_the_same_id(
    sending: Flask, box: Gatewaybox, frozen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is killed before it writes down that it sent: the repeat has the same id."""
    clocked = frozen("2027-01-07 10:00")
    key = write(sending)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(post, "settle", killed)
    with pytest.raises(KeyboardInterrupt):
        work(sending)
    monkeypatch.undo()
    clocked.shift(post.LEASE + timedelta(seconds=1))
    work(sending)
    assert (state(sending, key)[0], len(box.requests), len(box.taken)) == (LetterState.SENT, 2, 1)


def test_a_gateway_that_never_answers_is_given_up_at_last(app_factory: AppFactory, frozen: Any) -> None:
    clocked = frozen("2027-01-07 10:00")
    app = app_factory(sms=SmsGateway("http://127.0.0.1:9/", TOKEN, "House"))
    app.extensions["house-letters"] = {"toy": render}
    key = write(app)
    for _ in range(TRIES):
        assert work(app) == 1
        clocked.shift(timedelta(days=1))
    assert (work(app), state(app, key)) == (0, (LetterState.FAILED, TRIES))


def test_a_house_whose_gateway_was_taken_away_keeps_trying(app_factory: AppFactory, frozen: Any) -> None:
    frozen("2027-01-07 10:00")
    app = app_factory()
    app.extensions["house-letters"] = {"toy": render}
    key = write(app)
    work(app)
    assert state(app, key) == (LetterState.WAITING, 1)


def test_a_withdrawn_text_never_leaves(sending: Flask, box: Gatewaybox) -> None:
    with houses.arranging(sending) as session:
        post.write(session, "toy", NUMBER, "en", due_at=clock.now() + timedelta(minutes=1), about="visit 1")
        assert post.withdraw(session, "visit 1", "toy") == 1
    assert (work(sending), box.requests) == (0, [])


def test_neither_number_nor_text_is_in_a_repr() -> None:
    assert repr(post.TextMessage("letter-1@x", NUMBER, "Words")) == "TextMessage(id='letter-1@x')"
