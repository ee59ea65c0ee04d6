"""Made-up evidence for the documentation: a product that does not exist, signed with a public key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.codec.jws import Signer
from sekisho.evidence.bundle import digest_of, sealed
from sekisho.evidence.observation import Bundle
from sekisho.evidence.observation_function import Guessing
from sekisho.evidence.observation_paper import DocumentSeen, FunctionAbsent, PortTable
from sekisho.evidence.observation_words import Function
from sekisho.proof.criteria import CRITERIA
from sekisho.shell.keys import public_pem
from sekisho.shell.package_data import load_criterion_cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.evidence.observation import Record

FOLDER = "examples/made-up-product"
SIGNER = Signer(b"made-up key of invented evidence")
"""Everybody knows this key; it is for the sample alone."""
TRANSCRIPT = b"A made-up transcript: nobody sent or received this.\n"
_TARGET = "made-up product P-1"
_MADE_UP = "Made up: there is no such product. / 架空: この製品は存在しません。\n\n"
_PAPERS = {
    "technical.txt": "Routes: HTTPS on port 443, password. Preset codes are random, one for each device. "
    "Settings and credentials are stored encrypted. Every way of transmission is TLS 1.3.\n",
    "user-manual.txt": "p.1 How to change the password. p.2 How to update on the settings page. "
    "p.3 Safe use. p.4 Disposal.\n",
    "disclosure-policy.txt": "Reports: security@example.org. Acknowledged within 5 days. "
    "Status every 14 days until it is solved.\n",
    "update-policy.txt": "Critical updates within 30 days, announced by mail.\n",
    "support-notice.txt": "Security support ends on 2031-03-31.\n",
}
_ATTESTATION = """\
# Made up: there is no such product. / 架空: この製品は存在しません。

[[document]]
kind = "technical"
file = "technical.txt"
dated = 2026-09-01
states = [
  { item = "S1.1-01/1", says = "fulfilled", place = "line 3" },
  { item = "S1.1-02/3", says = "fulfilled", place = "line 3" },
  { item = "S1.1-11/1", says = "fulfilled", place = "line 3" },
  { item = "S1.1-12/1", says = "fulfilled", place = "line 3" },
]

[[document]]
kind = "user-manual"
file = "user-manual.txt"
dated = 2026-09-01
states = [
  { item = "S1.1-03/1", says = "fulfilled", place = "p. 1" },
  { item = "S1.1-07/3", says = "fulfilled", place = "p. 2" },
  { item = "S1.1-16/2", says = "fulfilled", place = "p. 3" },
  { item = "S1.1-16/3", says = "fulfilled", place = "p. 2" },
  { item = "S1.1-16/4", says = "fulfilled", place = "p. 4" },
]

[[document]]
kind = "disclosure-policy"
file = "disclosure-policy.txt"
dated = 2026-09-01
states = [
  { item = "S1.1-05/1", says = "fulfilled", place = "line 3" },
  { item = "S1.1-05/2", says = "fulfilled", place = "line 3" },
  { item = "S1.1-05/3", says = "fulfilled", place = "line 3" },
]

[[document]]
kind = "update-policy"
file = "update-policy.txt"
dated = 2025-11-21      # 366 days before 2026-11-22: too old to count
states = [{ item = "S1.1-09/1", says = "fulfilled", place = "line 3" }]

[[document]]
kind = "support-notice"
file = "support-notice.txt"
dated = 2026-09-01
states = [{ item = "S1.1-16/1", says = "fulfilled", place = "line 3" }]

[ports]
dated = 2026-09-01
open = [{ transport = "tcp", port = 443, service = "https", reason = "pages for the operator" }]
"""


def files() -> Mapping[str, str]:
    """The sample's files, by path."""
    bundle = Bundle(
        target=_TARGET,
        profile="made-up",
        program="sekisho 0.1.0",
        began=min(record.at for record in _records()),
        ended=max(record.at for record in _records()),
        records=tuple(_records()),
    )
    return {
        f"{FOLDER}/evidence.sekisho-bundle": sealed(bundle, [TRANSCRIPT], SIGNER).decode("ascii"),
        f"{FOLDER}/signer.pem": public_pem(SIGNER.public).decode("ascii"),
        f"{FOLDER}/papers.sekisho-attestation": _ATTESTATION,
        **{f"{FOLDER}/{name}": _MADE_UP + text for name, text in _PAPERS.items()},
    }


def _records() -> Iterator[Record]:
    """What the stories' products showed, with one fault and one thing that nobody looked at."""
    told: list[Record] = []
    for name, _ in CRITERIA:
        for record, _ in load_criterion_cases(name).whole:
            seen = record.observed
            if isinstance(seen, DocumentSeen | PortTable):
                continue
            if isinstance(seen, FunctionAbsent) and seen.function is Function.USB:
                continue  # nobody looked for USB
            if isinstance(seen, Guessing):
                seen = replace(seen, stopped_after=None)  # wrong tries are not hindered
            one = replace(
                record,
                observed=seen,
                target=_TARGET,
                method="made up",
                transcript=digest_of(TRANSCRIPT),
            )
            if one not in told:
                told.append(one)
    yield from told
