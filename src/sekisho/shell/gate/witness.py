"""What the broker remembers of our journal: a gate that was put back to an older state is found out.

The newest checkpoint lies retained on its topic, signed by this gate. At each connection the gate
reads it, before any command can come: where it counts entries that we do not have, or has another
digest for one of ours, this journal is not the one that went on, and the session must be new.
A broker can hold the checkpoint back or show an older one; it cannot make one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.checkpoint import Checkpoint, opened
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.terms.errors import SekishoError

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.evidence.chain import Tip
    from sekisho.terms.ids import SiteId


def contradicts(token: bytes, public: bytes, site: SiteId, tip: Tip, journal: Path) -> bool:
    """Whether a checkpoint that this gate signed speaks of another journal than ours.

    Args:
        token: what lay on the topic; what this gate did not sign says nothing.
        public: this gate's public key.
        site: this gate's site.
        tip: the last entry that is on the disk.
        journal: the database.
    """
    found = opened(token, public)
    if not isinstance(found, Checkpoint) or found.site != site:
        return False
    if found.count > tip.number:
        return True
    if found.count == tip.number:
        return found.head != tip.digest
    try:
        with opened_journal(journal) as log:
            if found.count <= log.base.number:
                return False
            return any(row.digest != found.head for row in log.rows(found.count, found.count))
    except SekishoError:
        return False  # the journal's own trouble is told elsewhere
