"""Reads what was published with the machine's own client, from nothing but a first root."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.gate.update.admit import Offer
from sekisho.shell.update import archive as archives
from sekisho.shell.update.client import Client, Trust
from sekisho.shell.update.sources import opened
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from tuf.ngclient import FetcherInterface


def verified(source: str, root: Path, model: str) -> Offer:
    """The newest version that is offered, as a machine would see it.

    Raises:
        Refused: a machine would not take it.
        InputError: the source cannot be read.
        WorldError: the root cannot be read.
    """
    try:
        first = root.read_bytes()
    except OSError as error:
        what = _UNREADABLE.fill(why=error.strerror or error)
        raise WorldError(Problem(str(root), what, _GIVE)) from error
    with tempfile.TemporaryDirectory(prefix="sekisho-verify-") as folder:
        place = Path(folder)
        with opened(source) as (base, fetcher):
            return _offer(Trust(root=first, cache=place / "seen", seen={}), base, fetcher, model)


def _offer(trust: Trust, base: str, fetcher: FetcherInterface, model: str) -> Offer:
    trust.cache.mkdir()
    client = Client(trust, base, fetcher)
    client.refresh()
    _, info = client.newest(model)
    archive = client.fetch(info, trust.cache.parent)
    with archives.opened(archive) as found:
        found.verify()
        return Offer(manifest=found.manifest, digest=archives.digest_of(archive))


_UNREADABLE = Text("読めません({why})。", "It cannot be read ({why}).")
_GIVE = Text("公開した root.json を指定してください。", "Give the published root.json.")
