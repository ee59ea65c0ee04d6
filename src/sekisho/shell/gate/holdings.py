"""What a gate keeps in its state folder: what each file is, how it is kept at rest, where it goes.

The one table of it. `seal_all` seals by it at each start, the reference page is generated from it,
and a test holds the folder of a gate that ran against it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.shell.device_key import DEVICE_KEY, NEXT_KEY
from sekisho.shell.gate import state_folder as names
from sekisho.shell.sealing import LOCK as SEALING_LOCK
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.settings import North

CERTIFICATE, CERTIFICATE_KEY, BROKERS = "north.pem", "north.key", "north-ca.pem"
"""Names of the files north, where the site file names no others."""
NEXT_SUFFIX = ".next"
"""Ends the name of a key whose certificate is not in force yet."""


class AtRest(StrEnum):
    """How a file stands on the disk."""

    SEALED = "sealed"
    """AES-256-GCM under the device key."""
    SIGNED = "signed"
    """Clear; a change shows by a signature or the hash chain."""
    CLEAR = "clear"


class InBackup(StrEnum):
    """Whether a backup holds a file."""

    ALWAYS = "always"
    ASKED = "asked"
    """Only with `--with-keys`."""
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One file of the state folder."""

    name: str
    what: Text
    at_rest: AtRest
    why: Text
    """Why it is kept like this."""
    backup: InBackup


def passing(name: str, what: Text, why: Text) -> Holding:
    """A file that counts only while something runs: it hides nothing, and no backup takes it."""
    return Holding(name=name, what=what, at_rest=AtRest.CLEAR, why=why, backup=InBackup.NEVER)


def device_keys(why: Text) -> tuple[Holding, ...]:
    """The keys that seal the rest of a folder."""
    return tuple(
        Holding(name=name, what=what, at_rest=AtRest.CLEAR, why=why, backup=InBackup.NEVER)
        for name, what in (
            (DEVICE_KEY, Text("デバイス鍵", "Device key")),
            (NEXT_KEY, Text("交代中の新しいデバイス鍵", "New device key, during a rotation")),
        )
    )


_SECRET = Text("秘密です。", "A secret.")
_SETTING = Text(
    "設定です。署名されているので変更は分かり、封じるのは読まれないためです。",
    "A setting. Its signature shows a change; it is sealed so that it is not read.",
)
_PUBLIC = Text("公開されるものです。", "Public.")
_PASSING = Text("次の1秒か次の起動で書き直されます。", "Written anew each second or at each start.")
_EVIDENCE = Text(
    "証拠です。この装置の鍵がなくても確かめられる必要があります。秘密は入りません。",
    "Evidence: it must be verifiable without this device's key. No secret is written into it.",
)
_SELF = Text(
    "ほかを封じる鍵そのものです。systemd の認証情報で渡せば、ここには置かれません。",
    "The key that seals the rest; given as a systemd credential it does not stand here.",
)

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        name=names.KEY,
        what=Text("決定とチェックポイントに署名する鍵", "Key that signs decisions and checkpoints"),
        at_rest=AtRest.SEALED,
        why=_SECRET,
        backup=InBackup.ASKED,
    ),
    Holding(
        name=CERTIFICATE_KEY,
        what=Text("ブローカー用の証明書の鍵", "Key of the certificate for the broker"),
        at_rest=AtRest.SEALED,
        why=_SECRET,
        backup=InBackup.ASKED,
    ),
    Holding(
        name=CERTIFICATE_KEY + NEXT_SUFFIX,
        what=Text("更新中の証明書の鍵", "Key of the certificate that is being renewed"),
        at_rest=AtRest.SEALED,
        why=_SECRET,
        backup=InBackup.NEVER,
    ),
    Holding(
        name=names.TRUST,
        what=Text("誰の指令に従うか", "Whose commands count"),
        at_rest=AtRest.SEALED,
        why=_SETTING,
        backup=InBackup.ALWAYS,
    ),
    Holding(
        name=names.BOUNDS,
        what=Text("設備の限度", "What the plant may ever do"),
        at_rest=AtRest.SEALED,
        why=_SETTING,
        backup=InBackup.ALWAYS,
    ),
    *device_keys(_SELF),
    Holding(
        name=names.STORE,
        what=Text(
            "ジャーナルと続きの状態(番号、予算、ラッチ、セッション)",
            "Journal and durable state (sequences, budgets, latches, session)",
        ),
        at_rest=AtRest.SIGNED,
        why=_EVIDENCE,
        backup=InBackup.ALWAYS,
    ),
    Holding(
        name=names.OUTBOX,
        what=Text("まだ受領されていない計測値", "Telemetry that was not acknowledged yet"),
        at_rest=AtRest.CLEAR,
        why=Text(
            "計測値で、秘密でも設定でもありません。",
            "Measurements, neither secret nor setting.",
        ),
        backup=InBackup.NEVER,
    ),
    Holding(
        name=names.PUBLIC,
        what=Text("署名を確かめる公開鍵", "Public key that verifies signatures"),
        at_rest=AtRest.CLEAR,
        why=_PUBLIC,
        backup=InBackup.ALWAYS,
    ),
    Holding(
        name=names.AUTHORITY,
        what=Text("サイトの認証元の公開鍵", "Public key of the site's authority"),
        at_rest=AtRest.CLEAR,
        why=_PUBLIC,
        backup=InBackup.ALWAYS,
    ),
    Holding(
        name=CERTIFICATE,
        what=Text("ブローカー用の証明書", "Certificate for the broker"),
        at_rest=AtRest.CLEAR,
        why=_PUBLIC,
        backup=InBackup.ASKED,
    ),
    Holding(
        name=CERTIFICATE + NEXT_SUFFIX,
        what=Text("まだ試していない次の証明書", "Next certificate, until it has connected once"),
        at_rest=AtRest.CLEAR,
        why=_PUBLIC,
        backup=InBackup.NEVER,
    ),
    Holding(
        name=BROKERS,
        what=Text("ブローカーを証明する認証局", "Authority that vouches for the broker"),
        at_rest=AtRest.CLEAR,
        why=_PUBLIC,
        backup=InBackup.ALWAYS,
    ),
    Holding(
        name=names.NORTH_REQUEST,
        what=Text("証明書の申請", "Request for the certificate"),
        at_rest=AtRest.CLEAR,
        why=_PUBLIC,
        backup=InBackup.NEVER,
    ),
    passing(names.STATUS, Text("運転中の状態", "What the running gate says of itself"), _PASSING),
    passing(
        names.RESET, Text("その場からの復帰の依頼", "Request of a person on the spot"), _PASSING
    ),
    Holding(
        name=names.WIPE,
        what=Text("消去の途中の印", "Mark of a wipe that was begun"),
        at_rest=AtRest.CLEAR,
        why=Text("名前と場所だけで、秘密はありません。", "Names and places, no secret."),
        backup=InBackup.NEVER,
    ),
    passing(
        names.RESTORED,
        Text("バックアップから戻した印", "Mark of a folder that came from a backup"),
        _PASSING,
    ),
    passing(names.LOCK, Text("運転中の印", "Mark of the running gate"), _PASSING),
    passing(SEALING_LOCK, Text("封じている間の印", "Mark of who seals"), _PASSING),
)


def named(north: North) -> tuple[Holding, ...]:
    """The holdings under the names that a site file gives to the files north."""
    own = {
        CERTIFICATE: north.certificate,
        CERTIFICATE + NEXT_SUFFIX: north.certificate + NEXT_SUFFIX,
        CERTIFICATE_KEY: north.key,
        CERTIFICATE_KEY + NEXT_SUFFIX: north.key + NEXT_SUFFIX,
        BROKERS: north.ca,
    }
    return tuple(replace(one, name=own.get(one.name, one.name)) for one in HOLDINGS)


def sealed_at_rest(north: North) -> tuple[str, ...]:
    """Names of the files that stand sealed."""
    return tuple(one.name for one in named(north) if one.at_rest is AtRest.SEALED)
