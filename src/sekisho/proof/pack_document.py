"""What a check of a pack found, as JSON and as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, assert_never

from typing_extensions import TypedDict

from sekisho.evidence.bundle import KnownSigner, UnknownSigner, Unsigned
from sekisho.present.document import Banner, Bullets, Document
from sekisho.proof.document import SignatureDoc, VerdictWord, signature_doc
from sekisho.proof.pack import Added, BadList, BadManifest, Changed, Missing, OtherBytes, PackKind
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.proof.pack import CheckedPack, PackFinding
    from sekisho.terms.texts import Lang


class PackFindingDoc(TypedDict):
    """One thing that is wrong; `member` is null for the pack as a whole."""

    what: Literal["changed", "missing", "added", "manifest", "other-bytes", "list"]
    member: str | None
    detail: str


class PackDoc(TypedDict):
    """What `sekisho verify --format json` prints."""

    kind: Literal["checklist", "forms"]
    folder: str
    day: str
    members: int
    signature: SignatureDoc
    findings: list[PackFindingDoc]
    verdict: VerdictWord


_TITLE = Text("証拠一式の検証", "Checklist pack, verified")
_TITLE_FORMS = Text("証跡一式の検証", "Evidence pack, verified")
_BASIS = Text("{folder}、{day}、{members} 個のファイル", "{folder}, {day}, {members} members")
_BASIS_FORMS = Text("{folder}、{members} 個のファイル", "{folder}, {members} members")
_FOOTER = Text(
    "判定は持ち運びません。中の証拠の束を sekisho judge で判定し直せます。",
    "Verdicts are not carried over: judge the bundle inside anew with sekisho judge.",
)
_FOOTER_FORMS = Text(
    "判定は持ち運びません。サイトファイルを sekisho assess で判定し直せます。",
    "Verdicts are not carried over: judge the site file anew with sekisho assess.",
)
_WHOLE = Text("書かれたときのままです。", "It is what was written.")
_NOT_WHOLE = Text("書かれたときのままではありません。", "It is not what was written.")
_HELD = Text(
    "どのファイルも、中にあるハッシュの一覧(SHA256SUMS)のとおりです。",
    "Every member is as the list of hashes inside (SHA256SUMS) says.",
)
_NOT_HELD = Text(
    "中にあるハッシュの一覧(SHA256SUMS)のとおりではありません。",
    "It is not as the list of hashes inside (SHA256SUMS) says.",
)
_SIGNED = Text("署名者: {kid}", "Signed by {kid}")
_UNKNOWN = Text(
    "署名は正しいものの、署名者({kid})は --signer で指定された鍵ではありません。",
    "The signature holds, but its signer ({kid}) is none that was named with --signer.",
)
_UNSIGNED = Text(
    "署名がありません。だれでもハッシュごと書き換えられます。",
    "It is not signed: anyone could have written it anew, hashes and all.",
)
_NEVER_SIGNED = Text(
    "sekisho pack の一式に署名はありません。だれでもハッシュごと書き換えられます。",
    "What sekisho pack writes is not signed: anyone could have written it anew, hashes and all.",
)
_CHANGED = Text("{name} が変わっています。", "{name} was changed.")
_MISSING = Text("{name} がありません。", "{name} is missing.")
_ADDED = Text("{name} が加えられています。", "{name} was added.")
_MANIFEST = Text(
    "一覧 PACK.jws が使えません({why})。", "The manifest PACK.jws is of no use ({why})."
)
_OTHER = Text(
    "中身は同じですが、ZIP の形が書かれたときと違います(時刻、順序、余分なバイトなど)。",
    "The members are the same, and the ZIP around them is not as written (times, order, extra bytes).",
)

_LIST = Text(
    "ハッシュの一覧 SHA256SUMS を読めません。", "The list of hashes SHA256SUMS cannot be read."
)


def verdict_of(checked: CheckedPack) -> Verdict:
    """Broken where anything differs; met only where a known signer stands for it."""
    if checked.findings:
        return Verdict.BROKEN
    match checked.signature:
        case KnownSigner():
            return Verdict.MET
        case UnknownSigner() | Unsigned():
            return Verdict.UNDETERMINED
        case _:
            assert_never(checked.signature)


def finding_words(finding: PackFinding) -> Text:
    """One finding as a sentence."""
    match finding:
        case Changed(name=name):
            return _CHANGED.fill(name=name)
        case Missing(name=name):
            return _MISSING.fill(name=name)
        case Added(name=name):
            return _ADDED.fill(name=name)
        case BadManifest(why=why):
            return _MANIFEST.fill(why=why)
        case OtherBytes():
            return _OTHER
        case BadList():
            return _LIST
        case _:
            assert_never(finding)


def pack_page(checked: CheckedPack, lang: Lang) -> Document:
    """What was found, on a page."""
    verdict = verdict_of(checked)
    lines = tuple(finding_words(one).says(lang) for one in checked.findings)
    known = not any(isinstance(one, BadManifest) for one in checked.findings)
    match checked.kind:
        case PackKind.CHECKLIST:
            title, footer = _TITLE, _FOOTER
            basis = _BASIS.fill(folder=checked.folder, day=checked.day, members=checked.members)
            whole = _NOT_WHOLE if checked.findings else _WHOLE
            signature = _signature(checked)
        case PackKind.FORMS:
            title, footer = _TITLE_FORMS, _FOOTER_FORMS
            basis = _BASIS_FORMS.fill(folder=checked.folder, members=checked.members)
            whole = _NOT_HELD if checked.findings else _HELD
            signature = _NEVER_SIGNED
        case _:
            assert_never(checked.kind)
    return Document(
        title.says(lang),
        basis.says(lang) if known else "",
        lang.value,
        footer.says(lang),
        (
            Banner(verdict, whole.says(lang), signature.says(lang)),
            *((Bullets(lines),) if lines else ()),
        ),
    )


def pack_json(checked: CheckedPack, lang: Lang) -> PackDoc:
    """What was found, for programs."""
    return {
        "kind": checked.kind.value,
        "folder": checked.folder,
        "day": checked.day,
        "members": checked.members,
        "signature": signature_doc(checked.signature),
        "findings": [_finding(one, lang) for one in checked.findings],
        "verdict": verdict_of(checked).value,
    }


def _signature(checked: CheckedPack) -> Text:
    match checked.signature:
        case KnownSigner(kid=kid):
            return _SIGNED.fill(kid=kid)
        case UnknownSigner(kid=kid):
            return _UNKNOWN.fill(kid=kid)
        case Unsigned():
            return _UNSIGNED
        case _:
            assert_never(checked.signature)


def _finding(finding: PackFinding, lang: Lang) -> PackFindingDoc:
    detail = finding_words(finding).says(lang)
    match finding:
        case Changed(name=name):
            return {"what": "changed", "member": name, "detail": detail}
        case Missing(name=name):
            return {"what": "missing", "member": name, "detail": detail}
        case Added(name=name):
            return {"what": "added", "member": name, "detail": detail}
        case BadManifest():
            return {"what": "manifest", "member": None, "detail": detail}
        case OtherBytes():
            return {"what": "other-bytes", "member": None, "detail": detail}
        case BadList():
            return {"what": "list", "member": None, "detail": detail}
        case _:
            assert_never(finding)
