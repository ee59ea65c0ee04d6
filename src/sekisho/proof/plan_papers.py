"""What lies beside a probe profile: documents of the maker, and outputs of other programs."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from sekisho.evidence.observation_words import DocumentKind, Says
from sekisho.proof.plan_words import FileName, ReportForm, Sentence
from sekisho.site.document import Name, Table, Word


class StateTable(Table):
    """One entry of `[[document.states]]`: what a document says of one evaluation item."""

    item: Name = Field(description="The evaluation item.", examples=["S1.1-05/1"])
    says: Word[Says] = Field(description="What it says.", examples=["fulfilled"])
    place: Name = Field(description="Page or section.", examples=["section 2"])
    words: Sentence = Field(default="", description="Its words.", examples=["security@example.com"])


class DocumentTable(Table):
    """One entry of `[[document]]`: a document of the maker, beside the profile."""

    kind: Word[DocumentKind] = Field(description="What it is for.", examples=["disclosure-policy"])
    file: FileName = Field(description="The file.", examples=["documents/disclosure.md"])
    dated: date | None = Field(
        default=None, description="The day that it bears.", examples=[date(2026, 10, 1)]
    )
    attested_by: Name = Field(
        description="Who says that it says so.", examples=["maker, quality office"]
    )
    states: Word[tuple[StateTable, ...]] = Field(
        default=(), max_length=100, description="What it says."
    )


class ReportTable(Table):
    """One entry of `[[report]]`: what another program found."""

    form: Word[ReportForm] = Field(
        description="Which program's output it is.", examples=["nmap-xml"]
    )
    file: FileName = Field(description="The file.", examples=["reports/nmap.xml"])
