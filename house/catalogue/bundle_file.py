"""A bundle as a file: one ZIP with the catalogue, its texts, staff's cases and a list of hashes.

A bundle may come from anyone: its directory is looked at before anything is unpacked, and no more is read
than a bundle may hold. The same contents give the same bytes.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

FORMAT = "house-catalogue-bundle"
VERSION = 1
MANIFEST, CATALOGUE, CASES = "manifest.json", "services.yaml", "cases.yaml"
LARGEST = 4 * 1024 * 1024
LARGEST_PART = 2 * 1024 * 1024
LARGEST_WHOLE = 16 * 1024 * 1024
MOST_PARTS = 40
_NAMES = re.compile(r"manifest\.json|services\.yaml|cases\.yaml|texts/[a-z]{2}\.yaml")
_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
Parts = dict[str, bytes]


class BadBundle(ValueError):
    """A file that is no bundle, or not a whole one; the message is a sentence."""


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The bundle of these parts."""
    hashes = {name: sha256(part).hexdigest() for name, part in sorted(parts.items())}
    manifest = {"format": FORMAT, "version": VERSION, "files": hashes}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, part in ((MANIFEST, _json(manifest)), *sorted(parts.items())):
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            bundle.writestr(info, part)
    return out.getvalue()


def unpack(data: bytes) -> Parts:
    """The parts of a bundle, each as its list of hashes says; BadBundle otherwise."""
    if len(data) > LARGEST:
        raise BadBundle(f"The file is larger than {LARGEST // 1024 // 1024} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            _look_at_directory(bundle.infolist())
            parts = {info.filename: _read(bundle, info) for info in bundle.infolist()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise BadBundle("This is not a whole ZIP file.") from error
    except Exception as error:
        if isinstance(error, BadBundle):
            raise
        raise BadBundle("This ZIP file cannot be unpacked.") from error
    return _as_listed(parts)


def _look_at_directory(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in infos]
    if len(names) > MOST_PARTS:
        raise BadBundle(f"The bundle holds more than {MOST_PARTS} files.")
    for info in infos:
        if not _NAMES.fullmatch(info.filename):
            raise BadBundle(f"{info.filename[:60]!r} does not belong into a bundle.")
        if info.flag_bits & 0x1 or info.compress_type not in _KINDS:
            raise BadBundle(f"{info.filename} is packed in a way that is not taken.")
        if info.file_size > LARGEST_PART:
            raise BadBundle(f"{info.filename} is larger than {LARGEST_PART // 1024 // 1024} MB.")
    if len(set(names)) < len(names):
        raise BadBundle("A file stands in the bundle twice.")
    if sum(info.file_size for info in infos) > LARGEST_WHOLE:
        raise BadBundle(f"Unpacked, the bundle is larger than {LARGEST_WHOLE // 1024 // 1024} MB.")


def _read(bundle: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Never more than the directory says, which may lie."""
    with bundle.open(info) as stream:
        part = stream.read(info.file_size + 1)
    if len(part) != info.file_size:
        raise BadBundle(f"{info.filename} is not as long as the bundle says.")
    return part


def _as_listed(parts: Parts) -> Parts:
    listed = _manifest(parts.pop(MANIFEST, b""))
    if set(listed) != set(parts):
        odd = sorted(set(listed) ^ set(parts))[0]
        raise BadBundle(f"{odd[:60]} stands either in the bundle or in its list, not in both.")
    for name, part in parts.items():
        if sha256(part).hexdigest() != listed[name]:
            raise BadBundle(f"{name} is not what the list of the bundle says.")
    if CATALOGUE not in parts:
        raise BadBundle(f"The bundle holds no {CATALOGUE}.")
    return parts


def _manifest(data: bytes) -> dict[str, str]:
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError):
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadBundle("This is not a bundle of a catalogue.")
    if manifest.get("version") != VERSION:
        raise BadBundle("This bundle was made by another version of the house.")
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(isinstance(one, str) for one in files.values()):
        raise BadBundle("The list of the bundle cannot be read.")
    return files


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()
