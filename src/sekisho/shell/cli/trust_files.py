"""Signed documents as files: put in force in a state folder, and read for showing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec import bounds_document, trust_document
from sekisho.codec.strict_json import Malformed
from sekisho.shell.gate.state_folder import AUTHORITY, BOUNDS, TRUST, open_state
from sekisho.shell.keys import gate_parts_missing, load_public
from sekisho.shell.reading import bounded
from sekisho.shell.sealing import ensure_device_key, read_kept, write_sealed
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

try:
    from sekisho.codec.jws import MOST_DOCUMENT_BYTES, Typ, open_document
    from sekisho.codec.signed_document import read_bounds, read_trust
except ImportError as error:  # the extra `gate` is not installed
    raise gate_parts_missing(error) from error

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.trust import Trust
    from sekisho.shell.gate.state_folder import StateFolder

_NEITHER = Text(
    "trust.json でも bounds.json でもありません。", "It is neither a trust.json nor a bounds.json."
)
_GIVE_ONE = Text(
    "sekisho trust sign が書いたファイルを指定してください。",
    "Give a file that sekisho trust sign wrote.",
)
_OTHER_SITE = Text(
    "サイト {found} の文書で、このゲートのサイト {wanted} のものではありません。",
    "It is for the site {found}; this gate's site is {wanted}.",
)
_THIS_SITE = Text("このサイトの文書を指定してください。", "Give the document of this site.")
_OLD = Text(
    "版 {found} は、有効な版 {known} より新しくありません。",
    "Version {found} is not above version {known}, which is in force.",
)
_RAISE = Text("version を上げて署名し直してください。", "Raise version and sign it again.")
_NONE = Text("信頼も限度もまだ入っていません。", "It holds neither trust nor bounds yet.")
_APPLY = Text(
    "sekisho trust apply で入れてください。", "Put them in force with sekisho trust apply."
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was put in force."""

    name: str
    version: int
    before: int | Text
    """The version before; a word where there was none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be shown."""

    trust: Trust | None
    bounds: Bounds | None
    verified: bool

    def published(self) -> dict[str, object]:
        """As JSON: the payloads as they were signed, and the names of the keys."""
        form: dict[str, object] = {"verified": self.verified}
        if self.trust is not None:
            form["trust"] = json.loads(trust_document.trust_payload(self.trust))
            form["kids"] = [key.kid for key in self.trust.keys]
        if self.bounds is not None:
            form["bounds"] = json.loads(bounds_document.bounds_payload(self.bounds))
        return form


def put_in_force(file: Path, state: Path) -> Applied:
    """Checks a signed document and writes it into a state folder.

    Raises:
        InputError: it is not signed by the site's authority, is of another site, its version does
            not rise, or its content is wrong.
        WorldError: a file cannot be read or written.
    """
    folder = open_state(state)
    authority = load_public(folder.file(AUTHORITY))
    content = bounded(file, MOST_DOCUMENT_BYTES)
    typ = _typ_of(content, str(file))
    document = _read(content, typ, authority, str(file))
    trust, bounds = _in_force(folder, authority)
    known = trust if typ is Typ.TRUST else bounds
    for other in (trust, bounds):
        if other is not None and other.site != document.site:
            what = _OTHER_SITE.fill(found=document.site, wanted=other.site)
            raise InputError(Problem(str(file), what, _THIS_SITE))
    if known is not None and document.version <= known.version:
        what = _OLD.fill(found=document.version, known=known.version)
        raise InputError(Problem(str(file), what, _RAISE))
    name = TRUST if typ is Typ.TRUST else BOUNDS
    ensure_device_key(folder)
    write_sealed(folder, name, content)
    before = Text("なし", "none") if known is None else known.version
    return Applied(name, document.version, before)


def read_place(place: Path) -> Shown:
    """What a signed document or a state folder says.

    Raises:
        InputError: it cannot be understood.
        WorldError: it cannot be read.
    """
    if place.is_dir():
        folder = open_state(place)
        trust, bounds = _in_force(folder, load_public(folder.file(AUTHORITY)))
        if trust is None and bounds is None:
            raise InputError(Problem(str(place), _NONE, _APPLY))
        return Shown(trust, bounds, verified=True)
    content = bounded(place, MOST_DOCUMENT_BYTES)
    if _typ_of(content, str(place)) is Typ.TRUST:
        return Shown(read_trust(content, None, str(place)), None, verified=False)
    return Shown(None, read_bounds(content, None, str(place)), verified=False)


def _read(content: bytes, typ: Typ, authority: bytes, where: str) -> Trust | Bounds:
    if typ is Typ.TRUST:
        return read_trust(content, authority, where)
    return read_bounds(content, authority, where)


def _in_force(folder: StateFolder, authority: bytes) -> tuple[Trust | None, Bounds | None]:
    trust = bounds = None
    if folder.has(TRUST):
        trust = read_trust(read_kept(folder, TRUST), authority, str(folder.file(TRUST)))
    if folder.has(BOUNDS):
        bounds = read_bounds(read_kept(folder, BOUNDS), authority, str(folder.file(BOUNDS)))
    return trust, bounds


def _typ_of(content: bytes, where: str) -> Typ:
    """Which of the two it says to be; reading it as that checks everything."""
    for typ in (Typ.TRUST, Typ.BOUNDS):
        try:
            open_document(content, typ)
        except Malformed:
            continue
        return typ
    raise InputError(Problem(where, _NEITHER, _GIVE_ONE))
