"""`sekisho gate`, keeping: what stands in the state folder is sealed, and goes where it should."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sekisho.shell.cli.gate import SiteArgument, StateOption
from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import as_text, say
from sekisho.terms.texts import Text

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
    from sekisho.shell.sealing import rotate, seal_all, sealer_of

    folder = open_state(state)
    done = seal_all(folder, sealed_at_rest(load_configuration(site).settings.north))
    if new_key:
        done = rotate(folder)
    key = sealer_of(folder).key.where
    if output is Format.JSON:
        sys.stdout.write(as_text({"sealed": list(done), "device_key": str(key)}))
    elif done:
        say(_SEALED.fill(names=", ".join(done), key=key), language(lang))
    else:
        say(_NOTHING.fill(key=key), language(lang))


_SEALED = Text("封じました: {names}(デバイス鍵 {key})。", "Sealed: {names} (device key {key}).")
_NOTHING = Text(
    "すべて封じられています(デバイス鍵 {key})。", "Everything is sealed (device key {key})."
)
