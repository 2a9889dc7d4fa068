"""The HTML checker finds what is wrong and leaves in peace what is right and new."""

import pytest

from . import nu

if reason := nu.why_not():
    pytest.skip(reason, allow_module_level=True)

PAGE = """<!DOCTYPE html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>House</title>
<style>:root {{ color-scheme: light dark; color: light-dark(#111, #eee); margin-inline: 1rem }}
@layer base {{ p {{ inset-block-start: 0 }} }} @container (min-width: 20rem) {{ p {{ color: red }} }}</style>
</head><body><main><h1>House</h1>{}</main></body></html>"""

MODERN = """<dialog id="d"><p>Sure?</p></dialog><div popover id="p">More</div>
<button popovertarget="p">Open</button><div inert><p>Later</p></div>
<search><form action="/find"><label>Name <input name="q"></label></form></search>
<details name="one"><summary>Why?</summary>So.</details>
<p aria-description="note"><bdi dir="ltr">AB-12</bdi></p>"""

WRONG = {
    "a div in a p": "<p><div>x</div></p>",
    "an image without words": '<img src="a.png">',
    "a label for nothing": '<label for="nope">Name</label>',
    "the same id twice": '<p id="a">x</p><p id="a">y</p>',
    "a paragraph in a list": "<ul><p>x</p></ul>",
    "an unknown role": '<p role="nonsense">x</p>',
    "a broken style": '<p style="colour: red">x</p>',
    "only a warning, a role it has anyway": '<nav role="navigation"><a href="/">x</a></nav>',
}


@pytest.fixture(scope="module")
def found() -> list[str]:
    """One start of the checker for all pages, as everywhere."""
    wrong = {name: PAGE.format(body) for name, body in WRONG.items()}
    return nu.check_html({"good 1": PAGE.format(""), **wrong, "good 2": PAGE.format(MODERN)})


def test_modern_html_passes(found: list[str]) -> None:
    assert [message for message in found if message.startswith("good")] == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found(found: list[str], name: str) -> None:
    assert [message for message in found if message.startswith(f"{name}:")]


def test_a_message_says_where_and_shows_the_line(found: list[str]) -> None:
    [message] = [message for message in found if message.startswith("an image without words:")]
    assert message.startswith("an image without words:5:34: error: ")
    assert '<img src="a.png">' in message


def test_no_pages_need_no_java() -> None:
    assert nu.check_html({}) == []


def test_a_checker_that_cannot_work_is_not_taken_for_a_good_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nu, "QUICK_START", ["-Xss200k", "-XX:TieredStopAtLevel=1"])
    with pytest.raises(RuntimeError, match="did not work"):
        nu.check_html({"page": PAGE.format("")})
