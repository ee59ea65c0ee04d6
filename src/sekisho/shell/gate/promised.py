"""What trust.json and bounds.json promise, where they lie beside a site file: can it be delivered?

The authority's desk keeps them there while it writes them, before they reach a gate. With its public
key beside them (`authority.pem`) their signatures are verified; without it they are read as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.deliverable import undeliverable
from sekisho.gate.tables import read_gated
from sekisho.shell.gate.state_folder import AUTHORITY, BOUNDS, MOST_BYTES, TRUST
from sekisho.shell.keys import gate_parts_missing, load_public
from sekisho.shell.reading import bounded
from sekisho.shell.site_files import SITE_FILE, text_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.terms.errors import Problem

_ABSENT = Text("パスを確かめてください。", "Check the path.")


def undelivered(path: Path) -> tuple[Problem, ...]:
    """Every product that a key beside a site file may be asked for and that cannot be delivered.

    Empty too where there is no trust.json or no bounds.json.

    Raises:
        InputError: one of them, or the gate's tables, cannot be read.
        WorldError: the extra `gate` is missing, or the disk failed.
    """
    file = path / SITE_FILE if path.is_dir() else path
    beside = file.parent
    if not ((beside / TRUST).is_file() and (beside / BOUNDS).is_file()):
        return ()
    try:
        from sekisho.codec.signed_document import (  # noqa: PLC0415  the extra
            check_authority,
            read_bounds,
            read_trust,
        )
    except ImportError as error:
        raise gate_parts_missing(error) from error
    settings = read_gated(text_of(file, _ABSENT), str(file)).settings
    authority: bytes | None = None
    if (beside / AUTHORITY).is_file():
        authority = load_public(beside / AUTHORITY)
        check_authority(authority, settings.authority, str(beside / AUTHORITY))
    trust = read_trust(bounded(beside / TRUST, MOST_BYTES), authority, str(beside / TRUST))
    bounds = read_bounds(bounded(beside / BOUNDS, MOST_BYTES), authority, str(beside / BOUNDS))
    return undeliverable(trust, bounds, settings.energy)
