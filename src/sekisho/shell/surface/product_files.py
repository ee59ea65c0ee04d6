"""The product file of a publisher, and the templates of the documents that ship."""

from __future__ import annotations

from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.product import Product, read_product
from sekisho.shell.site_files import text_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PRODUCT_FILE = "product.toml"
_ABSENT = Text(
    "パスを確かめてください。なければ --product を省きます。",
    "Check the path, or leave --product out.",
)


def load_product(path: Path | None) -> Product:
    """What a product file declares; nothing, where there is no file.

    Raises:
        InputError: the named file is not there or not right.
    """
    return Product() if path is None else read_product(text_of(path, _ABSENT), str(path))


def shipped_pages() -> Mapping[str, str]:
    """The templates, by file name."""
    folder = files("sekisho.shell") / "data" / "product"
    return MappingProxyType(
        {place.name: place.read_text(encoding="utf-8") for place in folder.iterdir()}
    )
