"""Attack on the updater: an older version is handed in, through the drop, in every form there is.

Maker, machine and updater are real; the program that is installed and the service manager that runs it
are made up. The updater's own log is the journal here.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from typing_extensions import override

from sekisho.gate.update.admit import FLOORS
from sekisho.gate.update.beat import Beat
from sekisho.gate.update.log import Kind
from sekisho.gate.update.reasons import SAID, Reason, Refused
from sekisho.gate.update.version import read_version
from sekisho.lab.attacks import weaker
from sekisho.lab.attacks.finding import Finding, Verdict
from sekisho.shell.clock import boot_ms
from sekisho.shell.lab.maker import MODEL, ONLINE, Maker
from sekisho.shell.lab.stage import LabTime
from sekisho.shell.update.gate import Gate
from sekisho.shell.update.making import make
from sekisho.shell.update.place import DROP, DROPPED
from sekisho.shell.update.updater import updating
from sekisho.terms.texts import Text, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sekisho.gate.update.admit import Floor
    from sekisho.shell.update.place import Place
    from sekisho.shell.update.updater import Updater

OLD, NOW = "1.0.0", "1.1.0"

_TRIED = Text(
    "{now} が動く機械の受け口に、正しく署名された {old} の公開庫、中身を変えたもの、"
    "製造者が {now} を取り下げた後のもの、盗んだ公開用の鍵で {old} を最新に見せかけたものを入れました。",
    "Handed a machine that runs {now}, through its drop: the validly signed repository of {old}; a "
    "changed archive; what its maker signed after taking {now} back; and {old} made to look newest "
    "with the stolen online key.",
)
_REFUSED = Text(
    "すべて拒否されました。{why}動いているのは {now} のままです。",
    "All refused. {why} It still runs {now}.",
)
_INSTALLED = Text("{running} に戻されました。", "It was brought back to {running}.")
_UNSEEN = Text("記録に残っていません。", "The log does not show it.")


class MadeUpGate(Gate):
    """A service manager that runs nothing for long: it asks the program who it is, and beats for it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._running: str | None = None
        self._ticks = 0

    @override
    def trial(self, program: Path, version: str) -> str | None:
        said = _asked(program)
        return None if said == version else said

    @override
    def stop(self) -> str | None:
        self._running = None
        return None

    @override
    def start(self) -> str | None:
        self._running = _asked(self._place.current / "bin" / "sekisho")
        return None

    @override
    def beat(self) -> Beat | None:
        if self._running is None:
            return None
        self._ticks += 1
        return Beat(
            program=self._running,
            started=0,
            boot=self.boot(),
            ticks=self._ticks,
            entries=self._ticks,
            behind_ms=0,
            at_rest=True,
            time_floor=0,
        )

    @override
    def boot(self) -> int:
        return boot_ms()

    @override
    def wait(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.005))


@dataclass(frozen=True, slots=True)
class _Machine:
    """A machine under attack."""

    place: Place
    floors: Sequence[Floor]
    forgets: Callable[[Updater], None]

    def handed(self, archive: Path) -> Reason | None:
        """Takes what lies in the drop; why not."""
        beside = self.place.path / DROP / ".incoming"
        shutil.copyfile(archive, beside)
        beside.replace(self.place.path / DROP / DROPPED)
        gate = MadeUpGate(self.place)
        with updating(self.place, lambda _: gate, LabTime(), self.floors) as updater:
            self.forgets(updater)
            try:
                taken = updater.take_drop()
                if taken is not None:
                    updater.apply(taken, by_hand=False)
            except Refused as error:
                return error.reason
        return None

    def lines(self) -> list[int]:
        """The log's lines about refusals."""
        with updating(self.place, lambda _: MadeUpGate(self.place), LabTime(), FLOORS) as updater:
            return [line.number for line in updater.log.lines if line.kind is Kind.REFUSED]


def refused(folder: Path) -> Finding:
    """Class 10 against an updater as a site runs it."""
    return _attacked(folder, FLOORS, _remembers)


def forgotten(folder: Path) -> Finding:
    """Class 10 where the updater asks signatures and expiry alone, and remembers nothing."""
    return _attacked(folder, weaker.floorless(), _forgets)


def _attacked(folder: Path, floors: Sequence[Floor], forgets: Callable[[Updater], None]) -> Finding:
    maker = Maker(folder / "maker")
    place = make(folder / "machine", maker.root, MODEL, 0)
    _settle(place)
    old = folder / "old.zip"
    maker.offer(OLD)
    maker.repository.archive(old)
    shutil.copytree(maker.published, folder / "old")
    honest = _Machine(place, FLOORS, _remembers)
    honest.handed(old)
    maker.offer(NOW)
    newest = folder / "newest.zip"
    maker.repository.archive(newest)
    honest.handed(newest)
    machine = _Machine(place, floors, forgets)
    reasons = []
    for archive in _attempts(folder, maker, old):
        reason = machine.handed(archive)
        if reason is None or place.pointed() != NOW:
            break
        reasons.append(reason)
    return _judged(place.pointed(), reasons, machine.lines())


def _judged(running: str | None, reasons: Sequence[Reason], lines: Sequence[int]) -> Finding:
    tried = _TRIED.fill(old=OLD, now=NOW)
    entries = tuple(lines)
    if running != NOW:
        did = _INSTALLED.fill(running=running or "-")
        return Finding(tried=tried, did=did, verdict=Verdict.SUCCEEDED, entries=entries)
    if len(entries) < len(reasons) or not reasons:
        return Finding(tried=tried, did=_UNSEEN, verdict=Verdict.SUCCEEDED, entries=entries)
    why = sentences(SAID[one] for one in dict.fromkeys(reasons))
    did = _REFUSED.fill(why=why, now=NOW)
    return Finding(tried=tried, did=did, verdict=Verdict.REFUSED, entries=entries)


def _attempts(folder: Path, maker: Maker, old: Path) -> Iterator[Path]:
    """Every way to bring an old version or a changed one, each as one archive."""
    yield old
    yield _changed(folder, maker)
    maker.withdraw(read_version(NOW))
    withdrawn = folder / "withdrawn.zip"
    maker.repository.archive(withdrawn)
    yield withdrawn
    yield _with_stolen_key(
        folder, maker
    )  # last: its numbers are above the maker's own from then on


def _with_stolen_key(folder: Path, maker: Maker) -> Path:
    """The old versions, said to be newest by who has stolen the key that publishes."""
    thief = type(maker.repository)(folder / "thief")
    shutil.copytree(folder / "old", thief.published)
    for _ in range(5):  # so that its numbers are higher than those seen
        thief.publish(maker.signer(ONLINE), maker.expires)
    thief.archive(folder / "stolen.zip")
    return folder / "stolen.zip"


def _changed(folder: Path, maker: Maker) -> Path:
    """The newest archive with other bytes in it."""
    changed = folder / "changed"
    shutil.copytree(maker.published, changed / "published")
    for path in (changed / "published" / "targets").iterdir():
        path.write_bytes(path.read_bytes().replace(b"made-up program", b"changed program"))
    target = folder / "changed.zip"
    type(maker.repository)(changed).archive(target)
    return target


def _settle(place: Place) -> None:
    """Settings whose commands nothing runs: the laboratory's own gate stands in for them."""
    words = 'beat = "-"\nstop = ["-"]\nstart = ["-"]\ntrial = []\nrest_s = 0\n'
    (place.path / "update.toml").write_text(f'model = "{MODEL}"\n[gate]\n{words}', encoding="utf-8")


def _remembers(_: Updater) -> None:
    """As a site's updater does."""


def _forgets(updater: Updater) -> None:
    """Whatever was seen before is gone."""
    shutil.rmtree(updater.place.metadata)
    updater.place.metadata.mkdir(mode=0o700)
    updater.machine.save(replace(updater.machine.record, seen=None))


def _asked(program: Path) -> str:
    done = subprocess.run(  # noqa: S603 - what runs is the program that this attack has just written and installed
        [str(program), "--version"], capture_output=True, timeout=30, check=False
    )
    return done.stdout.decode("utf-8", "replace").strip()
