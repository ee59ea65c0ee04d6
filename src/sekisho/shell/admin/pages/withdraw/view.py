"""Withdraws a document that waits; the gate decides whether that counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sekisho.gate.admin.messages import AskWithdraw
from sekisho.shell.admin.pages.documents.view import WORDS, acted, asker, shown
from sekisho.shell.admin.problems import SAID

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


async def post(context: Context) -> Answer:
    """The document of the form's digest."""
    digest = context.form.get("digest", "")
    if _DIGEST.fullmatch(digest) is None:
        return await shown(context, SAID[422], 422)
    return await acted(context, AskWithdraw(asker=asker(context), digest=digest), WORDS["gone"])
