"""What editors have to see to: reviews that are due, facts that are only assumed, links that fail; cases."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house import doors
from house.catalogue import acting, drafting, manage_words, reviewing, trying
from house.catalogue.change_words import way_words
from house.catalogue.entries import Kind, find
from house.catalogue.finding_forms import in_english
from house.catalogue.link_checking import failing, of_catalogue
from house.catalogue.manage_forms import ActForm, CaseForm
from house.catalogue.owning import hands
from house.catalogue.storing import stored
from house.catalogue.versions import published_number
from house.catalogue.views import bp
from house.catalogue.views.manage_desk import me, title_of, today
from house.db import db
from house.doors import Role
from house.forms import ActionForm
from house.people import face as people
from house.problems import NotHere, Problem


def _actor() -> str:
    person = people.person()
    return person.house_actor if person else "nobody"


@bp.get("/manage/catalogue/reviews")
@doors.staff(Role.EDITOR)
def manage_reviews() -> ResponseReturnValue:
    """Entries that must be looked at, each with its button, and what nobody has confirmed yet."""
    return _reviews_page()


def _reviews_page(form: ActForm | None = None) -> str:
    session = db.session()
    catalogue = stored(session)

    def may_confirm(kind: Kind, slug: str) -> bool:
        return hands(session, kind, slug, find(catalogue, kind, slug)).may_confirm(me())

    def title(kind: str, slug: str) -> str:
        return title_of(Kind(kind), slug, find(catalogue, Kind(kind), slug))

    due = reviewing.due(catalogue, today())
    return render_template(
        "catalogue/manage_reviews.html", form=form, title=title, way_words=way_words, due=due,
        unconfirmed=reviewing.unconfirmed(catalogue),
        numbers={(one.kind, one.slug): published_number(session, one.kind, one.slug) for one in due},
        mine={(one.kind, one.slug) for one in due if may_confirm(one.kind, one.slug)},
    )  # fmt: skip


@bp.post("/manage/catalogue/reviews/<any(service,authority):kind>/<slug>")
@doors.staff(Role.EDITOR)
def manage_confirm(kind: str, slug: str) -> ResponseReturnValue:
    """This is still right: from the work list, one press."""
    session, form = db.session(), ActForm()
    there = drafting.entry(session, Kind(kind), slug)
    if not form.validate():
        return _reviews_page(form), form.status
    try:
        acting.act(session, there, acting.Act.CONFIRM, form.seen_number, me(), today())
        session.commit()
    except NotHere:
        raise
    except Problem as problem:
        session.rollback()
        form.form_errors.append(manage_words.refusal(problem))
        return _reviews_page(form), problem.status
    flash(_("Confirmed today."), "good")
    return redirect(url_for("catalogue.manage_reviews"), 303)


@bp.get("/manage/catalogue/links")
@doors.staff(Role.EDITOR)
def manage_links() -> ResponseReturnValue:
    """Links of the catalogue that fail, since when, and where they stand."""
    session = db.session()
    catalogue = stored(session)
    return render_template(
        "catalogue/manage_links.html", links=failing(session), places=of_catalogue(catalogue),
        title=lambda kind, slug: title_of(kind, slug, find(catalogue, kind, slug)), words=manage_words,
    )  # fmt: skip


@bp.route("/manage/catalogue/cases", methods=["GET", "POST"])
@doors.staff(Role.EDITOR)
def manage_cases() -> ResponseReturnValue:
    """The worked cases that changes are tried on, and adding one."""
    session, form = db.session(), CaseForm()
    if not form.is_submitted() or not form.validate():
        return _cases_page(form), form.status
    try:
        trying.add_case(session, form.title.text, form.yaml.data or "", _actor())
        session.commit()
    except trying.UnreadableCase as problem:
        session.rollback()
        form.yaml.errors = [in_english(problem.reason)]
        return _cases_page(form), problem.status
    except Problem as problem:
        session.rollback()
        form.title.errors = [manage_words.refusal(problem)]
        return _cases_page(form), problem.status
    flash(_("The case is added. Every change is tried on it from now on."), "good")
    return redirect(url_for("catalogue.manage_cases"), 303)


def _cases_page(form: CaseForm) -> str:
    return render_template(
        "catalogue/manage_cases.html", form=form, bundled=trying.bundled_cases(),
        own=trying.staff_cases(db.session()), button=ActionForm(formdata=None),
    )  # fmt: skip


@bp.post("/manage/catalogue/cases/<int:id_>/remove")
@doors.staff(Role.EDITOR)
def manage_case_remove(id_: int) -> ResponseReturnValue:
    """Take a case of staff out."""
    form = ActionForm()
    if not form.validate():
        return _cases_page(CaseForm(formdata=None)), form.status
    trying.remove_case(db.session(), id_, _actor())
    db.session.commit()
    flash(_("The case is taken out."), "good")
    return redirect(url_for("catalogue.manage_cases"), 303)
