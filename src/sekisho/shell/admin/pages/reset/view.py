"""Resets what has latched, as a person at the machine would with `sekisho gate reset`.

Stop and curtail are not on these pages: what moves the plant goes through the guard, as a signed
command, and these pages hold no key. A stop that is still pressed latches again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.messages import AskReset
from sekisho.shell.admin.frame import Go
from sekisho.shell.admin.gate_end import GateAwayError, GateNoError
from sekisho.shell.admin.pages.documents.view import asker
from sekisho.shell.admin.problems import problem_of

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context


async def post(context: Context) -> Answer:
    """At the gate."""
    try:
        await context.office.gate.ask(AskReset(asker=asker(context)))
    except GateAwayError:
        return problem_of(502)
    except GateNoError as error:
        return problem_of(409, said=error.why)
    return Go(path="/")
