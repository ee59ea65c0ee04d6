"""What a visit has seen so far: records, and the bytes that they point to. Secrets never enter it."""

from __future__ import annotations

import html
import json
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from sekisho import __version__
from sekisho.evidence.bundle import MOST_BLOB, digest_of
from sekisho.evidence.observation import Bundle, Record
from sekisho.evidence.observation_paper import NotDone
from sekisho.evidence.observation_words import shown
from sekisho.shell.clock import wall_ms

if TYPE_CHECKING:
    from sekisho.evidence.observation import Observation
    from sekisho.evidence.observation_words import ObservationKind, WhyNot
    from sekisho.terms.quantity import WallMs

PROGRAM = f"sekisho {__version__}"
_HIDDEN = "[secret]"
_SHORTEST = 4
"""Characters of a secret from which on it can be told from other text."""


def _spelled(secret: str) -> set[bytes]:
    """A secret as a device may give it back: plain, in a URL, in JSON, in HTML, in base64."""
    told = secret.encode()
    return {
        told,
        quote(secret, safe="").encode(),
        quote_plus(secret).encode(),
        json.dumps(secret)[1:-1].encode(),
        html.escape(secret).encode(),
        b64encode(told).rstrip(b"="),
    }


class Diary:
    """Collects the records of one visit."""

    def __init__(self, target: str, profile: str) -> None:
        self.target = target
        self.profile = profile
        self.began = wall_ms()
        self.records: list[Record] = []
        self.blobs: dict[str, bytes] = {}
        self._secrets: set[str] = set()

    def hide(self, secret: str) -> None:
        """From now on this does not appear in any transcript."""
        if len(secret) >= _SHORTEST:
            self._secrets.add(secret)

    def note(
        self, method: str, observed: Observation, transcript: str | bytes | None = None,
        program: str = PROGRAM, at: WallMs | None = None,
    ) -> None:  # fmt: skip
        """One observation, made now where no other time is told."""
        digest = None
        if transcript:
            data = transcript if isinstance(transcript, bytes) else transcript.encode()
            data = self.clean(data)[:MOST_BLOB]
            digest = digest_of(data)
            self.blobs[digest] = data
        self.records.append(
            Record(
                at=wall_ms() if at is None else at, program=program, method=shown(method), target=shown(self.target),
                transcript=digest, observed=observed,
            )
        )  # fmt: skip

    def not_done(self, what: ObservationKind, why: WhyNot, detail: str) -> None:
        """Something that was not done, and why."""
        self.note("none", NotDone(what=what, why=why, detail=shown(detail, 2_000)))

    def clean(self, data: bytes) -> bytes:
        """The bytes without the secrets of this visit."""
        spellings = {one for secret in self._secrets for one in _spelled(secret)}
        for spelled in sorted(spellings, key=len, reverse=True):
            data = data.replace(spelled, _HIDDEN.encode())
        return data

    def bundle(self) -> Bundle:
        """All of it."""
        return Bundle(
            target=shown(self.target), profile=shown(self.profile), program=PROGRAM,
            began=self.began, ended=wall_ms(), records=tuple(self.records),
        )  # fmt: skip
