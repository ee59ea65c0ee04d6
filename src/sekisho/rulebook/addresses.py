"""Whether a rule addresses a site at all, by what `statement.toml` says under `[applies]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.rulebook.statement import Applies
    from sekisho.site.model import Site


def addresses(applies: Applies, site: Site) -> bool:
    """Whether the site is one of those addressed; an empty set addresses all."""
    return (
        (not applies.resource or site.resource in applies.resource)
        and (not applies.voltage or site.voltage in applies.voltage)
        and (not applies.work or site.work in applies.work)
        and (not applies.owner or site.owner in applies.owner)
        and (not applies.joins or not applies.joins.isdisjoint(site.joins))
    )
