"""Tells a household's plans in the language of the moment: names, days in words, reasons, papers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from house import formats
from house.catalogue import condition_words
from house.catalogue import plan_words as words
from house.catalogue.deadlines import IsOpen, last_open
from house.catalogue.describing import Description, describe
from house.catalogue.kept_answers import Kept
from house.catalogue.language_tree import Said
from house.catalogue.persons import SPONSOR, people
from house.catalogue.plan import Plan
from house.catalogue.planning import is_open, plans_for
from house.catalogue.questions import Walk
from house.catalogue.shelf import Record, ServiceView, Shelf
from house.catalogue.steps import Item
from house.catalogue.views.plan_rows import Caution, Everything, PersonsList, Step

ONLINE_OR_HERE = frozenset({"online", "online_or_appointment"})


def everything(session: Session, catalogue: Shelf, so_far: Walk, visitor: Kept, today: date) -> Everything:
    """The lists of everybody, told."""
    persons = people(so_far.facts, so_far.unknown, so_far.answers, visitor.ticks)
    plans = [one for one in plans_for(session, persons) if one.who != SPONSOR]
    ages = (so_far.answers.get("household") or {"children": []})["children"]
    tell = _Teller(catalogue, is_open(session), ages, visitor, today)
    numbers = dict.fromkeys(number for one in plans for number in one.routes)
    routes = [(number, catalogue.sections["routes_out"][number]) for number in numbers]
    return Everything(
        lists=tuple(tell.persons_list(one) for one in plans),
        routes=tuple(catalogue.say(f"route/{number + 1}/to", route["to"]) for number, route in routes),
        handed_on=any(one.handed_on for one in plans),
        sponsor_needs=tuple(_sponsor_needs(catalogue, plans, visitor)) if len(persons) > len(plans) else (),
    )


def _sponsor_needs(catalogue: Shelf, plans: list[Plan], visitor: Kept) -> Iterator[tuple[ServiceView, bool]]:
    needed = dict.fromkeys(slug for one in plans for item in one.items for slug in item.after_sponsor)
    for slug in needed:
        yield catalogue.by_slug[slug], slug in visitor.ticks.get(SPONSOR, {})


@dataclass(frozen=True)
class _Teller:
    """Tells plans in the language of the moment."""

    catalogue: Shelf
    is_open: IsOpen
    ages: list[int]
    visitor: Kept
    today: date

    @property
    def facts(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.catalogue.sections["meta"]["person_facts"]
        return found

    def persons_list(self, one: Plan) -> PersonsList:
        by_slug = self.catalogue.by_slug
        before = self.visitor.before.get(one.who, ()) if self.visitor.before else ()
        now = {item.service for item in one.items}
        return PersonsList(
            key=one.who,
            name=words.who(one.who, self.ages),
            steps=tuple(self.step(one, item) for item in one.items),
            uncertain=tuple(self.step(one, item) for item in one.uncertain),
            not_for=tuple(
                (by_slug[other.service], condition_words.sentences(other.why, self.facts))
                for other in one.not_for_you
            ),
            gone=tuple(by_slug[slug] for slug in before if slug not in now and slug in by_slug),
        )

    def step(self, of: Plan, item: Item) -> Step:
        service, about = self.catalogue.by_slug[item.service], self.about(item.service)
        done = self.visitor.ticks.get(of.who, {})
        before = self.visitor.before
        return Step(
            key=f"{of.who}.{item.service}",
            item=item,
            service=service,
            authority=self.authority(item.authority),
            tag=str(words.OBLIGATIONS.get(item.obligation, item.obligation)),
            when=tuple(self.when(item, service)),
            windows=tuple(self.windows(item, service.record)),
            rules=() if item.due or item.on else tuple(one.said for one in about.deadlines),
            late=bool(item.due and item.due < self.today and not item.expected and not item.done),
            waits_for=tuple(self.names(slug for slug in item.after if slug not in done)),
            waits_for_sponsor=tuple(self.names(item.after_sponsor)) if item.blocked else (),
            together=self.together(item, service),
            papers=tuple(service.papers[number] for number in item.papers),
            held=tuple(self.texts(service.record, "requires_held", "item", item.held)),
            channels=tuple(self.texts(service.record, "channels", "text", item.channels)),
            cautions=tuple(self.cautions(service.record, item.cautions)),
            reasons=tuple(self.reasons(item.because)),
            not_known=tuple(str(words.FACTS[fact]) for fact in item.depends_on if fact in words.FACTS),
            new=before is not None and item.service not in before.get(of.who, ()),
            about=about,
        )

    def together(self, item: Item, service: ServiceView) -> str:
        """With whom of the household it is done in one go: only what is done at a counter is."""
        others = item.shared_with if service.kind == "counter" else ()
        return ", ".join(words.with_whom(one, self.ages) for one in others)

    def reasons(self, because: Mapping[str, Any]) -> list[str]:
        """Why it is hers, in sentences; that she is a person and no company goes without saying."""
        told = {key: value for key, value in because.items() if (key, value) != ("actor", ["person"])}
        return condition_words.sentences(told, self.facts)

    def about(self, slug: str) -> Description:
        return describe(self.catalogue, self.catalogue.by_slug[slug])

    def authority(self, slug: str) -> Said:
        return self.catalogue.authority_by_slug[slug].name

    def names(self, slugs: Iterable[str]) -> Iterator[Said]:
        for slug in slugs:
            service = self.catalogue.by_slug[slug]
            yield Said(service.name, service.name_lang)

    def texts(self, record: Record, name: str, key: str, numbers: tuple[int, ...]) -> Iterator[Said]:
        for number in numbers:
            entry = record[name][number]
            text = entry if isinstance(entry, str) else entry[key]
            yield self.catalogue.say(f"service/{record['id']}/{name}/{number + 1}", text)

    def cautions(self, record: Record, numbers: tuple[int, ...]) -> Iterator[Caution]:
        for number, said in zip(numbers, self.texts(record, "x_cautions", "text", numbers), strict=True):
            ask = record["x_cautions"][number].get("ask")
            yield Caution(said, self.authority(ask) if ask else None)

    def when(self, item: Item, service: ServiceView) -> Iterator[str]:
        """By when, as sentences: a group day takes the place of every other."""
        if item.on:
            yield _("On your group day, %(day)s.", day=formats.day(item.on))
        elif item.unresolved:
            yield _("Our sources disagree about the date. Please ask the authority.")
        elif item.due and item.expected:
            yield _("It should come by about %(day)s.", day=formats.day(item.due))
        elif item.due:
            yield self.by(item, service)
        elif item.obligation == "right":
            yield _("There is no deadline.")
        if item.earliest and not item.on:
            yield _("You can do it from %(day)s on.", day=formats.day(item.earliest))

    def by(self, item: Item, service: ServiceView) -> str:
        """The last day, and the day to come on where the house is closed then."""
        due, at_desk = item.due, item.last_open_house_day
        if due is None:
            return ""
        day = formats.day(due)
        if at_desk and at_desk != due:
            desk = formats.day(at_desk)
            return str(_("By %(day)s. We are closed then: come by %(open)s.", day=day, open=desk))
        here = self.catalogue.authority_by_slug[item.authority].record
        online_or_here = service.record["booking"]["mode"] in ONLINE_OR_HERE and here["at_house"] is True
        if at_desk is None and online_or_here:
            open_day = last_open(due, self.is_open)
            if open_day and open_day != due:
                desk = formats.day(open_day)
                return str(_("Online by %(day)s, or at our desk by %(open)s.", day=day, open=desk))
        return str(_("By %(day)s.", day=day))

    def windows(self, item: Item, record: Record) -> Iterator[tuple[Said, date, date]]:
        """The days between which something must be done, with what it is."""
        for number, first, last in item.windows:
            [said] = self.texts(record, "sub_deadlines", "rule", (number,))
            yield said, first, last
