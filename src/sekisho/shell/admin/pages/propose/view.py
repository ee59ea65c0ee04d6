"""Hands a signed document to the gate, which checks its signature and holds it for approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.messages import MOST_DOCUMENT, AskPropose
from sekisho.shell.admin.pages.documents.view import WORDS, acted, asker, shown
from sekisho.shell.admin.problems import SAID

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context


async def post(context: Context) -> Answer:
    """The file of the form."""
    upload = context.files.get("document")
    if upload is None or not upload.content or len(upload.content) > MOST_DOCUMENT:
        return await shown(context, SAID[422], 422)
    question = AskPropose(asker=asker(context), content=upload.content)
    return await acted(context, question, WORDS["taken"])
