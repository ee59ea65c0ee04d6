"""`sekisho probe`: ask a live device, politely and as far as agreed; a signed evidence bundle."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.delivery import flowing
from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import as_text, say
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

    from sekisho.proof.plan import Consent, Planned
    from sekisho.shell.probe.profile import Profile
    from sekisho.shell.probe.run import Visited
    from sekisho.terms.texts import Lang


TargetArgument = Annotated[
    str, typer.Argument(metavar="TARGET", help="Name or address of the device.")
]
ProfileOption = Annotated[
    str,
    typer.Option("--profile", metavar="P", help="Probe profile: a .toml file, or a shipped name."),
]
AllowOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="ADDRESS",
        help="An address that may be asked; every address of TARGET must be named.",
        show_default=False,
    ),
]
KeyOption = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="KEY",
        help="Private key of the auditor, which signs the bundle.",
        show_default=False,
    ),
]
BudgetOption = Annotated[
    int | None,
    typer.Option(
        "--budget",
        min=0,
        max=100,
        metavar="TRIES",
        help="Passwords that may be tried, if not as the profile says.",
        show_default=False,
    ),
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show every class of packet, and send nothing.")
]
BundleOption = Annotated[
    Path, typer.Option("--out", metavar="BUNDLE", help="Where the bundle is written.")
]


def probe(
    target: TargetArgument,
    *,
    profile: ProfileOption,
    allow: AllowOption = None,
    key: KeyOption = None,
    budget: BudgetOption = None,
    dry_run: DryRunOption = False,
    out: BundleOption = Path("evidence.bundle"),
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Ask a live device by its probe profile, and write what was seen into a signed bundle.

    One connection at a time, at the profile's pace, to the allowed addresses alone. What changes the
    device, and every password that is tried, needs the profile's [agreed].

    Exit code: 0 all of it was asked, 2 usage, input or surroundings, 3 something could not be asked.
    """
    from sekisho.shell.probe.profile import load_probe_profile
    from sekisho.terms.verdict import ExitCode

    spoken = language(lang)
    if dry_run:
        _show_plan(load_probe_profile(profile, secrets=False), target, budget, output, spoken)
        return
    addresses = [_address(text) for text in allow or ()]
    if output is Format.TEXT:
        flowing()
    visited, told = _visited(profile, target, addresses, key, budget, out, output, spoken)
    _show(told, visited, output, spoken)
    raise typer.Exit(ExitCode.UNDETERMINED if _left_open(visited) else ExitCode.GOOD)


def _visited(
    name: str,
    target: str,
    addresses: list[IPv4Address | IPv6Address],
    key: Path | None,
    budget: int | None,
    out: Path,
    output: Format,
    lang: Lang,
) -> tuple[Visited, dict[str, object]]:
    import asyncio

    from sekisho.evidence.bundle import digest_of, sealed
    from sekisho.shell.extras import PROBES
    from sekisho.shell.keys import load_key
    from sekisho.shell.probe.hands import OwnHands
    from sekisho.shell.probe.profile import load_probe_profile
    from sekisho.shell.writing import write_whole
    from sekisho.terms.errors import InputError, Problem

    if key is None:
        raise InputError(Problem("--key", _NO_KEY, _MAKE_KEY))
    signer = load_key(key)
    profile = load_probe_profile(name)
    try:
        from sekisho.proof.visit_form import visit_form
        from sekisho.shell.probe.run import probe as ask
    except ImportError as error:
        raise PROBES.absent(error) from error
    hands = OwnHands(profile.folder, _asked if sys.stdin.isatty() else None)
    tell = _told(lang) if output is Format.TEXT else None
    visited = asyncio.run(
        ask(profile, target, allowed=addresses, hands=hands, budget=budget, tell=tell)
    )
    data = sealed(visited.bundle, visited.blobs, signer)
    write_whole(out, data)
    form = visit_form(visited.bundle, str(out), digest_of(data), signer.kid, visited.connections)
    return visited, dict(form)


def _address(text: str) -> IPv4Address | IPv6Address:
    from ipaddress import ip_address

    from sekisho.terms.errors import InputError, Problem

    try:
        return ip_address(text)
    except ValueError:
        raise InputError(Problem(f"--allow {text}", _NO_ADDRESS, _WRITE_ADDRESS)) from None


def _asked(prompt: str) -> bool:
    """A person is told what to do, and says when it is done."""
    from sekisho.present import escape

    sys.stderr.write(f"{escape.terminal(prompt)} [Enter] ")
    sys.stderr.flush()
    return bool(sys.stdin.readline())


def _told(lang: Lang) -> _Tell:
    def tell(what: str) -> None:
        port = what.removeprefix("port ")
        named = _PORT.fill(port=port) if port != what else _STEPS.get(what, Text(what, what))
        say(_STEP.fill(what=named), lang)

    return tell


def _left_open(visited: Visited) -> bool:
    from sekisho.evidence.observation_words import WhyNot
    from sekisho.proof.visit_form import not_done

    chosen = {WhyNot.NOT_ALLOWED, WhyNot.NOT_IN_PROFILE, WhyNot.FUNCTION_ABSENT}
    return any(one.why not in chosen for one in not_done(visited.bundle))


# ---- shown ---------------------------------------------------------------------------------------


def _show(form: dict[str, object], visited: Visited, output: Format, lang: Lang) -> None:
    from sekisho.proof.visit_form import not_done

    if output is Format.JSON:
        sys.stdout.write(as_text(form))
        return
    left = not_done(visited.bundle)
    seen = len(visited.bundle.records) - len(left)
    for one in left:
        say(_LEFT.fill(what=one.what, why=one.why, detail=one.detail), lang)
    say(
        _WRITTEN.fill(
            n=seen, left=len(left), connections=f"{visited.connections:,}",
            path=form["bundle"], sha256=form["sha256"], kid=form["signer"],
        ),
        lang,
    )  # fmt: skip


def _show_plan(
    profile: Profile, target: str, budget: int | None, output: Format, lang: Lang
) -> None:
    from sekisho.proof.plan import consent_of, planned
    from sekisho.proof.visit_form import plan_form

    consent = consent_of(profile.document, budget)
    packets = planned(profile.document, consent)
    if output is Format.JSON:
        form = plan_form(target, profile.name, consent, packets, lang)
        sys.stdout.write(as_text(dict(form)))
        return
    say(_PLAN.fill(target=target), lang)
    for one in packets:
        say(_line(one), lang)
    say(_consent(consent), lang)


def _line(one: Planned) -> Text:
    to = one.to or "-"
    line = _PACKET if one.changes is None else _CHANGES
    return line.fill(what=one.what, to=_EVERY if to == "*" else to, most=f"{one.most:,}")


def _consent(consent: Consent) -> Text:
    if not consent.acts:
        return _NOTHING_AGREED
    return _AGREED.fill(by=consent.by, tries=consent.tries)


if TYPE_CHECKING:
    from collections.abc import Callable

    _Tell = Callable[[str], object]

_NO_KEY = Text("署名する鍵がありません。", "No key signs the bundle.")
_MAKE_KEY = Text(
    "sekisho trust new-key で鍵を作り、--key で指定してください。",
    "Make one with sekisho trust new-key, and name it with --key.",
)
_NO_ADDRESS = Text("アドレスではありません。", "It is no address.")
_WRITE_ADDRESS = Text("192.0.2.7 のように数字で書いてください。", "Write the number: 192.0.2.7.")
_STEP = Text("… {what}", "… {what}")
_PORT = Text("ポート {port}", "port {port}")
_STEPS = {
    "ports": Text("ポート", "ports"),
    "routes": Text("経路", "routes"),
    "default credentials": Text("初期の認証情報", "default credentials"),
    "first use": Text("初回設定", "first use"),
    "guessing": Text("総当たり", "guessing"),
    "change of password": Text("パスワードの変更", "change of password"),
    "updates": Text("アップデート", "updates"),
    "loss of power": Text("停電", "loss of power"),
    "loss of network": Text("ネットワークの断", "loss of network"),
    "deletion": Text("削除", "deletion"),
    "documents": Text("書類", "documents"),
}
_LEFT = Text("未実施: {what}({why})。{detail}", "not done: {what} ({why}): {detail}")
_WRITTEN = Text(
    "観察 {n} 件、未実施 {left} 件、接続 {connections} 回。\n"
    "{path} に書きました。\n  SHA-256 {sha256}\n  署名した鍵 {kid}",
    "{n} observations, {left} not done, {connections} connections.\n"
    "Wrote {path}\n  SHA-256 {sha256}\n  signed by {kid}",
)
_PLAN = Text(
    "{target} に送るもの(まだ何も送っていません)。",
    "What would be sent to {target}; nothing was sent.",
)
_EVERY = Text("開いているポートごと", "each open port")
_PACKET = Text("  {what}\n    宛先 {to}、最大 {most}", "  {what}\n    to {to}, at most {most}")
_CHANGES = Text(
    "  {what}(機器を変えます)\n    宛先 {to}、最大 {most}",
    "  {what} (changes the device)\n    to {to}, at most {most}",
)
_NOTHING_AGREED = Text(
    "機器を変えることは何も合意されていないため、行いません。",
    "Nothing that changes the device was agreed, so nothing of it is done.",
)
_AGREED = Text(
    "合意: {by}。試すパスワードは {tries} 個まで。",
    "Agreed: {by}. At most {tries} passwords are tried.",
)
