"""Limits by network: nobody gets a fresh share by a fresh address of the same network."""

from __future__ import annotations

import pytest

from house.people import face as people
from house.people.networks import WIDER, networks_of
from house.problems import TooMany

SITE = "2001:db8:1"


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (f"{SITE}:1::1", f"{SITE}:1:ffff:ffff:ffff:ffff", 2),
        (f"{SITE}:1::1", f"{SITE}:2::1", 1),
        (f"{SITE}::1", "2001:db8:2::1", 0),
        ("192.0.2.1", "192.0.2.2", 0),
        ("192.0.2.1", "::ffff:192.0.2.1", 1),
        ("fe80::1%eth0", "fe80::2", 2),
        (None, "no address", 1),
    ],
)
def test_who_shares_a_network_shares_its_share(one, other, shared):
    assert len(set(networks_of(one)) & set(networks_of(other))) == shared


def counted(app, address, times, limit=3, count=None):
    """How many of so many tries pass."""
    passed = 0
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        for _ in range(times):
            try:
                if count:
                    count()
                else:
                    people.count_attempt(*people.from_network("try", limit, 900))
                passed += 1
            except TooMany as problem:
                assert 0 < problem.retry_after <= 900
    return passed


@pytest.mark.parametrize("way", ["in the database", "in memory"])
def test_all_addresses_of_a_64_count_as_one_and_a_48_has_an_end(app, frozen, way):
    clock = frozen("2027-01-07 10:00")
    count = (lambda: people.brake("try", 3, 900)) if way == "in memory" else None
    assert sum(counted(app, f"{SITE}:1::{number:x}", 1, count=count) for number in range(10)) == 3
    passed = sum(counted(app, f"{SITE}:{number:x}::1", 3, count=count) for number in range(2, 20))
    assert passed <= 3 * WIDER, "a stranger with a whole site runs out"
    assert passed > 3 * (WIDER - 4)
    assert counted(app, "2001:db8:2::1", 1, count=count) == 1, "the neighbours do not"
    clock.shift(900)
    assert counted(app, f"{SITE}:1::1", 1, count=count) == 1
