"""The answer about known vulnerabilities as programs read it: `gate vulnerabilities --format json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from sekisho.gate.vulnerabilities import Copy, Findings, Hit


class CopyDoc(TypedDict):
    """The copy that was asked."""

    advisories: int
    newest: Annotated[str | None, Field(description="Day of the newest change in it.")]
    age_days: int | None
    unread: list[str]
    sha256: str


class HitDoc(TypedDict):
    """A package that an advisory speaks of."""

    id: str
    aliases: list[str]
    package: Annotated[str, Field(description="Package URL.")]
    summary: str
    fixed: list[str]
    statement: Annotated[
        str | None, Field(description="The VEX statement that settles it, with its reason.")
    ]


class UnsureDoc(TypedDict):
    """A package whose version could not be compared."""

    id: str
    package: str


class VulnerabilitiesDoc(TypedDict):
    """The whole answer."""

    verdict: Annotated[str, Field(description="none-known, vulnerable or undetermined.")]
    asked: Annotated[int, Field(description="How many packages were asked about.")]
    not_asked: Annotated[
        list[str], Field(description="Parts that advisories of PyPI do not speak of.")
    ]
    copy: CopyDoc
    hits: list[HitDoc]
    unsure: list[UnsureDoc]
    doubts: Annotated[list[str], Field(description='Why "none known" cannot be said.')]


def published(
    found: Findings, copy: Copy, asked: int, not_asked: tuple[str, ...]
) -> VulnerabilitiesDoc:
    """The answer in its published form."""
    verdict = "undetermined" if found.doubts else "none-known"
    return VulnerabilitiesDoc(
        verdict="vulnerable" if found.open else verdict,
        asked=asked,
        not_asked=list(not_asked),
        copy=CopyDoc(
            advisories=copy.advisories,
            newest=None if copy.newest is None else copy.newest.isoformat(),
            age_days=found.age_days,
            unread=list(copy.unread),
            sha256=copy.sha256,
        ),
        hits=[_hit(hit) for hit in found.hits],
        unsure=[UnsureDoc(id=u.advisory.id, package=u.package.purl) for u in found.unsure],
        doubts=[doubt.value for doubt in found.doubts],
    )


def _hit(hit: Hit) -> HitDoc:
    settled = hit.statement
    return HitDoc(
        id=hit.advisory.id,
        aliases=list(hit.advisory.aliases),
        package=hit.package.purl,
        summary=hit.advisory.summary,
        fixed=list(hit.fixed),
        statement=None if settled is None else f"{settled.stands}: {settled.reason}",
    )
