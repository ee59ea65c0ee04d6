"""Words of the journal in plain Japanese and English: values of entries as people call them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sekisho.codec.decision import SAID, Outcome
from sekisho.gate.admin.notes import NoteKind
from sekisho.gate.admin.roles import ROLE_TEXT
from sekisho.gate.cycle.following import Against
from sekisho.gate.failures import Failure
from sekisho.gate.image import OwnDroop, WatchdogState
from sekisho.gate.renewal import Renewal
from sekisho.gate.state import Alarm, Latch
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTCOMES: Mapping[str, Text] = MappingProxyType(
    {
        Outcome.ACCEPTED: Text("受け付けました", "accepted"),
        Outcome.LIMITED: Text("上限まで小さくして受け付けました", "accepted with less power"),
        Outcome.REFUSED: Text("断りました", "refused"),
    }
)
REASONS: Mapping[str, Text] = MappingProxyType(
    {
        **{str(key): said for key, said in SAID.items()},
        "ack": Text(
            "信頼する鍵で署名されていない受領確認です。",
            "Acknowledgements that no trusted key signed.",
        ),
    }
)

_LATCHES = {
    Latch.LOCAL_STOP: Text("現地の停止", "local stop"),
    Latch.REMOTE_STOP: Text("遠隔停止", "remote stop"),
    Latch.MISMATCH: Text("計量値と設定値の食い違い", "meter against set-points"),
    Latch.TRIPPED: Text("遮断器の開放", "trip device opened"),
    Latch.CHARGE_DISPUTED: Text("充電率の食い違い", "disputed state of charge"),
}
_ALARMS = {
    Alarm.MISMATCH: Text("計量値と設定値の食い違い", "meter against set-points"),
    Alarm.FOREIGN_WRITER: Text("ほかの機器からの書込み", "foreign writer"),
    Alarm.WATCHDOG: Text("PCS のウォッチドッグ", "PCS watchdog"),
    Alarm.JOURNAL: Text("ジャーナルの遅れ", "journal not on disk"),
    Alarm.LOCAL_STOP: Text("現地の停止", "local stop"),
    Alarm.OWN_DROOP: Text(
        "PCS 自身の周波数応動が設定と違う", "own droop of a PCS not as it was set"
    ),
    Alarm.STOP_CONTACT: Text("停止接点が読めません", "stop contact cannot be read"),
}
_FAILURES = {
    Failure.CLOUD: Text("上位との通信", "connection to the north"),
    Failure.METER: Text("計量器", "meter"),
    Failure.BMS: Text("BMS", "BMS"),
    Failure.FREQUENCY: Text("周波数の計測", "frequency"),
    Failure.ONE_PCS: Text("PCS の1台", "one PCS"),
    Failure.ALL_PCS: Text("すべての PCS", "all PCS"),
    Failure.CLOCK: Text("時刻", "clock"),
    Failure.DISK: Text("ジャーナルのディスク", "journal's disk"),
    Failure.BROKER_CERTIFICATE: Text("接続先の証明書の期限", "broker certificate near its end"),
    Failure.TRUST_EXPIRED: Text("指令の鍵の期限", "keys of dispatch"),
}
_WATCHDOGS = {
    WatchdogState.UNARMED: Text("まだ設定されていません", "not armed yet"),
    WatchdogState.ARMED: Text("設定され、読み返しました", "armed and read back"),
    WatchdogState.FAILED: Text("働いていません", "does not hold"),
    WatchdogState.WAIVED: Text(
        "ありません(サイトファイルに理由)", "absent, as the site file explains"
    ),
}
OWN_DROOPS = {
    OwnDroop.UNSURE: Text("切替え中、またはまだ読んでいません", "being changed, or not read yet"),
    OwnDroop.OFF: Text("切です(読み返しました)", "off, as read back"),
    OwnDroop.ON: Text("入です(読み返しました)", "on, as read back"),
    OwnDroop.FAILED: Text("切ったことを確かめられません", "not known to be off"),
}
_SWITCHES = {
    "switched-on": Text("入にします", "to be switched on"),
    "switched-off": Text("切にします", "to be switched off"),
}
_AGAINST = {
    Against.NO_DROOP: Text("bounds.json に応動がありません", "bounds.json, which has none for it"),
    Against.NOT_COMMISSIONED: Text("試運転前", "no commissioning"),
    Against.STOPPED: Text("停止または保護", "a stop or a protection"),
    Against.FAILED: Text("設備の異常", "what has failed"),
    Against.FREQUENCY: Text("周波数が不確か", "a frequency in doubt"),
    Against.RESERVE: Text("応動の上限に達した周波数", "a frequency at the end of the reserve"),
    Against.MISMATCH: Text("計量値との食い違い", "the meter, which disagrees"),
    Against.FOREIGN: Text("ほかの機器からの書込み", "a foreign writer"),
    Against.UNFIT: Text("機器が従わない", "the device, which does not do it"),
    Against.UNIT: Text("PCS に指令できない", "the unit, which cannot be asked"),
    Against.ROOM: Text("動き得る幅が上限に収まらない", "bounds that are narrower than its room"),
    Against.CHANGED: Text("応動の特性の変更", "a change of its line"),
}
_WHYS = {
    "expired": Text("期限切れ", "its time ran out"),
    "stopped": Text("停止", "a stop"),
    "released": Text("解除", "a release"),
    "trust-changed": Text("信頼する鍵の変更", "a change of trusted keys"),
    "init": Text("初期設定", "set-up"),
    "restored": Text("復元", "a restore"),
    "state-lost": Text("状態の喪失", "lost state"),
}
_ASKED = {
    "setpoint": Text("設定値", "set-point"),
    "schedule": Text("計画", "schedule"),
    "curtail": Text("抑制", "curtailment"),
    "stop": Text("停止", "stop"),
    "release": Text("解除", "release"),
}
STEPS: Mapping[str, Text] = MappingProxyType(
    {
        Renewal.ASKED: Text(
            "新しい鍵と申請を作りました。運用者に送ってください",
            "a new key and request were made, to be sent to the operator",
        ),
        Renewal.TRYING: Text("試しています", "it is being tried"),
        Renewal.REFUSED: Text("ブローカーが受け入れません", "the broker does not accept it"),
        Renewal.INSTALLED: Text(
            "新しいものに替わり、古い鍵を消しました",
            "the new one is in force, the old key destroyed",
        ),
    }
)
_PACES = {
    "dispatch": Text("指令の変化速度", "the ramp of dispatch"),
    "rest": Text("休止への変化速度", "the ramp to rest"),
    "safety": Text("最大の変化速度", "the largest ramp"),
    "now": Text("直ちに", "at once"),
}


def _by_value(*groups: Mapping[Any, Text]) -> Mapping[str, Text]:
    return {str(key): said for group in groups for key, said in group.items()}


_LINKS = {
    "up": Text("接続中", "up"),
    "lost": Text("不通", "lost"),
}
_DOUBTS = {
    "absent": Text("計測なし", "not measured"),
    "stale": Text("古い値", "stale"),
    "frozen": Text("動かない値", "frozen"),
    "implausible": Text("ありえない値", "implausible"),
    "disputed": Text("計測の食い違い", "disputed"),
}

_ADMIN = {
    NoteKind.FIRST_USE: Text("最初のパスワードの設定", "first password set"),
    NoteKind.SIGNED_IN: Text("サインイン", "signed in"),
    NoteKind.SIGNED_OUT: Text("サインアウト", "signed out"),
    NoteKind.SIGN_IN_FAILED: Text("サインインの失敗", "sign-in failed"),
    NoteKind.LOCKED: Text(
        "アカウントのロック(誤りが多すぎます)", "account shut after many failures"
    ),
    NoteKind.SESSIONS_ENDED: Text("すべてのサインアウト", "signed out everywhere"),
    NoteKind.PASSWORD_CHANGED: Text("パスワードの変更", "password changed"),
    NoteKind.SECOND_FACTOR_ON: Text("二要素認証の登録", "second factor set up"),
    NoteKind.SECOND_FACTOR_OFF: Text("二要素認証の取消し", "second factor removed"),
    NoteKind.RECOVERY_USED: Text("回復コードの使用", "recovery code used"),
    NoteKind.USER_ADDED: Text("利用者の追加", "user added"),
    NoteKind.USER_REMOVED: Text("利用者の削除", "user removed"),
    NoteKind.ROLE_CHANGED: Text("役割の変更", "role changed"),
    NoteKind.CODE_GIVEN: Text("一回限りのコードの発行", "one-time code given"),
    NoteKind.TOKEN_MADE: Text("API トークンの発行", "API token made"),
    NoteKind.TOKEN_REVOKED: Text("API トークンの失効", "API token revoked"),
    NoteKind.UPDATE_DROPPED: Text("更新ファイルの受渡し", "update handed over"),
    NoteKind.RESET_ASKED: Text("保護の復帰の指示", "reset of latches asked"),
    NoteKind.PROPOSED: Text("文書の提出", "document handed in"),
    NoteKind.APPROVED: Text("文書の承認", "document approved"),
    NoteKind.WITHDRAWN: Text("文書の取下げ", "document withdrawn"),
    NoteKind.APPLIED: Text("文書の適用", "document put in force"),
    NoteKind.CONSOLE_UNLOCK: Text("装置でのロック解除", "account opened at the machine"),
    NoteKind.CONSOLE_RESET: Text("装置でのパスワードの再設定", "password reset at the machine"),
    NoteKind.RESTORED: Text(
        "利用者の記録をバックアップから復元", "users restored from a backup of that day"
    ),
}

_ADMIN_REASONS = {
    "password": Text("パスワードの誤り", "wrong password"),
    "code": Text("確認コードの誤り", "wrong code of the second factor"),
    "one-time-code": Text("一回限りのコードの誤り", "wrong one-time code"),
    "token": Text("API トークンの誤り", "wrong API token"),
    **{
        f"role {role}": Text("役割は{role}", "role {role}").fill(role=called_)
        for role, called_ in ROLE_TEXT.items()
    },
}

WORDS: Mapping[str, Mapping[str, Text]] = MappingProxyType(
    {
        "outcome": OUTCOMES,
        "reason": {**REASONS, **_ADMIN_REASONS},
        "what": _by_value(_LATCHES, _ALARMS, _FAILURES, _ADMIN),
        "state": _by_value(_WATCHDOGS, OWN_DROOPS, _SWITCHES),
        "why": {**_by_value(_AGAINST), **_WHYS},
        "asked": _ASKED,
        "link": _by_value(_LINKS),
        "doubt": _by_value(_DOUBTS),
        "pace": _PACES,
        "step": STEPS,
    }
)
"""By member of a body, what each of its words is called; a word that is not here is shown as it is."""


def called(group: str, word: str) -> Text:
    """What a word of a closed set is called; one that is not known stands as it is."""
    return WORDS[group].get(word) or Text(word, word)
