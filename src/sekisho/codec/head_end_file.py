"""The small file of a head-end: which broker, which certificates, which keys; no secret stands in it.

Files are named from the folder of this file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec import forms
from sekisho.codec.members import Members
from sekisho.site.parsing import located, parsed
from sekisho.terms.errors import InputError
from sekisho.terms.ids import IssuerId, SiteId
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.site.faults import Fault

_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
_HOST_TEXT = Text("ホスト名か IP アドレスを書いてください。", "Write a host name or IP address.")
_MOST_NAME = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadEndFile:
    """Who asks, of which site, through which broker."""

    site: SiteId
    issuer: IssuerId
    host: str
    port: int
    server_name: str | None
    """Name in the broker's certificate, where it is not the host."""
    ca: str
    certificate: str
    key: str
    """Private key of the certificate for the broker."""
    signing_key: str
    """Private key that signs commands."""
    gate_key: str | None
    """Public key of the gate; without it answers are shown as not verified."""
    sequences: str
    """Where the last sequence numbers are kept."""


def read_head_end(text: str, where: str) -> HeadEndFile:
    """The head-end that a file describes.

    Raises:
        InputError: everything that is wrong, each with its line.
    """
    faults: list[Fault] = []
    members = Members(parsed(text, where), (), faults)
    found = HeadEndFile(
        site=SiteId(members.word("site", forms.SITE, forms.SITE_TEXT)),
        issuer=IssuerId(members.word("issuer", forms.ISSUER, forms.ISSUER_TEXT)),
        host=members.word("host", _HOST, _HOST_TEXT),
        port=members.integer("port", 1, 65_535, 8_883),
        server_name=_optional(members, "server_name"),
        ca=members.text("ca", _MOST_NAME),
        certificate=members.text("certificate", _MOST_NAME),
        key=members.text("key", _MOST_NAME),
        signing_key=members.text("signing_key", _MOST_NAME),
        gate_key=_optional(members, "gate_key"),
        sequences=_optional(members, "sequences") or "sequences.json",
    )
    members.finish()
    if faults:
        raise InputError(*located(faults, text, where))
    return found


def _optional(members: Members, key: str) -> str | None:
    return members.text(key, _MOST_NAME) if members.has(key) else None
