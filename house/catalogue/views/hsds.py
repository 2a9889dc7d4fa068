"""The directory as open data, `/hsds/`: Open Referral HSDS 3.1 for machines, in every language, read only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.http import HTTP_STATUS_CODES

from house import doors
from house.catalogue.hsds import openapi as api
from house.catalogue.hsds import profile as profiles
from house.catalogue.hsds.answering import answer, meant, shape
from house.catalogue.hsds.asking import LISTS, PER_PAGE, SINGLE, Finding, Misasked, page_of, read
from house.catalogue.hsds.dataset import FULL, FULL_SERVICE, Dataset, Entry
from house.catalogue.hsds.making import dataset
from house.catalogue.hsds_words import voice
from house.catalogue.shelf import shelf
from house.catalogue.subjects import record_language
from house.catalogue.views import bp as catalogue
from house.db import db
from house.languages import BY_TAG, speak
from house.pages import address, conditional, refuse_by
from house.problems import NotHere, Problem

bp = Blueprint("hsds", __name__, url_prefix="/hsds")
NAMES = "any(" + ", ".join(LISTS) + ")"


@bp.get("/")
@doors.machine
def entrance() -> ResponseReturnValue:
    """Which version and profile this is, and where it is described."""
    read((), request.args.items(multi=True))
    return _json({
        "version": api.VERSION, "profile": address("catalogue.hsds.profile"),
        "openapi_url": address("catalogue.hsds.openapi"),
        "x_house_datapackage_url": address("catalogue.hsds.datapackage"), "x_house_languages": list(BY_TAG),
    })  # fmt: skip


@bp.get("/openapi.json")
@doors.machine
def openapi() -> ResponseReturnValue:
    """The description of this API."""
    read((), request.args.items(multi=True))
    return _json(_description())


@bp.get("/profile")
@doors.machine
def profile() -> ResponseReturnValue:
    """What is said here beyond HSDS."""
    read((), request.args.items(multi=True))
    return _json(profiles.profile(address("catalogue.hsds.profile")))


@bp.get("/profile/profile/<name>.json")
@doors.machine
def profile_part(name: str) -> ResponseReturnValue:
    """What to merge into the file of this name."""
    read((), request.args.items(multi=True))
    found = profiles.part(name, _description())
    if found is None:
        raise NotHere()
    return _json(found)


@bp.get("/datapackage.zip")
@doors.machine
def datapackage() -> ResponseReturnValue:
    """All of it as tables."""
    data = _data(read(("lang",), request.args.items(multi=True)))
    name = f"hsds-{data.language}.zip"
    response = Response(data.zipped, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return conditional(_spoken(response, data))


@bp.get(f"/<{NAMES}:name>")
@doors.machine
def listing(name: str) -> ResponseReturnValue:
    """A page of a list, or all of it line by line."""
    asked = read(LISTS[name], request.args.items(multi=True))
    data = _data(asked)
    found = answer(data.lists[name].values(), asked, _meant(asked, data))
    if asked.get("format") == "ndjson":
        return _lines(found, shape(asked), data)
    return conditional(_spoken(_page(found, asked), data))


@bp.get(f"/<{NAMES}:name>/<id_>")
@doors.machine
def single(name: str, id_: str) -> ResponseReturnValue:
    """One entry with everything that belongs to it."""
    asked = read(SINGLE.get(name, ("lang",)), request.args.items(multi=True))
    data = _data(asked)
    found = data.lists[name].get(id_.lower())
    if found is None:
        raise NotHere()
    told = found.told(FULL_SERVICE if asked.get("full_service") else FULL)
    return conditional(_spoken(Response(told, mimetype="application/json"), data))


# --- answers ------------------------------------------------------------------------------------------------


def _data(asked: dict[str, Any]) -> Dataset:
    """The data in the language asked for, else one the reader prefers, else the catalogue's own."""
    session = db.session()
    tag = asked.get("lang")
    if tag is None:
        own = record_language(shelf(session).sections)
        tag = request.accept_languages.best_match([own, *BY_TAG]) or own
    elif tag not in BY_TAG:
        raise Misasked([Finding("lang", f"Expected: one of {', '.join(BY_TAG)}.")])
    with speak(tag):
        facts = (shelf(session).sections.get("meta") or {}).get("person_facts") or {}
        return dataset(session, voice(facts))


def _meant(asked: dict[str, Any], data: Dataset) -> list[str]:
    if "search" not in asked:
        return []
    with speak(data.language):
        return meant(shelf(db.session()), asked["search"])


def _page(found: list[Entry], asked: dict[str, Any]) -> Response:
    """Joined of the entries' own JSON, which is written only once."""
    per_page = asked.get("per_page") or (max(len(found), 1) if asked.get("minimal") else PER_PAGE)
    about, shown = page_of(found, asked.get("page", 1), per_page)
    contents = ",".join(one.told(shape(asked)) for one in shown)
    return Response(f'{json.dumps(about)[:-1]}, "contents": [{contents}]}}', mimetype="application/json")


def _lines(found: Iterable[Entry], wanted: str, data: Dataset) -> Response:
    def lines() -> Iterator[str]:
        for one in found:
            yield one.told(wanted) + "\n"

    return _spoken(Response(lines(), mimetype="application/x-ndjson"), data)


def _json(told: dict[str, Any]) -> Response:
    text = json.dumps(told, ensure_ascii=False, indent=2)
    return conditional(Response(text, mimetype="application/json"))


def _spoken(response: Response, data: Dataset) -> Response:
    response.headers["Content-Language"] = data.language
    response.vary.add("Accept-Language")
    return response


def _description() -> dict[str, Any]:
    config = current_app.extensions["house-config"]
    return api.description(config.house_name, f"{config.base_url}/hsds", BY_TAG)


# --- refusals and headers -----------------------------------------------------------------------------------


@bp.errorhandler(Problem)
def _on_problem(problem: Problem) -> Response:
    """What a verb refuses, with every parameter that is wrong."""
    findings = problem.findings if isinstance(problem, Misasked) else ()
    more: dict[str, Any] = {}
    if findings:
        more["detail"] = " ".join(f"{one.parameter}: {one.detail}" for one in findings)
        more["errors"] = [one._asdict() for one in findings]
    return _refusal(problem.status, more)


def _on_http(error: HTTPException) -> Response:
    """An address that leads nowhere, a method that does not work here, a fault of ours."""
    response = _for_everybody(_refusal(error.code or 500, {}))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _refusal(status: int, more: dict[str, Any]) -> Response:
    """A refusal as RFC 9457 has it."""
    told = {"type": "about:blank", "title": HTTP_STATUS_CODES.get(status, "Refused"), "status": status}
    return Response(json.dumps(told | more), status, mimetype="application/problem+json")


@bp.after_request
def _for_everybody(response: Response) -> Response:
    """Any page may read this, and any store may keep it as long as it asks whether it still holds."""
    headers: Headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = "ETag, Content-Language"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
    headers["Cache-Control"] = "public, no-cache"
    return response


bp.record_once(lambda state: refuse_by(state.app, "/hsds/", _on_http))
catalogue.register_blueprint(bp)
