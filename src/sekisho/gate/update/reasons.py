"""Why an update is refused, or did not stay: a word for programs, a sentence for people."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from typing_extensions import override

from sekisho.terms.texts import Text


class Reason(StrEnum):
    """Why not."""

    TIME_UNSURE = "time-unsure"
    TIME_BEHIND = "time-behind"
    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    TOO_LARGE = "too-large"
    TOO_SLOW = "too-slow"
    SIGNATURES = "signatures"
    EXPIRED = "expired"
    METADATA_OLDER = "metadata-older"
    MIXED = "mixed"
    MALFORMED = "malformed"
    ROOT_CHAIN = "root-chain"
    CHANGED = "changed"
    NOTHING = "nothing"
    ARCHIVE = "archive"
    MANIFEST = "manifest"
    MODEL = "model"
    MINIMUM = "minimum"
    OLDER = "older"
    INSTALLED = "installed"
    FAILED_BEFORE = "failed-before"
    NO_ROOM = "no-room"
    BUILD = "build"
    TRIAL = "trial"
    NOT_AT_REST = "not-at-rest"
    NOT_RUNNING = "not-running"
    INTERRUPTED = "interrupted"
    ASKED = "asked"
    NO_PREVIOUS = "no-previous"


UNDETERMINED: Final = frozenset({Reason.TIME_UNSURE, Reason.TIME_BEHIND, Reason.NOT_AT_REST})
"""Nothing is wrong with the update: the question could not be asked now."""

SAID: Final[dict[Reason, Text]] = {
    Reason.TIME_UNSURE: Text(
        "時刻が確かでないため、更新の期限を確かめられません。",
        "The time is not sure, so nobody can say whether this update has expired.",
    ),
    Reason.TIME_BEHIND: Text(
        "時計が、すでに記録された時刻より遅れています。",
        "The clock is behind a time that was recorded already.",
    ),
    Reason.UNREADABLE: Text("更新を読めません。", "The update cannot be read."),
    Reason.INCOMPLETE: Text(
        "更新の一部がありません。USB メモリーが抜かれたか、コピーが途中です。",
        "A part of the update is missing: the stick was pulled out, or the copy is not whole.",
    ),
    Reason.TOO_LARGE: Text(
        "署名された大きさ、または上限より大きいファイルです。",
        "A file is larger than was signed, or than is allowed.",
    ),
    Reason.TOO_SLOW: Text("時間内に届きません。", "It does not arrive in time."),
    Reason.SIGNATURES: Text(
        "必要な数の正しい署名がありません。", "It lacks the number of right signatures it needs."
    ),
    Reason.EXPIRED: Text(
        "更新の期限が切れています。古い更新を見せられているおそれがあります。",
        "It has expired: somebody may be showing an old state of updates.",
    ),
    Reason.METADATA_OLDER: Text(
        "すでに見た目録より古い目録です。", "Its metadata is older than what was seen already."
    ),
    Reason.MIXED: Text(
        "別々の時点の目録が混ざっています。", "It mixes metadata of different moments."
    ),
    Reason.MALFORMED: Text("目録の形が正しくありません。", "Its metadata is malformed."),
    Reason.ROOT_CHAIN: Text(
        "新しい根の鍵が、いまの根の鍵で署名されていません。",
        "A new root is not signed by the root that is trusted now.",
    ),
    Reason.CHANGED: Text(
        "更新の中身が署名されたものと違います。", "Its content is not what was signed."
    ),
    Reason.NOTHING: Text("この機種の更新が入っていません。", "It holds no update for this model."),
    Reason.ARCHIVE: Text(
        "更新の書庫に許されない名前や種類のものが入っています。",
        "Its archive holds a name or a kind of file that is not allowed.",
    ),
    Reason.MANIFEST: Text(
        "更新の説明書(manifest.json)が正しくありません。", "Its manifest.json is not right."
    ),
    Reason.MODEL: Text("別の機種の更新です。", "It is for another model."),
    Reason.MINIMUM: Text(
        "いまの版からは直接更新できません。", "It cannot follow directly on the version of now."
    ),
    Reason.OLDER: Text(
        "これまでに入れた最も新しい版より古い版です。",
        "It is older than the highest version that was ever installed.",
    ),
    Reason.INSTALLED: Text("この版はもう動いています。", "This version is installed already."),
    Reason.FAILED_BEFORE: Text(
        "この更新は前に失敗し、元に戻されました。",
        "This very update failed before and was rolled back.",
    ),
    Reason.NO_ROOM: Text("ディスクの空きが足りません。", "The disk lacks room."),
    Reason.BUILD: Text("新しい版を組み立てられません。", "The new version cannot be built."),
    Reason.TRIAL: Text(
        "新しい版が切替え前の点検に通りません。",
        "The new version does not pass the trial before the switch.",
    ),
    Reason.NOT_AT_REST: Text(
        "設備が出力中です。停止してから更新してください。",
        "The plant is not at rest: bring it to rest, then update.",
    ),
    Reason.NOT_RUNNING: Text(
        "切替え後に、時間内に正常な運転になりませんでした。",
        "After the switch the gate did not run well in time.",
    ),
    Reason.INTERRUPTED: Text("途中で中断されました。", "It was interrupted on its way."),
    Reason.ASKED: Text("人が元に戻すよう求めました。", "A person asked to go back."),
    Reason.NO_PREVIOUS: Text("戻せる前の版がありません。", "There is no version to go back to."),
}


class Refused(Exception):  # noqa: N818 - it says what was decided
    """An update was refused; nothing that runs was changed."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.value, detail)
        self.reason = reason
        self.detail = detail
        """For people who look closer: a name, a number; never a sentence of the attacker's length."""

    @override
    def __str__(self) -> str:
        return f"{self.reason.value}: {self.detail}" if self.detail else self.reason.value
