"""Starts a check of the journal at the gate's end, and shows what the latest found."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sekisho.gate.admin.messages import AskVerify
from sekisho.shell.admin.pages.journal.view import shown

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context

_LOOKS, _LOOK_S = 8, 1.0
"""A short journal is checked while the page waits; a long one is shown when it is asked again."""


async def post(context: Context) -> Answer:
    """The page with the outcome, if it is there soon."""
    gate = context.office.gate
    first = found = await gate.ask(AskVerify())
    for _ in range(_LOOKS):
        if found["at"] != first["at"]:
            break
        await asyncio.sleep(_LOOK_S)
        found = await gate.ask(AskVerify())
    return await shown(context, found)
