"""Sheets of paper: a Typst page and what it says become a tagged PDF (PDF/UA-1), right in every language.

What a sheet says goes in as data, never as markup, so no text can change the page. The fonts are our own
(Noto, cut down to the scripts that the house writes), so that a server without any prints the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from house import clock
from house.languages import current

HERE = Path(__file__).parent
SHEETS, FONTS = HERE / "sheets", HERE / "fonts"


def typeset(sheet: str, told: Mapping[str, Any]) -> bytes:
    """The sheet `sheets/<name>.typ` as a PDF, in the language and the direction of the moment.

    `told` is anything that JSON can hold; the page reads it as `told`.
    """
    import typst  # 30 MB that only those who print wait for

    language = current()
    data = {**told, "language": language.tag, "dir": language.dir}
    try:
        return _compiled(sheet, data, "ua-1")
    except typst.TypstError:  # a sign that our fonts have no shape for, such as an emoji, is against PDF/UA
        return _compiled(sheet, data, None)


def _compiled(sheet: str, data: Mapping[str, Any], standard: Literal["ua-1"] | None) -> bytes:
    import typst

    return typst.compile(
        str(SHEETS / f"{sheet}.typ"),
        root=str(SHEETS),
        font_paths=_fonts(),
        sys_inputs={"told": json.dumps(data, ensure_ascii=False)},
        pdf_standards=standard,
        timestamp=int(clock.now().timestamp()),
    )


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
