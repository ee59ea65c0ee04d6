"""What shows that a function is there after all, whatever a record or a document says of its absence."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sekisho.evidence.observation_function import (
    CredentialChanged,
    DefaultCredentials,
    Deletion,
    FirstUse,
    Guessing,
    UpdateOffered,
)
from sekisho.evidence.observation_network import (
    LoginFunctions,
    OpenModbus,
    OpenPorts,
    PlaintextService,
    Routes,
    SshOffer,
    TlsOffer,
)
from sekisho.evidence.observation_words import (
    Demanded,
    Function,
    LoginKind,
    Plaintext,
    RouteContent,
    UpdateAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.proof.evidence import Evidence, Piece

_NO_SECRET = frozenset({Demanded.NOTHING, Demanded.UNKNOWN})
_PRESET = frozenset({Demanded.COMMON_SECRET, Demanded.DEVICE_SECRET, Demanded.BOTH})
_PASSWORDS = frozenset({LoginKind.PASSWORD, LoginKind.UNKNOWN})


def present(evidence: Evidence, function: Function) -> list[Piece]:
    """The evidence that there is such a function."""
    of = evidence.of
    match function:
        case Function.IP_ACCESS:
            return [*_reachable(evidence)]
        case Function.NETWORK_LOGIN:
            return [
                *_logins(evidence),
                *(piece for piece, _ in of(SshOffer)),
                *(piece for _, piece in login_ports(evidence)),
            ]
        case Function.NETWORK_PASSWORD:
            return [*_passwords(evidence)]
        case Function.PRESET_PASSWORD:
            return [
                *(piece for piece, seen in of(FirstUse) if seen.demanded in _PRESET),
                *(piece for piece, seen in of(DefaultCredentials) if seen.accepted),
            ]
        case Function.STORED_ASSETS:  # a password that is known again is a stored one
            return [
                *(piece for piece, seen in of(Deletion) if any(d.before for d in seen.data)),
                *_passwords(evidence),
            ]
        case Function.TRANSMITTED_ASSETS:  # what a user logs in with goes over the network
            return present(evidence, Function.NETWORK_LOGIN)
        case Function.UPDATABLE_SOFTWARE:
            return [
                piece for piece, seen in of(UpdateOffered) if seen.answer is UpdateAnswer.INSTALLED
            ]
        case Function.BLUETOOTH | Function.USB:
            return []
        case _:
            assert_never(function)


def login_ports(evidence: Evidence) -> Iterator[tuple[int, Piece]]:
    """Ports that were seen to ask for credentials, whether or not anybody listed a login function there."""
    for piece, plain in evidence.of(PlaintextService):
        if plain.does is Plaintext.LOGS_IN:
            yield plain.port, piece
    for piece, seen in evidence.of(Routes):
        if any(r.needs_authentication or r.content is RouteContent.LOGIN for r in seen.routes):
            yield seen.port, piece


def _reachable(evidence: Evidence) -> Iterator[Piece]:
    of = evidence.of
    yield from (piece for piece, seen in of(OpenPorts) if seen.ports)
    yield from (piece for piece, seen in of(Routes) if seen.routes)
    yield from (piece for kind in (TlsOffer, SshOffer, PlaintextService) for piece, _ in of(kind))
    yield from (piece for piece, seen in of(OpenModbus) if seen.read)


def _logins(evidence: Evidence) -> Iterator[Piece]:
    of = evidence.of
    yield from (piece for piece, seen in of(LoginFunctions) if seen.functions)
    yield from (piece for piece, _ in of(CredentialChanged))
    yield from _tried(evidence)


def _passwords(evidence: Evidence) -> Iterator[Piece]:
    for piece, seen in evidence.of(LoginFunctions):
        if any(function.login in _PASSWORDS for function in seen.functions):
            yield piece
    for piece, plain in evidence.of(PlaintextService):
        if plain.does is Plaintext.LOGS_IN:
            yield piece
    yield from _tried(evidence)


def _tried(evidence: Evidence) -> Iterator[Piece]:
    of = evidence.of
    yield from (piece for piece, seen in of(FirstUse) if seen.demanded not in _NO_SECRET)
    yield from (piece for piece, seen in of(DefaultCredentials) if seen.tried)
    yield from (piece for piece, seen in of(Guessing) if seen.made)
