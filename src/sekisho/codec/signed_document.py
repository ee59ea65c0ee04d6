"""trust.json and bounds.json as files: opened, checked against the site's authority, and read.

The site file holds the authority's fingerprint alone; its public key is given beside it and must
have that fingerprint, so whoever can write files in the state folder cannot become the authority.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sekisho.codec import bounds_document, trust_document
from sekisho.codec.jws import Typ, open_document, verify
from sekisho.codec.strict_json import Malformed, parse
from sekisho.codec.thumbprint import fingerprint, thumbprint
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.trust import Trust
    from sekisho.site.faults import Fault
    from sekisho.site.locate import Path

D = TypeVar("D")

_NOT_READ = Text("署名付き文書として読めません({why})。", "It is no signed document ({why}).")
_AGAIN = Text("trust sign で作り直してください。", "Make it again with trust sign.")
_OTHER_AUTHORITY = Text(
    "サイトの認証元の鍵の署名ではありません。", "It is not signed by the site's authority."
)
_RIGHT_KEY = Text(
    "サイトファイルの [authority] の鍵で署名してください。",
    "Sign it with the key that [authority] of the site file names.",
)
_NOT_AUTHORITY = Text(
    "この公開鍵はサイトファイルの [authority] の鍵ではありません({found})。",
    "This public key is not the one that [authority] of the site file names ({found}).",
)
_GIVE_KEY = Text(
    "指紋が {wanted} の公開鍵を指定してください。", "Give the public key with fingerprint {wanted}."
)


def check_authority(public: bytes, wanted: str, where: str) -> None:
    """The public key has the fingerprint that the site file names.

    Raises:
        InputError: it has another one.
    """
    found = fingerprint(public)
    if found != wanted:
        what = _NOT_AUTHORITY.fill(found=found)
        raise InputError(Problem(where, what, _GIVE_KEY.fill(wanted=wanted)))


def read_trust(data: bytes, authority: bytes | None, where: str) -> Trust:
    """The trust that a file states.

    Args:
        data: the file's bytes.
        authority: the site's authority (Ed25519 public key, 32 bytes); None reads without
            verifying, to show what a file says.
        where: the file's name, for messages.

    Raises:
        InputError: form, signature or content is wrong; every problem of the content.
    """
    table = _table(data, authority, where, Typ.TRUST, trust_document.MOST_OPENINGS)
    return _whole(table, trust_document.trust_of, where)


def read_bounds(data: bytes, authority: bytes | None, where: str) -> Bounds:
    """The bounds that a file states; arguments and errors as for `read_trust`."""
    table = _table(data, authority, where, Typ.BOUNDS, bounds_document.MOST_OPENINGS)
    return _whole(table, bounds_document.bounds_of, where)


def _table(
    data: bytes, authority: bytes | None, where: str, typ: Typ, most_openings: int
) -> Mapping[str, object]:
    try:
        opened = open_document(data, typ)
        if authority is not None and (
            opened.kid != thumbprint(authority) or not verify(opened, authority)
        ):
            raise InputError(Problem(where, _OTHER_AUTHORITY, _RIGHT_KEY))
        found = parse(opened.payload, most_openings)
    except Malformed as flaw:
        raise InputError(Problem(where, _NOT_READ.fill(why=str(flaw)), _AGAIN)) from None
    if not isinstance(found, dict):
        raise InputError(Problem(where, _NOT_READ.fill(why="not an object"), _AGAIN))
    return found


def _whole(
    table: Mapping[str, object],
    read: Callable[[Mapping[str, object], list[Fault]], D],
    where: str,
) -> D:
    faults: list[Fault] = []
    document = read(table, faults)
    if faults:
        raise InputError(*(Problem(f"{where}: {_named(f.path)}", f.what, f.remedy) for f in faults))
    return document


def _named(path: Path) -> str:
    return ".".join(str(part) for part in path)
