"""Facts made up for tests of the cubes, without a database: contacts, crowds, what is released of them."""

from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from house.reporting import codes, cubes, disclosure, releasing
from house.reporting.cubes import CUBES, Fact

PTABLE = disclosure.load_ptable(disclosure.PTABLE_PATH)
CUBE = {cube.name: cube for cube in CUBES}
(MARCH, QUARTER) = cubes.grains("2027-03")
YEAR = cubes.grains("2027-12")[-1]
LISTS = codes.code_lists(
    service=("cpr", "tax"),
    service_group=("registration", "tax"),
    authority=("siri", "tax_agency"),
    partner=("jobcenter", "university"),
    nationality=("PL", "RO", "UA"),
    event_type=("dinner", "course"),
)
UNHURRIED = settings(deadline=None)
STILL = 32768
"""A cell key that adds nothing to a count of 5 or more."""


def contact(record_key=0, person="somebody", **its_codes):
    return Fact({"service": "cpr", "channel": "booked", "outcome": "served"} | its_codes, record_key, person)


def crowd(n, seed="crowd", **its_codes):
    """n contacts of n persons with random record keys."""
    draw = Random(seed)
    return [contact(draw.randrange(65536), f"{seed} {i}", **its_codes) for i in range(n)]


def released(facts, cube=CUBE["ops"], period=MARCH, lists=LISTS):
    return releasing.release(cube, period, cubes.tally(cube, facts), lists, PTABLE)


def status_of(rows):
    return {row.coordinates: row.status for row in rows}


some_facts = st.lists(
    st.builds(
        lambda service, channel, outcome, key, person: contact(
            key, f"person {person}", service=service, channel=channel, outcome=outcome
        ),
        st.sampled_from(["cpr", "tax"]),
        st.sampled_from(["booked", "walk_in"]),
        st.sampled_from(["served", "failed"]),
        st.integers(0, 65535),
        st.integers(0, 40),
    ),
    max_size=60,
)
