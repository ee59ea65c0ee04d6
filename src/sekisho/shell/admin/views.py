"""Every route of the table with what answers it: the pages, and the calls of the programming interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.shell.admin.api import api_views
from sekisho.shell.admin.pages import page_views

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.shell.admin.frame import View


def all_views() -> Mapping[tuple[str, str], View]:
    """By name and method."""
    return {**page_views(), **api_views()}
