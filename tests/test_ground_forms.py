"""Forms judge shape: plain lines, no CPR numbers, addresses that letters reach; lost tokens told."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from flask import Flask, Response
from hypothesis import given
from hypothesis import strategies as st
from wtforms.validators import DataRequired

from house import doors
from house.forms import EmailAddressField, HouseForm, LineField, SelectField, clean_line, has_cpr
from tests.inspecting import InspectingClient


class NameForm(HouseForm):
    name = LineField("Name", [DataRequired()], longest=20)
    email = EmailAddressField("E-mail")


@pytest.fixture
def asked(app: Flask, client: InspectingClient) -> Any:
    """Posts answers to a form and tells what became of them."""

    @app.route("/asked", methods=["GET", "POST"])
    @doors.public
    def asked() -> Response:
        form = NameForm()
        if form.validate_on_submit():
            return Response(json.dumps({"kept": form.data}, default=str), mimetype="application/json")
        token = form.csrf_token.current_token
        said = {"errors": {n: [str(e) for e in found] for n, found in form.errors.items()}, "data": form.data}
        return Response(json.dumps(said | {"token": token}), form.status, mimetype="application/json")

    def post(token: bool = True, **answers: str) -> dict[str, Any]:
        sent = {"email": "", **answers} | (
            {"csrf_token": client.get("/asked").json["token"]} if token else {}
        )
        response = client.post("/asked", data=sent)
        return {"status": response.status_code, **response.json}

    return post


def test_an_answer_is_kept_clean(asked: Any) -> None:
    answer = asked(name="  Zoë\t de  \u202eCruz\u0007 ", email="Ada@EXAMPLE.dk")
    assert answer["kept"]["name"] == "Zoë de Cruz"
    assert answer["kept"]["email"] == "Ada@example.dk"


def test_persian_joiners_survive() -> None:
    assert clean_line("می\u200cخواهم") == "می\u200cخواهم"


@given(st.text(max_size=300))
def test_a_clean_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Co") for sign in line)
    assert unicodedata.is_normalized("NFC", line)
    assert line == line.strip() and "  " not in line


@pytest.mark.parametrize("name", ["x" * 21, "x" * 1_000_000, "ё" * 500])
def test_too_much_is_refused_and_cut_for_showing(asked: Any, name: str) -> None:
    answer = asked(name=name)
    assert (answer["status"], answer["errors"]) == (422, {"name": ["Please use at most 20 signs."]})
    assert answer["data"]["name"] == name[:20]


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200b", "\x00"])
def test_nothing_is_refused_and_asked_again(asked: Any, name: str) -> None:
    assert asked(name=name)["status"] == 422


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0102031234", True),
        ("010203-1234", True),
        ("my number is 311299 1234, thanks", True),
        ("010203-123", False),
        ("4102031234", False),
        ("0113031234", False),
        ("+45 12 34 56 78", False),
        ("99000012", False),
        ("20101020312345", False),
    ],
)
def test_what_is_shaped_like_a_cpr_number_is_seen(text: str, found: bool) -> None:
    assert has_cpr(text) is found


def test_a_cpr_number_is_refused_kindly(asked: Any) -> None:
    answer = asked(name="Ada 010203-1234")
    assert answer["errors"]["name"] == ["Please do not write a CPR number here. We do not need it."]


@pytest.mark.parametrize(
    "email",
    ["ada", "ada@", "@example.dk", "ada@example", "a b@example.dk", "ada@example.dk,eve@example.dk",
     "ada@example.dk\r\nBcc: eve@example.dk", '"a"@@example.dk', "a" * 250 + "@example.dk"],
)  # fmt: skip
def test_an_address_that_reaches_nobody_or_two_is_refused(asked: Any, email: str) -> None:
    answer = asked(name="Ada", email=email)
    assert answer["status"] == 422
    assert set(answer["errors"]) == {"email"}


def test_a_lost_token_is_a_sentence_and_the_answers_stay(asked: Any) -> None:
    answer = asked(token=False, name="Ada")
    assert answer["status"] == 422
    [sentence] = answer["errors"]["csrf_token"]
    assert sentence.startswith("The page was open for a long time.")
    assert answer["data"]["name"] == "Ada"


def test_a_token_of_another_browser_is_refused(app: Flask, asked: Any) -> None:
    other = app.test_client().get("/asked").json["token"]
    assert asked(token=False, name="Ada", csrf_token=other)["status"] == 422


def test_what_a_list_offers_is_told_as_pairs_and_anything_else_is_refused(app: Flask) -> None:
    class Asked(HouseForm):
        late = SelectField("When", choices=[("now", "At once")])

    with app.test_request_context("/", method="POST", data={"late": "later"}):
        form = Asked(meta={"csrf": False})
        assert [(one.value, one.label) for one in form.late.choices] == [("now", "At once")]
        assert not form.validate()
        assert form.errors["late"] == ["Not a valid choice."]
        form.late.choices = [("later", "Later"), ("now", "At once")]
        assert form.validate()
        assert 'selected value="later"' in str(form.late())
