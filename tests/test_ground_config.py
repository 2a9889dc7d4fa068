"""The house refuses to start rather than warn, and says what to set."""

from __future__ import annotations

from pathlib import Path

import pytest

from house.config import DEMO_SECRET, Misconfigured, from_environment, on_this_machine

REAL = {
    "HOUSE_SECRET": "s" * 32,
    "HOUSE_BASE_URL": "https://house.example.dk",
    "HOUSE_SMTP_URL": "smtp://user:hidden-password@mail.example.dk",
    "HOUSE_MAIL_FROM": "house@mail.example.dk",
}


def test_a_real_house_opens_with_four_settings() -> None:
    config = from_environment(REAL)
    assert (config.demo, config.secure, config.trusted_hosts) == (False, True, ("house.example.dk",))
    assert config.database_url == f"sqlite:///{Path('var').absolute() / 'house.db'}"


def test_a_demo_house_opens_with_one() -> None:
    config = from_environment({"HOUSE_DEMO": "1"})
    assert (config.demo, config.secret, config.smtp_url) == (True, DEMO_SECRET, None)
    assert "127.0.0.1" in config.trusted_hosts


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"HOUSE_SECRET": None}, "HOUSE_SECRET"),
        ({"HOUSE_SECRET": ""}, "HOUSE_SECRET"),
        ({"HOUSE_SECRET": "s" * 31}, "HOUSE_SECRET"),
        ({"HOUSE_SECRET": DEMO_SECRET}, "HOUSE_SECRET"),
        ({"HOUSE_BASE_URL": None}, "HOUSE_BASE_URL"),
        ({"HOUSE_BASE_URL": "house.example.dk"}, "HOUSE_BASE_URL"),
        ({"HOUSE_BASE_URL": "https://"}, "HOUSE_BASE_URL"),
        ({"HOUSE_BASE_URL": "ftp://house.example.dk"}, "HOUSE_BASE_URL"),
        ({"HOUSE_BASE_URL": "http://house.example.dk"}, "HOUSE_BASE_URL"),
        ({"HOUSE_SMTP_URL": None}, "HOUSE_SMTP_URL"),
        ({"HOUSE_SMTP_URL": "smpt://user:hidden-password@mail.example.dk"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_SMTP_URL": "smpt//mail"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_SMTP_URL": "mail.example.dk:25"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_SMTP_URL": "smtp://"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_SMTP_URL": "smtp://mail.example.dk:0"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_SMTP_URL": "smtp://mail.example.dk:twenty"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_SMTP_URL": "smtp://user:hidden-password@mail.example.dk:99999"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_SMTP_URL": "smtp://user:hidden-password/@mail.example.dk"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_SMTP_URL": "smtp://user:25#hidden-password@mail.example.dk"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_SMTP_URL": "smtp://mail.example.dk\n"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_MAIL_FROM": None}, "HOUSE_MAIL_FROM"),
        ({"HOUSE_MAIL_FROM": "nobody"}, "HOUSE_MAIL_FROM"),
        ({"HOUSE_MAIL_FROM": "House <house@example.dk>"}, "HOUSE_MAIL_FROM"),
        ({"HOUSE_MAIL_FROM": "house@example.dk\nBcc: eve@example.dk"}, "HOUSE_MAIL_FROM"),
        ({"HOUSE_DEMO": "1", "HOUSE_MAIL_FROM": "nobody"}, "HOUSE_MAIL_FROM"),
        ({"HOUSE_DEMO": "1", "HOUSE_SMTP_URL": "smpt//mail"}, "HOUSE_SMTP_URL"),
        ({"HOUSE_TIMEZONE": "Europe/Nowhere"}, "HOUSE_TIMEZONE"),
        ({"HOUSE_TIMEZONE": "Europe"}, "HOUSE_TIMEZONE"),
        ({"HOUSE_TIMEZONE": ""}, "HOUSE_TIMEZONE"),
        ({"HOUSE_TIMEZONE": "../../etc/localtime"}, "HOUSE_TIMEZONE"),
        ({"HOUSE_DATABASE_URL": "mysql://house:hidden-password@db/house"}, "HOUSE_DATABASE_URL"),
        ({"HOUSE_PROXIES": "one"}, "HOUSE_PROXIES"),
        ({"HOUSE_PROXIES": "-3"}, "HOUSE_PROXIES"),
        ({"HOUSE_PROXIES": ""}, "HOUSE_PROXIES"),
        ({"HOUSE_PHONE": "none"}, "HOUSE_PHONE"),
        ({"HOUSE_PHONE": "+45 99 31\n00"}, "HOUSE_PHONE"),
        ({"HOUSE_PHONE": "12"}, "HOUSE_PHONE"),
        ({"HOUSE_DEMO": "0", "HOUSE_SECRET": None}, "HOUSE_SECRET"),
        ({"HOUSE_DEMO": "false", "HOUSE_SECRET": None}, "HOUSE_SECRET"),
    ],
)
def test_what_is_missing_or_unsafe_is_refused_by_name(changes: dict[str, str | None], setting: str) -> None:
    env = {name: value for name, value in {**REAL, **changes}.items() if value is not None}
    with pytest.raises(Misconfigured, match=setting) as refusal:
        from_environment(env)
    assert "hidden-password" not in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert env.get("HOUSE_SECRET") in (None, "") or env["HOUSE_SECRET"] not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["smtp://mail.example.dk", "smtps://u%40x:p%2Fw@mail.example.dk:465/", "smtp://[::1]:2525", "smtp://relay"]
)
def test_a_sound_mail_server_is_taken_as_it_is_written(url: str) -> None:
    assert from_environment({**REAL, "HOUSE_SMTP_URL": url}).smtp_url == url


@pytest.mark.parametrize(
    ("host", "here"), [("127.0.0.2", True), ("::1", True), ("localhost", True), ("10.0.0.1", False)]
)
def test_what_is_on_this_machine(host: str, here: bool) -> None:
    assert on_this_machine(host) is here


def test_a_house_on_this_machine_may_go_without_https() -> None:
    assert not from_environment({**REAL, "HOUSE_BASE_URL": "http://127.0.0.1:8000"}).secure


def test_a_configuration_never_shows_its_secrets() -> None:
    shown = repr(
        from_environment({**REAL, "HOUSE_DATABASE_URL": "postgresql://house:hidden-password@db/house"})
    )
    assert "hidden-password" not in shown
    assert REAL["HOUSE_SECRET"] not in shown
