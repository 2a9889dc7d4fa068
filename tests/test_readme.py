"""Everything the README and the pages beside it say is tried here: prose rots."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
import yaml

import house.app  # noqa: F401 - loads every table
import up
from house import cli, config, forgetting
from house.languages import LANGUAGES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_is_there(page):
    for where in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in where:
            assert (page.parent / where).exists(), f"{page.name} points to {where}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_named_in_the_docs_is_there(page):
    text = page.read_text(encoding="utf-8")
    for where in re.findall(r"`((?:house|tests|docs|bench|translations|migrations)/[\w./-]+)`", text):
        assert (ROOT / where).exists(), f"{page.name} names {where}"


def test_the_readme_names_every_command_and_no_other():
    table = README.split("| `house …` | does |")[1].split("##")[0]
    named = set(re.findall(r"`([a-z-]+(?: [a-z-]+)?)`", table))
    there = set()
    for name, command in cli.main.commands.items():
        there |= {f"{name} {sub}" for sub in command.commands} if hasattr(command, "commands") else {name}
    assert named == there


def test_the_numbers_of_the_readme_are_true():
    catalogue = yaml.safe_load((ROOT / "house/catalogue/data/services.yaml").read_text(encoding="utf-8"))
    services, authorities = len(catalogue["services"]), len(catalogue["authorities"])
    assert f"{services} real services of {authorities} authorities" in README
    assert len(LANGUAGES) == 12 and "**Twelve languages**" in README
    assert sum(one.dir == "rtl" for one in LANGUAGES) == 2 and "two of them from right to left" in README


def test_the_two_commands_are_understood():
    assert "python3 up.py\n" in README and "python3 up.py test\n" in README
    for option in ("--port", "--quick"):
        assert option in README and option in (ROOT / "up.py").read_text(encoding="utf-8")
    assert callable(up.main)


def test_every_setting_is_documented_and_every_documented_setting_is_read():
    source = (ROOT / "house" / "config.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"(HOUSE_[A-Z_]+)"', source))
    assert set(re.findall(r"^\| `(HOUSE_[A-Z_]+)`", OPERATING, re.M)) == read
    gateway = len(dataclasses.fields(config.SmsGateway)) - 1  # one field, several settings
    assert len(dataclasses.fields(config.Config)) - 1 + gateway == len(read)  # `testing` is for tests alone


def test_every_fate_in_the_docs_is_the_codes_own():
    text = (ROOT / "docs" / "data-protection.md").read_text(encoding="utf-8")
    told = {}
    for names, fate in re.findall(r"^\| (`.+?`) \| .+? \| (.+?) \|$", text, re.M):
        told |= dict.fromkeys(re.findall(r"`([a-z_.]+)`", names), fate)
    assert told == forgetting.fates()


def test_the_figures_of_the_readme_are_those_of_the_last_bench():
    results = json.loads((ROOT / "bench" / "results" / "pages.json").read_text(encoding="utf-8"))
    shown = README.split("<!-- figures -->")[1].split("<!-- /figures -->")[0]
    for page in results["pages"]:
        assert f"{page['ratio']:.1f}" in shown, page["name"]
