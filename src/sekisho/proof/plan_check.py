"""Whether a probe profile makes sense as a whole: what must fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_words import UpdatePackage
from sekisho.proof.plan_words import MOST_PORTS, Act, Body
from sekisho.site.faults import Fault
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.proof.plan_document import ProbeDocument
    from sekisho.proof.plan_lasting import HandTable
    from sekisho.proof.plan_requests import SecretTable, StepTable
    from sekisho.site.locate import Path

PLACEHOLDERS = frozenset({"$user", "$password", "$new", "$code", "$marker", "$token"})
_NEEDS = {
    Act.SET_UP: "first_use",
    Act.GUESS: "login",
    Act.CHANGE: "change",
    Act.SETTING: "setting",
    Act.UPDATE: "update",
    Act.POWER_CYCLE: "power",
    Act.NETWORK_CUT: "network",
    Act.DELETE: "delete",
    Act.MODBUS_WRITE: "modbus",
}
"""The table that says how an act is done."""
_WITH_LOGIN = ("first_use", "change", "setting", "update", "delete")


def faults_in(document: ProbeDocument) -> Iterator[Fault]:
    """Everything about a profile that cannot be."""
    yield from _agreed(document)
    yield from _together(document)
    yield from _ports(document)
    for path, secret in _secrets(document):
        if (secret.file is None) == (secret.env is None):
            yield Fault(
                path,
                Text(
                    "file と env のどちらか一方が要ります。", "It needs file or env, and not both."
                ),
                Text('{ file = "password.txt" }', 'Write { file = "password.txt" }.'),
            )
    for path, step in _steps(document):
        yield from _step(path, step)
    for path, hand in _hands(document):
        if bool(hand.command) == (hand.prompt is not None):
            yield Fault(
                path,
                Text(
                    "command と prompt のどちらか一方が要ります。",
                    "It needs command or prompt, and not both.",
                ),
                Text(
                    'prompt = "電源を10秒切ってください。"',
                    'Write prompt = "Pull the plug for 10 s."',
                ),
            )


def _agreed(document: ProbeDocument) -> Iterator[Fault]:
    if document.agreed is None:
        return
    for act in document.agreed.acts:
        table = _NEEDS[act]
        if getattr(document, table) is None:
            yield Fault(
                ("agreed", "acts"),
                Text("{act} には [{table}] が要ります。", "{act} needs the table [{table}].").fill(
                    act=act, table=table
                ),
                Text(
                    "[{table}] を書くか、acts から外してください。",
                    "Write [{table}], or leave it out of acts.",
                ).fill(table=table),
            )
    if Act.GUESS in document.agreed.acts and document.agreed.tries == 0:
        yield Fault(
            ("agreed", "tries"),
            Text("試す回数が0です。", "guess is agreed, and the number of tries is 0."),
            Text("tries = 12 のように書いてください。", "Write tries = 12."),
        )


def _together(document: ProbeDocument) -> Iterator[Fault]:
    needing = [name for name in _WITH_LOGIN if getattr(document, name) is not None]
    for name in needing:
        if document.login is None and not (name == "delete" and _by_hand(document)):
            yield Fault(
                (name,),
                Text("[{name}] には [login] が要ります。", "[{name}] needs [login].").fill(
                    name=name
                ),
                Text("[login] を書いてください。", "Write [login]."),
            )
    for name in ("login", "shown"):
        if getattr(document, name) is not None and document.web is None:
            yield Fault(
                (name,),
                Text("[{name}] には [web] が要ります。", "[{name}] needs [web].").fill(name=name),
                Text("[web] を書いてください。", "Write [web]."),
            )
    if document.update is not None:
        if document.shown is None:
            yield Fault(
                ("update",),
                Text(
                    "[update] には版の表示 [shown] が要ります。",
                    "[update] needs [shown]: the version is read before and after.",
                ),
                Text("[shown] を書いてください。", "Write [shown]."),
            )
        if not any(p.package is UpdatePackage.GENUINE for p in document.update.package):
            yield Fault(
                ("update", "package"),
                Text("正しい更新がありません。", "No genuine update is offered."),
                Text(
                    'package = "genuine" の [[update.package]] を足してください。',
                    'Add an [[update.package]] with package = "genuine".',
                ),
            )
    if document.delete is not None and (document.delete.step is None) == (
        document.delete.by_hand is None
    ):
        yield Fault(
            ("delete",),
            Text(
                "step と by_hand のどちらか一方が要ります。",
                "It needs step or by_hand, and not both.",
            ),
            Text("step = { path = … }", "Write step = { path = … }."),
        )


def _by_hand(document: ProbeDocument) -> bool:
    return document.delete is not None and document.delete.by_hand is not None


def _ports(document: ProbeDocument) -> Iterator[Fault]:
    seen: set[tuple[int, str]] = set()
    for n, port in enumerate(document.port):
        if (port.number, port.transport) in seen:
            yield Fault(
                ("port", n, "number"),
                Text("ポート {port} が2つあります。", "Port {port} stands twice.").fill(
                    port=port.number
                ),
                Text("1つにまとめてください。", "Make one entry of them."),
            )
        seen.add((port.number, port.transport))
    for n, text in enumerate(document.scan.tcp):
        first, _, last = text.partition("-")
        if not 1 <= int(first) <= int(last or first) <= MOST_PORTS:
            yield Fault(
                ("scan", "tcp", n),
                Text("ポートの範囲ではありません: {range}", "No range of ports: {range}").fill(
                    range=text
                ),
                Text("1-1024 のように書いてください。", "Write 1-1024."),
            )


def _step(path: Path, step: StepTable) -> Iterator[Fault]:
    for name, value in step.fields.items():
        if value.startswith("$") and value not in PLACEHOLDERS:
            yield Fault(
                (*path, "fields", name),
                Text("{value} は知らない語です。", "{value} stands for nothing.").fill(value=value),
                Text("使える語: {words}", "Allowed: {words}").fill(
                    words=" ".join(sorted(PLACEHOLDERS))
                ),
            )
    if "$token" in step.fields.values() and (step.page is None or step.token is None):
        yield Fault(
            path,
            Text("$token には page と token が要ります。", "$token needs page and token."),
            Text(
                'page = "/login", token = "csrf" のように書いてください。',
                'Write page = "/login", token = "csrf".',
            ),
        )
    if step.body is Body.FILE and step.file_field is None:
        yield Fault(
            path,
            Text("file_field が要ります。", "It needs file_field."),
            Text('file_field = "file"', 'Write file_field = "file".'),
        )


def _secrets(document: ProbeDocument) -> Iterator[tuple[Path, SecretTable]]:
    if document.login is not None:
        yield ("login", "password"), document.login.password
    if document.first_use is not None and document.first_use.code is not None:
        yield ("first_use", "code"), document.first_use.code
    if document.change is not None:
        yield ("change", "new"), document.change.new


def _steps(document: ProbeDocument) -> Iterator[tuple[Path, StepTable]]:
    tables = (
        ("login", document.login), ("first_use", document.first_use), ("change", document.change),
        ("setting", document.setting), ("update", document.update), ("delete", document.delete),
    )  # fmt: skip
    for name, table in tables:
        if table is not None and table.step is not None:
            yield (name, "step"), table.step


def _hands(document: ProbeDocument) -> Iterator[tuple[Path, HandTable]]:
    if document.power is not None:
        yield ("power",), document.power
    if document.network is not None:
        yield ("network",), document.network
    if document.update is not None and document.update.installs is not None:
        yield ("update", "installs"), document.update.installs
    if document.delete is not None and document.delete.by_hand is not None:
        yield ("delete", "by_hand"), document.delete.by_hand
