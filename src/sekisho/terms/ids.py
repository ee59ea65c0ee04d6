"""Identifiers as types, so that one cannot be taken for another."""

from __future__ import annotations

import re
from typing import NewType

SiteId = NewType("SiteId", str)
"""`[site] id` of a site file."""

DeviceId = NewType("DeviceId", str)
"""`[[device]] id`; devices expanded from `count = n` are `id.1` … `id.n`."""

ExternalId = NewType("ExternalId", str)
"""`[[external]] id`."""

RuleId = NewType("RuleId", str)
"""The name of a rule's folder with `-` for `_`, for example `gc-1`."""

CriterionId = NewType("CriterionId", str)
"""A ★1 criterion as IPA numbers it: `S1.1-01` … `S1.1-16`."""

LabelNumber = NewType("LabelNumber", str)
"""A JC-STAR registration number (登録番号), as printed on the list."""

KeyId = NewType("KeyId", str)
"""`kid` of a signing key (RFC 7515 section 4.1.4): its JWK thumbprint (RFC 7638)."""

IssuerId = NewType("IssuerId", str)
"""Who signs commands, as trust.json names them."""

CommandId = NewType("CommandId", str)
"""`id` of a command, unique for its issuer."""

SessionId = NewType("SessionId", str)
"""The gate's session: 128 random bits as 32 lower-case hexadecimal digits."""

_DIGITS = re.compile(r"(\d+)")


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A sort key by which `gw-1.2` comes before `gw-1.10`."""
    parts = _DIGITS.split(name)
    return tuple((int(p), "") if i % 2 else (-1, p) for i, p in enumerate(parts))
