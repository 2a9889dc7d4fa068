"""Guidance at the desk: what to tell in the visitor's language beside the staff's, and writing it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from house import clock, formats, paper
from house.catalogue import face as catalogue
from house.catalogue.face import About, Advice, Topic
from house.db import db
from house.forms import ActionForm, HouseForm
from house.intake import guidance, guidance_words, hooks
from house.intake.guidance import Person, Told
from house.intake.guidance_forms import AskedForm, GuidanceForm
from house.intake.guidance_models import Guidance, GuidanceChannel, GuidanceEnd
from house.intake.models import Visit
from house.intake.views import bp
from house.intake.views.at_desk import COUNTER, actor, at_the_desk, authorities, sits_there
from house.languages import BY_TAG, current, speak
from house.pages import address
from house.people import face as people
from house.problems import NotHere, Problem

ENTRY = f"<int(max={2**63 - 1}):guidance_id>"
NOBODY = 0


@dataclass(frozen=True)
class Shown:
    """What the page shows: whom it may be for, about what, and in which language."""

    people: list[Person]
    about: About | None
    language: str

    @property
    def mine(self) -> Person | None:
        """The person at my counter."""
        return next((one for one in self.people if one.at_my_counter), None)


@bp.get("/desk/guidance")
@at_the_desk
def desk_guidance() -> ResponseReturnValue:
    """What is told about an entry; at first about what the person at my counter came for."""
    return _page(_shown(request.args.get("about"), request.args.get("language")))


@bp.post("/desk/guidance/note")
@at_the_desk
def desk_guidance_note() -> ResponseReturnValue:
    """Write down what was told, and send the summary if an address was given; twice is once."""
    form, session = GuidanceForm(), db.session()
    shown = _shown(form.about.data, form.language.data)
    _offer(form, shown)
    if not form.validate():
        if shown.about is None and form.about.errors:  # it is not in the catalogue any more
            form.say_only(str(form.about.errors[0]))
        return _page(shown, form)
    if form.once.data and not people.first_time(session, form.once.data):
        flash(_("This is written down already."))
        return redirect(url_for("intake.desk_guidance"), 303)
    try:
        row = guidance.note(session, _told(form), actor())
    except Problem as problem:
        db.session.rollback()
        form.form_errors.append(guidance_words.REFUSALS["not_here"])
        return _page(shown, form, 409 if isinstance(problem, NotHere) else problem.status)
    if form.email.data:
        guidance.send(session, row, form.email.data)
    db.session.commit()
    flash(_("The guidance is written down."), "good")
    return redirect(url_for("intake.desk_guidance", noted=row.id), 303)


@bp.post(f"/desk/guidance/{ENTRY}/remove")
@at_the_desk
def desk_guidance_remove(guidance_id: int) -> ResponseReturnValue:
    """Take my own entry back; its letter does not leave."""
    form, session = ActionForm(), db.session()
    if not form.validate():
        return _page(_shown(None, None), refused=form)
    try:
        guidance.remove(session, guidance_id, actor())
    except NotHere:
        raise
    except Problem as problem:
        db.session.rollback()
        form.form_errors.append(guidance_words.REFUSALS[problem.code])
        return _page(_shown(None, None), status=problem.status, refused=form)
    db.session.commit()
    flash(_("The entry is taken back."), "good")
    return redirect(url_for("intake.desk_guidance"), 303)


@bp.get(f"/desk/guidance/{ENTRY}/paper")
@at_the_desk
def desk_guidance_paper(guidance_id: int) -> ResponseReturnValue:
    """What was told, on A4, in the visitor's language."""
    row = guidance.one_of_mine(db.session(), guidance_id, actor())
    told = guidance.said(db.session(), row)
    with speak(row.language):
        sheet = paper.typeset("guidance", _sheet(told, row))
    return Response(
        sheet, content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="guidance.pdf"', "Cache-Control": "no-store"},
    )  # fmt: skip


# --- the page ---------------------------------------------------------------------------------------------


def _shown(about: str | None, language: str | None) -> Shown:
    session = db.session()
    here = guidance.here(session, browser.get(COUNTER))
    if authorities(session):  # an adviser of one authority is told of nobody else's visitors
        here = [one for one in here if one.at_my_counter and sits_there(session)]
    mine = next((one for one in here if one.at_my_counter), None)
    if about is None and mine is not None:
        about = f"service:{mine.service}"
    tongue = language if language in BY_TAG else mine.language if mine else current().tag
    return Shown(here, _about(session, about), tongue)


def _about(session: Session, code: str | None) -> About | None:
    try:
        about = catalogue.read_about(code or "")
    except NotHere:
        return None
    return about if about in catalogue.can_be_asked(session) else None


def _choices(session: Session) -> list[tuple[str, str]]:
    return [(about.code, said.text) for about, said in catalogue.can_be_asked(session).items()]


def _offer(form: GuidanceForm, shown: Shown) -> None:
    """Lay out what can be chosen: the entries, what there is to tell, and who is here."""
    session = db.session()
    form.about.choices = _choices(session)
    advice = catalogue.advice(session, shown.about) if shown.about else None
    form.offer([topic.value for topic in advice.topics] if advice else [])
    people_here = [(one.visit_id, _("Ticket %(ticket)s", ticket=one.ticket)) for one in shown.people]
    form.visit.choices = [(NOBODY, _("Somebody without a ticket")), *people_here]


def _told(form: GuidanceForm) -> Told:
    topics = (form.topics.data or ()) if "topics" in form else ()
    return Told(
        catalogue.read_about(form.about.data), tuple(Topic(one) for one in topics), form.language.data,
        GuidanceChannel(form.channel.data), GuidanceEnd(form.ended.data), form.visit.data or None,
    )  # fmt: skip


def _page(
    shown: Shown,
    form: GuidanceForm | None = None,
    status: int | None = None,
    refused: HouseForm | None = None,
) -> ResponseReturnValue:
    session = db.session()
    ask = AskedForm(formdata=None, about=shown.about.code if shown.about else "", language=shown.language)
    ask.about.choices = [("", _("Please choose")), *_choices(session)]
    if form is None and shown.about is not None:
        form = _empty(shown)
    entries = guidance.mine_today(session, actor())
    names = {about.code: said for about, said in catalogue.can_be_asked(session).items()}
    page = render_template(
        "intake/desk_guidance.html", ask=ask, form=form, refused=refused or form, shown=shown, names=names,
        theirs=_advice_in(shown, shown.language), entries=entries, words=guidance_words,
        mine=_advice_in(shown, current().tag) if shown.language != current().tag else None,
        can_remove=guidance.can_remove, hand_over=_hand_over, noted=request.args.get("noted", type=int),
    )  # fmt: skip
    return page, status or (form or refused or ask).status


def _hand_over(row: Guidance) -> str | None:
    """Where whoever was sent on can be handed over, and followed until it ends."""
    visit = db.session().get(Visit, row.visit_id) if row.visit_id else None
    reference = visit.reference if visit else None
    return next((page(row.about, row.language, reference) for page in hooks.hand_over_pages), None)


def _empty(shown: Shown) -> GuidanceForm:
    """The form as it opens: the first topic, a way out already sent on, the person at my counter."""
    about = shown.about
    ended = GuidanceEnd.ROUTED if about and about.kind == "routes" else GuidanceEnd.ADVISED
    form = GuidanceForm(
        formdata=None, about=about.code if about else "", language=shown.language, ended=ended.value,
        visit=shown.mine.visit_id if shown.mine else NOBODY,
    )  # fmt: skip
    _offer(form, shown)
    if "topics" in form and about is not None:
        told = list(catalogue.advice(db.session(), about).topics)
        form.topics.data = [Topic.BRING.value] if Topic.BRING in told else [told[0].value]
    return form


def _advice_in(shown: Shown, tag: str) -> dict[str, Any] | None:
    """The advice as a piece of the page in one language: whoever reads it turns the screen."""
    if shown.about is None:
        return None
    with speak(tag) as language:
        advice: Advice = catalogue.advice(db.session(), shown.about)
        piece = render_template("intake/guidance_advice.html", advice=advice, words=guidance_words)
    return {"language": language, "piece": Markup(piece)}  # noqa: S704 - our own template


def _sheet(told: dict[str, Any], row: Guidance) -> dict[str, Any]:
    """What stands on the paper, as plain texts in the language of the moment."""
    config = current_app.extensions["house-config"]
    place = catalogue.place(db.session())
    authority = told["authority"]
    return {
        "title": _("What we told you"), "house": config.house_name,
        "made": formats.day(clock.local(row.at, place.timezone).date()),
        "where": told["link"] or address("front.home", lang_tag=current().tag),
        "note": _("Rules change. Ask the authority if you are not sure."),
        "name": _text(told["name"]), "authority": _text(authority) if authority else None,
        "ending": guidance_words.ending(told["ended"]),
        "parts": [
            {"heading": heading, "lines": [_text(one) for one in lines]}
            for heading, lines in guidance_words.told_topics(told)
        ],
    }  # fmt: skip


def _text(said: Sequence[str]) -> dict[str, str]:
    return {"text": said[0], "lang": said[1]}
