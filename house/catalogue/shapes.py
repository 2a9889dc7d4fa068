"""Whether every entry of a catalogue has its shape: `data/schema.json` says which, here it is put into words.

What no shape can say is for `checking.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from house.catalogue.checking import Where, perhaps

SCHEMA = Path(__file__).parent / "data" / "schema.json"
_KINDS = {
    "string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "array": "a list", "object": "a group of named entries", "null": "empty",
}  # fmt: skip


@lru_cache(maxsize=1)
def _validator() -> Any:
    """The library takes long to load, so only who checks a file pays."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def misshapen(data: Any) -> Iterator[tuple[Where, str]]:
    """Every entry that does not have its shape, with the way to it."""
    for error in _validator().iter_errors(data):
        where: Where = tuple(error.absolute_path)
        name = next((str(part) for part in reversed(where) if isinstance(part, str)), "the file")
        if error.validator in ("additionalProperties", "unevaluatedProperties"):
            known = list(error.schema.get("properties", ()))
            for key in error.instance:
                if key not in known and not key.startswith("x_"):
                    yield (*where, key), f"{key} is not known in {name}{perhaps(key, known)}."
        elif "says" in error.schema and error.validator not in ("required", "type"):
            yield where, f"{name}: {error.schema['says']}."
        else:
            yield where, _said(error, name)


def _said(error: Any, name: str) -> str:
    wanted = error.validator_value
    if error.validator == "required":
        missing = [key for key in wanted if key not in error.instance]
        return f"{name}: {' and '.join(missing)} must be there."
    if error.validator == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        return f"{name} must be {' or '.join(_KINDS[kind] for kind in kinds)}."
    if error.validator == "enum":
        options = [str(one).lower() if isinstance(one, bool) else one for one in wanted]
        return (
            f"{name}: {error.instance!r} is none of {', '.join(options)}{perhaps(error.instance, options)}."
        )
    if error.validator in ("minLength", "minItems", "minProperties"):
        return f"{name} is empty."
    if error.validator in ("minimum", "maximum"):
        return f"{name}: {error.instance} is {'below' if error.validator == 'minimum' else 'above'} {wanted}."
    return f"{name} does not have the right shape."
