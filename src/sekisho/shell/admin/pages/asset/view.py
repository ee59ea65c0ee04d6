"""Files of the pages: a closed set, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.shell.admin.frame import Data
from sekisho.shell.admin.problems import problem_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.shell.admin.frame import Answer, Context

_FOLDER = Path(__file__).resolve().parent.parent.parent / "static"
_KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_HOUR_S = 3_600


@cache
def _files() -> Mapping[str, Data]:
    return MappingProxyType(
        {
            file.name: Data(content=file.read_bytes(), kind=_KINDS[file.suffix], kept_s=_HOUR_S)
            for file in sorted(_FOLDER.iterdir())
            if file.suffix in _KINDS
        }
    )


async def get(context: Context) -> Answer:
    """A file, if it is one of ours."""
    return _files().get(context.path["file"]) or problem_of(404)
