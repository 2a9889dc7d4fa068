"""Identifiers that stay: a UUID made of a kind and a name, the same in every house, edition and language."""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID("6f1d5a2e-3c0b-5e4f-9a57-8d2b61c7e094")
"""Fixed for ever: with another one, every identifier that was ever given out would be lost."""


def id_of(kind: str, *name: object) -> str:
    """The identifier of one thing, such as `id_of("service", "mitid")`."""
    return str(uuid5(NAMESPACE, "/".join([kind, *(str(part) for part in name)])))
