"""The state of the update, and the hand-over of a signed one: this process can install nothing."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sekisho import __version__
from sekisho.gate.admin.desk import note
from sekisho.gate.admin.notes import NoteKind
from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.problems import SAID
from sekisho.shell.update.place import DROPPED, TOLD
from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context

_MOST_TOLD = 4_096
_BEGINNING = b"PK\x03\x04"
"""Of a ZIP archive; everything else is the updater's to judge."""
WORDS = {
    "title": Text("更新", "Update"),
    "pages_version": Text("管理画面の版", "Version of the pages"),
    "gate_version": Text("動いているゲートの版", "Version of the running gate"),
    "last": Text("前回の更新(前 → 後)", "Latest update (before → after)"),
    "waiting": Text("渡してある更新", "Handed over"),
    "hand_in": Text("署名された更新を渡す", "Hand over a signed update"),
    "file": Text("更新ファイル(.zip、128 MiB まで)", "Update (.zip, at most 128 MiB)"),
    "rule": Text(
        "ここでは何も入れません。更新係が、署名・期限・版・全ファイルを自ら確かめ、設備が停止しているときだけ"
        "入れ替えます。",
        "Nothing is installed here. The updater itself checks signatures, expiry, version and every "
        "file, and switches only while the plant is at rest.",
    ),
    "none_taken": Text(
        "この装置の管理画面は更新を受け取りません(admin run --updates)。更新は機械で入れてください。",
        "The pages of this device take no updates (admin run --updates). Install them at the machine.",
    ),
    "then": Text("手順", "Step by step"),
}
_STEPS = (
    Text("勧告を読みます。", "Read the advisory."),
    Text("署名された更新を渡します。", "Hand the signed update over."),
    Text(
        "設備を停止させるか、指令が終わるのを待ちます。",
        "Bring the plant to rest, or let its orders end.",
    ),
    Text(
        "更新係が新しい版を隣に作り、試し、切り替え、見守ります。動かなければ元の版に戻ります。",
        "The updater builds the new version beside the old one, tries it, switches, watches it; if it "
        "does not run, the old one is back.",
    ),
    Text(
        "前と後の版をこの画面とジャーナルで確かめます。",
        "See both versions here and in the journal.",
    ),
)
_YES = Text("あります(更新係を待っています)", "yes (it waits for the updater)")
_NO = Text("ありません", "nothing")
_UNKNOWN = Text("不明", "unknown")
_NO_ZIP = Text("ZIP の更新ファイルではありません。", "It is no update file (ZIP).")
_TAKEN = Text("受け取りました。SHA-256 {digest}", "Handed over. SHA-256 {digest}")


async def get(context: Context) -> Answer:
    """The page."""
    return await _shown(context, None, 200)


async def post(context: Context) -> Answer:
    """A file, laid where the updater takes it, whole."""
    upload = context.files.get("update")
    handed = await handed_over(context, b"" if upload is None else upload.content)
    if isinstance(handed, tuple):
        said, status = handed
        return await _shown(context, said, status)
    return await _shown(context, _TAKEN.fill(digest=handed), 200)


async def handed_over(context: Context, content: bytes) -> str | tuple[Text, int]:
    """Lays an update where the updater takes it, and tells the journal; its SHA-256, or why not.

    Raises:
        JournalAwaitedError: the journal has not taken what was done before.
        WorldError: it cannot be written.
    """
    folder = context.office.updates
    if folder is None:
        return WORDS["none_taken"], 409
    if not content.startswith(_BEGINNING):
        return _NO_ZIP, 422
    digest = hashlib.sha256(content).hexdigest()
    user = context.user.name if context.user is not None else ""
    told = note(NoteKind.UPDATE_DROPPED, context.moment, user=user, about=f"sha256:{digest[:16]}")
    # Noted first: an update that the journal does not know of is never laid there.
    await context.office.keeper.change(
        lambda desk: (replace(desk, book=desk.book.noted(told)), None)
    )
    try:
        await asyncio.to_thread(_laid, folder, content)
    except OSError:
        return SAID[500], 500
    return digest


async def _shown(context: Context, said: Text | None, status: int) -> Answer:
    folder = context.office.updates
    running = await context.office.gate.status()
    values = {
        "words": WORDS,
        "steps": _STEPS,
        "said": said,
        "good": status < HTTPStatus.BAD_REQUEST,
        "own_version": __version__,
        "gate_version": _UNKNOWN if running is None else same(str(running["program"])),
        "told": None if folder is None else await asyncio.to_thread(_told, folder.parent / TOLD),
        "waiting": _YES if folder is not None and _waits(folder) else _NO,
        "taken": folder is not None,
    }
    return Shown(template="pages/update/update.html", values=values, status=status)


def _laid(folder: Path, content: bytes) -> None:
    """Written beside, synced, renamed: half a file is never taken."""
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".half-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fchmod(
                stream.fileno(), 0o644
            )  # the updater is another user; nothing in it is secret
            os.fsync(stream.fileno())
        Path(beside).replace(folder / DROPPED)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _told(path: Path) -> dict[str, Any] | None:
    """What the updater did last, as it tells the gate; None where it tells nothing that can be read."""
    with suppress(OSError, ValueError):
        with path.open("rb") as stream:
            found = json.loads(stream.read(_MOST_TOLD))
        if isinstance(found, dict) and {"old", "new", "why"} <= set(found):
            return {name: str(found[name] or "")[:64] for name in ("old", "new", "why")}
    return None


def _waits(folder: Path) -> bool:
    with suppress(OSError):
        return (folder / DROPPED).exists()
    return False
