"""Templates to pages: every value escaped, every sentence in the reader's language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from markupsafe import Markup

from sekisho.gate.admin.roles import ROLE_TEXT, may
from sekisho.present import escape
from sekisho.shell.admin.frame import Data
from sekisho.shell.admin.wording import FRAME
from sekisho.terms.texts import Lang, Text

if TYPE_CHECKING:
    from jinja2.runtime import Context as Names

    from sekisho.shell.admin.frame import Context, Shown

HOME = Path(__file__).resolve().parent


class Renderer:
    """Makes pages of templates."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(HOME),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=escape.in_template,
            auto_reload=False,
        )
        self._templates.filters["say"] = _say

    def page(self, shown: Shown, context: Context | None, lang: Lang) -> bytes:
        """One page."""
        user = context.user if context is not None else None
        session = context.session if context is not None else None
        token = session.form if session is not None else ""
        text = self._templates.get_template(shown.template).render(
            {
                "lang": lang.value,
                "user": user,
                "role": ROLE_TEXT[user.role] if user is not None else None,
                "may": (lambda permission: user is not None and may(user.role, permission)),
                "at": context.route.path if context is not None else "",
                "frame": FRAME,
                "other": Lang.EN.value if lang is Lang.JA else Lang.JA.value,
                "form_token": lambda: _form_token(token),
                **shown.values,
            }
        )
        return text.encode()

    def as_data(self, shown: Shown) -> Data:
        """A refusal as the programming interface says it."""
        said = shown.values.get("wanted")
        told = said if isinstance(said, Text) else Text("", "")
        error = {"status": shown.status, "ja": told.ja, "en": told.en}
        return Data(
            content=json.dumps({"error": error}, ensure_ascii=False).encode(),
            kind="application/json",
            status=shown.status,
            retry_after_s=shown.retry_after_s,
        )


@pass_context
def _say(names: Names, text: Any) -> str:
    said = text.says(Lang(names["lang"])) if isinstance(text, Text) else str(text)
    return escape.visible(said, newlines=True)


def _form_token(token: str) -> Markup:
    return Markup('<input type="hidden" name="form_token" value="{}">').format(token)
