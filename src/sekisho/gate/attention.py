"""What calls for a person at a running gate, in sentences: the same for every screen that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.journal.words import called
from sekisho.gate.renewal import Renewal
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LATCH = Text("復帰待ち: {name}", "latched: {name}")
_ALARM = Text("警報: {name}", "alarm: {name}")
_FAILURE = Text("故障: {name}", "failed: {name}")
_RENEWAL = Text("ブローカー用の証明書: {step}。", "certificate for the broker: {step}.")
BY_A_PERSON = frozenset({Renewal.ASKED, Renewal.REFUSED})
"""Steps of the next certificate that somebody has to carry on."""


def what_calls(
    latches: Sequence[str], alarms: Sequence[str], failures: Sequence[str], renewal: str | None
) -> Iterator[Text]:
    """One sentence each, the gravest first; none where nobody is needed.

    Args:
        latches: what has latched, by name.
        alarms: alarms, by name.
        failures: what has failed, by name.
        renewal: how far the next certificate is; None: none is under way.
    """
    for frame, names in ((_LATCH, latches), (_ALARM, alarms), (_FAILURE, failures)):
        for name in names:
            yield frame.fill(name=called("what", name))
    if renewal in BY_A_PERSON:
        yield _RENEWAL.fill(step=called("step", renewal))
