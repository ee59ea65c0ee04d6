"""`sekisho release`: the maker's side of updates — keys, signatures of several holders, publishing."""

from __future__ import annotations

import typer

from sekisho.shell.cli import release_holders, release_versions

app = typer.Typer(
    help="The maker's side: keys of several holders, signatures, publishing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("new-key")(release_holders.new_key)
app.command("init")(release_holders.init)
app.command("rotate")(release_holders.rotate)
app.command("build")(release_versions.build)
app.command("add")(release_versions.add)
app.command("sign")(release_holders.sign)
app.command("publish")(release_versions.publish)
app.command("verify")(release_versions.verify)
