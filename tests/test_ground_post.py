"""Letters: sent once, by a real SMTP server, in the recipient's language; tried again, given up at last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import get_locale
from sqlalchemy import select, update

from house import clock, languages, post, worker
from house.db import db
from house.post import TRIES, Enclosure, Letter, LetterState, Sheet
from tests import houses
from tests.letterbox import Letterbox

AppFactory = Callable[..., Flask]
Frozen = Callable[..., Any]
PDF = Enclosure("papers.pdf", "application/pdf", b"%PDF")


def render(facts: dict[str, Any]) -> Sheet:
    """A letter that says which language was spoken when it was rendered."""
    said = f"{languages.current().tag} {get_locale()} {facts.get('name', '')}"
    return Sheet(
        facts.get("subject", "Your visit"), [said], facts=[("Code", "K7M4QXT")],
        button=("Open", "http://127.0.0.1:8000/en/"), enclosures=[PDF],
    )  # fmt: skip


@pytest.fixture
def sending(app_factory: AppFactory, smtp_server: Letterbox) -> Flask:
    """A house whose letters go to the test's mail server."""
    app = app_factory(smtp_url=smtp_server.url)
    app.extensions["house-letters"] = {**app.extensions["house-letters"], "toy": render}
    return app


def write(app: Flask, recipient: str = "ada@example.dk", language: str = "uk", **facts: Any) -> int:
    with houses.arranging(app) as session:
        letter = post.write(session, "toy", recipient, language, **facts)
        session.flush()
        return int(letter.id)


def work(app: Flask) -> int:
    """Send whatever is due; how many letters were tried."""
    transport = worker.smtp(app.extensions["house-config"].smtp_url)
    tried = 0
    with app.app_context():
        while tried < 50 and worker.send_one(transport):
            tried += 1
    return tried


def stored(app: Flask, key: int) -> Letter:
    with houses.looking(app) as session:
        letter = session.get_one(Letter, key)
        session.expunge(letter)
        return letter


def test_a_letter_arrives_in_the_recipients_language(sending: Flask, smtp_server: Letterbox) -> None:
    key = write(sending, name="Ада")
    assert work(sending) == 1
    [message] = smtp_server.messages
    assert (message["To"], message["Subject"], message["Content-Language"]) == (
        "ada@example.dk",
        "Your visit",
        "uk",
    )
    assert smtp_server.envelopes == [("house@example.dk", ["ada@example.dk"])]
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and "uk uk Ада" in text.get_content()
    assert page is not None and '<html lang="uk" dir="ltr">' in page.get_content()
    assert [part.get_filename() for part in message.iter_attachments()] == ["papers.pdf"]
    assert stored(sending, key).state is LetterState.SENT
    assert work(sending) == 0


def test_arabic_letters_run_from_the_right(sending: Flask, smtp_server: Letterbox) -> None:
    write(sending, language="ar")
    work(sending)
    page = smtp_server.messages[0].get_body(("html",))
    assert page is not None and '<html lang="ar" dir="rtl">' in page.get_content()


def test_a_name_is_not_markup(sending: Flask, smtp_server: Letterbox) -> None:
    write(sending, name="<b>O'Ada & Co</b>")
    work(sending)
    text, page = smtp_server.messages[0].get_body(("plain",)), smtp_server.messages[0].get_body(("html",))
    assert text is not None and "<b>O'Ada & Co</b>" in text.get_content()
    assert page is not None and "<b>" not in page.get_content()


def test_a_letter_is_tried_again_until_it_arrives(
    sending: Flask, smtp_server: Letterbox, frozen: Frozen
) -> None:
    now = frozen("2027-01-07 10:00")
    smtp_server.fail(2)
    key = write(sending)
    assert work(sending) == 1
    assert (stored(sending, key).state, work(sending)) == (LetterState.WAITING, 0)
    now.shift(timedelta(minutes=1))
    assert work(sending) == 1
    now.shift(timedelta(minutes=1))
    assert work(sending) == 0  # the pauses grow
    now.shift(timedelta(minutes=2))
    assert work(sending) == 1
    assert len(smtp_server.messages) == 1
    assert stored(sending, key).state is LetterState.SENT


@pytest.mark.parametrize(
    "trouble", ["the server refuses for a while", "nobody listens", "it cannot be rendered"]
)
def test_a_letter_is_given_up_in_the_end(
    sending: Flask, smtp_server: Letterbox, frozen: Frozen, trouble: str
) -> None:
    now = frozen("2027-01-07 10:00")
    smtp_server.fail(99)
    if trouble == "nobody listens":
        config = sending.extensions["house-config"]
        sending.extensions["house-config"] = replace(config, smtp_url="smtp://127.0.0.1:9")
    key = write(sending, **({"subject": 1 / 3} if trouble == "it cannot be rendered" else {}))
    for _ in range(TRIES):
        assert work(sending) == 1
        now.shift(timedelta(days=1))
    assert work(sending) == 0
    assert (stored(sending, key).state, stored(sending, key).tries) == (LetterState.FAILED, TRIES)
    assert smtp_server.messages == []


def test_a_refusal_for_good_is_not_tried_again(sending: Flask, smtp_server: Letterbox) -> None:
    smtp_server.fail(1, "550 5.1.1 No such user")
    key = write(sending)
    assert work(sending) == 1
    assert stored(sending, key).state is LetterState.REFUSED


def test_a_day_without_a_mail_server_loses_no_letter(
    sending: Flask, smtp_server: Letterbox, frozen: Frozen
) -> None:
    now = frozen("2027-01-07 10:00")
    with houses.arranging(sending) as session:
        post.write(session, "toy", "ada@example.dk", "en", stale_at=clock.now() + timedelta(days=9))
    smtp_server.fail(99)
    pauses = []
    for _ in range(24 * 12):
        pauses.append(work(sending))
        now.shift(timedelta(minutes=5))
    assert 24 <= sum(pauses) <= 24 + TRIES, "seldom, but at least once an hour"
    smtp_server.answer_again()
    now.shift(post.LONGEST_PAUSE)
    work(sending)
    assert [mail["To"] for mail in smtp_server.messages] == ["ada@example.dk"]


@pytest.mark.parametrize(("days", "state"), [(2, LetterState.WAITING), (12, LetterState.FAILED)])
def test_it_is_tried_until_it_is_stale(
    sending: Flask, smtp_server: Letterbox, frozen: Frozen, days: int, state: LetterState
) -> None:
    now = frozen("2027-01-07 10:00")
    smtp_server.fail(99)
    with houses.arranging(sending) as session:
        stale_at = clock.now() + timedelta(days=11)
        key = post.write(session, "toy", "ada@example.dk", "en", stale_at=stale_at)
        session.flush()
        key = key.id
    for _ in range(2 * TRIES):
        work(sending)
        now.shift(timedelta(days=days) / (2 * TRIES))
    with houses.arranging(sending) as session:
        post.forget(session, clock.now())
    assert stored(sending, key).state is state


def test_what_was_said_later_does_not_overtake(
    sending: Flask, smtp_server: Letterbox, frozen: Frozen
) -> None:
    now = frozen("2027-01-07 10:00")
    smtp_server.fail(7)

    def say(about: str, subject: str) -> None:
        with houses.arranging(sending) as session:
            post.write(session, "toy", "ada@example.dk", "en", about=about, subject=subject)

    say("visit 1", "Booked")
    for _ in range(6):
        work(sending)
        now.shift(timedelta(minutes=32))
    say("visit 1", "Moved")
    say("visit 2", "Another")
    for _ in range(9):
        work(sending)
        now.shift(timedelta(minutes=10))
    assert [mail["Subject"] for mail in smtp_server.messages] == ["Another", "Booked", "Moved"]


@pytest.mark.parametrize("refusal", ["550 5.7.1 Relaying denied", "451 4.3.0 Not now"])
def test_what_was_given_up_is_sent_again_when_somebody_asks(
    sending: Flask, smtp_server: Letterbox, frozen: Frozen, refusal: str
) -> None:
    now = frozen("2027-01-07 10:00")
    smtp_server.fail(99, refusal)
    write(sending)
    with houses.arranging(sending) as session:
        stale_at = clock.now() + timedelta(minutes=1)
        post.write(session, "toy", "late@example.dk", "en", stale_at=stale_at)
    for _ in range(TRIES):
        work(sending)
        now.shift(timedelta(days=1))
    smtp_server.answer_again()
    with houses.arranging(sending) as session:
        post.forget(session, clock.now())
    assert work(sending) == 0
    with houses.arranging(sending) as session:
        assert post.retry(session, clock.now()) == 1
    assert work(sending) == 1
    assert [mail["To"] for mail in smtp_server.messages] == ["ada@example.dk"]
    with houses.arranging(sending) as session:
        assert post.retry(session, clock.now()) == 0


def test_one_bad_letter_does_not_stop_the_others(sending: Flask, smtp_server: Letterbox) -> None:
    with houses.arranging(sending) as session:
        post.write(session, "a kind that no wing has", "eve@example.dk", "en")
    write(sending)
    assert work(sending) == 2
    assert [message["To"] for message in smtp_server.messages] == ["ada@example.dk"]


def test_a_letter_waits_for_its_day(sending: Flask, smtp_server: Letterbox, frozen: Frozen) -> None:
    now = frozen("2027-01-07 10:00")
    with houses.arranging(sending) as session:
        post.write(session, "toy", "ada@example.dk", "en", due_at=clock.now() + timedelta(days=3))
    assert work(sending) == 0
    now.shift(timedelta(days=3))
    assert work(sending) == 1


def test_a_worker_that_died_while_sending_leaves_the_letter_to_the_next(
    sending: Flask, smtp_server: Letterbox, frozen: Frozen
) -> None:
    now = frozen("2027-01-07 10:00")
    key = write(sending)
    with houses.arranging(sending) as session:
        assert post.lease(session, clock.now())
    assert work(sending) == 0
    now.shift(post.LEASE + timedelta(seconds=1))
    assert work(sending) == 1
    [message] = smtp_server.messages
    assert message["Message-ID"] == f"<letter-{key}@example.dk>"  # the same every time, so a repeat is seen


INJECTIONS = [
    "\nBcc: eve@example.dk",
    "\r\nBcc: eve@example.dk",
    "\r\n\r\nHello",
    ", eve@example.dk",
    "\x00, eve@example.dk",
]


@pytest.mark.parametrize("poison", INJECTIONS)
@pytest.mark.parametrize("where", ["recipient", "subject", "name"])
def test_no_header_and_no_second_reader_can_be_smuggled_in(
    sending: Flask, smtp_server: Letterbox, where: str, poison: str
) -> None:
    if where == "recipient":
        write(sending, recipient=f"ada@example.dk{poison}")
    else:
        write(sending, **{where: f"Hello{poison}"})
    work(sending)
    assert [reader for _, readers in smtp_server.envelopes for reader in readers] in ([], ["ada@example.dk"])
    for message in smtp_server.messages:
        assert message["Bcc"] is None
        assert message["To"] == "ada@example.dk"


def send_all(app: Flask, _number: int) -> int:
    app.extensions["house-letters"] = {"toy": render}
    return work(app)


@pytest.mark.races
def test_workers_beside_each_other_never_send_a_letter_twice(
    engine_app: Flask, smtp_server: Letterbox
) -> None:
    for number in range(15):
        write(engine_app, recipient=f"person{number}@example.dk")
    config = replace(engine_app.extensions["house-config"], smtp_url=smtp_server.url)
    assert sum(houses.race(config, send_all, runners=4)) == 15
    assert Counter(message["To"] for message in smtp_server.messages) == Counter(
        {f"person{number}@example.dk": 1 for number in range(15)}
    )


@pytest.mark.races
def test_without_the_lease_they_do(
    engine_app: Flask, smtp_server: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(session: Any, now: Any) -> Letter | None:
        waiting = select(Letter).where(Letter.state == LetterState.WAITING).limit(1)
        letter: Letter | None = session.scalar(waiting)
        return letter

    monkeypatch.setattr(post, "lease", careless)
    for number in range(15):
        write(engine_app, recipient=f"person{number}@example.dk")
    config = replace(engine_app.extensions["house-config"], smtp_url=smtp_server.url)
    assert sum(houses.race(config, send_all, runners=4)) > 15


def test_what_was_sent_is_blank_after_thirty_days(sending: Flask, frozen: Frozen) -> None:
    now = frozen("2027-01-07 10:00")
    key = write(sending)
    work(sending)
    for days, blank in ((29, False), (2, True)):
        now.shift(timedelta(days=days))
        with sending.app_context():
            worker.housekeeping(sending)
        letter = stored(sending, key)
        assert (letter.recipient is None, letter.facts is None) == (blank, blank)


def test_a_letter_that_waits_can_be_withdrawn_and_one_that_left_cannot(
    sending: Flask, smtp_server: Letterbox
) -> None:
    with houses.arranging(sending) as session:
        for kind in ("toy", "other"):
            post.write(session, kind, "ada@example.dk", "en", about="visit 1", name="Ada")
        post.write(session, "toy", "bo@example.dk", "en", about="visit 2", name="Bo")
    with houses.arranging(sending) as session:
        assert post.withdraw(session, "visit 1", "toy") == 1
    work(sending)
    assert [mail["To"] for mail in smtp_server.messages] == ["bo@example.dk"]
    with houses.arranging(sending) as session:
        assert post.withdraw(session, "visit 2", "toy") == 0


def test_a_letter_withdrawn_while_it_is_sent_is_not_tried_again(
    sending: Flask, smtp_server: Letterbox
) -> None:
    write(sending)
    with houses.arranging(sending) as session:
        session.execute(update(Letter).values(about="visit 1"))

    def withdrawn_meanwhile(_message: Any) -> None:
        db.session.rollback()
        with houses.arranging(sending) as session:
            post.withdraw(session, "visit 1", "toy")
        raise OSError("and the line broke")

    with sending.app_context():
        assert worker.send_one(withdrawn_meanwhile)
        assert not worker.send_one(withdrawn_meanwhile)


def test_a_letter_that_grew_stale_does_not_leave(
    sending: Flask, smtp_server: Letterbox, frozen: Frozen
) -> None:
    travel = frozen("2027-01-07 10:00")
    with houses.arranging(sending) as session:
        stale_at = clock.now() + timedelta(minutes=5)
        post.write(session, "toy", "ada@example.dk", "en", stale_at=stale_at, name="Ada")
    travel.shift(300)
    assert work(sending) == 0
    travel.shift(1)
    with houses.arranging(sending) as session:
        post.forget(session, clock.now())
    with houses.looking(sending) as session:
        assert session.scalars(select(Letter.state)).one() is LetterState.FAILED
    assert smtp_server.messages == []
