"""Wiping a gate: keys first, then everything, then looking for what may be left.

Before anything is destroyed the gate signs what it is and what is going to be removed, and a mark is
left in the folder: from then on no gate starts on it, and a wipe that was cut off goes on. What is
destroyed is held by its handle, because the folder's user may be hostile (`handles`). The device
keys go first: without them what was sealed is noise, wherever copies of it lie. Overwriting is asked
of the disk; flash memory may keep old blocks all the same, and the record says so.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.gate.status import read_status
from sekisho.shell.device_key import CREDENTIAL, DEVICE_KEY, NEXT_KEY, credential, world
from sekisho.shell.gate.handles import (
    names_in,
    opened,
    overwrite,
    read_in,
    refuse_strange,
    remove,
    remove_folder,
)
from sekisho.shell.gate.remains import search, secrets_of
from sekisho.shell.gate.state_folder import (
    KEY,
    LOCK,
    STATUS,
    WIPE,
    open_to_wipe,
)
from sekisho.shell.gate.taking_over import is_root, refuse_turned, taken_over
from sekisho.shell.gate.wipe_record import signed_record
from sekisho.shell.writing import write_whole
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.gate.handles import Handle
    from sekisho.shell.gate.remains import Searched
    from sekisho.shell.gate.state_folder import StateFolder

_AT_REST_W = 0
_MOST_STATUS = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiped:
    """What was done."""

    record: Path
    signed: bool
    """Whether the gate could sign its record; without its key it could not."""
    removed: int
    """Files."""
    resumed: bool
    """An earlier wipe went on: what it had destroyed already could not be looked for."""
    searched: Searched
    credential: bool
    """The device key is a systemd credential, which only the operator can destroy."""


def wipe(state: Path, admin: Path | None, record: Path) -> Wiped:
    """Destroys a state folder, and the admin pages' where it is given.

    Args:
        state: the gate's state folder; there is none afterwards.
        admin: the folder of the admin pages.
        record: where the signed record is written; outside of both.

    Raises:
        InputError: a gate or the pages run on it, the record would lie in it, or it holds or lies in
            what somebody else could let lead elsewhere.
        WorldError: the disk failed; doing it again goes on.
    """
    _refuse_inside(record, (state, admin))
    if not (state / WIPE).exists():
        _refuse_written(record)
    if not is_root():
        return _wiped(state, admin, record)
    refuse_turned(record)
    with taken_over([place for place in (state, admin) if place is not None]):
        return _wiped(state, admin, record)


def _wiped(state: Path, admin: Path | None, record: Path) -> Wiped:
    folder = open_to_wipe(state)
    mark = _mark(folder)
    if mark is not None:
        admin = admin or mark.admin
        record = mark.record
    else:
        _refuse_written(record)
    folders = [folder]
    if admin is not None and admin.exists():
        folders.append(open_to_wipe(admin))
    with ExitStack() as held:
        handles = [held.enter_context(opened(one.path)) for one in folders]
        for handle in handles:
            refuse_strange(handle, frozenset({os.geteuid()}))
        for one in folders:
            held.enter_context(one.held())
        secrets = frozenset[bytes]().union(*(secrets_of(one) for one in folders))
        if mark is None:
            mark = _begin(folder, folders, admin, record)
        removed = _destroy_all(handles)
    parents = {one.path.resolve().parent for one in folders}
    searched = search(sorted(parents), secrets)
    return Wiped(
        record=record,
        signed=mark.signed,
        removed=removed,
        resumed=not mark.fresh,
        searched=searched,
        credential=credential(CREDENTIAL) is not None,
    )


def refuse_moving(state: Path) -> None:
    """Refuses where the gate said last that the plant was not at rest.

    Raises:
        InputError: its last set-point was not zero, or what it said cannot be read.
    """
    place = state / STATUS
    if not place.exists():
        return
    try:
        with opened(state) as folder:
            status = read_status(read_in(folder, STATUS, _MOST_STATUS))
    except OSError as error:
        raise world(place, error) from error
    except ValueError as error:
        raise InputError(Problem(str(state), _UNKNOWN_REST, _TELL_REST)) from error
    if status.setpoint != _AT_REST_W:
        what = _NOT_AT_REST.fill(power=f"{status.setpoint:,}")
        raise InputError(Problem(str(state), what, _TELL_REST))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A wipe that was begun."""

    record: Path
    admin: Path | None
    signed: bool
    fresh: bool
    """Begun just now; False: found in the folder."""


def _mark(folder: StateFolder) -> _Mark | None:
    if not folder.has(WIPE):
        return None
    try:
        form = json.loads(folder.read(WIPE))
        admin = form["admin"]
        return _Mark(
            record=Path(form["record"]),
            admin=None if admin is None else Path(admin),
            signed=bool(form["signed"]),
            fresh=False,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(Problem(str(folder.file(WIPE)), _BAD_MARK, _REMOVE_MARK)) from error


def _begin(
    folder: StateFolder, folders: list[StateFolder], admin: Path | None, record: Path
) -> _Mark:
    """The record on its disk, then the mark in the folder; nothing is destroyed before both."""
    content, signed = signed_record(folder, folders)
    write_whole(record, content)
    form = {
        "record": str(record.absolute()),
        "admin": None if admin is None else str(admin.absolute()),
        "signed": signed,
    }
    folder.write(WIPE, json.dumps(form).encode())
    return _Mark(record=record, admin=admin, signed=signed, fresh=True)


def _destroy_all(folders: list[Handle]) -> int:
    """Device keys, then the pages' folder, then the gate's other files, then mark and folder."""
    removed, gate = 0, folders[0]
    try:
        for one in folders:
            for name in (DEVICE_KEY, NEXT_KEY, KEY):
                if name in names_in(one):
                    overwrite(one, name)
                    removed += 1
        last = {WIPE, LOCK}
        for one in reversed(folders):  # the mark's own folder is emptied last
            kept = last if one is gate else set()
            removed += sum(remove(one, name) for name in names_in(one) if name not in kept)
            if one is not gate:
                remove_folder(one)
        for name in names_in(gate):
            os.unlink(name, dir_fd=gate.fd)
        remove_folder(gate)
    except OSError as error:
        raise world(gate.path, error) from error
    return removed


def _refuse_written(record: Path) -> None:
    if os.path.lexists(record):
        raise InputError(Problem(str(record), _THERE, _ELSEWHERE))


def _refuse_inside(record: Path, folders: tuple[Path | None, ...]) -> None:
    for folder in folders:
        if folder is not None and record.resolve().is_relative_to(folder.resolve()):
            raise InputError(Problem(str(record), _INSIDE, _ELSEWHERE))


_NOT_AT_REST = Text(
    "最後の設定値は {power} W で、設備が休止していません。",
    "The last set-point was {power} W: the plant was not at rest.",
)
_UNKNOWN_REST = Text(
    "設備が休止しているか分かりません。", "It is not known whether the plant is at rest."
)
_TELL_REST = Text(
    "設備を休止させてゲートを止めるか、現地で休止を確かめて --plant-at-rest を付けてください。",
    "Bring the plant to rest and end the gate, or look at the plant and give --plant-at-rest.",
)
_THERE = Text("すでにあります。", "It exists already.")
_ELSEWHERE = Text("別の場所を指定してください。", "Give another place.")
_INSIDE = Text("消されるフォルダーの中です。", "It lies in a folder that is wiped.")
_BAD_MARK = Text("消去の印を読めません。", "The mark of a wipe cannot be read.")
_REMOVE_MARK = Text(
    "この印だけを消し、もう一度 sekisho gate wipe を実行してください。",
    "Remove this one file, then run sekisho gate wipe again.",
)
