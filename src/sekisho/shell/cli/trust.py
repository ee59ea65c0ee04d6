"""`sekisho trust`: make keys, sign what a site trusts and what its plant may do, put it in force."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.gate_options import StateOption
from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import as_text, say
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.codec.bounds import Bounds
    from sekisho.codec.trust import Trust
    from sekisho.terms.texts import Lang

app = typer.Typer(
    name="trust",
    help="Whose commands count, and what the plant may ever do: signed by the site's authority.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("new-key")
def new_key(
    path: Annotated[
        Path, typer.Argument(metavar="KEY", help="File to write; it must not exist yet.")
    ],
    *,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Make a signing key (Ed25519) in a file of its owner alone; KEY.pub gets its public half."""
    from sekisho.codec.strict_json import base64url
    from sekisho.codec.thumbprint import fingerprint
    from sekisho.shell.keys import new_key as make
    from sekisho.shell.keys import public_pem, write_private

    public_path = path.with_name(f"{path.name}.pub")
    _refuse_existing(public_path)
    signer = make(path)
    write_private(public_path, public_pem(signer.public))
    shown = {
        "key": str(path),
        "public_key": str(public_path),
        "public": base64url(signer.public).decode("ascii"),
        "kid": signer.kid,
        "fingerprint": fingerprint(signer.public),
    }
    if output is Format.JSON:
        _print_json(shown)
    else:
        say(_NEW_KEY.fill(**shown), language(lang))


@app.command("sign")
def sign(
    draft: Annotated[
        Path, typer.Argument(metavar="DRAFT", help="Draft of trust or bounds (TOML).")
    ],
    *,
    authority: Annotated[
        Path,
        typer.Option("--authority", metavar="KEY", help="Private key of the site's authority."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="PATH",
            help="Where to write (default: trust.json or bounds.json beside the draft).",
            show_default=False,
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Check a draft strictly and sign it."""
    from sekisho.shell.clock import wall_ms
    from sekisho.shell.keys import gate_parts_missing, load_key
    from sekisho.shell.site_files import text_of
    from sekisho.shell.writing import write_whole

    try:
        from sekisho.codec.draft import read_draft
        from sekisho.codec.jws import Typ
    except ImportError as error:
        raise gate_parts_missing(error) from error

    now = wall_ms()
    typ, payload = read_draft(text_of(draft, _NO_DRAFT), str(draft), now)
    signer = load_key(authority)
    path = out or draft.with_name("trust.json" if typ is Typ.TRUST else "bounds.json")
    write_whole(path, signer.sign_document(payload, typ))
    say(_SIGNED.fill(path=path, kid=signer.kid), language(lang))


@app.command("apply")
def apply(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A signed trust.json or bounds.json.")
    ],
    *,
    state: StateOption,
    lang: LangOption = None,
) -> None:
    """Put a signed document in force: its signature, site and version are checked.

    A running gate takes it up by itself within a second or two.
    """
    from sekisho.shell.cli.trust_files import put_in_force

    done = put_in_force(file, state)
    say(_APPLIED.fill(name=done.name, version=done.version, before=done.before), language(lang))


@app.command("show")
def show(
    place: Annotated[
        Path,
        typer.Argument(metavar="FILE|DIR", help="A signed document, or a gate's state folder."),
    ],
    *,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Show what a signed document says; in a state folder both, with their signatures checked."""
    from sekisho.shell.cli.trust_files import read_place

    found = read_place(place)
    if output is Format.JSON:
        _print_json(found.published())
        return
    spoken = language(lang)
    if not found.verified:
        say(_NOT_VERIFIED, spoken)
    if found.trust is not None:
        _say_trust(found.trust, spoken)
    if found.bounds is not None:
        _say_bounds(found.bounds, spoken)


def _say_trust(trust: Trust, lang: Lang) -> None:
    from sekisho.codec.members import written
    from sekisho.codec.trust_document import grant_words

    say(_TRUST.fill(site=trust.site, version=trust.version, at=written(trust.issued_at)), lang)
    for key in trust.keys:
        say(
            _KEY.fill(
                kid=key.kid,
                issuer=key.issuer,
                start=written(key.valid_from),
                end=written(key.valid_until),
                revoked=_REVOKED if key.revoked else Text("", ""),
                may=", ".join(grant_words(key.may)),
                minute=f"{key.budget.change_per_minute:,}",
                hour=f"{key.budget.change_per_hour:,}",
                reversals=key.budget.reversals_per_hour,
                day=f"{key.budget.energy_per_day:,}",
            ),
            lang,
        )


def _say_bounds(bounds: Bounds, lang: Lang) -> None:
    import json

    from sekisho.codec.bounds_document import bounds_payload
    from sekisho.codec.members import written

    say(_BOUNDS.fill(site=bounds.site, version=bounds.version, at=written(bounds.issued_at)), lang)
    for name, value in json.loads(bounds_payload(bounds)).items():
        if name in {"site", "version", "issued_at"}:
            continue
        if isinstance(value, dict):
            for inner, number in value.items():
                say(Text(*[f"  {name}.{inner} = {number:,}"] * 2), lang)
        else:
            say(Text(*[f"  {name} = {value:,}"] * 2), lang)


def _refuse_existing(path: Path) -> None:
    from sekisho.terms.errors import InputError, Problem

    if path.exists():
        raise InputError(Problem(str(path), _THERE, _ELSEWHERE))


def _print_json(value: dict[str, object] | dict[str, str]) -> None:
    sys.stdout.write(as_text(dict(value)))


_THERE = Text("すでにあります。", "It exists already.")
_ELSEWHERE = Text(
    "別の名前を指定してください。鍵は上書きしません。",
    "Give another name; keys are never overwritten.",
)
_NO_DRAFT = Text("下書きの場所を確かめてください。", "Check where the draft is.")
_NEW_KEY = Text(
    "秘密鍵を {key} に、公開鍵を {public_key} に書きました。\n"
    '  public = "{public}"\n  kid: {kid}\n  指紋: {fingerprint}',
    "Wrote the private key to {key} and the public key to {public_key}.\n"
    '  public = "{public}"\n  kid: {kid}\n  fingerprint: {fingerprint}',
)
_SIGNED = Text("{path} を書きました(署名した鍵 {kid})。", "Wrote {path} (signed by {kid}).")
_APPLIED = Text(
    "{name} の版 {version} を有効にしました(前の版: {before})。",
    "{name} version {version} is in force (before: {before}).",
)
_NOT_VERIFIED = Text(
    "この表示では署名を確かめていません(状態フォルダーを指定すると確かめます)。",
    "The signature was not checked here (it is where a state folder is given).",
)
_TRUST = Text(
    "信頼する鍵: サイト {site}、版 {version}({at})",
    "Trusted keys: site {site}, version {version} ({at})",
)
_KEY = Text(
    "  {kid}{revoked}\n    発行者 {issuer}、{start} から {end} まで\n    許可: {may}\n"
    "    予算: 毎分 {minute} W、毎時 {hour} W、反転 毎時 {reversals} 回、1日 {day} Wh",
    "  {kid}{revoked}\n    issuer {issuer}, {start} to {end}\n    may: {may}\n"
    "    budget: {minute} W a minute, {hour} W an hour, {reversals} reversals an hour, {day} Wh a day",
)
_REVOKED = Text("(失効)", " (revoked)")
_BOUNDS = Text(
    "設備の限度: サイト {site}、版 {version}({at})",
    "Bounds of the plant: site {site}, version {version} ({at})",
)
