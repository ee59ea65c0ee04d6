"""The documents that a maker owes its users, filled in with what the publisher declares.

The templates are Markdown with named places; a place that nobody declared is "not stated".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sekisho.gate.product import declared
from sekisho.gate.surface import ROUTES, Direction
from sekisho.scheme.self_assessed import SELF_ASSESSED
from sekisho.terms.markdown import markdown_table
from sekisho.terms.texts import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.gate.product import Product

PAGES: Final = (
    "disclosure-policy",
    "support-period",
    "update-policy",
    "security-guide",
    "assets-and-routes",
)
"""Each is there in both languages."""

_HEADER: Final = (
    Text("始める側", "Who begins"),
    Text("経路", "Route"),
    Text("認証", "Authentication"),
    Text("通信の保護", "Protection on the way"),
    Text("開く条件", "Opened by"),
)
_BEGINS: Mapping[Direction, Text] = {
    Direction.LISTENS: Text("相手(待受け)", "the other side (it listens)"),
    Direction.CONNECTS: Text("ゲート", "the gate"),
}


def template_name(page: str, lang: Lang) -> str:
    """The file of a page's template."""
    return f"{page}.{lang.value}.md"


def pages_of(templates: Mapping[str, str], product: Product, lang: Lang) -> Mapping[str, str]:
    """The documents in one language, by page name.

    Args:
        templates: by file name.
        product: what the publisher declares.
        lang: which language.
    """
    values = {name: text.says(lang) for name, text in declared(product).items()}
    values |= {"self_assessed": SELF_ASSESSED.says(lang), "routes": _routes(lang)}
    return {page: templates[template_name(page, lang)].format(**values) for page in PAGES}


def _routes(lang: Lang) -> str:
    rows = [
        (
            _BEGINS[about.direction],
            f"{about.protocol} ({about.carrier})",
            about.authentication,
            about.protection,
            about.when,
        )
        for about in ROUTES.values()
    ]
    return markdown_table(_HEADER, rows, lang).rstrip()
