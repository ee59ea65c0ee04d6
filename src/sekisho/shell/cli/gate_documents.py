"""`sekisho gate documents`: the documents that a maker owes its users."""

from __future__ import annotations

import sys

from sekisho.shell.cli.gate_options import FilesOption, ProductOption
from sekisho.shell.cli.options import LangOption, language


def documents(
    *,
    product: ProductOption = None,
    out: FilesOption = None,
    lang: LangOption = None,
) -> None:
    """Print disclosure policy, support period, update policy, security guide, assets and routes.

    Markdown, in the language asked for. What the publisher has not declared is "not stated".
    """
    from sekisho.gate.product_pages import pages_of
    from sekisho.shell.cli.showing import tell_written
    from sekisho.shell.surface.product_files import load_product, shipped_pages
    from sekisho.shell.writing import write_whole

    for page, text in pages_of(shipped_pages(), load_product(product), language(lang)).items():
        if out is None:
            sys.stdout.write(f"{text}\n")
        else:
            write_whole(out / f"{page}.md", text.encode())
            tell_written(out / f"{page}.md")
