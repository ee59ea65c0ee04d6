"""The plant now, as the gate says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.pages.live.view import values

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context


async def get(context: Context) -> Answer:
    """The page; its moving part is asked for again by the page's script."""
    return Shown(template="pages/home/home.html", values=await values(context))
