"""Options that the commands about a gate share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SiteArgument = Annotated[
    Path, typer.Argument(metavar="SITE", help="A site file with the gate's tables, or its folder.")
]
StateOption = Annotated[
    Path, typer.Option("--state", metavar="DIR", help="The gate's state folder.")
]
AuthorityOption = Annotated[
    Path,
    typer.Option("--authority", metavar="FILE.pem", help="Public key of the site's authority."),
]
ListenOption = Annotated[
    str,
    typer.Option(
        "--listen",
        metavar="HOST:PORT",
        help="Where browsers come to (default: this machine alone, port 8443).",
        show_default=False,
    ),
]
OWN_MACHINE = "127.0.0.1:8443"
"""Where the pages listen unless they are told otherwise."""
FilesOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write the files there.", show_default=False),
]
ProductOption = Annotated[
    Path | None,
    typer.Option(
        "--product",
        metavar="FILE.toml",
        help="What the publisher declares (default: nothing is stated).",
        show_default=False,
    ),
]
