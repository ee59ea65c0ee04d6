"""`sekisho gate`: the running checkpoint — made, checked, run, watched, kept, wiped."""

from __future__ import annotations

import typer

from sekisho.shell.cli import (
    gate_backup,
    gate_documents,
    gate_keeping,
    gate_making,
    gate_run,
    gate_software,
    gate_surface,
    gate_units,
    gate_watching,
    gate_wipe,
)

app = typer.Typer(
    help="The running checkpoint between the cloud and the plant.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("surface")(gate_surface.surface)
app.command("documents")(gate_documents.documents)
app.command("units")(gate_units.units)
app.command("sbom")(gate_software.sbom)
app.command("vulnerabilities")(gate_software.vulnerabilities)
app.command("init")(gate_making.init)
app.command("check")(gate_making.check)
app.command("trial")(gate_making.trial)
app.command("commission")(gate_making.commission)
app.command("run")(gate_run.run)
app.command("status")(gate_watching.status)
app.command("top")(gate_watching.top)
app.command("reset")(gate_watching.reset)
app.add_typer(gate_keeping.app)
app.add_typer(gate_backup.app)
app.add_typer(gate_wipe.app)
