"""The made-up product on the desk: its folder, its servers, and the switch of its power.

    async with ProductStage(folder, frozenset({Fault.OLD_TLS})) as stage:
        stage.profile          # probe.toml, by which it is asked
        await stage.cut_power()

Each stage has a loopback address of its own, so that a scan of it finds this product alone.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from sekisho.lab.product import papers
from sekisho.lab.product.bank import Registers
from sekisho.lab.product.faults import Fault
from sekisho.lab.product.model import FIRST_VERSION, MODEL, NEXT_VERSION, Kept, Product, kept
from sekisho.lab.product.package import packed
from sekisho.shell.keys import load_key, load_public, new_key, public_pem, write_private
from sekisho.shell.lab.authority import Authority
from sekisho.shell.lab.product import ssh
from sekisho.shell.lab.product.web import Web
from sekisho.shell.modbus.server import TcpServer
from sekisho.shell.writing import write_whole

if TYPE_CHECKING:
    from pathlib import Path

HTTPS, HTTP, SSH, MODBUS, SECOND = 8443, 8080, 2222, 5020, 9443
"""Ports; the last one is open only where that is the fault."""
_CONTENT = b"made-up firmware\n" * 64


class ProductStage:
    """See the module's text."""

    def __init__(
        self, folder: Path, faults: frozenset[Fault] = frozenset(), address: str | None = None
    ) -> None:
        """A product that has no power yet; what its folder lacks is made.

        Args:
            folder: where storage, papers, updates and the profile are.
            faults: the switches that are on.
            address: an address of loopback; one of its own where none is given.
        """
        self.folder = folder
        self.faults = faults
        self.address = address or f"127.{secrets.randbelow(250) + 2}.{secrets.randbelow(250) + 1}.7"
        self.profile = folder / "probe.toml"
        self._storage = folder / "storage.json"
        self._written: Kept | None = None
        self._power: AsyncExitStack | None = None
        self.product: Product
        self.modbus: TcpServer
        if not self._storage.exists():
            self._make()

    async def __aenter__(self) -> Self:
        await self.power_on()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.power_off()

    async def cut_power(self) -> None:
        """Off and on again: what was only in memory is gone."""
        await self.power_off()
        await self.power_on()

    async def cut_network(self) -> None:
        """Nothing reaches it for a moment; it keeps its power."""
        await self.power_off()
        await self._serve()

    async def power_on(self) -> None:
        """Starts every server; they listen when it returns."""
        self.product = self._booted()
        self._keep()
        await self._serve()

    async def _serve(self) -> None:
        tls = (self.folder / "device.pem", self.folder / "device.key")
        async with AsyncExitStack() as stack:
            second = ((SECOND, tls),) if Fault.UNEXPECTED_PORT in self.faults else ()
            for port, secure in ((HTTPS, tls), (HTTP, None), *second):
                web = Web(self.product, self._keep, self.address, port, secure)
                await web.start()
                stack.push_async_callback(web.close)
            await _listening(stack, ssh.talk, self.address, SSH)
            bank = Registers(writes=Fault.MODBUS_WRITES in self.faults)
            self.modbus = await TcpServer(bank).start(self.address, MODBUS)
            stack.push_async_callback(self.modbus.close)
            self._power = stack.pop_all()

    async def power_off(self) -> None:
        """Ends every server: nothing answers."""
        if self._power is not None:
            await self._power.aclose()
            self._power = None

    def _booted(self) -> Product:
        return Product(
            faults=self.faults,
            code=(self.folder / "code.txt").read_text(encoding="utf-8").strip(),
            public=load_public(self.folder / "maker.pem"),
            kept=kept(json.loads(self._storage.read_text(encoding="utf-8"))),
        ).after_power_loss()

    def _keep(self) -> None:
        if self.product.kept != self._written:
            self._written = self.product.kept
            write_whole(self._storage, json.dumps(self._written.form()).encode())

    # ---- what is made once -----------------------------------------------------------------------

    def _make(self) -> None:
        folder = self.folder
        folder.mkdir(parents=True, exist_ok=True)
        authority = Authority(folder / "authority")
        identity = authority.server("kd-100", ("localhost", self.address))
        write_whole(folder / "ca.pem", authority.ca.read_bytes())
        write_private(folder / "device.pem", identity.certificate.read_bytes())
        write_private(folder / "device.key", identity.key.read_bytes())
        maker = new_key(folder / "maker.key")
        write_private(folder / "maker.pem", public_pem(maker.public))
        for name in ("code.txt", "password.txt", "new-password.txt"):
            write_private(folder / name, f"{secrets.token_urlsafe(12)}\n".encode())
        self._make_updates()
        now = datetime.now(UTC)
        today = now.date()
        for name, text in papers.documents(self.faults, today).items():
            write_whole(folder / name, text.encode())
        made = now.isoformat(timespec="seconds")
        for name, text in papers.reports(self.faults, made).items():
            write_whole(folder / name, text.encode())
        ports = papers.Ports(https=HTTPS, http=HTTP, ssh=SSH, modbus=MODBUS)
        profile = papers.profile(self.faults, today, ports)
        write_whole(self.profile, profile.encode())
        write_whole(self._storage, json.dumps(Kept().form()).encode())

    def _make_updates(self) -> None:
        seed = _seed(self.folder)
        good = packed(MODEL, NEXT_VERSION, _CONTENT, seed)
        unsigned = packed(MODEL, "1.1.0", _CONTENT, None)
        changed = packed(MODEL, "1.2.0", _CONTENT, seed)[:-1] + b"!"
        older = packed(MODEL, FIRST_VERSION, _CONTENT, seed)
        for name, data in (
            ("good", good), ("unsigned", unsigned), ("changed", changed), ("older", older),
        ):  # fmt: skip
            write_whole(self.folder / "updates" / f"{name}.bin", data)


def _seed(folder: Path) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - the extra
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - the extra

    load_key(folder / "maker.key")  # refuses a file that others can read
    key = serialization.load_pem_private_key((folder / "maker.key").read_bytes(), password=None)
    assert isinstance(key, ed25519.Ed25519PrivateKey)  # noqa: S101 - load_key looked
    return key.private_bytes_raw()


async def _listening(stack: AsyncExitStack, talk: ssh.Talk, host: str, port: int) -> None:
    server = await asyncio.start_server(talk, host, port)

    async def close() -> None:
        server.close()
        await server.wait_closed()

    stack.push_async_callback(close)
