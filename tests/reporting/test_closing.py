"""Closing months: in order, once, after ten days; nothing shown of fewer than five; nothing changes after."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house.audit import Act
from house.reporting import cubes, releasing
from house.reporting.closing import close_due, close_month
from house.reporting.contacts import record_contact
from house.reporting.models import ClosedMonth, Contact, ExactCell, Release, ReleasedCell, parted
from tests import houses
from tests.reporting.recording import FEWER, MORE, USUAL, contacts, fingerprint, middle_of, offer, published


def closed(session: Session) -> list[str]:
    return list(session.scalars(select(ClosedMonth.month).order_by(ClosedMonth.month)))


def test_a_close_releases_noisy_figures_and_keeps_the_exact_ones_apart(engine_app: Flask) -> None:
    with houses.arranging(engine_app) as session:
        contacts(session, "2026-10", 40, 5, key=FEWER)
        assert close_month(session, "2026-10")
        assert published(session, "2026-10") == 195
        assert published(session, "2026-10", service="cpr", channel="booked") == 195
        assert published(session, "2026-10", channel="walk_in") is None
        exact = session.scalars(
            select(ExactCell).where(ExactCell.cube == "ops", ExactCell.dimensions == "")
        ).one()
        assert (exact.n, exact.k, exact.p) == (200, 0, 40)


@pytest.mark.parametrize(("persons", "shown"), [(0, False), (3, False), (4, True)])
def test_no_figure_rests_on_one_visitor_without_an_address_who_came_often(
    session: Session, persons: int, shown: bool
) -> None:
    for _ in range(20):
        record_contact(session, at=middle_of("2026-10"), **USUAL)
    if persons:
        contacts(session, "2026-10", persons)
    close_month(session, "2026-10")
    assert (published(session, "2026-10") is not None) is shown


def test_the_same_contacts_have_the_same_figure_in_every_table(session: Session) -> None:
    contacts(session, "2026-10", 40, authority="sirius", wait_band="5_9")
    close_month(session, "2026-10")
    rows = select(ReleasedCell.cube, ReleasedCell.value).where(ReleasedCell.dimensions == "")
    totals = dict(session.execute(rows).all())
    assert totals["ops"] == totals["body"] == totals["wait"] is not None


def test_a_close_is_idempotent_and_in_order(session: Session) -> None:
    contacts(session, "2026-09", 6)
    contacts(session, "2026-11", 6)
    with pytest.raises(ValueError, match="2026-09"):
        close_month(session, "2026-10")
    assert close_month(session, "2026-09")
    with pytest.raises(ValueError, match="2026-10"):
        close_month(session, "2026-11")
    before = fingerprint(session, "2026-09", "2026-Q3")
    assert not close_month(session, "2026-09")
    assert not close_month(session, "2026-08")
    assert fingerprint(session, "2026-09", "2026-Q3") == before
    assert closed(session) == ["2026-09"]
    acts = session.scalars(select(Act.subject).where(Act.verb == "month_closed")).all()
    assert acts == ["2026-09"]


def test_a_month_rests_for_ten_days_on_the_wall(session: Session) -> None:
    contacts(session, "2026-08", 6)
    contacts(session, "2026-10", 6)
    # A second before, and at, midnight on the eleventh of November in Copenhagen.
    assert close_due(session, datetime(2026, 11, 10, 22, 59, 59, tzinfo=UTC)) == 2
    assert closed(session) == ["2026-08", "2026-09"]
    assert close_due(session, datetime(2026, 11, 10, 23, 0, tzinfo=UTC)) == 1
    assert close_due(session, datetime(2026, 11, 30, tzinfo=UTC)) == 0
    assert closed(session) == ["2026-08", "2026-09", "2026-10"]


def test_nothing_is_due_in_a_house_without_contacts(session: Session) -> None:
    assert close_due(session, datetime(2026, 11, 30, tzinfo=UTC)) == 0


def test_quarter_and_year_are_released_with_their_last_month(session: Session) -> None:
    for month in ("2026-10", "2026-11", "2026-12"):
        contacts(session, month, 20, key=FEWER)
        close_month(session, month)
    periods = set(session.scalars(select(Release.period)))
    assert periods == {"2026-10", "2026-11", "2026-12", "2026-Q4", "2026"}
    # Twenty people in three months are sixty contacts, of twenty people.
    exact = select(ExactCell.n, ExactCell.p).where(
        ExactCell.cube == "ops", ExactCell.dimensions == "", ExactCell.period.in_(["2026-Q4", "2026"])
    )
    assert [tuple(row) for row in session.execute(exact)] == [(60, 20), (60, 20)]
    assert published(session, "2026-Q4") == 55


def test_a_late_record_changes_no_byte_of_what_was_released(engine_app: Flask) -> None:
    with houses.arranging(engine_app) as session:
        contacts(session, "2026-09", 30)
        close_month(session, "2026-09")
        before = fingerprint(session, "2026-09", "2026-Q3")
    with houses.arranging(engine_app) as session:
        record_contact(
            session, at=middle_of("2026-09"), person="late@example.dk", service="cpr", channel="walk_in",
            outcome="missed",
        )  # fmt: skip
        contacts(session, "2026-10", 30)
        assert fingerprint(session, "2026-09", "2026-Q3") == before
        close_month(session, "2026-10")
    with houses.looking(engine_app) as session:
        assert fingerprint(session, "2026-09", "2026-Q3") == before
        months = session.execute(
            select(Contact.month, func.count()).group_by(Contact.month).order_by(Contact.month)
        )
        assert [tuple(row) for row in months] == [("2026-09", 30), ("2026-10", 31)]


@pytest.mark.parametrize(("people", "each", "shown"), [(4, 10, None), (5, 8, 45), (1, 40, None)])
def test_what_fewer_than_five_people_did_is_hidden_however_much_it_is(
    session: Session, people: int, each: int, shown: int | None
) -> None:
    contacts(session, "2026-10", people, each, key=MORE)
    close_month(session, "2026-10")
    assert published(session, "2026-10") == shown
    assert published(session, "2026-10", service="cpr", channel="booked", outcome="served") is None
    values = session.scalars(select(ReleasedCell.value).where(ReleasedCell.value.is_not(None))).all()
    assert all(value >= 5 for value in values) and bool(values) == bool(shown)


def test_no_published_figure_rests_on_fewer_than_five_people(session: Session) -> None:
    for people in range(1, 12):
        contacts(session, "2026-10", people, 3, service=f"service{people}")
    close_month(session, "2026-10")
    both = select(ExactCell.p, ReleasedCell.value).join(
        ReleasedCell,
        (ExactCell.cube == ReleasedCell.cube)
        & (ExactCell.period == ReleasedCell.period)
        & (ExactCell.dimensions == ReleasedCell.dimensions)
        & (ExactCell.coordinates == ReleasedCell.coordinates),
    )
    shown = [(persons, value) for persons, value in session.execute(both) if value is not None]
    assert len(shown) > 10 and all(persons >= 5 and value >= 5 for persons, value in shown)


def of_one_house(app: Flask, monkeypatch: pytest.MonkeyPatch, *groups: dict[str, Any]) -> dict[str, str]:
    offer(monkeypatch, "cpr", "tax")  # after the house was built, which plugs in the catalogue
    with houses.arranging(app) as session:
        for group in groups:
            contacts(session, "2026-10", **{"key": FEWER, **group})
        close_month(session, "2026-10")
        return dict(session.execute(select(Release.cube, Release.sha256)).all())


def test_a_zero_looks_like_any_small_count(app_factory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A10: the same bytes for different hidden truths; here nobody at all, four people, and four often."""
    nobody = of_one_house(app_factory(), monkeypatch)
    assert of_one_house(app_factory(), monkeypatch, {"people": 4}) == nobody
    assert of_one_house(app_factory(), monkeypatch, {"people": 4, "each": 10}) == nobody
    assert of_one_house(app_factory(), monkeypatch, {"people": 6, "each": 10}) != nobody


def test_the_same_bytes_for_different_hidden_truths(
    app_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A10: where every margin is the same, who hid where inside cannot be told."""
    crowd = [{"people": 40, "service": service} for service in ("cpr", "tax")]
    one = [
        {"people": 2, "service": "cpr", "channel": "walk_in"},
        {"people": 2, "service": "tax", "channel": "phoned"},
    ]
    other = [
        {"people": 2, "service": "cpr", "channel": "phoned"},
        {"people": 2, "service": "tax", "channel": "walk_in"},
    ]
    assert of_one_house(app_factory(), monkeypatch, *crowd, *one) == of_one_house(
        app_factory(), monkeypatch, *crowd, *other
    )


def test_every_row_is_always_there(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "cpr", "tax", "bank")
    contacts(session, "2026-10", 30)
    close_month(session, "2026-10")
    rows = (
        select(func.count())
        .select_from(ReleasedCell)
        .where(ReleasedCell.cube == "ops", ReleasedCell.dimensions == "service|channel")
    )
    assert session.scalar(rows) == 4 * 6  # three services and unknown, six channels
    exact = select(func.count()).select_from(ExactCell)
    assert session.scalar(exact) == session.scalar(select(func.count()).select_from(ReleasedCell))


def test_a_service_that_was_removed_keeps_its_row(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "cpr", "tax")
    contacts(session, "2026-09", 30, service="tax", key=FEWER)
    close_month(session, "2026-09")
    offer(monkeypatch, "cpr")
    contacts(session, "2026-10", 30, service="tax", key=FEWER)
    contacts(session, "2026-11", 30, service="cpr")
    close_month(session, "2026-10")
    close_month(session, "2026-11")
    assert published(session, "2026-10", service="tax") == 25
    # Nobody asked for it in November: its row is there all the same, and tells no zero.
    assert published(session, "2026-11", service="tax") is None


def test_a_release_is_signed_over_what_is_stored(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "cpr", "tax")
    contacts(session, "2026-09", 30)
    close_month(session, "2026-09")
    for release in session.scalars(select(Release)).all():
        rows = session.scalars(
            select(ReleasedCell).where(
                ReleasedCell.cube == release.cube, ReleasedCell.period == release.period
            )
        )
        again = releasing.canonical_json(
            releasing.Row(
                row.cube, row.period, parted(row.dimensions), parted(row.coordinates), row.value,
                releasing.Status(row.status),
            )
            for row in rows
        )  # fmt: skip
        assert releasing.signature(again) == release.sha256
    assert session.scalar(select(func.count()).select_from(Release)) == 2 * (len(cubes.CUBES) - 1)


def close_october(app: Flask, number: int) -> bool:
    with houses.arranging(app) as session:
        return close_month(session, "2026-10")


def record_one(app: Flask, number: int) -> bool:
    with houses.arranging(app) as session:
        if number % 2:
            return close_month(session, "2026-10")
        record_contact(session, at=middle_of("2026-10"), service="cpr", channel="booked", outcome="served")
        return False


@pytest.mark.races
def test_one_of_many_closers_closes(engine_app: Flask, race: Any) -> None:
    with houses.arranging(engine_app) as session:
        contacts(session, "2026-10", 30)
    assert sorted(race(close_october, runners=5)) == [False] * 4 + [True]


@pytest.mark.races
def test_a_record_in_the_moment_of_the_close_is_counted_or_waits_for_the_next_month(
    engine_app: Flask, race: Any
) -> None:
    with houses.arranging(engine_app) as session:
        contacts(session, "2026-10", 30)
    assert sum(race(record_one, runners=8)) == 1
    with houses.looking(engine_app) as session:
        in_month = session.scalar(select(func.count()).select_from(Contact).where(Contact.month == "2026-10"))
        assert in_month == session.scalar(
            select(ExactCell.n).where(
                ExactCell.cube == "ops", ExactCell.dimensions == "", ExactCell.period == "2026-10"
            )
        )
        assert session.scalar(select(func.count()).select_from(Contact)) == 34
