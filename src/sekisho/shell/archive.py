"""A ZIP of finished files, with a list of their hashes; the same files give the same bytes."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

HASH_LIST = "SHA256SUMS"
"""In the form that `sha256sum --check` reads."""


def zip_of(files: Mapping[str, bytes], folder: str, day: date) -> bytes:
    """The files in one folder of a ZIP, dated `day`, with `SHA256SUMS` beside them."""
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    )
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*files.items(), (HASH_LIST, sums.encode())):
            entry = zipfile.ZipInfo(f"{folder}/{name}", (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return sink.getvalue()
