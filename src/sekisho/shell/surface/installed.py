"""What is really installed beside this program: asked of the running environment."""

from __future__ import annotations

import base64
import hashlib
import platform
import re
import sqlite3
import ssl
import zlib
from contextlib import suppress
from importlib import metadata
from typing import TYPE_CHECKING

from sekisho.gate.inventory import Carried, CompiledFile, Distribution, Inventory, normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

PRODUCT = "sekisho"
_COMPILED = re.compile(r"\.(so(\.[0-9.]+)?|pyd|dll|dylib)$")
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)+[A-Za-z0-9.+-]*")
_LONGEST_LICENCE = 60
"""Longer ones are the licence's whole text."""


def installed() -> Inventory:
    """Every distribution that the interpreter finds, and what the interpreter carries."""
    found: dict[str, Distribution] = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name:  # the first one found is the one that is imported
            found.setdefault(normalised(name), _read(name, distribution))
    return Inventory(
        product=PRODUCT,
        interpreter=Carried(
            name=platform.python_implementation().lower(), version=platform.python_version()
        ),
        carried=tuple(_within_interpreter()),
        distributions=tuple(found[name] for name in sorted(found)),
    )


def _read(name: str, distribution: metadata.Distribution) -> Distribution:
    files = distribution.files or []
    record = distribution.read_text("RECORD")
    licence = _stated(distribution, "License-Expression") or _stated(distribution, "License")
    return Distribution(
        name=name,
        version=distribution.version,
        licence=licence if licence and len(licence) <= _LONGEST_LICENCE else None,
        requires=_requires(name, distribution.requires or []),
        record_sha256=None if record is None else hashlib.sha256(record.encode()).hexdigest(),
        files=len(files),
        compiled=tuple(
            CompiledFile(path=str(f), sha256=_hexadecimal(f.hash))
            for f in files
            if _COMPILED.search(f.name)
        ),
        carries=tuple(_within_wheel(normalised(name))),
    )


def _stated(distribution: metadata.Distribution, field: str) -> str | None:
    found = distribution.metadata.get_all(field)
    return found[0] if found else None


def _requires(name: str, stated: list[str]) -> frozenset[str]:
    """Names alone: which of them are installed is seen, so that markers need no judging.

    What an extra asks for counts for our own distribution, whose extras are how it is installed.
    """
    ours = normalised(name) == PRODUCT
    names = [
        found[1]
        for line in stated
        if (ours or "extra ==" not in line) and (found := _NAME.match(line)) is not None
    ]
    return frozenset(normalised(n) for n in names)


def _hexadecimal(stated: metadata.FileHash | None) -> str | None:
    if stated is None or stated.mode != "sha256":
        return None
    value = stated.value
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).hex()


def _within_interpreter() -> Iterator[Carried]:
    yield _carried("openssl", ssl.OPENSSL_VERSION)
    yield Carried(name="sqlite", version=sqlite3.sqlite_version)
    yield Carried(name="zlib", version=zlib.ZLIB_RUNTIME_VERSION)
    with suppress(ImportError):
        from xml.parsers import expat  # noqa: PLC0415 - some builds leave it out

        yield _carried("expat", expat.EXPAT_VERSION)


def _within_wheel(name: str) -> Iterator[Carried]:
    """Libraries that a wheel brings along and that can be asked for their version."""
    if name == "cryptography":
        with suppress(ImportError):
            from cryptography.hazmat.backends.openssl import backend  # noqa: PLC0415 - an extra

            yield _carried("openssl", backend.openssl_version_text())


def _carried(name: str, said: str) -> Carried:
    version = _VERSION.search(said)
    return Carried(name=name, version=version[0] if version else said)
