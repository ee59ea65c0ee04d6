"""A probe profile that was read, and what a visit by it will send: each class of packet, before any is.

`read_probe_profile` reads strictly, with every problem at once. `planned` is what `--dry-run` shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.proof.common_routes import COMMON_ROUTES
from sekisho.proof.plan_check import faults_in
from sekisho.proof.plan_document import FORMS, ProbeDocument
from sekisho.proof.plan_ports import UDP_SERVICES, ranges_of, size
from sekisho.proof.plan_words import Act
from sekisho.site.parsing import located, parsed
from sekisho.site.shape import validated
from sekisho.terms.errors import InputError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.site.faults import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the owner of the device agreed to."""

    by: str
    tries: int
    acts: frozenset[Act]

    def to(self, act: Act) -> bool:
        """Whether this may be done."""
        return act in self.acts


MOST_OWNER = 200
"""Logins of the owner and pages behind them: a few before and after each thing that is tried."""
NOTHING_AGREED = Consent(by="", tries=0, acts=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One class of packet."""

    name: str
    """For programs."""
    what: Text
    to: str
    """Port or ports."""
    most: int
    """Connections or datagrams of this class, at most."""
    changes: Act | None = None
    """What of the device it changes; None: nothing."""


def read_probe_profile(text: str, where: str) -> ProbeDocument:
    """A profile from TOML.

    Raises:
        InputError: everything that is wrong, each with its line and what to write instead.
    """
    faults: list[Fault] = []
    document = validated(ProbeDocument, parsed(text, where), faults, FORMS)
    if document is not None:
        faults += faults_in(document)
    if faults or document is None:
        raise InputError(*located(faults, text, where))
    return document


def consent_of(document: ProbeDocument, budget: int | None) -> Consent:
    """What may be done: the profile's word, and the number of tries that the command line names."""
    agreed = document.agreed
    if agreed is None and budget is None:
        return NOTHING_AGREED
    acts = frozenset() if agreed is None else frozenset(agreed.acts)
    tries = (0 if agreed is None else agreed.tries) if budget is None else budget
    if budget:
        acts |= {Act.GUESS}
    if tries == 0:
        acts -= {Act.GUESS}
    return Consent(by="--budget" if agreed is None else agreed.by, tries=tries, acts=acts)


def planned(document: ProbeDocument, consent: Consent) -> tuple[Planned, ...]:
    """Every class of packet that a visit sends, in its order."""
    return (*_of_ports(document), *_of_web(document), *_of_acts(document, consent))


def _of_ports(document: ProbeDocument) -> Iterator[Planned]:
    ranges = ranges_of(document)
    shown = ", ".join(f"{a}-{b}" if a != b else str(a) for a, b in ranges)
    yield Planned(
        name="tcp-connect",
        what=Text("TCP の接続と切断", "a TCP connection, opened and closed"),
        to=shown,
        most=size(ranges),
    )
    yield Planned(
        name="recognise",
        what=Text(
            "開いているポートへの接続、TLS の ClientHello、GET /",
            "to each open port: a connection, a TLS ClientHello, GET /",
        ),
        to="*",
        most=4 * size(ranges),
    )
    yield Planned(
        name="tls-handshake",
        what=Text(
            "TLS の版と暗号スイートごとの ClientHello、証明書のための接続",
            "to each TLS port: one ClientHello for each version and suite, one handshake",
        ),
        to="*",
        most=201 * size(ranges),
    )
    if document.scan.udp:
        yield Planned(
            name="udp",
            what=Text("UDP の問合せ1個", "one datagram that asks"),
            to=", ".join(f"{port} ({service})" for port, service, _ in UDP_SERVICES),
            most=len(UDP_SERVICES),
        )
    if document.modbus is not None:
        yield Planned(
            name="modbus-read",
            what=Text("レジスター1個の読出し", "one read of one register"),
            to=str(document.modbus.port),
            most=1,
        )
    if document.ssh is not None:
        yield Planned(
            name="ssh",
            what=Text("ssh-audit(鍵交換の手前まで)", "ssh-audit: up to the key exchange, no login"),
            to=str(document.ssh.port),
            most=30,
        )


def _of_web(document: ProbeDocument) -> Iterator[Planned]:
    if document.web is None:
        return
    yield Planned(
        name="http-get",
        what=Text(
            "認証なしの GET(申告した経路と、よくある経路)",
            "GET without credentials: declared routes and common ones",
        ),
        to=str(document.web.port),
        most=len(document.route) + len(COMMON_ROUTES),
    )
    if document.shown is not None:
        yield Planned(
            name="product-page",
            what=Text("型番と版のページ", "the page with model and version"),
            to=str(document.web.port),
            most=1_000,
        )


_ACTS = {
    Act.GUESS: Text(
        "初期・よくある認証情報と、誤った認証情報によるログイン",
        "logins with default and common credentials, then with wrong ones",
    ),
    Act.SET_UP: Text(
        "初回設定(短い・よくあるパスワードも試す)",
        "first use, tried with short and common passwords too",
    ),
    Act.CHANGE: Text("パスワードの変更", "the password is changed"),
    Act.SETTING: Text("設定1個の変更", "one setting is changed"),
    Act.UPDATE: Text("更新ファイルの送信", "update files are sent"),
    Act.POWER_CYCLE: Text("電源の切断と復帰", "the power is cut and comes back"),
    Act.NETWORK_CUT: Text("ネットワークの切断と復帰", "the network is cut and comes back"),
    Act.DELETE: Text("データの削除", "the data are deleted"),
    Act.MODBUS_WRITE: Text(
        "読み出した値の書戻し1回", "one register is written with the value that it holds"
    ),
}


def _of_acts(document: ProbeDocument, consent: Consent) -> Iterator[Planned]:
    web = "" if document.web is None else str(document.web.port)
    most = {
        Act.GUESS: consent.tries,
        Act.SET_UP: 10,
        Act.UPDATE: 0 if document.update is None else len(document.update.package),
    }
    if consent.acts - {Act.MODBUS_WRITE} and document.login is not None:
        yield Planned(
            name="owner-login",
            what=Text(
                "持ち主のパスワードによるログインと、ログイン後のページの GET",
                "logins with the owner's password, and GET of pages behind it",
            ),
            to=web,
            most=MOST_OWNER,
        )
    for act in Act:
        if consent.to(act):
            port = "" if document.modbus is None else str(document.modbus.port)
            yield Planned(
                name=act.value,
                what=_ACTS[act],
                to=port if act is Act.MODBUS_WRITE else web,
                most=most.get(act, 1),
                changes=act,
            )
