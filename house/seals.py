"""Keys of the house: sealing personal data, blind marks to find it again, and links that open one thing.

All keys are derived from the one secret by HKDF, each for one purpose. Nothing here knows the database.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
import zlib
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

# No vowels (no words), no 0/O, 1/I/L, 5/S, 8/B, 2/Z: read aloud and typed without mistakes.
ALPHABET = "34679CDFGHJKMNPQRTVWXY"
REFERENCE_LENGTH = 7
VERSION = b"\x01"
_SCANNED = re.compile(rf"(?<![A-Z0-9])([{ALPHABET}]{{{REFERENCE_LENGTH}}})\.[A-Z0-9_?+-]{{22}}(?![A-Z0-9])")
"""The end of one of our links as a scanner types it: on another keyboard its dash comes as + and _ as ?."""
_ADDRESS = re.compile(rf"://|^\s*HTTPS?Æ--|(?:VISIT|TICKET)[^A-Z0-9][{ALPHABET}]{{{REFERENCE_LENGTH}}}\.")
"""What tells an address on the web, ours above all, also one that a short field has cut off."""
LONGEST_CARRIED = 64 * 1024
"""Bytes of a text that a visitor carries for us; more is never unpacked."""


class Unsealable(Exception):
    """The stored bytes were not sealed with this house's secret for this column."""


class Keyring:
    """The keys derived from one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._cipher = AESGCM(self.key("seal"))
        self._mark_key = self.key("mark")
        self._link_key = self.key("link")

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same at every start."""
        return HKDF(SHA256(), 32, salt=None, info=f"house/{purpose}".encode()).derive(self._secret)

    def seal(self, purpose: str, text: str) -> bytes:
        """AES-256-GCM of the text, bound to its column (`purpose`), so it cannot be moved to another."""
        nonce = secrets.token_bytes(12)
        return VERSION + nonce + self._cipher.encrypt(nonce, text.encode(), purpose.encode())

    def unseal(self, purpose: str, sealed: bytes) -> str:
        """The text again; raises `Unsealable`."""
        if sealed[:1] != VERSION:
            raise Unsealable(purpose)
        try:
            return self._cipher.decrypt(sealed[1:13], sealed[13:], purpose.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unsealable(purpose) from error

    def carry(self, purpose: str, text: str) -> str:
        """A text packed and sealed in letters that a cookie holds: its carrier cannot read or change it."""
        nonce, cipher = secrets.token_bytes(12), AESGCM(self.key(f"carry/{purpose}"))
        sealed = VERSION + nonce + cipher.encrypt(nonce, zlib.compress(text.encode(), 9), purpose.encode())
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def carried(self, purpose: str, token: str) -> str:
        """The text again; raises `Unsealable`."""
        cipher = AESGCM(self.key(f"carry/{purpose}"))
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            if sealed[:1] != VERSION:
                raise Unsealable(purpose)
            packed = cipher.decrypt(sealed[1:13], sealed[13:], purpose.encode())
            return zlib.decompressobj().decompress(packed, LONGEST_CARRIED).decode()
        except (InvalidTag, ValueError, binascii.Error, zlib.error) as error:
            raise Unsealable(purpose) from error

    def mark(self, purpose: str, text: str) -> bytes:
        """A blind index: the same 16 bytes for the same text and purpose, useless without the secret."""
        return hmac.digest(self._mark_key, f"{purpose}\0{text}".encode(), sha256)[:16]

    def link(self, kind: str, reference: str, generation: int) -> str:
        """A capability that opens one thing: its reference, a dot, 128 bits only this house can make."""
        mac = hmac.digest(self._link_key, f"{kind}\0{reference}\0{generation}".encode(), sha256)[:16]
        return f"{reference}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    def opens(self, token: str, kind: str, reference: str, generation: int) -> bool:
        """Whether a token opens this thing in this generation; takes the same time for yes and no."""
        return hmac.compare_digest(token.encode(), self.link(kind, reference, generation).encode())


def keyring() -> Keyring:
    """The keyring of the running house."""
    ring: Keyring = current_app.extensions["house-keyring"]
    return ring


def new_reference() -> str:
    """A fresh code to say on the phone, such as K7M4QXT; 22^7 of them, so the caller checks for a clash."""
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))


def reference_in(token: str) -> str | None:
    """The reference a token claims to open, or None when it is not shaped like one."""
    reference, dot, mac = token.partition(".")
    shaped = 0 < len(reference) <= 16 and set(reference) <= set(ALPHABET)
    return reference if dot and mac and shaped else None


def read_reference(typed: str) -> str:
    """What a person typed for a reference, as it is stored: upper case, without spaces and dashes."""
    return "".join(sign for sign in typed.upper() if sign in ALPHABET)[:16]


def reference_scanned(typed: str) -> str:
    """The reference in what a scanner or a person typed: one of our links, or the reference itself.

    Who stands at a desk may type a reference too, so the rest of a link proves nothing here.
    """
    link = _SCANNED.search(typed.upper())
    return link[1] if link else read_reference(typed)


def is_scanned(typed: str) -> bool:
    """Whether this is no word of a person but what a scanner typed: an address, on whichever keyboard."""
    plain = typed.upper()
    return bool(_SCANNED.search(plain) or _ADDRESS.search(plain))
