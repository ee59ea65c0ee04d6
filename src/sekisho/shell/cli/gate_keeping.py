"""`sekisho gate`, keeping: what stands in the state folder is sealed, and goes where it should."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.gate_options import SiteArgument, StateOption
from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import as_text, say
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.keeping_document import EnrolledDoc, RequestedDoc, SealedDoc

app = typer.Typer(rich_markup_mode=None)


@app.command("seal")
def seal(
    site: SiteArgument,
    *,
    state: StateOption,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Change the device key, and destroy the old one.")
    ] = False,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Seal keys and settings of a state folder that stand clear, or under an older device key.

    Each start of the gate does so too. A gate may run meanwhile.
    """
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.holdings import sealed_at_rest
    from sekisho.shell.gate.state_folder import open_state
    from sekisho.shell.resealing import rotate, seal_all
    from sekisho.shell.sealing import sealer_of

    folder = open_state(state)
    done = seal_all(folder, sealed_at_rest(load_configuration(site).settings.north))
    if new_key:
        done = rotate(folder)
    key = sealer_of(folder).key.where
    if output is Format.JSON:
        doc: SealedDoc = {"sealed": list(done), "device_key": str(key)}
        sys.stdout.write(as_text({**doc}))
    elif done:
        say(_SEALED.fill(names=", ".join(done), key=key), language(lang))
    else:
        say(_NOTHING.fill(key=key), language(lang))


@app.command("request")
def request(
    site: SiteArgument,
    *,
    state: StateOption,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Make a new key and a request for its certificate; the present one works on.

    The running gate does so by itself before its certificate ends.
    """
    from sekisho.shell.gate.certification import Papers
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.state_folder import NORTH_REQUEST, open_state
    from sekisho.shell.sealing import ensure_device_key

    folder = open_state(state)
    ensure_device_key(folder)
    fresh = Papers(folder, load_configuration(site).settings).ask()
    place = str(folder.file(NORTH_REQUEST))
    if output is Format.JSON:
        doc: RequestedDoc = {"request": place, "fresh": fresh}
        sys.stdout.write(as_text({**doc}))
    else:
        say((_REQUESTED if fresh else _STANDS).fill(request=place), language(lang))


@app.command("enrol")
def enrol(
    certificate: Annotated[
        Path, typer.Argument(metavar="CERT", help="The certificate that came back (PEM).")
    ],
    site: SiteArgument,
    *,
    state: StateOption,
    ca: Annotated[
        Path,
        typer.Option(
            "--ca", metavar="FILE", help="The operator's authority, which vouches for it."
        ),
    ],
    broker_ca: Annotated[
        Path | None,
        typer.Option(
            "--broker-ca",
            metavar="FILE",
            help="Who vouches for the broker, where it is to be set (default: --ca, if none is).",
            show_default=False,
        ),
    ] = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Check the certificate that the operator returned, and install it.

    A running gate tries it beside the present one and keeps that until the broker accepted it.
    """
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.installing import install
    from sekisho.shell.gate.state_folder import open_state

    settings = load_configuration(site).settings
    done = install(open_state(state), settings, certificate, ca, broker_ca)
    if output is Format.JSON:
        doc: EnrolledDoc = {
            "certificate": done.name,
            "in_force": done.in_force,
            "serial": f"{done.serial:x}",
            "not_after": done.end.isoformat(),
        }
        sys.stdout.write(as_text({**doc}))
        return
    said = _IN_FORCE if done.in_force else _TO_TRY
    say(said.fill(name=done.name, end=done.end.date(), state=state), language(lang))


_REQUESTED = Text(
    "新しい鍵を作りました。{request} を運用者に送ってください。",
    "Made a new key. Send {request} to the operator.",
)
_STANDS = Text(
    "申請はすでにあります。{request} を運用者に送ってください。",
    "There is a request already. Send {request} to the operator.",
)
_IN_FORCE = Text("{name} を入れました({end} まで)。", "{name} is in force (until {end}).")
_TO_TRY = Text(
    "{name} を入れました({end} まで)。動いているゲートが今の証明書と並べて試し、つながれば"
    "切り替えて古い鍵を消します。sekisho gate status --state {state} で確かめてください。",
    "{name} is there (until {end}). The running gate tries it beside the present one, changes over "
    "once it has connected, and destroys the old key. See sekisho gate status --state {state}.",
)
_SEALED = Text("封じました: {names}(デバイス鍵 {key})。", "Sealed: {names} (device key {key}).")
_NOTHING = Text(
    "すべて封じられています(デバイス鍵 {key})。", "Everything is sealed (device key {key})."
)
