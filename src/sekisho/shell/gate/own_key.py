"""The gate's own key, opened where it is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.shell.gate.state_folder import KEY
from sekisho.shell.keys import signer_of
from sekisho.shell.sealing import read_kept

if TYPE_CHECKING:
    from sekisho.codec.jws import Signer
    from sekisho.shell.gate.state_folder import StateFolder


def own_signer(folder: StateFolder) -> Signer:
    """What signs this gate's decisions and checkpoints.

    Raises:
        InputError: there is none, it cannot be opened, or it is no key.
        WorldError: the disk failed, or the extra `gate` is missing.
    """
    return signer_of(read_kept(folder, KEY), str(folder.file(KEY)))
