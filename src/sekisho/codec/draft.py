"""Drafts of trust and bounds: TOML that a person writes, read by the same reader as what is signed.

The first line says which document it is; the rest has the members of the published schema. What a
draft may leave out is `issued_at`: the moment of signing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.bounds_document import bounds_of, bounds_payload
from sekisho.codec.jws import Typ
from sekisho.codec.members import written
from sekisho.codec.trust_document import trust_of, trust_payload
from sekisho.site.faults import Fault, allowed
from sekisho.site.parsing import located, parsed
from sekisho.terms.errors import InputError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.terms.quantity import WallMs

DOCUMENT = "document"
_KINDS = ("trust", "bounds")
_WHICH = Text(
    'document = "trust" か document = "bounds" がありません。',
    'There is no line document = "trust" or document = "bounds".',
)


def read_draft(text: str, where: str, now: WallMs) -> tuple[Typ, bytes]:
    """What a draft asks to sign, and the payload to sign.

    Args:
        text: the draft's content.
        where: its name, for messages.
        now: `issued_at`, where the draft does not say it.

    Raises:
        InputError: everything that is wrong, each with its line.
    """
    table = dict(parsed(text, where))
    kind = table.pop(DOCUMENT, None)
    table.setdefault("issued_at", written(now))
    faults: list[Fault] = []
    payload = b""
    typ = Typ.TRUST
    if kind == "trust":
        trust = trust_of(table, faults)
        payload = b"" if faults else trust_payload(trust)
    elif kind == "bounds":
        bounds = bounds_of(table, faults)
        typ, payload = Typ.BOUNDS, b"" if faults else bounds_payload(bounds)
    else:
        faults.append(Fault((DOCUMENT,), _WHICH, allowed(_KINDS)))
    if faults:
        raise InputError(*located(faults, text, where))
    return typ, payload
