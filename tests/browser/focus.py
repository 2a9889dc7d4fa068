"""Walking through a page by Tab as somebody does who has no mouse, and what is wrong with the way.

Tab follows the document; what was given an order of its own is missed here, and so it is found.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# What Tab must reach: one of each group of radio buttons, nothing that is hidden or in a closed fold.
REACHABLE = """() => {
  const groups = new Set(), all = document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]');
  return Array.from(all).filter(one => {
    if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({visibilityProperty: true})) return false;
    if (one.type !== 'radio') return true;
    const group = (one.form ? Array.from(document.forms).indexOf(one.form) : '') + one.name;
    return !groups.has(group) && groups.add(group);
  }).length;
}"""
# From the very top, whatever had the focus: the browser goes on from where the last thing focused was.
FROM_THE_TOP = """() => {
  window.walked = [];
  const top = document.createElement('span');
  top.tabIndex = -1;
  document.body.prepend(top);
  top.focus();
  top.remove();
  scrollTo(0, 0);
}"""
# Where the focus is, whether one sees it there, and whether anything lies over it.
HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  window.walked = window.walked || [];
  const known = window.walked.indexOf(one);
  if (known < 0) window.walked.push(one);
  const places = [one, one.closest('label'), one.nextElementSibling].filter(Boolean);
  const ring = place => {
    const style = getComputedStyle(place);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  const box = (one.closest('label') || one).getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  const over = top && !places.some(place => place.contains(top) || top.contains(place));
  return {
    number: known < 0 ? window.walked.length - 1 : known, known: known >= 0, ring: places.some(ring),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    over: Boolean(over), size: one.closest('main') ? Math.min(box.width, box.height) : 24,
    name: one.tagName + ' ' + (one.id || one.name || one.className || one.href || one.textContent).trim(),
  };
}"""


def walk(page: Page) -> list[str]:
    """Tab once through the page and back at its end; says where the focus hid or was caught."""
    page.evaluate(FROM_THE_TOP)
    wanted, wrong, stays = page.evaluate(REACHABLE), [], 0
    last: dict[str, Any] | None = None
    for _ in range(wanted * 2 + 20):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (here["known"] and here["number"] != (last or here)["number"]):
            break  # over the end, and at the beginning again
        stays = stays + 1 if here["known"] else 0
        if stays > 4:  # a date has three parts and a button
            return [*wrong, f"{here['name']}: caught here"]
        if not here["known"]:
            wrong += _seen(here)
        last = here
    else:
        return [*wrong, "the way has no end"]
    walked = page.evaluate("window.walked.length")
    return wrong + ([] if walked >= wanted else [f"{walked} of {wanted} were reached by Tab"])


def _seen(here: dict[str, Any]) -> list[str]:
    faults = {
        "no ring": not here["ring"], "out of sight": not here["inside"], "covered": here["over"],
        f"only {here['size']:.0f} pixels": here["size"] < 24,
    }  # fmt: skip
    return [f"{here['name']}: {fault}" for fault, there in faults.items() if there]
