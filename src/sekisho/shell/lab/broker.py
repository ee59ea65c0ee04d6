"""Real brokers on loopback: NATS from its wheel, or Mosquitto where it is installed.

Both ask for a client certificate, know each client by its common name, and permit it its topics
alone. Neither writes or listens anywhere but in its folder and on 127.0.0.1.
"""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from sekisho.codec.topics import FROM_GATE, TO_GATE, Channel, topic
from sekisho.shell.keys import replace_private
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.lab.authority import Authority, Identity
    from sekisho.terms.ids import SiteId

HOST = "127.0.0.1"
_START_S = 10.0
_END_S = 5.0

_NO_NATS = Text("nats-server がありません。", "There is no nats-server.")
_INSTALL_NATS = Text(
    "pip install 'sekisho[lab]' を実行してください。", "Run pip install 'sekisho[lab]'."
)
_NO_MOSQUITTO = Text("mosquitto がありません。", "There is no mosquitto.")
_INSTALL_MOSQUITTO = Text(
    "mosquitto を入れるか、NATS を使ってください。", "Install mosquitto, or use NATS."
)
_NOT_UP = Text("ブローカーが起動しません: {log}", "The broker does not start: {log}")
_TRY = Text("もう一度実行してください。", "Run it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one client may do."""

    name: str
    """Common name of its certificate."""
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def gate_account(name: str, site: SiteId) -> Account:
    """A gate reads its commands and its own checkpoint, and writes; nothing of another site."""
    return Account(
        name=name,
        publish=tuple(topic(site, channel) for channel in FROM_GATE),
        subscribe=tuple(topic(site, channel) for channel in (Channel.CHECKPOINT, *TO_GATE)),
    )


def head_end_account(name: str, site: SiteId) -> Account:
    """A head-end writes commands and reads answers."""
    return Account(
        name=name,
        publish=tuple(topic(site, channel) for channel in TO_GATE),
        subscribe=tuple(topic(site, channel) for channel in FROM_GATE),
    )


def free_port() -> int:
    """A port of loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        found: int = probe.getsockname()[1]
        return found


class BrokerProcess(ABC):
    """A broker that was started here and is ended here."""

    def __init__(self, folder: Path, authority: Authority, accounts: tuple[Account, ...]) -> None:
        """Writes the configuration; `start` starts it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.authority = authority
        self.accounts = accounts
        self.port = free_port()
        """MQTT over TLS; the same after a restart."""
        self.identity: Identity = authority.server(f"broker-{self.port}")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and returns when it takes connections.

        Raises:
            WorldError: it is not installed or does not start.
        """
        self._configure()
        log = self.folder / "output.log"
        with log.open("ab") as sink:
            self._process = subprocess.Popen(  # noqa: S603 - our own arguments
                self._arguments(), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
            )
        end = time.monotonic() + _START_S
        while time.monotonic() < end and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self.port)) == 0:
                    return
            time.sleep(0.02)
        self.stop()
        tail = log.read_bytes()[-400:].decode(errors="replace").strip()
        raise WorldError(Problem("broker", _NOT_UP.fill(log=tail), _TRY))

    def stop(self) -> None:
        """Ends it in order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it without a word, as a power cut does."""
        self._end(signal.SIGKILL)

    def revoke(self, identity: Identity) -> None:
        """The identity is known no longer, on standing connections too."""
        self.accounts = tuple(a for a in self.accounts if a.name != identity.name)
        self.authority.revoke(identity)
        self._configure()
        self._forget()

    def _end(self, by: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(by)
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    @abstractmethod
    def _configure(self) -> None: ...

    @abstractmethod
    def _arguments(self) -> list[str]: ...

    @abstractmethod
    def _forget(self) -> None:
        """Lets the running broker see that accounts or certificates are gone."""


class Nats(BrokerProcess):
    """nats-server: needs JetStream and a name for MQTT; has no list of revoked certificates."""

    @override
    def _arguments(self) -> list[str]:
        program = Path(sys.executable).parent / "nats-server"
        if not program.exists():
            raise WorldError(Problem("nats-server", _NO_NATS, _INSTALL_NATS))
        return [str(program), "--config", str(self.folder / "nats.conf")]

    @override
    def _configure(self) -> None:
        tls = {
            "cert_file": str(self.identity.certificate),
            "key_file": str(self.identity.key),
            "ca_file": str(self.authority.ca),
            "verify_and_map": True,
        }
        settings = {
            "server_name": f"sekisho-lab-{self.port}",
            "host": HOST,
            "port": -1,  # the NATS port opens too: loopback, the same TLS, any free number
            "tls": tls,
            "jetstream": {"store_dir": str(self.folder / "store")},
            "mqtt": {"host": HOST, "port": self.port, "tls": tls},
            "authorization": {"users": [_nats_user(account) for account in self.accounts]},
        }
        replace_private(self.folder / "nats.conf", json.dumps(settings, indent=1).encode())

    @override
    def _forget(self) -> None:
        self._signal(signal.SIGHUP)


class Mosquitto(BrokerProcess):
    """mosquitto: reads a list of revoked certificates when it starts."""

    @override
    def _arguments(self) -> list[str]:
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if program is None:
            raise WorldError(Problem("mosquitto", _NO_MOSQUITTO, _INSTALL_MOSQUITTO))
        return [program, "-c", str(self.folder / "mosquitto.conf")]

    @override
    def _configure(self) -> None:
        lines = [
            f"listener {self.port} {HOST}",
            f"cafile {self.authority.ca}",
            f"certfile {self.identity.certificate}",
            f"keyfile {self.identity.key}",
            f"crlfile {self.authority.crl}",
            "require_certificate true",
            "use_identity_as_username true",
            "allow_anonymous false",
            f"acl_file {self.folder / 'acl'}",
            "persistence true",
            f"persistence_location {self.folder}/",
            "message_size_limit 65536",
            "set_tcp_nodelay true",
            f"user {Path.home().owner()}",
        ]
        replace_private(self.folder / "acl", _mosquitto_acl(self.accounts).encode())
        replace_private(self.folder / "mosquitto.conf", "\n".join([*lines, ""]).encode())

    @override
    def _forget(self) -> None:
        self.stop()
        self.start()


def _nats_user(account: Account) -> dict[str, object]:
    """A user known by the name in its certificate; topics as subjects."""
    subscribe = [*(_subject(name) for name in account.subscribe), "$MQTT.sub.>"]
    return {
        "user": f"CN={account.name}",
        # On the NATS port "$MQTT.sub.>" would let it read what others are sent.
        "allowed_connection_types": ["MQTT"],
        "permissions": {
            "publish": {"allow": [_subject(name) for name in account.publish]},
            "subscribe": {"allow": subscribe},
        },
    }


def _subject(name: str) -> str:
    return name.replace("/", ".")


def _mosquitto_acl(accounts: tuple[Account, ...]) -> str:
    lines = []
    for account in accounts:
        lines.append(f"user {account.name}")
        lines += [f"topic write {name}" for name in account.publish]
        lines += [f"topic read {name}" for name in account.subscribe]
        lines.append("")
    return "\n".join(lines)
