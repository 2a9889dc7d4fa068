"""From which network somebody comes, for counting tries: who has one address of it may have them all."""

from __future__ import annotations

import threading
from collections import Counter
from ipaddress import IPv6Address, ip_address

from flask import current_app, request

from house import clock
from house.people.signing_in import Bucket
from house.problems import TooMany

WIDER = 8
"""A site's /48 may do as much as so many of its 65,536 networks."""
_LOCK = threading.Lock()


def networks_of(address: str | None) -> list[tuple[str, int]]:
    """The networks an address is counted in, the narrowest first, and how many times the limit each may do.

    One IPv4 address, or the /64 that every IPv6 subscriber has whole, and the /48 around it.
    """
    try:
        here = ip_address((address or "").partition("%")[0])
    except ValueError:
        return [("nowhere", 1)]
    if isinstance(here, IPv6Address) and here.ipv4_mapped:
        here = here.ipv4_mapped
    if not isinstance(here, IPv6Address):
        return [(str(here), 1)]
    return [(f"{int(here) >> 64:016x}/64", 1), (f"{int(here) >> 80:012x}/48", WIDER)]


def from_network(act: str, limit: int, per_seconds: int) -> list[Bucket]:
    """What the tries of this request's network are counted for; to be given to `count_attempt`."""
    return [
        Bucket(f"{act} from {network}", limit * times, per_seconds)
        for network, times in networks_of(request.remote_addr)
    ]


def brake(act: str, limit: int, per_seconds: int) -> None:
    """Count what only reads, in this process's memory; raises `TooMany`. It costs no statement and no lock.

    Each process of the house counts for itself, so a network may do it so often in each.
    """
    now = int(clock.now().timestamp())
    window, kept = now // per_seconds, current_app.extensions.setdefault("house-brakes", {})
    with _LOCK:
        began, counts = kept.get(act, (None, Counter()))
        if began != window:
            began, counts = kept[act] = (window, Counter())
        for bucket in from_network(act, limit, per_seconds):
            counts[bucket.name] += 1
            if counts[bucket.name] > bucket.limit:
                raise TooMany(retry_after=(window + 1) * per_seconds - now)
