"""What can be wrong with the made-up product: one switch at least for each of the sixteen criteria.

A switch breaks one criterion and leaves the others as they are; a test turns each of them and sees exactly
that verdict change.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sekisho.terms.ids import CriterionId
from sekisho.terms.texts import Text


class Fault(StrEnum):
    """One switch."""

    ROUTE_WITHOUT_LOGIN = "route-without-login"
    MODBUS_WRITES = "modbus-writes"
    COMMON_DEFAULT = "common-default"
    WEAK_SET_UP = "weak-set-up"
    FIXED_PASSWORD = "fixed-password"  # noqa: S105 - the name of a switch
    UNLIMITED_GUESSES = "unlimited-guesses"
    NO_DISCLOSURE_POLICY = "no-disclosure-policy"
    STALE_DISCLOSURE_POLICY = "stale-disclosure-policy"
    NO_UPDATE = "no-update"
    NO_UPDATE_MANUAL = "no-update-manual"
    UNSIGNED_UPDATE = "unsigned-update"
    CHANGED_UPDATE = "changed-update"
    OLDER_UPDATE = "older-update"
    NO_UPDATE_POLICY = "no-update-policy"
    STALE_UPDATE_POLICY = "stale-update-policy"
    NO_MODEL = "no-model"
    NO_STORAGE_NOTE = "no-storage-note"
    PLAIN_HTTP = "plain-http"
    OLD_TLS = "old-tls"
    WEAK_CIPHER = "weak-cipher"
    UNEXPECTED_PORT = "unexpected-port"
    KNOWN_VULNERABILITY = "known-vulnerability"
    POWER_LOSS_RESETS_PASSWORD = "power-loss-resets-password"  # noqa: S105 - the name of a switch
    POWER_LOSS_RESETS_VERSION = "power-loss-resets-version"
    DELETION_KEEPS_SETTINGS = "deletion-keeps-settings"
    DELETION_KEEPS_USERS = "deletion-keeps-users"
    NO_SUPPORT_PERIOD = "no-support-period"


@dataclass(frozen=True, slots=True)
class Planted:
    """A switch, the criterion that it breaks, and what it does."""

    fault: Fault
    breaks: CriterionId | None
    """None: nothing that was read says that a ★1 criterion asks for it; the evidence shows it."""
    does: Text


def _planted(fault: Fault, number: int | None, ja: str, en: str) -> Planted:
    criterion = None if number is None else CriterionId(f"S1.1-{number:02d}")
    return Planted(fault, criterion, Text(ja, en))


PLANTED: tuple[Planted, ...] = (
    _planted(
        Fault.ROUTE_WITHOUT_LOGIN,
        1,
        "設定のページがログインなしで開きます。",
        "The page of settings opens without a login.",
    ),
    _planted(
        Fault.MODBUS_WRITES,
        1,
        "Modbus の書込みを誰からでも受け付けます。",
        "Modbus writes are taken from anybody.",
    ),
    _planted(
        Fault.COMMON_DEFAULT,
        2,
        "初期パスワードが全台共通の admin です。",
        "It comes with the same password as every other one: admin.",
    ),
    _planted(
        Fault.WEAK_SET_UP,
        2,
        "初回設定で 1234 のような弱いパスワードを受け付けます。",
        "First use takes a password such as 1234.",
    ),
    _planted(
        Fault.FIXED_PASSWORD,
        3,
        "パスワードを変更できません。",
        "The password cannot be changed.",
    ),
    _planted(
        Fault.UNLIMITED_GUESSES,
        4,
        "何度でも即座に試せます。",
        "Passwords can be tried without limit or delay.",
    ),
    _planted(
        Fault.NO_DISCLOSURE_POLICY,
        5,
        "脆弱性開示ポリシーがありません。",
        "There is no vulnerability disclosure policy.",
    ),
    _planted(
        Fault.STALE_DISCLOSURE_POLICY,
        5,
        "脆弱性開示ポリシーの確認日が365日より前です。",
        "The disclosure policy was last confirmed more than 365 days ago.",
    ),
    _planted(
        Fault.NO_UPDATE,
        6,
        "更新を受け付けますが、バージョンが変わりません。",
        "It takes an update, and its version stays the same.",
    ),
    _planted(
        Fault.NO_UPDATE_MANUAL,
        7,
        "更新手順の説明書がありません。",
        "There is no manual for updates.",
    ),
    _planted(
        Fault.UNSIGNED_UPDATE,
        8,
        "署名のない更新を受け付けます。",
        "It takes an update without a signature.",
    ),
    _planted(
        Fault.CHANGED_UPDATE,
        8,
        "署名の後で変えられた更新を受け付けます。",
        "It takes an update that was changed after it was signed.",
    ),
    _planted(
        Fault.OLDER_UPDATE,
        None,
        "より古いバージョンに戻せます。",
        "It takes an older version.",
    ),
    _planted(
        Fault.NO_UPDATE_POLICY,
        9,
        "更新の方針の文書がありません。",
        "There is no policy of updates.",
    ),
    _planted(
        Fault.STALE_UPDATE_POLICY,
        9,
        "更新の方針の確認日が365日より前です。",
        "The policy of updates was last confirmed more than 365 days ago.",
    ),
    _planted(Fault.NO_MODEL, 10, "型番を表示しません。", "It does not show its model."),
    _planted(
        Fault.NO_STORAGE_NOTE,
        11,
        "保存データの保護の文書がありません。",
        "There is no document on how stored data are protected.",
    ),
    _planted(
        Fault.PLAIN_HTTP,
        12,
        "暗号化しない HTTP でもログインできます。",
        "Its pages and login are served over plain HTTP too.",
    ),
    _planted(Fault.OLD_TLS, 12, "TLS 1.0 と 1.1 を受け付けます。", "It takes TLS 1.0 and 1.1."),
    _planted(
        Fault.WEAK_CIPHER,
        12,
        "暗号化しない暗号スイートを受け付けます。",
        "It takes a cipher suite without encryption.",
    ),
    _planted(
        Fault.UNEXPECTED_PORT,
        13,
        "申告していないポートでも同じページを出しています。",
        "Its pages are served on a second port, which its table of ports does not have.",
    ),
    _planted(
        Fault.KNOWN_VULNERABILITY,
        13,
        "悪用できる既知の脆弱性があります。",
        "It has a known vulnerability that can be used.",
    ),
    _planted(
        Fault.POWER_LOSS_RESETS_PASSWORD,
        14,
        "停電で、変更したパスワードが失われます。",
        "A loss of power loses the changed password.",
    ),
    _planted(
        Fault.POWER_LOSS_RESETS_VERSION,
        14,
        "停電で更新前のバージョンに戻ります。",
        "A loss of power brings the old version back.",
    ),
    _planted(
        Fault.DELETION_KEEPS_SETTINGS,
        15,
        "削除しても設定が残ります。",
        "Deletion leaves the settings.",
    ),
    _planted(
        Fault.DELETION_KEEPS_USERS,
        15,
        "削除しても利用者が残ります。",
        "Deletion leaves the users.",
    ),
    _planted(
        Fault.NO_SUPPORT_PERIOD,
        16,
        "サポート期間の文書がありません。",
        "There is no statement of its support period.",
    ),
)
"""Every switch, in the order of the criteria."""

BY_FAULT = {planted.fault: planted for planted in PLANTED}
