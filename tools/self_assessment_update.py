"""A real updater beside the real gate: a maker of throw-away keys, versions to offer, and what runs them.

The versions are this program itself under other numbers (a copy of its source with another `__version__`),
so what is updated is the gate that the assessment asks. Maker's keys and the service manager are the laboratory's;
repository, checks, switch and the way back are those of a site.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import time
import zipfile
from typing import TYPE_CHECKING, Any

from typing_extensions import override

import sekisho
from sekisho.gate.update.admit import FLOORS
from sekisho.gate.update.beat import Beat
from sekisho.gate.update.reasons import Refused
from sekisho.gate.update.steps import End
from sekisho.shell.clock import boot_ms
from sekisho.shell.lab.maker import MODEL, Maker
from sekisho.shell.lab.stage import LabTime
from sekisho.shell.update.gate import Gate
from sekisho.shell.update.making import make
from sekisho.shell.update.place import DROP, SETTINGS
from sekisho.shell.update.updater import updating
from tools.generate import ROOT

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from tools.whole_product import WholeProduct

NOW, NEXT = sekisho.__version__, "0.1.1"
_PROGRAM = """#!{python}
import sys
sys.path.insert(0, {source!r})
from sekisho.shell.cli.main import run
run()
"""
_SETTINGS = f"""model = "{MODEL}"
[gate]
beat = "/nowhere"
stop = ["false"]
start = ["false"]
trial = []
rest_s = 60
"""
_START_S = 120.0


class Versions(Maker):
    """A maker whose program is this one, under the number that is wanted."""

    @override
    def program(self, version: str, **how: Any) -> str:
        source = self.folder / f"source-{version}"
        if not source.exists():
            shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
            about = source / "sekisho" / "__init__.py"
            text = about.read_text(encoding="utf-8")
            about.write_text(text.replace(f'"{NOW}"', f'"{version}"'), encoding="utf-8")
        return _PROGRAM.format(python=sys.executable, source=str(source))


class ProductGate(Gate):
    """The whole product's gate as the updater reaches it; its beat is read from what it says of itself."""

    def __init__(self, product: WholeProduct, place: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._product, self._place, self._loop = product, place, loop
        self._started = 0

    @override
    def trial(self, program: Path, version: str) -> str | None:
        said = self._wait_for(_said(program))
        return None if said == version else said

    @override
    def stop(self) -> str | None:
        if "gate" in self._product.processes:
            self._wait_for(self._product.end("gate"))
        return None

    @override
    def start(self) -> str | None:
        if "gate" not in self._product.processes:
            self._started = self.boot()
            self._product.gate_program = (self._place / "current" / "bin" / "sekisho").resolve()
            self._wait_for(self._product.start_gate())
        return None

    @override
    def beat(self) -> Beat | None:
        try:
            path = self._product.stage.state_path / "status.json"
            told = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return Beat(
            program=told["program"],
            started=self._started,
            boot=told["boot"],
            ticks=told["boot"],
            entries=told["journal"]["entries"],
            behind_ms=0,
            at_rest=told["setpoint"] == 0,
            time_floor=0,
        )

    @override
    def boot(self) -> int:
        return boot_ms()

    @override
    def wait(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.3))

    def _wait_for(self, doing: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(_START_S)


async def _said(program: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        program, "--version", stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL
    )
    output, _ = await process.communicate()
    return output.decode().strip()


class Updates:
    """The updater's folder, and the files that are offered."""

    def __init__(self, folder: Path) -> None:
        """Everything made: the version that runs, and four files in `folder / "offered"`."""
        self.maker = Versions(folder / "maker")
        self.place = make(folder / "updater", self.maker.root, MODEL, 0)
        (self.place.path / SETTINGS).write_text(_SETTINGS, encoding="utf-8")
        self.drop = self.place.path / DROP
        self.offered = folder / "offered"
        self.offered.mkdir()
        older = self._published(NOW, "older.zip")
        self.first = older
        genuine = self._published(NEXT, "genuine.zip")
        _copied(genuine, self.offered / "changed.zip", _flipped)
        _copied(genuine, self.offered / "unsigned.zip", _bare)

    def _published(self, version: str, name: str) -> Path:
        self.maker.offer(version)
        path = self.offered / name
        self.maker.repository.archive(path)
        return path

    async def install_first(self, product: WholeProduct) -> None:
        """The gate runs from the updater's folder from now on."""
        await product.end("gate")
        shutil.copyfile(self.first, self.drop / "update.zip")
        if not await self.taken(product):
            raise RuntimeError("the version that runs could not be installed")

    async def taken(self, product: WholeProduct) -> bool:
        """Lets the updater take what was handed over; whether the new version runs."""
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(self._taken, ProductGate(product, self.place.path, loop))

    def _taken(self, gate: ProductGate) -> bool:
        with updating(self.place, lambda _: gate, LabTime(), FLOORS) as updater:
            try:
                source = updater.take_drop()
                return source is not None and updater.apply(source, by_hand=False).end is End.NEW
            except Refused as error:
                sys.stderr.write(f"updater: {error.reason.value}\n")
                return False

    def tables(self) -> str:
        """The profile's tables for them: what should be refused first, then the genuine one, then the older."""
        packages = (
            ("unsigned", "unsigned.zip", NEXT),
            ("changed", "changed.zip", NEXT),
            ("genuine", "genuine.zip", NEXT),
            ("older", "older.zip", NOW),
        )
        return (
            '\n[update]\ncomponent = "gate"\nsettle_s = 60\n'
            'step = { path = "/update", page = "/update", token = "form_token", body = "file", '
            'file_field = "update", fields = { form_token = "$token" }, done = [200] }\n'
            'installs = { prompt = "Let the updater take what was handed over." }\n'
        ) + "".join(
            f'\n[[update.package]]\npackage = "{kind}"\nfile = "offered/{file}"\nversion = "{version}"\n'
            for kind, file, version in packages
        )


def _copied(source: Path, target: Path, change: Any) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            new.writestr(info, change(info.filename, old.read(info)))


def _flipped(name: str, content: bytes) -> bytes:
    """One byte of the newest target is another one."""
    if not name.startswith("targets/") or NEXT not in name:
        return content
    return content[:-1] + bytes([content[-1] ^ 1])


def _bare(name: str, content: bytes) -> bytes:
    """Metadata without signatures; those of the root stay, which the machine has of its own."""
    if not name.startswith("metadata/") or name.endswith("root.json"):
        return content
    held = json.loads(content)
    held["signatures"] = []
    return json.dumps(held).encode()
