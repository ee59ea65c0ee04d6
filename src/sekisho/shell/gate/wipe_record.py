"""What a gate says of itself before it is wiped: public parts, names and digests, under its signature."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sekisho import __version__
from sekisho.codec.jws import Typ
from sekisho.codec.thumbprint import fingerprint
from sekisho.shell.clock import stamp
from sekisho.shell.gate.holdings import CERTIFICATE
from sekisho.shell.gate.own_key import own_signer
from sekisho.shell.gate.recall import recalled
from sekisho.shell.sealing import is_sealed
from sekisho.terms.errors import SekishoError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.shell.gate.state_folder import StateFolder

FLASH = Text(
    "フラッシュメモリーは、上書きしても古い内容を別の場所に残すことがあります。封じたファイルはデバイス鍵を"
    "失って読めなくなりましたが、デバイス鍵そのものの古い写しがないことは、ここからは確かめられません。"
    "確実にするには、記憶装置の消去機能か破壊によってください。",
    "Flash memory may keep the old content elsewhere although it was overwritten. What was sealed is "
    "unreadable without the device key; that no old copy of the device key itself remains cannot be "
    "seen from here. To be certain, use the storage's own erase function, or destroy it.",
)


def signed_record(folder: StateFolder, folders: list[StateFolder]) -> tuple[bytes, bool]:
    """What is going to be removed, signed by the gate while it can; public parts and names alone."""
    payload: dict[str, object] = {
        "document": "wipe",
        "at": stamp(),
        "program": __version__,
        "files": [_listed(one) for one in folders],
        "certificate": _digest(folder, CERTIFICATE),
        "limits": FLASH.en,
        **_memory(folder),
    }
    try:
        signer = own_signer(folder)
    except SekishoError:
        return json.dumps({"unsigned": payload}, indent=1).encode() + b"\n", False
    payload["gate"] = {"kid": signer.kid, "fingerprint": fingerprint(signer.public)}
    return signer.sign_document(json.dumps(payload, sort_keys=True).encode(), Typ.WIPE), True


def _listed(folder: StateFolder) -> dict[str, object]:
    """Names and sizes; of sealed files the digest of the ciphertext, which says nothing of them."""
    files = []
    for place in sorted(folder.path.iterdir()):
        size = place.lstat().st_size
        files.append({"name": place.name, "bytes": size, "sealed_sha256": _sealed(place)})
    return {"folder": folder.path.name, "files": files}


def _sealed(place: Path) -> str | None:
    if not place.is_file() or place.stat().st_size > 4 * 1024 * 1024:
        return None
    content = place.read_bytes()
    return hashlib.sha256(content).hexdigest() if is_sealed(content) else None


def _digest(folder: StateFolder, name: str) -> str | None:
    return hashlib.sha256(folder.read(name)).hexdigest() if folder.has(name) else None


def _memory(folder: StateFolder) -> dict[str, object]:
    """How long the journal was, and which documents were in force."""
    try:
        memory = recalled(folder)
    except SekishoError:
        memory = None
    if memory is None:
        return {"journal": None, "trust_version": None, "bounds_version": None}
    durable = memory.durable
    return {
        "journal": {"entries": memory.tip.number, "head": memory.tip.digest.hex()},
        "trust_version": None if durable is None else durable.trust_version,
        "bounds_version": None if durable is None else durable.bounds_version,
    }
