"""What the pages know from files: the site's devices, the list of labels, what the publisher declares.

The gate itself reads no list of labels: whether a live device is the labelled one is asked here.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sekisho.gate.product import Product
from sekisho.register.index import Index
from sekisho.shell.clock import today_in_japan
from sekisho.shell.register_store import load_register

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sekisho.site.model import Device

_AGAIN_S = 3_600.0
"""The list is read anew after an hour."""


@dataclass(slots=True)
class Papers:
    """See the module's text."""

    product: Product = field(default_factory=Product)
    devices: Mapping[str, Device] | None = None
    """As the site file declares them; None: no site file was given."""
    register: Path | None = None
    """The list or database; None: the own one, else the shipped excerpts."""
    _index: Index | None = None
    _read_at: float = 0.0

    async def index(self) -> Index:
        """The list of labels, read in a thread.

        Raises:
            InputError, WorldError: it cannot be read.
        """
        if self._index is None or time.monotonic() - self._read_at > _AGAIN_S:
            self._index = await asyncio.to_thread(self._read)
            self._read_at = time.monotonic()
        return self._index

    def _read(self) -> Index:
        today = today_in_japan()
        return Index(load_register(self.register, today, today))
