"""What the catalogue says in the templates of every wing: a condition of the rule language in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from house.catalogue import condition_words
from house.catalogue.shelf import shelf
from house.catalogue.views import bp
from house.db import db


@bp.app_template_filter("conditions")
def conditions(condition: Mapping[str, Any] | None) -> list[str]:
    """Every part of a condition as a sentence; none where there is no condition."""
    facts = (shelf(db.session()).sections.get("meta") or {}).get("person_facts") or {}
    return condition_words.sentences(condition or {}, facts)
