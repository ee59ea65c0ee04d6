"""Does what the table of `gate.update.steps` says, one act after another, each written down before."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from sekisho.codec.strict_json import Malformed
from sekisho.gate.update.beat import BEATS, Beat, fresh, runs_well
from sekisho.gate.update.log import Kind
from sekisho.gate.update.reasons import Reason, Refused
from sekisho.gate.update.record import read_record, record_bytes
from sekisho.gate.update.steps import End, Outcome, Phase, Record, after, end_of
from sekisho.gate.update.told import Told, told_bytes
from sekisho.gate.update.version import read_version
from sekisho.shell.update import archive as archives
from sekisho.shell.update.build import build
from sekisho.shell.update.place import RECORD, TOLD
from sekisho.shell.writing import write_whole
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sekisho.gate.update.steps import Change
    from sekisho.gate.update.version import Version
    from sekisho.shell.update.gate import Gate
    from sekisho.shell.update.log_file import LogFile
    from sekisho.shell.update.place import Place

LOOK_S = 1.0
"""Between two looks at the gate."""
_BACK = frozenset({Phase.BACK_STOP, Phase.BACK_POINT, Phase.BACK_START, Phase.BACK_WATCH})


class _FailedError(Exception):
    """An act went wrong."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class Machine:
    """See the module's text."""

    def __init__(
        self, place: Place, gate: Gate, log: LogFile, wall: Callable[[], int], rest_s: int
    ) -> None:
        """A machine over a folder that is held.

        Args:
            place: the updater's folder.
            gate: how the gate is reached.
            log: where every phase gets its line.
            wall: the wall clock in ms; for the log alone.
            rest_s: how long to wait for the plant to be at rest.
        """
        self.place = place
        self.gate = gate
        self.log = log
        self.wall = wall
        self.rest_s = rest_s
        self.record = self._loaded()
        self.trouble = ""
        """What went wrong last, for people."""
        self.archive: Path | None = None
        """The verified archive of the change that begins now."""

    def run(self, record: Record) -> tuple[End, Reason | None]:
        """Goes the whole way of a change.

        Returns:
            How it ended, and why where that is not in the new version.

        Raises:
            WorldError: the disk fails in the middle; `resume` goes on from there.
        """
        change = record.change
        while change is not None:
            self.save(record)
            outcome, reason = self._acted(change)
            later = after(record, outcome, reason)
            end = end_of(record, later)
            if end is not None:
                why = _why(change, outcome, reason)
                # The line first: what ends between the two is ended, and told, once more.
                self._note(Kind.ENDED, change, end=end.value, why=_word(why), detail=self.trouble)
                self.save(later)
                self.tidy()
                return end, why
            record, change = later, later.change
        raise ValueError("no change is on its way")

    def resume(self) -> tuple[End, Reason | None] | None:
        """Ends what was interrupted; None where nothing was."""
        if self.record.change is None:
            self.tidy()
            return None
        return self.run(after(self.record, Outcome.INTERRUPTED))

    def save(self, record: Record) -> None:
        """The record, on the disk before anything is done."""
        self.place.private.write(RECORD, record_bytes(record))
        self.record = record

    def tidy(self) -> None:
        """Removes what no version needs: older versions, half-built ones, copies."""
        kept = {str(version) for version in self.record.kept} | {self.place.pointed()}
        for name in self.place.versions():
            with suppress(ValueError):
                if name not in kept:
                    self.place.remove(read_version(name))
        shutil.rmtree(self.place.work, ignore_errors=True)
        self.place.work.mkdir(mode=0o700, exist_ok=True)

    # ---- acts ----------------------------------------------------------------------------------

    def _acted(self, change: Change) -> tuple[Outcome, Reason | None]:
        self._note(Kind.PHASE, change, phase=change.phase.value, why=_word(change.why))
        try:
            self.act(change)
        except _FailedError as error:
            self.trouble = f"{change.phase.value}: {error.detail}"
            return Outcome.FAILED, error.reason
        except OSError as error:
            if change.phase in _BACK:  # nothing better can be done: a person, then `resume`
                what = _DISK.fill(why=error.strerror or error)
                raise WorldError(Problem(str(self.place.path), what, _RESUME)) from error
            self.trouble = f"{change.phase.value}: {error.strerror or error}"
            return Outcome.FAILED, Reason.BUILD
        return Outcome.DONE, None

    def act(self, change: Change) -> None:  # noqa: C901 - a table, a phase a line
        """Does one phase."""
        match change.phase:
            case Phase.BUILD:
                self._build()
            case Phase.TRIAL:
                self._trial(change)
            case Phase.REST:
                self._rest(change)
            case Phase.STOP:
                self._stop(change.old)
            case Phase.BACK_STOP:
                self._stop(change.new)
            case Phase.POINT:
                self._told(change, change.old, change.new)
                self.place.point(change.new)
            case Phase.BACK_POINT:
                self._told(change, change.new, change.old)
                self.place.point(change.old)
            case Phase.START | Phase.BACK_START:
                self._start(change)
            case Phase.WATCH:
                self._watch(change.new, change.beat_s)
            case Phase.BACK_WATCH:
                self._watch(change.old, change.beat_s)
            case Phase.DISCARD:
                self._discard(change)
            case _ as never:
                assert_never(never)

    def _build(self) -> None:
        if self.archive is None:
            raise _FailedError(Reason.INTERRUPTED, "the archive is gone")
        try:
            with archives.opened(self.archive) as archive:
                build(self.place, archive)
        except Refused as error:
            raise _FailedError(error.reason, error.detail) from error

    def _trial(self, change: Change) -> None:
        trouble = self.gate.trial(self.place.program(change.new), str(change.new))
        if trouble is not None:
            raise _FailedError(Reason.TRIAL, trouble)

    def _rest(self, change: Change) -> None:
        """Waits for the plant; a gate that does not run has left its plant to the watchdogs."""
        if change.old is None:
            return
        end = self.gate.boot() + self.rest_s * 1000
        while True:
            beat, now = self.gate.beat(), self.gate.boot()
            if beat is None or not fresh(beat, now) or beat.at_rest:
                return
            if now >= end:
                raise _FailedError(Reason.NOT_AT_REST, f"{self.rest_s} s")
            self.gate.wait(LOOK_S)

    def _stop(self, version: Version | None) -> None:
        """Ends the gate; going back, a gate that will not end is replaced by the start all the same."""
        if version is None:
            return
        trouble = self.gate.stop()
        if trouble is not None:
            raise _FailedError(Reason.NOT_RUNNING, trouble)

    def _start(self, change: Change) -> None:
        if change.phase is Phase.BACK_START and change.old is None:
            return
        trouble = self.gate.start()
        if trouble is not None:
            raise _FailedError(Reason.NOT_RUNNING, trouble)

    def _watch(self, version: Version | None, beat_s: int) -> None:
        """Until the gate was seen to run its cycle and write its journal, in this version."""
        if version is None:
            return
        since = self.gate.boot()
        end, beats = since + beat_s * 1000, list[Beat]()
        while self.gate.boot() < end:
            self.gate.wait(LOOK_S)
            beat = self.gate.beat()
            if beat is not None and (not beats or beat != beats[-1]):
                beats = [*beats[-BEATS:], beat]
            if runs_well(beats, str(version), since):
                return
        last = f"{beats[-1].program}, {beats[-1].ticks} ticks" if beats else "no beat"
        raise _FailedError(Reason.NOT_RUNNING, f"{beat_s} s: {last}")

    def _discard(self, change: Change) -> None:
        if change.new not in {self.record.current, self.record.previous}:
            self.place.remove(change.new)

    def _told(self, change: Change, old: Version | None, new: Version | None) -> None:
        """What the gate journals at its next start."""
        told = Told(
            number=self.log.lines[-1].number,
            old=None if old is None else str(old),
            new=None if new is None else str(new),
            digest=change.digest,
            why=_word(change.why),
        )
        write_whole(self.place.path / TOLD, told_bytes(told))
        os.chmod(self.place.path / TOLD, 0o644)  # noqa: PTH101 - whatever the umask takes away

    # ---- what is written -----------------------------------------------------------------------

    def _note(self, kind: Kind, change: Change, **more: str | None) -> None:
        old = None if change.old is None else str(change.old)
        body = {"old": old, "new": str(change.new), "digest": change.digest, **more}
        try:
            self.log.add(kind, self.wall(), body)
        except OSError as error:
            what = _DISK.fill(why=error.strerror or error)
            raise WorldError(Problem(str(self.place.path), what, _RESUME)) from error

    def _found(self) -> Version | None:
        """What runs, where no record says so: what `current` points at, if it is whole."""
        name = self.place.pointed()
        if name is None:
            return None
        with suppress(ValueError):
            version = read_version(name)
            return version if self.place.is_complete(version) else None
        return None

    def _loaded(self) -> Record:
        """The record; its floor is never below what the log has."""
        if not self.place.private.has(RECORD):
            return _raised(Record(current=self._found()), self.log.log.highest)
        try:
            record = read_record(self.place.private.read(RECORD))
        except Malformed as error:
            where = str(self.place.private.file(RECORD))
            raise InputError(Problem(where, _UNREADABLE.fill(why=error), _RESTORE)) from error
        return _raised(record, self.log.log.highest)


def _raised(record: Record, highest: Version | None) -> Record:
    floors = [one for one in (record.highest, highest) if one is not None]
    return replace(record, highest=max(floors, default=None))


def _why(change: Change, outcome: Outcome, reason: Reason | None) -> Reason | None:
    if change.phase is Phase.WATCH and outcome is Outcome.DONE:
        return None
    return change.why or reason


def _word(reason: Reason | None) -> str | None:
    return None if reason is None else reason.value


_DISK = Text("ディスクに書けません({why})。", "The disk cannot be written ({why}).")
_RESUME = Text(
    "ディスクを直してから sekisho update resume を実行してください。",
    "Mend the disk, then run sekisho update resume.",
)
_UNREADABLE = Text(
    "更新の状態を読めません({why})。", "The updater's record cannot be read ({why})."
)
_RESTORE = Text(
    "何も変えていません。フォルダーを作り直して、いまの版を入れ直してください。",
    "Nothing was changed. Make the folder anew and install the present version again.",
)
