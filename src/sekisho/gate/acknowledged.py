"""Up to where the head-end holds telemetry: the one message that lets the gate forget something.

Whoever may publish on the topic could otherwise have the gate delete what nobody holds, so it is
signed, by a key of the site's trust list. It takes no sequence of its own: an old one says less than
what is already known, and says it truly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.jws import Typ, open_envelope
from sekisho.codec.north_form import read_ack
from sekisho.codec.strict_json import Malformed

if TYPE_CHECKING:
    from sekisho.codec.trust import Trust
    from sekisho.gate.clock import Clock
    from sekisho.gate.guard.question import Verify

MOST_BYTES = 1_024
"""Largest acknowledgement."""
APART_MS = 100
"""Signatures are verified at most so often: what is left out is said again by the next one."""


def acknowledged(raw: bytes, trust: Trust, clock: Clock, verify: Verify) -> int | None:
    """The number up to which everything is held; None: nobody trusted says so.

    Any key of the site counts that is not revoked and, while time is sure, within its validity.

    Args:
        raw: the message as it came.
        trust: whom the site trusts.
        clock: both clocks.
        verify: the port that verifies a signature.
    """
    try:
        envelope = open_envelope(raw, Typ.ACK, MOST_BYTES)
        ack = read_ack(envelope.payload)
    except Malformed:
        return None
    key = trust.key(envelope.kid)
    if key is None or key.revoked or (clock.sure and not key.valid_at(clock.wall)):
        return None
    if ack.site != trust.site or not verify(envelope, key.public):
        return None
    return ack.sequence
