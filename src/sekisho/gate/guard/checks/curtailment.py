"""What curtailments leave of the connection point, and which of them a new one replaces.

Curtailments add up: the plant stays under the smallest of all that stand, in each direction, so that
a new one never loosens another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.guard.lasting import lasting

if TYPE_CHECKING:
    from sekisho.codec.command import Curtail
    from sekisho.gate.clock import Term
    from sekisho.gate.guard.question import Question
    from sekisho.gate.state import Curtailment


def tightens(question: Question, order: Curtail) -> bool:
    """Whether an order is narrower, in one direction at least, than everything that stands."""
    bounds = question.gate.bounds
    export, imports = bounds.connection_export_max, bounds.connection_import_max
    for standing in question.gate.durable.curtailments:
        export = min(export, standing.order.export_max)
        imports = min(imports, standing.order.import_max)
    return order.export_max < export or order.import_max < imports


def kept_beside(question: Question, order: Curtail) -> tuple[Curtailment, ...]:
    """The standing curtailments that a new one leaves standing.

    One of the same key that is no narrower and lasts no longer says nothing any more. Another key's
    stays in any case: this one may be released first.
    """
    end = lasting(question, order)
    kid = question.envelope.kid
    return tuple(
        one
        for one in question.gate.durable.curtailments
        if one.kid != kid or one.lifted or not _covered(one, order, end)
    )


def _covered(one: Curtailment, order: Curtail, end: Term) -> bool:
    return (
        order.export_max <= one.order.export_max
        and order.import_max <= one.order.import_max
        and one.term.boot_id == end.boot_id
        and one.term.wall <= end.wall
        and one.term.boot <= end.boot
    )
