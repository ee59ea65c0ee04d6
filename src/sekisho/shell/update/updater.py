"""The updater, put together: a source is looked at, its newest version admitted, and switched to."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sekisho.gate.clock import MOST_ERROR_MS
from sekisho.gate.update.admit import Offer, Standing, admit
from sekisho.gate.update.beat import fresh
from sekisho.gate.update.log import Kind
from sekisho.gate.update.reasons import Reason, Refused
from sekisho.gate.update.steps import begun, going_back
from sekisho.shell.update import archive as archives
from sekisho.shell.update.client import Client, Trust
from sekisho.shell.update.log_file import LogFile
from sekisho.shell.update.machine import Machine
from sekisho.shell.update.place import ROOT, SETTINGS
from sekisho.shell.update.settings import read_settings
from sekisho.shell.update.sources import MOST_ARCHIVE_BYTES, opened
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import IO

    from sekisho.gate.update.admit import Floor
    from sekisho.gate.update.steps import End
    from sekisho.gate.update.version import Version
    from sekisho.shell.gate.kernel_time import TimeSource
    from sekisho.shell.update.gate import Gate
    from sekisho.shell.update.place import Place
    from sekisho.shell.update.settings import Settings

BACK_S: Final = 60
"""How long a gate may take to run well after a person asked to go back."""
_MOST_ROOT = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An update that may be installed."""

    old: Version | None
    offer: Offer
    archive: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """How an update ended."""

    old: Version | None
    new: Version
    end: End
    why: Reason | None
    detail: str


class Updater:
    """See the module's text."""

    def __init__(
        self,
        place: Place,
        settings: Settings,
        gate: Gate,
        time: TimeSource,
        floors: Sequence[Floor],
        *,
        make: Callable[..., Machine] = Machine,
    ) -> None:
        """An updater over a folder that is held.

        Args:
            place: its folder.
            settings: what the machine is.
            gate: how the gate is reached.
            time: the kernel's clocks.
            floors: the questions that remain where every signature is right.
            make: makes the machine that does the acts.
        """
        self.place = place
        self.settings = settings
        self.gate = gate
        self._time = time
        self._floors = floors
        self.log = LogFile(place)
        self.machine = make(place, gate, self.log, self._wall, settings.gate.rest_s)

    def check(self, source: str, *, by_hand: bool) -> Checked:
        """Whether a source offers an update that may be installed; it lies verified in `work`.

        Args:
            source: a folder, an archive, an https:// address.
            by_hand: a person named it here; what failed before may then be tried again.

        Raises:
            Refused: it does not, and the log says why; nothing that runs was changed.
            InputError: the source is nothing that can be read.
        """
        try:
            found = self._checked(source, by_hand=by_hand)
        except Refused as error:
            body = {"reason": error.reason.value, "detail": error.detail[:200]}
            self.log.add(Kind.REFUSED, self._wall(), body)
            self.machine.tidy()
            raise
        manifest = found.offer.manifest
        body = {"new": str(manifest.version), "digest": found.offer.digest}
        self.log.add(Kind.OFFERED, self._wall(), body)
        return found

    def apply(self, source: str, *, by_hand: bool) -> Applied:
        """Installs what a source offers and switches to it, or goes back.

        Raises:
            Refused: see `check`.
            InputError: an earlier switch has not ended; or as for `check`.
            WorldError: the disk fails in the middle.
        """
        if self.machine.record.change is not None:
            raise InputError(Problem(str(self.place.path), _UNENDED, _RESUME))
        found = self.check(source, by_hand=by_hand)
        manifest = found.offer.manifest
        self.machine.archive = found.archive
        record = begun(self.machine.record, manifest.version, found.offer.digest, manifest.beat_s)
        end, why = self.machine.run(record)
        return Applied(
            old=found.old, new=manifest.version, end=end, why=why, detail=self.machine.trouble
        )

    def take_drop(self) -> str | None:
        """What was handed in, moved where nobody else can change it; None: nothing.

        Raises:
            Refused: it is no plain file, or too large; it is removed.
        """
        try:
            return self._taken()
        except Refused as error:
            body = {"reason": error.reason.value, "detail": error.detail[:200]}
            self.log.add(Kind.REFUSED, self._wall(), body)
            raise

    def go_back(self) -> Applied:
        """Back to the version before, as a person on the machine asked.

        Raises:
            Refused: there is none.
        """
        record = self.machine.record
        if record.change is not None:
            raise InputError(Problem(str(self.place.path), _UNENDED, _RESUME))
        if record.previous is None or record.current is None:
            raise Refused(Reason.NO_PREVIOUS)
        beat = self.gate.beat()
        if beat is not None and fresh(beat, self.gate.boot()) and not beat.at_rest:
            raise Refused(Reason.NOT_AT_REST)
        end, why = self.machine.run(going_back(record, BACK_S))
        return Applied(
            old=record.current,
            new=record.previous,
            end=end,
            why=why,
            detail=self.machine.trouble,
        )

    def resume(self) -> Applied | None:
        """Ends what was interrupted; None where nothing was.

        Raises:
            WorldError: the disk fails.
        """
        change = self.machine.record.change
        ended = self.machine.resume()
        if change is None or ended is None:
            return None
        end, why = ended
        return Applied(
            old=change.old, new=change.new, end=end, why=why, detail=self.machine.trouble
        )

    def running(self) -> str | None:
        """The version of the gate that beats now; None: none."""
        beat = self.gate.beat()
        return beat.program if beat is not None and fresh(beat, self.gate.boot()) else None

    # ---- parts ---------------------------------------------------------------------------------

    def _checked(self, source: str, *, by_hand: bool) -> Checked:
        record = self.machine.record
        root = _bounded(self.place.path / ROOT)
        trust = Trust(root=root, cache=self.place.metadata, seen=record.seen or {})
        with opened(source) as (base, fetcher):
            self._sure()
            client = Client(trust, base, fetcher)
            seen = client.refresh()
            self.machine.save(replace(self.machine.record, seen=dict(seen)))
            version, info = client.newest(self.settings.model)
            self._room(info.length)
            archive = client.fetch(info, self.place.work)
        digest = archives.digest_of(archive)
        with archives.opened(archive) as found:
            found.verify()
            manifest = found.manifest
        if manifest.version != version:
            raise Refused(Reason.MANIFEST, f"{manifest.version}, named {version}")
        offer = Offer(manifest=manifest, digest=digest)
        standing = Standing(
            model=self.settings.model,
            current=record.current,
            highest=record.highest,
            failed=None if by_hand else record.failed,
        )
        admit(offer, standing, self._floors)
        return Checked(old=record.current, offer=offer, archive=archive)

    def _sure(self) -> None:
        """Expiry needs a sure time; what was recorded already is a lower bound of it."""
        now = self._time()
        if not now.synchronised or now.error_ms > MOST_ERROR_MS:
            raise Refused(Reason.TIME_UNSURE, f"{now.error_ms} ms")
        beat = self.gate.beat()
        floor = max(self.log.log.latest, 0 if beat is None else beat.time_floor)
        if now.wall + MOST_ERROR_MS < floor:
            raise Refused(Reason.TIME_BEHIND, f"{floor - now.wall} ms")

    def _room(self, length: int) -> None:
        if shutil.disk_usage(self.place.path).free < 2 * length:
            raise Refused(Reason.NO_ROOM, f"{2 * length // 1024 // 1024} MiB")

    def _taken(self) -> str | None:
        place = self.place.dropped
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            handle = os.open(place, flags)
        except FileNotFoundError:
            return None
        except OSError as error:
            _cleared(place)
            raise Refused(Reason.UNREADABLE, error.strerror or "") from error
        _cleared(place)
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            os.close(handle)
            raise Refused(Reason.UNREADABLE, "no plain file")
        own = self.place.work / "dropped.zip"
        with os.fdopen(handle, "rb") as stream:
            if found.st_size > MOST_ARCHIVE_BYTES:
                raise Refused(Reason.TOO_LARGE, f"{found.st_size} bytes")
            self._room(found.st_size)
            _copy(stream, own, found.st_size)
        return str(own)

    def _wall(self) -> int:
        return int(self._time().wall)


@contextmanager
def updating(
    place: Place,
    gate: Callable[[Settings], Gate],
    time: TimeSource,
    floors: Sequence[Floor],
    *,
    make: Callable[..., Machine] = Machine,
) -> Iterator[Updater]:
    """The updater of a folder, alone in it.

    Raises:
        InputError: another one works in it, or it cannot be used.
    """
    settings = read_settings(place.path / SETTINGS)
    with place.held():
        yield Updater(place, settings, gate(settings), time, floors, make=make)


def _cleared(place: Path) -> None:
    """Takes away whatever lies there; a folder that is full of others' things may stay."""
    try:
        place.unlink(missing_ok=True)
    except OSError:
        shutil.rmtree(place, ignore_errors=True)


def _copy(stream: IO[bytes], into: Path, size: int) -> None:
    """A copy of exactly what the file had when it was opened; whoever still writes it changes nothing."""
    into.unlink(missing_ok=True)
    left = size
    with into.open("xb") as out:
        while left:
            chunk = stream.read(min(1024 * 1024, left))
            if not chunk:
                break
            out.write(chunk)
            left -= len(chunk)


def _bounded(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_MOST_ROOT)
    except OSError as error:
        what = _NO_ROOT.fill(why=error.strerror or error)
        raise WorldError(Problem(str(path), what, _ROOT_DO)) from error


_UNENDED = Text("前の更新が途中です。", "An earlier update has not ended.")
_RESUME = Text("sekisho update resume を実行してください。", "Run sekisho update resume.")
_NO_ROOT = Text("根の鍵の目録を読めません({why})。", "The root cannot be read ({why}).")
_ROOT_DO = Text(
    "機器に付いてきた root.json を置いてください。", "Put the root.json of the machine there."
)
