"""`sekisho verify`: whether a pack is what was written, and whose signature it bears."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sekisho.shell.cli.judging import SignerOption
from sekisho.shell.cli.options import Format, FormatOption, LangOption, OutOption, language


def verify(
    pack: Annotated[Path, typer.Argument(metavar="PACK.zip", help="What checklist or pack wrote.")],
    *,
    signer: SignerOption = None,
    output: FormatOption = Format.TEXT,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Check a pack of checklist (every changed byte, whose signature) or of pack (its hashes).

    A pack of sekisho pack is never signed: where its hashes hold, it ends with 3.

    Exit code: 0 whole and of a known signer, 1 changed, 2 usage or input, 3 whole but nobody known
    stands for it.
    """
    from sekisho.proof.pack_document import pack_json, pack_page, verdict_of
    from sekisho.shell.cli.showing import show
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.keys import load_public
    from sekisho.shell.pack_file import MOST_PACK, check_pack
    from sekisho.shell.proof_files import Wanted, bounded_bytes
    from sekisho.terms.verdict import exit_code

    data = bounded_bytes(pack, MOST_PACK, Wanted.PACK)
    checked = check_pack(data, str(pack), [load_public(path) for path in signer or []])
    spoken = language(lang)
    show(
        lambda: pack_page(checked, spoken),
        lambda: pack_json(checked, spoken),
        json_wanted=output is Format.JSON,
        out=out,
        day=today_in_japan(),
    )
    raise typer.Exit(exit_code(verdict_of(checked)))
