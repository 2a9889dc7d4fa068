"""The board of the waiting room: numbers and counters, fresh after every call, never a name."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select, update

from house.catalogue import face as catalogue
from house.intake import board, calling, closing, deeds, undoing
from house.intake.desk_models import Deed
from house.intake.hall_words import board_languages, board_words
from house.intake.models import Outcome, Step
from house.intake.views import board as pages
from house.languages import LANGUAGES
from house.pages import STATIC
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
    statements,
)
from tests.intake.desk_house import (
    DESK,
    TAX,
    call,
    serve,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    ticket_of,
    walk_in,
)

PLACE = "/board/international-house"


def calls_on(page):
    pairs = zip(page.select(".calls .no"), page.select(".calls .at"), strict=True)
    return [(number.text, counter.text) for number, counter in pairs]


def keys_of(answer):
    """What the board's script knows the calls by: a key that it never had rings and flashes."""
    return re.findall(r'data-call="([^"]+)"', answer.json["calls"])


def asks_again(client, thursday, tag=None):  # noqa: F811
    """What a screen that asks every other second gets, and the mark that it keeps."""
    thursday.shift(2)
    answer = client.get(f"{PLACE}/now", headers={"If-None-Match": tag} if tag else {})
    return answer, answer.headers["ETag"]


# --- what it shows ---------------------------------------------------------------------------------------


def test_the_newest_call_stands_first_with_its_counter(client, house, arranging, thursday):  # noqa: F811
    with arranging() as session:
        for service in (None, None, TAX):
            walk_in(session, *([service] if service else []))
        call(session, house)
        thursday.shift(60)
        call(session, house, 2)
    page = client.get_page(PLACE)
    assert calls_on(page) == [("B1", "Counter 1"), ("A1", "Counter 1")]


def tickets_on(session):
    return [one.ticket for one in board.called(session, "international-house")]


def three_calls(session, house, thursday):  # noqa: F811
    """A1, then B1, then A2 is called, a minute apart."""
    for service in (CPR, TAX, CPR):
        walk_in(session, service)
    found = []
    for number in (0, 2, 1):
        found.append(call(session, house, number))
        thursday.shift(60)
    return found


def test_who_is_called_again_comes_to_the_top_and_goes_back_when_it_was_a_mistake(house, session, thursday):  # noqa: F811
    first, _second, _third = three_calls(session, house, thursday)
    assert tickets_on(session) == ["A2", "B1", "A1"]
    before, called_at = keys(session), first.called_at
    calling.call_again(session, first, DESK)
    assert tickets_on(session) == ["A1", "A2", "B1"]
    undoing.undo(session, deeds.mine(session, DESK)[0].id, DESK)
    session.refresh(first)
    assert (tickets_on(session), first.called_at, keys(session)) == (["A2", "B1", "A1"], called_at, before)


def keys(session):
    return [one.key for one in board.called(session, "international-house")]


def test_who_is_called_again_is_seen_however_many_were_called_since(house, session, thursday, monkeypatch):  # noqa: F811
    monkeypatch.setattr(board, "SHOWN", 2)
    first, *_others = three_calls(session, house, thursday)
    assert "A1" not in tickets_on(session)
    calling.call_again(session, first, DESK)
    assert tickets_on(session) == ["A1", "A2"]


def test_who_is_called_stands_before_who_sits_there_already(client, house, arranging, thursday):  # noqa: F811
    with arranging() as session:
        _first, _second, third = three_calls(session, house, thursday)
        calling.start(session, third, DESK)
    page = client.get_page(PLACE)
    assert [number for number, _counter in calls_on(page)] == ["B1", "A1", "A2"]
    assert [one.text for one in page.select(".calls .serving .no")] == ["A2"]


def test_who_was_sent_back_and_is_called_once_more_is_a_new_call(house, session, thursday):  # noqa: F811
    first, *_others = three_calls(session, house, thursday)
    before = keys(session)
    calling.back_to_queue(session, first, DESK)
    again = call(session, house)
    assert again is first and keys(session)[0] not in before and tickets_on(session)[0] == "A1"


def test_a_call_from_before_an_update_can_be_taken_back_after_it(house, session, thursday):  # noqa: F811
    """Its pictures do not know when somebody was called last."""
    first, *_others = three_calls(session, house, thursday)
    calling.call_again(session, first, DESK)
    session.execute(update(Step).values(called_at=None))
    for deed in session.scalars(select(Deed)):
        deed.before, deed.after = (without_moments(one) for one in (deed.before, deed.after))
    session.flush()
    session.expire_all()
    assert len(tickets_on(session)) == 3
    undoing.undo(session, deeds.mine(session, DESK)[0].id, DESK)
    assert session.get_one(Step, first.id).calls == 1


def without_moments(picture):
    steps = picture.get("steps", {}).items()
    told = {id_: {name: one for name, one in step.items() if name != "called_at"} for id_, step in steps}
    return {**picture, "steps": told} if picture else picture


def test_no_name_ever_stands_on_the_board(client, house, arranging, thursday):  # noqa: F811
    with arranging() as session:
        walk_in(session, name="Olena Koval")
        call(session, house)
    answer, _tag = asks_again(client, thursday)
    assert "A1" in answer.json["calls"]
    for said in (answer.text, client.get_page(PLACE).html):
        assert "Olena" not in said and "Koval" not in said


def test_who_is_finished_or_was_called_yesterday_is_not_on_it(house, session, thursday):  # noqa: F811
    walk_in(session), walk_in(session)
    closing.finish(session, serve(session, house), Outcome.COMPLETED, DESK)
    second = call(session, house)
    assert [one.ticket for one in board.called(session, "international-house")] == [ticket_of(second)]
    thursday.move_to(f"{FRIDAY} 09:00")
    assert board.called(session, "international-house") == []


def test_no_more_calls_are_shown_than_can_be_read(house, session, monkeypatch):
    monkeypatch.setattr(board, "SHOWN", 1)
    walk_in(session), walk_in(session)
    call(session, house, 0)
    last = call(session, house, 1)
    assert [one.step_id for one in board.called(session, "international-house")] == [last.id]


def test_a_place_that_nobody_set_up_has_no_board(client, house):
    for path in ("/board/nowhere", "/board/nowhere/now"):
        client.get_page(path, 404)


def test_before_the_house_is_set_up_there_is_no_board(client):
    client.get_page(PLACE, 404)


# --- the languages ---------------------------------------------------------------------------------------


def test_the_languages_are_those_asked_for_in_groups_of_three(client, house):
    page = client.get_page(f"{PLACE}?languages=ar,da,xx,en,da,fa")
    assert page.one("html")["lang"] == "ar" and page.one("html")["dir"] == "rtl"
    groups = page.select(".nobody.open [data-group]")
    assert [[one["lang"] for one in group.select("bdi")] for group in groups] == [["ar", "da", "en"], ["fa"]]
    assert sorted("hidden" in group.attributes for group in groups) == [False, True], "they take turns"


def test_a_board_asked_for_nothing_speaks_every_language(client, house):
    shown = {one["lang"] for one in client.get_page(PLACE).select(".head bdi")}
    assert shown == {language.tag for language in LANGUAGES}
    assert board_languages("klingon,") == [language.tag for language in LANGUAGES]


def test_each_language_says_the_counter_in_its_own_word(app):
    with app.app_context():
        [group] = board_words(["en", "da"])
    assert group[0].counter == "Counter"
    assert all("data-since" in one.lost for one in group)


# --- fresh and cheap -------------------------------------------------------------------------------------


def test_the_mark_changes_with_a_call_and_with_nothing_else(client, house, arranging, thursday):  # noqa: F811
    first, tag = asks_again(client, thursday)

    def unchanged():
        nonlocal tag
        answer, again = asks_again(client, thursday, tag)
        return answer.status_code == 304 and not answer.data and again == tag

    def act(what):
        with arranging() as session:
            what(session)

    assert unchanged()
    act(lambda session: [walk_in(session), walk_in(session, name="Ada")])
    assert unchanged(), "somebody who only waits is not on the board"
    act(lambda session: call(session, house))
    answer, after_call = asks_again(client, thursday, tag)
    assert answer.status_code == 200 and after_call != tag and "A1" in answer.json["calls"]
    assert answer.json["page"] == first.json["page"], "the page itself is loaded anew only after an update"
    tag = after_call
    act(lambda session: calling.start(session, session.get_one(Step, 1), DESK))
    seated, tag = asks_again(client, thursday, tag)
    assert (seated.status_code, keys_of(seated)) == (200, keys_of(answer)), "shown otherwise, but no new call"
    act(lambda session: call(session, house, 1))
    answer, second = asks_again(client, thursday, tag)
    assert answer.status_code == 200
    tag = second
    act(lambda session: calling.call_again(session, session.get_one(Step, 2), DESK))
    once_more, _tag = asks_again(client, thursday, tag)
    assert keys_of(once_more)[0] not in keys_of(answer), "calling again flashes once more"
    assert keys_of(once_more)[1:] == keys_of(answer)[1:]


def test_thirty_screens_ask_the_database_once_in_half_a_second(app, client, house):
    client.get(f"{PLACE}/now")
    with statements(app) as sent:
        for _ in range(30):
            assert client.get(f"{PLACE}/now").status_code == 200
    assert sent == []


def test_one_small_statement_reads_the_board(app, client, house, arranging, thursday):  # noqa: F811
    with arranging() as session:
        walk_in(session)
        call(session, house)
    client.get(f"{PLACE}/now")  # the door is looked at every ten seconds
    thursday.shift(2)
    with statements(app) as sent:
        client.get(f"{PLACE}/now")
    assert len([one for one in sent if one.startswith("SELECT")]) == 1


def test_a_clock_set_back_does_not_freeze_the_board(client, house, arranging, thursday):  # noqa: F811
    _answer, tag = asks_again(client, thursday)
    with arranging() as session:
        walk_in(session)
        call(session, house)
    thursday.shift(-3600)
    answer, _tag = asks_again(client, thursday, tag)
    assert answer.status_code == 200


def test_the_page_refreshes_itself_where_no_script_runs(client, house):
    assert '<noscript><meta http-equiv="refresh"' in client.get_page(PLACE).html


def test_it_says_closed_as_soon_as_the_house_is_closed_for_today(client, house, arranging, thursday):  # noqa: F811
    thursday.move_to(f"{THURSDAY} 10:30")
    _answer, open_mark = asks_again(client, thursday)
    assert "shut" not in client.get_page(PLACE).one("body").get("class", [])
    with arranging() as session:
        place = catalogue.place(session)
        today = board.clock.today(place.timezone)
        session.add(
            catalogue.ClosedTime(
                place_id=place.id, first_day=today, last_day=today, reason=catalogue.ClosedFor.STAFF,
                closed_at=board.clock.now(), closed_by="staff 1",
            )
        )  # fmt: skip
    thursday.shift(60)
    answer, mark = asks_again(client, thursday, open_mark)
    assert (answer.status_code, answer.json["shut"], mark == open_mark) == (200, True, False)
    page = client.get_page(f"{PLACE}?languages=da,en,ar")
    assert "shut" in page.one("body")["class"]
    assert "Closed now" in page.one(".door").text


# --- thirty screens ----------------------------------------------------------------------------------------

SCREENS, STEP = 30, 0.1
"""Screens, and seconds between two looks at who is to ask now."""


class Screen:
    """One wall that asks as the board's script does: again so long after the last answer, with its mark."""

    def __init__(self, app, starts_at):
        self.client, self.asks_at, self.mark, self.shows = app.test_client(), starts_at, None, ""
        self.asked_since_call = 0

    def ask(self, now, every):
        answer = self.client.get(f"{PLACE}/now", headers={"If-None-Match": self.mark} if self.mark else {})
        if answer.status_code == 200:
            self.mark, self.shows = answer.headers["ETag"], answer.json["calls"]
        self.asks_at = now + every


def every_of_the_script():
    """Seconds between two questions, as board.js has it."""
    [said] = re.findall(r"\bEVERY = (\d+)", (STATIC / "board.js").read_text())
    return int(said) / 1000


def all_ask(screens, clock_, since, until, every):
    """Time goes on in steps; those whose turn it is ask at once, each in a thread. Yields after each step."""
    with ThreadPoolExecutor(SCREENS) as threads:
        for step in range(round((until - since) / STEP)):
            now = since + step * STEP
            due = [one for one in screens if one.asks_at <= now + 1e-9]
            list(threads.map(lambda one: one.ask(now, every), due))  # noqa: B023 - awaited at once
            yield now, due
            clock_.shift(STEP)


def seen_after(app, house, arranging, thursday, every):  # noqa: F811
    """For each screen, how many seconds after a call it showed it, and how often it had to ask for that."""
    screens = [Screen(app, starts_at=number * every / SCREENS) for number in range(SCREENS)]
    with arranging() as session:
        walk_in(session)
    for _ in all_ask(screens, thursday, 0, 4, every):
        pass
    assert not any("A1" in one.shows for one in screens) and all(one.mark for one in screens)
    with arranging() as session:
        call(session, house)
    found = {}
    for now, due in all_ask(screens, thursday, 4, 12, every):
        for one in due:
            one.asked_since_call += 1
            if "A1" in one.shows:
                found.setdefault(one, (now - 4, one.asked_since_call))
    assert len(found) == SCREENS
    return list(found.values())


def test_a_call_is_on_thirty_screens_within_three_seconds(app, house, arranging, thursday):  # noqa: F811
    """The clock is the test's own: no machine is too slow for it. Two questions each are enough, always."""
    every = every_of_the_script()
    assert every + pages.REMEMBERED.total_seconds() <= 3
    found = seen_after(app, house, arranging, thursday, every)
    assert max(seconds for seconds, _asked in found) <= 3
    assert {asked for _seconds, asked in found} <= {1, 2}


def test_boards_that_remembered_for_longer_would_be_late(app, house, arranging, thursday, monkeypatch):  # noqa: F811
    """The control: the same thirty screens find an answer that is kept for three seconds."""
    monkeypatch.setattr(pages, "REMEMBERED", timedelta(seconds=3))
    found = seen_after(app, house, arranging, thursday, every_of_the_script())
    assert max(seconds for seconds, _asked in found) > 3
