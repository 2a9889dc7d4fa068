"""The manager's report: contacts by month, service and channel, and the same as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from house import doors, formats, languages
from house.db import db
from house.doors import Role
from house.pages import conditional
from house.reporting import charting, reading, sources, tables, words
from house.reporting.codes import Channel, Outcome
from house.reporting.reading import HIDDEN, Figure

bp = Blueprint("reporting", __name__)


@bp.get("/reports/")
@doors.staff(Role.MANAGER)
def report() -> ResponseReturnValue:
    """Contacts of a closed month, the newest unless another is asked for."""
    session = db.session()
    releases = reading.releases(session)
    if not releases:
        return render_template("reporting/no_month.html")
    months = list(releases)
    month = reading.chosen(months, request.args.get("month"))
    at = months.index(month)
    before, after = months[:at][-1:], months[at + 1 :][:1]
    shown = reading.months_shown(months, month)
    totals = reading.totals(session, {*shown, *before})
    cells = reading.figures(session, month, releases[month].sha256)
    names = sources.names(session, "service")
    rows, total = tables.contacts(cells, names)
    return render_template(
        "reporting/report.html",
        month=month, before=before, after=after, day=_first_day, rows=rows, total=total,
        channels=[words.CHANNELS[code] for code in tables.CHANNELS],
        names=names, words=words, sparse=tables.mostly_hidden(rows), shares=_shares(cells),
        chart=_chart(shown, totals), charting=charting,
        last=totals.get(before[0], HIDDEN) if before else None, signed=releases[month],
    )  # fmt: skip


@bp.get("/reports/contacts.csv")
@doors.staff(Role.MANAGER)
def contacts_csv() -> ResponseReturnValue:
    """The report's table as a file: the same bytes for the same release."""
    session = db.session()
    releases = reading.releases(session)
    month = reading.chosen(list(releases), request.args.get("month"))
    cells = reading.figures(session, month, releases[month].sha256)
    response = Response(tables.contacts_csv(month, cells), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="contacts-{month}.csv"'
    return conditional(response)


def _first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def _shares(cells: reading.Figures) -> dict[str, float | None]:
    """Shares of all contacts, by what they had in common."""
    total = cells.get(((), ()), HIDDEN)
    parts = {"served": ("outcome", Outcome.SERVED), "walk_in": ("channel", Channel.WALK_IN)}
    return {
        name: tables.share(cells.get(((dimension,), (code,)), HIDDEN), total)
        for name, (dimension, code) in parts.items()
    }


def _chart(
    shown: Sequence[str], totals: Mapping[str, Figure]
) -> tuple[list[tuple[str, date, Figure, charting.Bar]], str, bool]:
    """The months with their figures and bars, what the chart says in words, and whether a value is hidden."""
    figures = [totals.get(month, HIDDEN) for month in shown]
    bars = charting.bars([one.value for one in figures], rtl=languages.current().dir == "rtl")
    days = [_first_day(month) for month in shown]
    spoken = [(formats.month(day), one) for day, one in zip(days, figures, strict=True)]
    said = " ".join(words.chart_sentences(spoken))
    return list(zip(shown, days, figures, bars, strict=True)), said, HIDDEN in figures
