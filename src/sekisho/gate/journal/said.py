"""What an entry says, as a sentence in both languages.

Each kind has a template whose placeholders are members of its body. What a body holds besides is
told after the sentence, so that nothing an entry says is hidden; only what is evidence for machines
(signed bytes, digests) stays in the published form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.journal.member_words import MEMBERS
from sekisho.gate.journal.words import WORDS
from sekisho.terms.dates import JST
from sekisho.terms.texts import Text, listed, same, sentences

if TYPE_CHECKING:
    from sekisho.gate.journal.entries import Entry

TEMPLATES: Mapping[EntryKind, Text] = MappingProxyType(
    {
        EntryKind.START: Text(
            "ゲートが起動しました(設定 {digest})。", "The gate started (configuration {digest})."
        ),
        EntryKind.UPDATE: Text(
            "更新係が版を {old} から {new} に替えました。",
            "The updater changed the version from {old} to {new}.",
        ),
        EntryKind.END: Text("ゲートが正常に終了しました。", "The gate ended in order."),
        EntryKind.SESSION: Text(
            "新しいセッションです(理由: {why})。", "There is a new session (because of {why})."
        ),
        EntryKind.TRUST: Text(
            "trust.json 第 {version} 版が有効になりました。",
            "Version {version} of trust.json is in force.",
        ),
        EntryKind.BOUNDS: Text(
            "bounds.json 第 {version} 版が有効になりました。",
            "Version {version} of bounds.json is in force.",
        ),
        EntryKind.DECISION: Text(
            "{issuer} の{asked} {command} を{outcome}。{reason}",
            "The {asked} {command} of {issuer} was {outcome}. {reason}",
        ),
        EntryKind.ENDED: Text(
            "指令 {command} が終わりました(理由: {why})。",
            "The order {command} ended (because of {why}).",
        ),
        EntryKind.GOAL: Text(
            "出力の行き先が {power} になりました({pace})。",
            "Power now heads for {power} ({pace}).",
        ),
        EntryKind.SETPOINT: Text(
            "設備の設定値が {power} になりました。", "The plant's set-point is {power}."
        ),
        EntryKind.LATCHED: Text(
            "保護「{what}」が働き、解除されるまで続きます。",
            "Latched until it is released: {what}.",
        ),
        EntryKind.RELEASED: Text("「{what}」が解除されました。", "Released: {what}."),
        EntryKind.ALARM: Text("警報「{what}」が出ました。", "Alarm: {what}."),
        EntryKind.CLEARED: Text("警報「{what}」が消えました。", "The alarm has gone: {what}."),
        EntryKind.FAILED: Text("異常: {what}。", "Failed: {what}."),
        EntryKind.RECOVERED: Text("回復: {what}。", "Recovered: {what}."),
        EntryKind.WATCHDOG: Text(
            "{device} のウォッチドッグは{state}。", "The watchdog of {device} is: {state}."
        ),
        EntryKind.OWN_DROOP: Text(
            "{device} 自身の周波数応動: {state}。", "Own droop of {device}: {state}."
        ),
        EntryKind.FOREIGN: Text(
            "{device} から、ゲートが出していない設定値 {found} を読みました(出した値 {asked})。",
            "{device} holds the set-point {found}, which the gate did not order ({asked} was).",
        ),
        EntryKind.TRIP: Text(
            "遮断器 {device} を開きました。", "The trip device {device} was opened."
        ),
        EntryKind.COMMISSIONED: Text(
            "この設定で試運転をしました。", "This configuration was commissioned."
        ),
        EntryKind.COUNTED: Text(
            "署名の確かめられないもの、または数が多すぎるものを {count} 件断りました。{reason}",
            "Refused without an entry of their own: {count}. {reason}",
        ),
        EntryKind.IDENTITY: Text(
            "{device} の銘板を読みました。", "The nameplate of {device} was read."
        ),
        EntryKind.ADMIN: Text("管理画面: {what}。", "Admin pages: {what}."),
        EntryKind.CERTIFICATE: Text(
            "ブローカー用の証明書: {step}。", "Certificate for the broker: {step}."
        ),
    }
)
BEHIND = Text("(先に実行し、後から記録)", "(done first, written afterwards)")
UNKNOWN = Text(
    "この版では読めない種類の記録です。", "An entry of a kind that this version does not know."
)
_NOTHING = same("—")
_FIELD = re.compile(r"\{(\w+)\}")
_MACHINE = frozenset({"signed", "digest", "kid"})
_TIMES = frozenset({"not_before", "expires_at", "not_after", "start", "done_at"})
_WATTS = frozenset(
    {"power", "asked_power", "dispatch", "droop", "found", "export_max", "import_max", "powers"}
)
_LONGEST = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def jst(wall: int) -> str:
    """A wall-clock time in Japan to the millisecond."""
    try:
        when = (_EPOCH + timedelta(milliseconds=wall)).astimezone(JST)
    except OverflowError:
        return f"{wall} ms"
    return f"{when:%Y-%m-%d %H:%M:%S}.{wall % 1000:03}"


def said(entry: Entry) -> Text:
    """The entry as a sentence, and what else its body holds."""
    template = TEMPLATES[entry.kind]
    named = _FIELD.findall(template.ja)
    sentence = template.fill(**{name: _filled(entry, name) for name in named})
    parts = [Text(sentence.ja.strip(), sentence.en.strip())]
    rest = [
        _pair(name, value, entry.kind)
        for name, value in entry.body.items()
        if name not in named and name not in _MACHINE and value not in (None, "", (), [])
    ]
    if rest:
        others = listed(rest)
        parts.append(Text(f"({others.ja})", f"({others.en})"))
    if entry.behind:
        parts.append(BEHIND)
    return sentences(parts)


def _filled(entry: Entry, name: str) -> Text:
    value = entry.body.get(name)
    if value in (None, ""):
        return same("") if name == "reason" else _NOTHING
    return _called(name, value, entry.kind)


def _pair(name: str, value: object, kind: EntryKind) -> Text:
    member, called = MEMBERS.get(name, same(name)), _called(name, value, kind)
    return Text(f"{member.ja}: {called.ja}", f"{member.en}: {called.en}")


def _called(name: str, value: object, kind: EntryKind) -> Text:
    """A member's value as people call it."""
    if isinstance(value, str):
        return WORDS.get(name, {}).get(value, same(_short(value)))
    if isinstance(value, bool):
        return Text("はい", "yes") if value else Text("いいえ", "no")
    if isinstance(value, int):
        if name in _TIMES:
            return same(jst(value))
        watts = name in _WATTS or (name == "asked" and kind is EntryKind.FOREIGN)
        return same(f"{value:,} W" if watts else str(value))
    if isinstance(value, Mapping):
        return same(_short(" ".join(f"{of} {one}" for of, one in value.items())))
    if isinstance(value, tuple | list):
        return same(_short(" ".join(_called(name, item, kind).en for item in value)))
    return same(_short(str(value)))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
