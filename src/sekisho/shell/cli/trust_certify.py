"""`sekisho trust`, certificates: a small authority for an operator who has none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import as_text, say
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.keeping_document import CertifiedDoc, RevokedDoc

_MOST_REQUEST = 64 * 1024

app = typer.Typer(rich_markup_mode=None)
CaOption = Annotated[Path, typer.Option("--ca", metavar="DIR", help="The authority's folder.")]


@app.command("new-ca")
def new_ca(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    *,
    name: Annotated[str, typer.Option("--name", help="What the authority is called.")],
    lang: LangOption = None,
) -> None:
    """Make an authority for certificates: its key belongs in a safe, not beside a gate."""
    from sekisho.shell.certifying import OperatorAuthority

    made = OperatorAuthority.new(folder, name)
    say(_MADE.fill(folder=folder, ca=made.ca, crl=made.revoked_list), language(lang))


@app.command("certify")
def certify(
    request: Annotated[Path, typer.Argument(metavar="CSR", help="The request, north.csr.")],
    *,
    ca: CaOption,
    name: Annotated[
        str, typer.Option("--name", help="Whose request it is, as you found out: the site's id.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="Where to write it.")],
    days: Annotated[
        int, typer.Option("--days", min=1, max=825, help="How many days it counts.")
    ] = 365,
    host: Annotated[
        list[str] | None,
        typer.Option(
            "--host", help="Of a broker: a name or address it is called by.", show_default=False
        ),
    ] = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Issue a certificate for the key of a request, and record its serial number.

    Nothing but key and name is taken from the request.
    """
    from sekisho.shell.certificates import pem
    from sekisho.shell.certifying import OperatorAuthority
    from sekisho.shell.reading import bounded
    from sekisho.shell.writing import write_whole

    authority = OperatorAuthority(ca)
    made = authority.certify(bounded(request, _MOST_REQUEST), name, days, tuple(host or ()))
    write_whole(out, pem(made))
    doc: CertifiedDoc = {
        "certificate": str(out),
        "serial": f"{made.serial_number:x}",
        "name": name,
        "not_after": made.not_valid_after_utc.isoformat(),
    }
    if output is Format.JSON:
        sys.stdout.write(as_text({**doc}))
    else:
        day = made.not_valid_after_utc.date()
        say(_CERTIFIED.fill(out=out, name=name, serial=doc["serial"], end=day), language(lang))


@app.command("revoke")
def revoke(
    certificate: Annotated[
        str | None,
        typer.Argument(
            metavar="[CERT|SERIAL]",
            help="A certificate's file or serial number; left out: make the list anew.",
            show_default=False,
        ),
    ] = None,
    *,
    ca: CaOption,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Put a certificate on the list of revoked ones, and say what brokers must be told.

    The list counts 30 days; make it anew before, or Mosquitto refuses everybody.
    """
    from sekisho.shell.certifying import OperatorAuthority, serial_of

    authority = OperatorAuthority(ca)
    gone = None
    if certificate is None:
        authority.refresh()
    else:
        gone = authority.revoke(serial_of(certificate))
    doc: RevokedDoc = {
        "list": str(authority.revoked_list),
        "serial": None if gone is None else f"{gone.serial:x}",
        "name": None if gone is None else gone.name,
        "nats_user": None if gone is None else f"CN={gone.name}",
    }
    if output is Format.JSON:
        sys.stdout.write(as_text({**doc}))
        return
    spoken = language(lang)
    if gone is not None:
        say(_REVOKED.fill(serial=doc["serial"], name=gone.name), spoken)
    say(_LIST.fill(crl=authority.revoked_list), spoken)
    if gone is not None:
        say(_NATS.fill(name=gone.name), spoken)


_MADE = Text(
    "認証局を {folder} に作りました。\n"
    "{ca} をブローカーとゲートに、{crl} を Mosquitto の crlfile に渡してください。",
    "Made an authority in {folder}.\n"
    "Give {ca} to brokers and gates, and {crl} to Mosquitto as its crlfile.",
)
_CERTIFIED = Text(
    "{out} を書きました({name}、番号 {serial}、{end} まで)。",
    "Wrote {out} ({name}, serial {serial}, until {end}).",
)
_REVOKED = Text("番号 {serial}({name})を失効させました。", "Revoked serial {serial} ({name}).")
_LIST = Text(
    "失効リスト: {crl}\nMosquitto: crlfile に置き、再起動してください(今ある接続も切れます)。",
    "List of revoked certificates: {crl}\n"
    "Mosquitto: put it in place as its crlfile and restart it, which also ends standing connections.",
)
_NATS = Text(
    'NATS は失効リストを読みません。authorization の users から {{user: "CN={name}"}} を除き、'
    "nats-server --signal reload を実行してください。新しい証明書も同じ名前なら、受け入れる前に"
    "名前を変えてください。利用者は1人以上残してください(誰もいないと、誰でも入れます)。",
    'NATS reads no such list. Remove {{user: "CN={name}"}} from authorization.users and run '
    "nats-server --signal reload. A new certificate of the same name would come back with the old "
    "one: give it another name before you map it again. Keep at least one user: without any, NATS "
    "asks nobody who they are.",
)
