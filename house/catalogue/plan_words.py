"""Words of the plan: its questions with their answers, the people of a household, how a step stands."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext, ngettext
from flask_babel import lazy_pgettext as _lp

from house.catalogue.persons import DANE, ME, PARTNER, SPONSOR, TO_THE_AUTHORITY

TITLES: dict[str, Any] = {
    "situation": _l("What can we help you with?"),
    "purpose": _l("Why do you come to Denmark?"),
    "citizenship": _l("Where are you a citizen?"),
    "sponsor": _l("Whom do you join in Denmark?"),
    "stay": _l("How long will you stay?"),
    "home": _l("Where is your home in Denmark?"),
    "household": _l("Who moves with you?"),
    "family": _l("Where are they citizens?"),
    "things": _l("Which of these is true?"),
    "age": _l("How old are you?"),
    "dates": _l("Which days do you know?"),
}

HINTS: dict[str, Any] = {
    "purpose": _l("Choose your main reason."),
    "citizenship": _l("If you have more than one citizenship, choose the first one that fits."),
    "sponsor": _l("We mean the person you will live with."),
    "stay": _l("Count from the day you arrive. A good guess is enough."),
    "home": _l("It decides which office helps you."),
    "household": _l("Everybody who moves with you gets a list too."),
    "things": _l("Choose everything that fits. If nothing fits, just go on."),
    "dates": _l("With these days we can tell you by when. Leave out what you do not know."),
}

# What a question is about, for the list of answers.
SUBJECTS: dict[str, Any] = {
    "situation": _l("You need help with"),
    "purpose": _l("Your reason"),
    "citizenship": _l("Citizenship"),
    "sponsor": _l("You join"),
    "stay": _l("You stay"),
    "home": _l("Home"),
    "household": _l("Moves with you"),
    "family": _l("Their citizenship"),
    "things": _l("True for you"),
    "age": _l("Age"),
    "dates": _l("Days"),
}

SITUATIONS: dict[str, Any] = {
    "moving": _l("I am moving to Denmark"),
    "address": _l("I live here and move to another home"),
    "name": _l("I live here and want to change my name"),
    "leaving": _l("I am leaving Denmark"),
    "company": _l("I ask for a company"),
}
SITUATION_HINTS: dict[str, Any] = {
    "moving": _l("Or I have just arrived."),
    "company": _l("We hire people from other countries."),
}

PURPOSES: dict[str, Any] = {
    "worker": _l("To work for an employer in Denmark"),
    "student": _l("To study"),
    "researcher": _l("To do research"),
    "accompanying_partner": _l("To live with my husband, wife or partner"),
    "accompanying_child": _l("To live with my parents"),
    "job_seeker": _l("To look for work"),
    "self_employed": _l("To run my own business"),
    "au_pair": _l("To be an au pair"),
    "posted_worker": _l("My employer abroad sends me to work here"),
    "cross_border_commuter": _l("I work in Denmark but live in another country"),
    "displaced_special_act": _l("I had to leave Ukraine"),
    TO_THE_AUTHORITY: _l("To ask for asylum, or to join a Danish citizen"),
}
PURPOSE_HINTS: dict[str, Any] = {
    "displaced_special_act": _l("Residence under the Special Act."),
}

CITIZENSHIPS: dict[str, Any] = {
    "nordic": _l("In a Nordic country"),
    "eu_eea_ch": _l("In an EU or EEA country, or in Switzerland"),
    "third_country": _l("In another country"),
}
CITIZENSHIP_HINTS: dict[str, Any] = {
    "nordic": _l("Finland, Iceland, Norway or Sweden."),
    "eu_eea_ch": _l("For example Germany, Poland, Romania or Spain."),
    "third_country": _l("For example India, Turkey, Ukraine or the United Kingdom."),
}

SPONSORS: dict[str, Any] = {
    "eu_citizen": _l("A citizen of an EU or EEA country, or of Switzerland"),
    "nordic_citizen": _l("A citizen of Finland, Iceland, Norway or Sweden"),
    "permit_holder": _l("Somebody with a Danish residence permit"),
    DANE: _l("A Danish citizen"),
}

RELATIONSHIPS: dict[str, Any] = {
    "married": _l("Married or registered partners"),
    "lived_together": _l("We have lived together for at least 18 months"),
    "shorter": _l("We have lived together for a shorter time"),
}
PARTNERS: dict[str, Any] = {
    "": _l("No partner moves with me"),
    "married": _l("My husband, wife or registered partner"),
    "lived_together": _l("My partner, we have lived together for at least 18 months"),
    "shorter": _l("My partner, we have lived together for a shorter time"),
}

MY_THINGS: dict[str, Any] = {
    "job": _l("I have a job in Denmark, or will have one"),
    "pdu2": _l("I bring unemployment benefit from home, with form PD U2"),
    "cpr_earlier": _l("I have a CPR number from an earlier stay"),
    "cpr_letter": _l("I have a letter with an administrative CPR number"),
    "fingerprints": _l("My fingerprints were already taken for my permit"),
    "fingerprints_not_known": _l("I do not know if my fingerprints were taken"),
    "licence": _l("I want to drive with a licence from outside the EU"),
    "two_countries": _l("I work in two countries at the same time"),
    "minor": _l("I am younger than 18"),
}
PARTNERS_THINGS: dict[str, Any] = {
    "job": _l("My partner has a job in Denmark, or will have one"),
    "cpr_earlier": _l("My partner has a CPR number from an earlier stay"),
    "cpr_letter": _l("My partner has a letter with an administrative CPR number"),
    "fingerprints": _l("My partner's fingerprints were already taken for the permit"),
    "fingerprints_not_known": _l("I do not know if my partner's fingerprints were taken"),
    "licence": _l("My partner wants to drive with a licence from outside the EU"),
    "two_countries": _l("My partner works in two countries at the same time"),
}
THING_HINTS: dict[str, Any] = {
    "cpr_letter": _l("It often comes with a tax number or a residence permit."),
    "fingerprints": _l("For example at a Danish embassy or a visa centre."),
}

DATES: dict[str, Any] = {
    "entry_date": _l("You come to Denmark"),
    "move_in_date": _l("You move into your home"),
    "first_payday": _l("Your first payday in Denmark"),
    "pdu2_date": _l("The date on the front of your PD U2"),
    "departure_date": _l("You leave Denmark"),
    "wedding_date": _l("Your wedding"),
    "group_day": _l("Your employer or university has a group day at the house"),
    "residence_basis_date": _l("Your appointment at the immigration agency"),
    "cpr_date": _l("Your appointment for the CPR number"),
    "referral_letter": _l("The date on your letter about Danish lessons"),
}

# How binding a step is, in a word or two.
OBLIGATIONS: dict[str, Any] = {
    "duty": _lp("how binding a step is", "You must"),
    "right": _lp("how binding a step is", "Your right"),
    "practical": _lp("how binding a step is", "You will need it"),
    "automatic": _lp("how binding a step is", "Comes by itself"),
    "optional": _lp("how binding a step is", "You may"),
    "conditional": _lp("how binding a step is", "It depends"),
}

# What we would have to know; each is the end of a list that begins "We need to know:".
FACTS: dict[str, Any] = {
    "stay_months": _l("how long you stay"),
    "municipality": _l("where you live"),
    "biometrics_recorded": _l("if fingerprints and photo were taken"),
    "citizenship": _l("where you are a citizen"),
    "purpose": _l("why you come"),
    "sponsor": _l("whom you join"),
    "age": _l("your age"),
    "works_in_dk": _l("if you work in Denmark"),
    "cpr_status": _l("if you have a CPR number"),
    "relationship": _l("how you live together"),
}
ANOTHER_MUNICIPALITY = "another"
ANOTHER = _l("Another municipality")
LOOKING = _l("I am still looking for a home")
NOT_KNOWN_YET = _l("I do not know yet")
CHILDREN = [("", _l("No child")), ("0", _l("Less than one year old"))] + [
    (str(n), lazy_ngettext("One year old", "%(num)s years old", n)) for n in range(1, 21)
]


def child(number: int) -> str:
    """The label of a child's field."""
    return str(_("Child %(number)s", number=number))


def who(key: str, ages: list[int]) -> str:
    """What a person of the household is called on the list."""
    if key in (ME, SPONSOR):
        return str(_("You") if key == ME else _("The person you join"))
    if key == PARTNER:
        return str(_("Your partner"))
    age = ages[int(key.removeprefix("child"))]
    if age == 0:
        return str(_("Your child, less than one year old"))
    return str(ngettext("Your child, one year old", "Your child, %(num)s years old", age))


def with_whom(key: str, ages: list[int]) -> str:
    """The same in the middle of a list of people: "you", "your partner"."""
    if key == ME:
        return str(_("you"))
    if key == PARTNER:
        return str(_("your partner"))
    age = ages[int(key.removeprefix("child"))]
    # Translators: one of several people, in a list such as "together with: you, the child (7 years)"
    return str(ngettext("the child (one year)", "the child (%(num)s years)", age))


def stay(at_least: int | None, at_most: int | None) -> str:
    """A range of months, both ends inclusive."""
    if at_most is None:
        return str(ngettext("More than one month", "More than %(num)s months", (at_least or 1) - 1))
    if at_least is None:
        return str(ngettext("Up to one month", "Up to %(num)s months", at_most))
    return str(_("More than %(least)s, up to %(most)s months", least=at_least - 1, most=at_most))


def age(at_least: int | None, at_most: int | None) -> str:
    """A range of years, both ends inclusive."""
    if at_most is None:
        return str(_("%(years)s years or older", years=at_least))
    if at_least is None:
        return str(_("Younger than %(years)s years", years=at_most + 1))
    if at_least == at_most:
        return str(ngettext("%(num)s year", "%(num)s years", at_least))
    return str(_("%(least)s to %(most)s years", least=at_least, most=at_most))
