"""The plan's questions, one a page: answers go into the visitor's own cookie and nowhere else."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house import doors
from house.catalogue import plan_words as words
from house.catalogue.kept_answers import Kept, forget, keep, kept, not_stored
from house.catalogue.persons import people
from house.catalogue.plan_forms import QuestionForm
from house.catalogue.planning import plans_for
from house.catalogue.questions import QUESTIONS, Walk, most_to_come, walk
from house.catalogue.rulebook import Rulebook
from house.catalogue.shelf import shelf
from house.catalogue.views import bp
from house.catalogue.views.plan_fields import form_of, hints_of, lay_out
from house.db import db
from house.forms import ActionForm, HouseForm

ONE_OF = f"any({', '.join(QUESTIONS)})"


def rulebook() -> Rulebook:
    """The rules as they stand now."""
    return shelf(db.session()).rulebook


@bp.get("/<lang:lang_tag>/plan/")
@doors.public
def plan(lang_tag: str) -> ResponseReturnValue:
    """Where a newcomer begins: what it is, and the first question."""
    return beginning(lang_tag, ActionForm())


def beginning(lang_tag: str, pressed: HouseForm) -> Response:
    """The first page; `pressed` is what was sent and could not be done here."""
    visitor, form = kept(), form_of("situation")
    lay_out(form, "situation", walk(rulebook(), {}, "situation"))
    if "situation" in visitor.answers:
        form.show(visitor.answers["situation"])
    page = render_template(
        "catalogue/plan.html",
        form=form, pressed=pressed, hints=hints_of("situation"), lost=visitor.lost,
        go_on=where_next(lang_tag, visitor) if visitor.answers else None,
    )  # fmt: skip
    response = not_stored(make_response(page, pressed.status))
    return forget(response) if visitor.lost else response


@bp.get(f"/<lang:lang_tag>/plan/<{ONE_OF}:question>")
@doors.public
def plan_question(lang_tag: str, question: str) -> ResponseReturnValue:
    """One question, with what was answered before."""
    visitor = kept()
    so_far = walk(rulebook(), visitor.answers, question)
    if so_far.next != question:
        return _not_now(lang_tag, visitor)
    form = form_of(question)
    lay_out(form, question, so_far)
    if question in visitor.answers:
        form.show(visitor.answers[question])
    return _page(question, form, so_far, visitor)


@bp.post(f"/<lang:lang_tag>/plan/<{ONE_OF}:question>")
@doors.public
def answer_question(lang_tag: str, question: str) -> ResponseReturnValue:
    """Keep an answer in the visitor's browser and go on to the next question, or to the list."""
    visitor = kept()
    so_far = walk(rulebook(), visitor.answers, question)
    if so_far.next != question:
        pressed = ActionForm()
        return _not_now(lang_tag, visitor) if pressed.validate() else beginning(lang_tag, pressed)
    form = form_of(question)
    lay_out(form, question, so_far)
    if not form.validate():
        return _page(question, form, so_far, visitor)
    new = _with_what_was(visitor, visitor.answered(question, form.given()))
    return keep(not_stored(make_response(redirect(where_next(lang_tag, new), 303))), new)


@bp.post("/<lang:lang_tag>/plan/")
@doors.public
def plan_again(lang_tag: str) -> ResponseReturnValue:
    """Forget everything at once: the computer may be a shared one."""
    pressed = ActionForm()
    if not pressed.validate():
        return beginning(lang_tag, pressed)
    flash(_("Your answers are gone from this device."), "good")
    return forget(make_response(redirect(url_for("catalogue.plan", lang_tag=lang_tag), 303)))


def where_next(lang_tag: str, visitor: Kept) -> str:
    """The next question, or the list when all are answered."""
    question = walk(rulebook(), visitor.answers).next
    if question is None:
        return url_for("catalogue.plan_list", lang_tag=lang_tag)
    return url_for("catalogue.plan_question", lang_tag=lang_tag, question=question)


def _with_what_was(before: Kept, new: Kept) -> Kept:
    """Remember the list as it was before an answer changed it, so that what is new can be shown."""
    book = rulebook()
    done = walk(book, before.answers)
    if done.next is not None or before.answers == new.answers:
        return new
    plans = plans_for(db.session(), people(done.facts, done.unknown, done.answers, before.ticks))
    return new.remembering({one.who: [item.service for item in one.items] for one in plans})


def _not_now(lang_tag: str, visitor: Kept) -> ResponseReturnValue:
    """A question that is not asked now: on to the one that is; begin again where the answers are lost."""
    if visitor.answers:
        return not_stored(make_response(redirect(where_next(lang_tag, visitor), 303)))
    if visitor.lost or request.method == "POST":
        flash(_("Your answers are not here any more. Please start again."), "warn")
    return forget(make_response(redirect(url_for("catalogue.plan", lang_tag=lang_tag), 303)))


def _page(question: str, form: QuestionForm, so_far: Walk, visitor: Kept) -> Response:
    book = rulebook()
    number = len(so_far.asked) + 1
    most = number + most_to_come(book, question, so_far)
    page = render_template(
        "catalogue/plan_question.html",
        question=question, form=form, title=words.TITLES[question], hint=words.HINTS.get(question),
        hints=hints_of(question), number=number, most=most, before=so_far.asked[-1] if so_far.asked else None,
        finished=walk(book, visitor.answers).next is None,
    )  # fmt: skip
    response: Response = make_response(page, form.status)
    return not_stored(response)
