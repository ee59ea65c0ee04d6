"""Whose signatures count for what: the keys of root and versions, and those that say what is newest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tuf.api.metadata import TOP_LEVEL_ROLE_NAMES, Role, Root

from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from securesystemslib.signer import SSlibKey

LEAST_THRESHOLD: Final = 2
"""Signatures that root and targets need at least: one stolen key is not enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """Whose signatures count for what."""

    root: Sequence[SSlibKey]
    targets: Sequence[SSlibKey]
    online: Sequence[SSlibKey]
    """For snapshot and timestamp, one signature each: what is newest, never what it is."""
    threshold: int = LEAST_THRESHOLD
    """Of root and of targets."""


def entrust(root: Root, holders: Holders) -> None:
    """Gives each role of a root its keys.

    Raises:
        InputError: the holders are too few, or an online key is also one of theirs.
    """
    if holders.threshold < LEAST_THRESHOLD:
        what = _THRESHOLD.fill(least=LEAST_THRESHOLD)
        raise InputError(Problem("--threshold", what, _MORE_KEYS))
    offline = {key.keyid for key in (*holders.root, *holders.targets)}
    if any(key.keyid in offline for key in holders.online):
        raise InputError(Problem("--online-key", _MIXED_KEYS, _MORE_KEYS))
    for name in sorted(TOP_LEVEL_ROLE_NAMES):
        keys = {"root": holders.root, "targets": holders.targets}.get(name, holders.online)
        need = holders.threshold if name in {"root", "targets"} else 1
        if len({key.keyid for key in keys}) < need:
            what = _FEW.fill(name=same(name), need=need)
            raise InputError(Problem(name, what, _MORE_KEYS))
        root.roles[name] = Role([], need)
        for key in keys:
            root.add_key(key, name)


_THRESHOLD = Text("必要な署名の数は {least} 以上です。", "The threshold is at least {least}.")
_FEW = Text("{name} の鍵が {need} 本に足りません。", "{name} has fewer than {need} keys.")
_MIXED_KEYS = Text(
    "公開用の鍵が、根または対象の鍵でもあります。", "An online key is a key of root or targets too."
)
_MORE_KEYS = Text("持ち主の違う鍵を足してください。", "Add keys, each of another holder.")
