"""Chooses the language of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.shell.admin.frame import LANGUAGE_COOKIE, Cookie, Go
from sekisho.terms.texts import Lang

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context


async def post(context: Context) -> Answer:
    """Kept in a cookie until the browser closes."""
    asked = context.form.get("to", "")
    chosen = asked if asked in set(Lang) else context.lang.value
    return Go(path="/", cookies=(Cookie(name=LANGUAGE_COOKIE, value=chosen),))
