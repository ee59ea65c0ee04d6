"""What the updater keeps in its folder; a test holds the folder of one that updated against it."""

from __future__ import annotations

from sekisho.shell.gate.holdings import AtRest, Holding, InBackup
from sekisho.shell.update.place import (
    CURRENT,
    DROP,
    KEY,
    LOG,
    METADATA,
    RECORD,
    ROOT,
    SETTINGS,
    TOLD,
    WORK,
)
from sekisho.terms.texts import Text

_PROGRAM = Text(
    "公開されるもので、入れる前に署名とダイジェストを確かめてあります。",
    "Public; signature and digest were verified before it was installed.",
)
_OWN = Text(
    "秘密ではなく、この装置の更新だけのものです。",
    "No secret, and of this machine's updates alone.",
)
_ROWS: tuple[tuple[str, AtRest, Text, Text], ...] = (
    (
        "versions",
        AtRest.CLEAR,
        Text("入っている版のプログラム(フォルダー)", "Programs of the installed versions (folder)"),
        _PROGRAM,
    ),
    (CURRENT, AtRest.CLEAR, Text("動く版へのリンク", "Link to the version that runs"), _PROGRAM),
    (
        DROP,
        AtRest.SIGNED,
        Text("渡された更新が置かれるところ(フォルダー)", "Where updates are handed in (folder)"),
        Text(
            "署名が揃わないものは入りません。",
            "What lacks the signatures is not installed.",
        ),
    ),
    (
        ROOT,
        AtRest.SIGNED,
        Text("最初の信頼の根", "First root of trust"),
        Text("公開されるものです。", "Public."),
    ),
    (
        SETTINGS,
        AtRest.CLEAR,
        Text(
            "機種と、ゲートの止め方・始め方",
            "What the machine is, and how its gate is ended and started",
        ),
        _OWN,
    ),
    (
        TOLD,
        AtRest.CLEAR,
        Text("最後の更新の知らせ", "What was done last, for the gate's journal"),
        _OWN,
    ),
    (
        f"private/{KEY}",
        AtRest.CLEAR,
        Text("更新の記録に署名する鍵", "Key that signs the updater's log"),
        Text(
            "記録だけに署名し、何も動かせません。更新用の利用者だけが読めます。",
            "It signs the log alone and can move nothing. Only the updater's user can read it.",
        ),
    ),
    (
        f"private/{LOG}",
        AtRest.SIGNED,
        Text("更新の記録", "The updater's log"),
        Text(
            "証拠です。行ごとに署名があり、つながっています。",
            "Evidence: each line is signed and chained.",
        ),
    ),
    (
        f"private/{RECORD}",
        AtRest.CLEAR,
        Text("どの版がどうなったか", "What became of which version"),
        _OWN,
    ),
    (
        f"private/{METADATA}",
        AtRest.SIGNED,
        Text(
            "確かめた更新のメタデータ(フォルダー)", "Metadata of updates that was verified (folder)"
        ),
        Text("古い版に戻されないためです。", "So that nothing older is ever taken."),
    ),
    (
        f"private/{WORK}",
        AtRest.CLEAR,
        Text("作業中の写し(フォルダー)", "Copies at work (folder)"),
        _OWN,
    ),
    ("private/lock", AtRest.CLEAR, Text("更新中の印", "Mark of the updater that works"), _OWN),
)

UPDATE_HOLDINGS: tuple[Holding, ...] = tuple(
    Holding(name=name, what=what, at_rest=at_rest, why=why, backup=InBackup.NEVER)
    for name, at_rest, what, why in _ROWS
)
"""None is in a backup: another machine gets an updater of its own, with `sekisho update init`."""
