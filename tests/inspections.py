"""What every answer and every page owes; each rule is a function that yields a sentence for each breach.

`findings_in_answer` looks at headers, `findings_in_page` at HTML. `test_ground_inspections.py` plants a fault
for each rule and sees it found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from house.languages import BY_TAG
from tests.dom import UNSEEN, Element, Parsed, parse

HOST = "127.0.0.1:8000"
BASE = f"http://{HOST}"
UNFINISHED = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{#|%\(|\)s\b(?<=%\)s)|<bound method|<function|<house\.|<flask|object at 0x|"
    r"&(?:amp|lt|gt|quot|#\d+);|\bundefined\b|\bNaN\b"
)
BARE_RANGE = re.compile(r"(?<![\u2066\d:.–])\d[\d:.]*–\d[\d:.]*")
NOTHING = re.compile(r"(?:^|[\s(:,])None(?=$|[\s).,:])(?! of| yet| needed| is| are)")


@dataclass(frozen=True)
class Seen:
    """One page to be inspected."""

    html: str
    path: str
    app: Flask
    parsed: Parsed

    def select(self, css: str) -> list[Element]:
        return self.parsed.document.select(css)

    @cached_property
    def ids(self) -> Counter[str]:
        return Counter(one["id"] for one in self.select("[id]"))


Inspection = Callable[[Seen], Iterator[str]]


def is_html(seen: Seen) -> Iterator[str]:
    """Valid for the strictest parser."""
    yield from (f"The HTML is wrong: {error}" for error in seen.parsed.errors)


def has_one_heading(seen: Seen) -> Iterator[str]:
    """One h1, and the title begins with it: what a person hears first is where they are."""
    headings = seen.select("h1")
    titles = [one for one in seen.select("title") if not any(up.tag == "svg" for up in one.ancestors())]
    if len(headings) != 1:
        yield f"There must be one h1, there are {len(headings)}: {[one.text for one in headings]}."
    elif not headings[0].text:
        yield "The h1 is empty."
    elif not titles or not " ".join(titles[0].raw_text.split()).startswith(headings[0].text):
        said = " ".join(titles[0].raw_text.split()) if titles else ""
        yield f"The title must begin with the h1's words {headings[0].text!r}; it is {said!r}."


def keeps_heading_order(seen: Seen) -> Iterator[str]:
    """No level of headings is left out, for those who walk by headings."""
    before = 0
    for one in seen.parsed.document.everything():
        if not re.fullmatch(r"h[1-6]", one.tag) or "summary" in (one.parent.classes if one.parent else ()):
            continue
        level = int(one.tag[1])
        if before and level > before + 1:
            yield f"After an h{before} comes h{level} {one.text!r}; use h{before + 1}."
        before = level


def speaks_its_language(seen: Seen) -> Iterator[str]:
    """`lang` and `dir` of the page are those of the language in its address."""
    [root] = seen.select("html")
    language = BY_TAG.get(root.get("lang", ""))
    if language is None:
        yield f"<html lang={root.get('lang')!r}> is no language of the house."
        return
    if root.get("dir") != language.dir:
        yield f"<html dir> must be {language.dir!r} for {language.tag}, it is {root.get('dir')!r}."
    asked = seen.path.split("/")[1] if "/" in seen.path else ""
    if asked in BY_TAG and asked != language.tag:
        yield f"The address asks for {asked}, the page says lang={language.tag!r}."
    for one in seen.select("[dir]"):
        if one["dir"] not in ("ltr", "rtl", "auto"):
            yield f"dir={one['dir']!r} on {one!r} is not ltr, rtl or auto."


def has_each_id_once(seen: Seen) -> Iterator[str]:
    """No id twice."""
    yield from (f"The id {name!r} stands {times} times." for name, times in seen.ids.items() if times > 1)


def labels_its_fields(seen: Seen) -> Iterator[str]:
    """Every field has words that belong to it, and every label a field."""
    labelled = {one["for"] for one in seen.select("label[for]") if one.text}
    for one in seen.select("input") + seen.select("select") + seen.select("textarea"):
        if one.get("type") in ("hidden", "submit", "button", "image", "reset"):
            continue
        wrapped = any(up.tag == "label" and up.text for up in one.ancestors())
        if not (wrapped or one.get("id") in labelled or one.get("aria-label") or one.get("aria-labelledby")):
            yield f"{one!r} has no label."
    for one in seen.select("label[for]"):
        if one["for"] not in seen.ids:
            yield f"The label {one.text!r} is for #{one['for']}, which is not there."
    for one in seen.select("fieldset"):
        if not any(child.tag == "legend" and child.text for child in one.children):
            yield "A fieldset has no legend."


def points_at_what_is_there(seen: Seen) -> Iterator[str]:
    """aria-… names ids of this page."""
    for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "list", "form"):
        for one in seen.select(f"[{attribute}]"):
            if missing := [name for name in one[attribute].split() if name not in seen.ids]:
                yield f"{one!r} has {attribute} #{missing[0]}, which is not there."
            if not one[attribute].strip():
                yield f"{one!r} has an empty {attribute}."


def has_honest_forms(seen: Seen) -> Iterator[str]:
    """Every form says its method; a POST carries the token; no answers in an address; a button to press.

    A form around a part that keeps itself fresh has one for each line of that part: maybe none now.
    """
    for one in seen.select("form"):
        method = one.get("method", "").lower()
        if method not in ("get", "post"):
            yield f"The form {one!r} must say method get or post."
        token = [field for field in one.select("input[name=csrf_token]") if field.get("value")]
        if method == "post" and len(token) != 1:
            yield f"The POST form {one!r} must hold csrf_token once, it holds {len(token)}."
        if method == "get" and one.select("input[name=csrf_token]"):
            yield f"The GET form {one!r} puts csrf_token into the address."
        if not one.select("button, input[type=submit], [data-part]"):
            yield f"The form {one!r} has no button, so it needs JavaScript."
        if one.select("input[type=file]") and one.get("enctype") != "multipart/form-data":
            yield f"The form {one!r} sends a file and needs enctype multipart/form-data."


def names_its_links(seen: Seen) -> Iterator[str]:
    """Links and buttons have words, pictures an alt; nothing to click inside something to click."""
    for one in seen.select("a[href]") + seen.select("button") + seen.select("summary"):
        pictures = "".join(picture.get("alt", "") for picture in one.select("img"))
        if not (one.text or pictures or one.get("aria-label") or one.get("aria-labelledby")):
            yield f"{one!r} has no words."
        if any(up.tag in ("a", "button") for up in one.ancestors()):
            yield f"{one!r} stands inside another link or button."
    yield from (f"{one!r} has no alt." for one in seen.select("img") if one.get("alt") is None)


def is_plain_markup(seen: Seen) -> Iterator[str]:
    """No inline style, script or handler: the policy in the header forbids them, silently."""
    for one in seen.parsed.document.everything():
        for name in one.attributes:
            if name == "style" or name.startswith("on"):
                yield f"{one!r} has {name}=, which the Content-Security-Policy forbids."
        if one.tag == "style" and not any(up.tag == "svg" for up in one.ancestors()):
            yield "There is a <style> element; put it into house.css."
        if one.tag == "script" and not one.get("src") and one.get("type") != "application/ld+json":
            yield "There is an inline <script>; put it into house.js."
        where = str(one.get("href", "")).removeprefix(BASE)  # where the test house itself is
        if where.lower().startswith(("javascript:", "data:", "http:")):
            yield f"{one!r} leads to {one['href'][:40]!r}."
        if one.get("target") == "_blank":
            yield f"{one!r} opens a new window."


def is_finished(seen: Seen) -> Iterator[str]:
    """No leftovers of templates, formats or Python."""
    for words in seen.parsed.document.words():
        if found := UNFINISHED.search(words) or NOTHING.search(words):
            yield f"Leftover {found.group().strip()!r} in {' '.join(words.split())[:120]!r}."
    for one in seen.parsed.document.everything():
        for name, value in one.attributes.items():
            if UNFINISHED.search(value) or value == "None" or "=None" in value or "/None" in value:
                yield f"Leftover in {name}={value[:120]!r} of {one!r}."


def counts_forward(seen: Seen) -> Iterator[str]:
    """From right to left 10:00–15:00 begins with its end, unless it stands in a piece of its own."""
    for one in seen.parsed.document.everything():
        if one.tag in UNSEEN or _direction_of(one) != "rtl":
            continue
        for words in (one.node.text, *(child.node.tail for child in one.children)):
            if found := BARE_RANGE.search(words or ""):
                yield f"{found.group()!r} stands bare in a text from right to left: {' '.join(words.split())}"


def _direction_of(one: Element) -> str:
    """The direction said by an element or the nearest round it; a piece of its own takes its words'."""
    for up in (one, *one.ancestors()):
        if up.get("dir"):
            return str(up["dir"])
        if up.tag == "bdi":
            return "auto"
    return "ltr"


def leads_somewhere(seen: Seen) -> Iterator[str]:
    """Every address of this house on the page is a route of this house."""
    wanted = [(one, "href", "GET") for one in seen.select("a[href]") + seen.select("link[href]")]
    wanted += [(one, "src", "GET") for one in seen.select("[src]")]
    wanted += [(one, "action", one.get("method", "get").upper()) for one in seen.select("form[action]")]
    wanted += [(one, "formaction", "POST") for one in seen.select("[formaction]")]
    for one, attribute, method in wanted:
        if problem := _dead_end(seen, one[attribute], method):
            yield f"{one!r}: {attribute}={one[attribute]!r} {problem}"


def _dead_end(seen: Seen, where: str, method: str) -> str | None:
    if where.startswith(("mailto:", "tel:", "data:image/", "sms:", "webcal:")):
        return None
    if where.startswith("#"):
        return None if where[1:] in seen.ids else "points at an id that is not there."
    parts = urlsplit(urljoin(BASE + seen.path, where))
    if parts.netloc != HOST:
        return None if parts.scheme in ("https", "http") else "is no address."
    try:
        endpoint, values = seen.app.url_map.bind(HOST).match(parts.path, method=method)
    except RequestRedirect:
        return "is redirected at once; link to where it leads."
    except MethodNotAllowed:
        return f"does not answer {method}."
    except HTTPException:
        return "is no route of the house."
    if endpoint == "static" and not Path(seen.app.static_folder or "", values["filename"]).is_file():
        return "is no file in static/."
    return None


INSPECTIONS: tuple[Inspection, ...] = (
    is_html,
    has_one_heading,
    keeps_heading_order,
    speaks_its_language,
    has_each_id_once,
    labels_its_fields,
    points_at_what_is_there,
    has_honest_forms,
    names_its_links,
    is_plain_markup,
    is_finished,
    counts_forward,
    leads_somewhere,
)


def findings_in_page(html: str, path: str, app: Flask) -> list[str]:
    """Everything that is wrong with a page, a sentence each."""
    seen = Seen(html, path, app, parse(html))
    return [sentence for inspection in INSPECTIONS for sentence in inspection(seen)]


def _findings_in_policy(headers: Headers) -> list[str]:
    """What is wrong with what an answer allows; only what a page runs or shows needs none."""
    findings = []
    policy = headers.get("Content-Security-Policy", "")
    for needed in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        if needed not in policy:
            findings.append(f"Content-Security-Policy lacks {needed!r}.")
    if "unsafe" in policy or "*" in policy:
        findings.append(f"Content-Security-Policy is open: {policy!r}.")
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer", "strict-origin"):
        findings.append("Referrer-Policy must keep links with tokens inside the house.")
    return findings


def findings_in_answer(response: TestResponse) -> list[str]:
    """What is wrong with the headers of an answer, of any kind."""
    headers = response.headers
    known = response.status_code == 304 and response.request.path.startswith("/static/")  # says no kind
    files = known or response.mimetype in ("text/css", "text/javascript")
    findings = [] if files else _findings_in_policy(headers)
    if headers.get("X-Content-Type-Options") != "nosniff":
        findings.append("X-Content-Type-Options must be nosniff.")
    if not headers.get("Cache-Control"):
        findings.append("Cache-Control is missing.")
    if response.status_code >= 500:
        findings.append("A page never answers 5xx.")
    if response.status_code == 429 and not headers.get("Retry-After"):
        findings.append("429 needs Retry-After.")
    charset = response.mimetype_params.get("charset", "").lower()
    if response.mimetype == "text/html" and charset != "utf-8":
        findings.append("text/html must say charset=utf-8.")
    where = headers.get("Location", "").removeprefix(BASE)
    if "//" in urlsplit(where)._replace(query="").geturl() or "\\" in where:
        findings.append(f"The redirect leads out of the house: {headers['Location']!r}.")
    return findings
