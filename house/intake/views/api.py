"""The API `/api/v1/`, its doorway: how bodies are read, acts that may be sent again, answers and refusals.

What it can do is in `house/intake/api/operations.py`; here and beside are the views. No cookie is read or
set: nobody is signed in, so no other site can act for anybody, and a form's token would protect nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.http import HTTP_STATUS_CODES

from house import doors, languages, repeats, sessions
from house.db import db
from house.intake import api_words
from house.intake.api.openapi import JSON, PROBLEM, description
from house.intake.api.operations import LONGEST_KEY, OPERATIONS, PREFIX, SHORTEST_KEY
from house.intake.api.reading import LARGEST_BODY, Body, Finding, Misasked, Unreadable, check, parse
from house.pages import refuse_by
from house.problems import Problem, TooMany

bp = Blueprint("api", __name__, url_prefix=PREFIX)
View = Callable[..., ResponseReturnValue]
Work = Callable[[], tuple[Body, str | None]]
"""Does it and tells what is answered, and where that is from now on."""
_KEY = re.compile(f"[!#-~]{{{SHORTEST_KEY},{LONGEST_KEY}}}")


class TooLarge(Problem):
    status, code = 413, "too_large"


class NotJson(Problem):
    status, code = 415, "not_json"


class BadQuery(Misasked):
    """Parameters of an address that cannot be asked."""

    status = 400


def serves(name: str) -> Callable[[View], View]:
    """Let a view do one of the operations: its route, its door and its method are theirs."""
    one = OPERATIONS[name]

    def serve(view: View) -> View:
        marked = (doors.by_link if one.by_link else doors.machine)(view)
        bp.add_url_rule(one.path.replace("{", "<").replace("}", ">"), name, marked, methods=[one.method])
        return view

    return serve


@bp.before_request
def _language() -> None:
    """The one asked for, whatever cookie comes along."""
    languages.choose_by_header()


@serves("getDescription")
def openapi() -> ResponseReturnValue:
    """What can be asked here and what is answered."""
    no_query()
    config = current_app.extensions["house-config"]
    return answer(description(config.house_name, config.base_url))


# --- what is asked ----------------------------------------------------------------------------------------


def body_of(name: str) -> Body:
    """The body of a request, as the operation's schema says; raises for everything else."""
    no_query()
    schema = OPERATIONS[name].body or ""
    data = request.get_data()
    if schema == "Nothing" and not data and not request.mimetype:
        data = b"{}"
    elif request.mimetype != JSON:
        raise NotJson()
    if len(data) > LARGEST_BODY:
        raise TooLarge()
    body = check(schema, parse(data))
    g.form_was_valid = True
    return body


def no_query() -> None:
    """Refuse parameters where there are none: one that was ignored would look like an answer."""
    query_of(())


def query_of(known: tuple[str, ...]) -> dict[str, str]:
    """The parameters of the address; an unknown one and one given twice are refused."""
    found = [Finding(name[:60], "additionalProperties") for name in request.args if name not in known]
    found += [Finding(name, "twice") for name in known if len(request.args.getlist(name)) > 1]
    if found:
        raise BadQuery(*found)
    return request.args.to_dict()


def changing(name: str, work: Work) -> Response:
    """Do the work of an operation and commit it, once for each `Idempotency-Key`.

    Nothing may be written or locked before: who comes with the same key waits here.
    """
    session, keyed = db.session(), _keyed()
    before = repeats.begin(session, keyed) if keyed else None
    if before is not None:
        return answer(**json.loads(before.answer or "{}"), status=before.status)
    told, where = work()
    kept: Body = {"told": told, "where": where, "language": languages.current().tag}
    status = OPERATIONS[name].status
    if keyed:
        repeats.note(session, keyed, status, json.dumps(kept))
    session.commit()
    return answer(**kept, status=status)


def key_is_sound() -> None:
    """Refuse a key of another shape before anything is counted or written."""
    _keyed()


def _keyed() -> repeats.Request | None:
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    quoted = len(given) > 1 and given[0] == given[-1] == '"'
    key = given[1:-1] if quoted else given
    if not _KEY.fullmatch(key):
        raise Unreadable("key_shape")
    return repeats.request_with(key, request.path, request.get_data())


# --- answers and refusals ---------------------------------------------------------------------------------


def answer(told: Any, where: str | None = None, language: str | None = None, status: int = 200) -> Response:
    """An answer as JSON, in the language of the request unless another is named."""
    response = Response(json.dumps(told, ensure_ascii=False), status, mimetype=JSON)
    if language:
        response.headers["Content-Language"] = language
    if where:
        response.headers["Location"] = where
    return response


@bp.errorhandler(Problem)
def refuse(problem: Problem, **more: Any) -> Response:
    """What a verb refuses: nothing of it was done."""
    db.session.rollback()
    if isinstance(problem, Misasked):
        place = "parameter" if isinstance(problem, BadQuery) else "pointer"
        more["errors"] = [
            {place: one.pointer, "rule": one.rule, "detail": api_words.wrong(one)} for one in problem.findings
        ]
    response = _refusal(problem.status, problem.code, **more)
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _refusal(status: int, code: str, **more: Any) -> Response:
    told = {
        "type": "about:blank", "title": api_words.heading(status), "status": status, "code": code,
        "detail": api_words.said(code, status),
    }  # fmt: skip
    return Response(json.dumps(told | more, ensure_ascii=False), status, mimetype=PROBLEM)


def _on_http(error: HTTPException) -> Response:
    """An address that leads nowhere, a method that does not work here, a fault of ours."""
    _language()
    status = error.code or 500
    code = HTTP_STATUS_CODES.get(status, "refused").lower().replace(" ", "_")
    response = _for_any_site(_refusal(status, code))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


@bp.after_request
def _for_any_site(response: Response) -> Response:
    """Any site's page may ask, for nothing is done in anybody's name; no store keeps what was answered."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = "Content-Language, Location, Retry-After"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        headers["Access-Control-Allow-Headers"] = "Accept-Language, Content-Type, Idempotency-Key"
    headers.setdefault("Content-Language", languages.current().tag)
    headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return response


bp.record_once(lambda state: refuse_by(state.app, "/api/", _on_http))
bp.record_once(lambda state: sessions.none_under(state.app, "/api/"))
