"""Approves a document that waits; the gate decides whether that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.messages import AskApprove
from sekisho.shell.admin.pages.documents.view import WORDS, acted_on_waiting

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context


async def post(context: Context) -> Answer:
    """The document of the form's digest."""
    return await acted_on_waiting(context, AskApprove, WORDS["counted"])
