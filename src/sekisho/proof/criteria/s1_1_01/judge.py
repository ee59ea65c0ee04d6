"""S1.1-01: access control over IP; evaluated by document, and held against what the device answers.

The sources ask for technical documents that name assets, routes and the authentication of each. That the
device itself answers nobody without credentials is our own check: a document that the device
contradicts proves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_network import (
    LoginFunctions,
    OpenModbus,
    PlaintextService,
    Routes,
    SshOffer,
    TlsOffer,
)
from sekisho.evidence.observation_words import Plaintext, RouteContent, Transport, Tried
from sekisho.proof.absence import unless_absent
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.proof.paper import attested
from sekisho.proof.ports import NOT_SCANNED, SCAN, scanned
from sekisho.terms.texts import Text, listed, sentences

if TYPE_CHECKING:
    from sekisho.evidence.observation_network import Route, SeenPort
    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

_WEB = frozenset({"http", "https"})
_OPEN = Text(
    "認証情報なしで応答した経路があります: {routes}。",
    "Routes answer without credentials: {routes}.",
)
_WRITES = Text(
    "ポート{port}の Modbus は、認証なしの書き込みを受け入れました。",
    "Modbus on port {port} accepted a write without authentication.",
)
_READS = Text(
    "ポート{port}の Modbus は、認証なしで値を返します。書き込みは試していません。",
    "Modbus on port {port} gives values without authentication; a write was not tried.",
)
_UNCLEAR = Text(
    "ポート{port}: 応答だけでは、認証が要るか、何があるかが分からない経路があります({routes})。",
    "Port {port}: of some routes the answer does not tell whether they need authentication, or what "
    "is there ({routes}).",
)
_MODBUS = Text(
    "ポート{port}の Modbus は、試した読み出しに値を返しませんでした。ほかの値を返さないことは見えていません。",
    "Modbus on port {port} gave no value to the read that was tried; that it gives no other was not seen.",
)
_PARTLY = Text(
    "ポート{port}: 調べた経路は、製品の説明にある全部ではありません。",
    "Port {port}: the routes asked are not all that the product's description names.",
)
_UNASKED = Text(
    "ポート{port}({service})が認証を求めるかは、調べられていません。",
    "Nobody asked whether port {port} ({service}) authenticates.",
)
_ALL = Text(
    "開いている TCP ポート({ports})は、どれも認証情報のない相手に守るべきものを渡しません。",
    "No open TCP port ({ports}) gives a caller without credentials what is to be protected.",
)
_NO_PORTS = Text("なし", "none")
_HELD = frozenset({RouteContent.INFORMATION, RouteContent.SETTINGS, RouteContent.CONTROL})


def judge(case: Case) -> tuple[Finding, ...]:
    """The documents, then the routes."""
    return (
        unless_absent(case, case.statement.item(1), attested),
        unless_absent(case, case.statement.item(2), _routes),
    )


def _routes(case: Case, item: EvaluationItem) -> Finding:
    scan = scanned(case.evidence, Transport.TCP)
    adverse = [*_open_routes(case), *_open_modbus(case)]
    if adverse:
        reason = sentences(text for _, text in adverse)
        return broken(item, How.DEVICE, reason, [piece for piece, _ in adverse])
    if not scan.whole:
        return left_open(item, NOT_SCANNED, remedy=SCAN)
    unclear = [*_unclear(case)]
    rests: list[Piece] = list(scan.whole)
    for piece, port in scan.ports.values():
        answers = _answers(case, port)
        if not answers:
            text = _UNASKED.fill(port=port.port, service=port.service or "?")
            unclear.append((piece, text))
        rests += answers
    if unclear:
        reason = sentences(text for _, text in unclear)
        return left_open(item, reason, [piece for piece, _ in unclear], how=How.DEVICE)
    ports = listed(str(number) for number in scan.ports) if scan.ports else _NO_PORTS
    return met(item, How.DEVICE, _ALL.fill(ports=ports), rests)


def _open_routes(case: Case) -> list[tuple[Piece, Text]]:
    found = []
    for piece, seen in case.evidence.of(Routes):
        bare = [r for r in seen.routes if r.needs_authentication is False and r.content in _HELD]
        if bare:
            found.append((piece, _OPEN.fill(routes=_named(bare))))
    return found


def _open_modbus(case: Case) -> list[tuple[Piece, Text]]:
    return [
        (piece, _WRITES.fill(port=seen.port))
        for piece, seen in case.evidence.of(OpenModbus)
        if seen.write is Tried.ACCEPTED
    ]


def _unclear(case: Case) -> list[tuple[Piece, Text]]:
    found = []
    for piece, seen in case.evidence.of(Routes):
        dim = [r for r in seen.routes if _dim(r)]
        if dim:
            found.append((piece, _UNCLEAR.fill(port=seen.port, routes=_named(dim))))
        elif not seen.complete or not seen.routes:
            found.append((piece, _PARTLY.fill(port=seen.port)))
    found += [
        (piece, _READS.fill(port=modbus.port))
        for piece, modbus in case.evidence.of(OpenModbus)
        if modbus.read and modbus.write is Tried.NOT_TRIED
    ]
    given = {modbus.port for _, modbus in case.evidence.of(OpenModbus) if modbus.read}
    found += [
        (piece, _MODBUS.fill(port=modbus.port))
        for piece, modbus in case.evidence.of(OpenModbus)
        if modbus.port not in given
    ]
    return found


def _dim(route: Route) -> bool:
    if route.needs_authentication is None:
        return True
    return not route.needs_authentication and route.content is RouteContent.UNKNOWN


def _answers(case: Case, port: SeenPort) -> list[Piece]:
    """The records that say how this port treats a caller without credentials."""
    of, number = case.evidence.of, port.port
    found = [
        *(piece for piece, seen in of(Routes) if seen.port == number),
        *(piece for piece, seen in of(OpenModbus) if seen.port == number),
        # nothing is served before the user is authenticated (RFC 4252 section 1)
        *(piece for piece, seen in of(SshOffer) if seen.port == number),
        *(
            piece
            for piece, seen in of(TlsOffer)
            if seen.port == number and seen.client_certificate_asked
        ),
        *(
            piece
            for piece, seen in of(PlaintextService)
            if seen.port == number and seen.does is Plaintext.REDIRECTS
        ),
    ]
    if port.service not in _WEB:
        found += [
            piece
            for piece, seen in of(LoginFunctions)
            if any(function.port == number for function in seen.functions)
        ]
    return found


def _named(routes: list[Route]) -> Text:
    return listed(f"{route.method} {route.path}" for route in routes)
