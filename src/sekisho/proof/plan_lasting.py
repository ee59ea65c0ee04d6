"""What a probe does that lasts, or that somebody does by hand: updates, deletion, power, network."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sekisho.evidence.observation_words import UpdatePackage
from sekisho.proof.plan_requests import StepTable
from sekisho.proof.plan_words import FileName
from sekisho.site.document import Name, Table, Word

BackIn = Annotated[
    float,
    Field(
        gt=0,
        le=900,
        allow_inf_nan=False,
        description="How long the device may take to come back.",
        examples=[60],
    ),
]


class HandTable(Table):
    """Something that is done outside the network: by a program, or by the person who is asked."""

    command: Word[tuple[Annotated[str, Field(max_length=1000)], ...]] = Field(
        default=(),
        max_length=20,
        description="A program and its arguments; no shell reads them.",
        examples=[["./relay", "off-on"]],
    )
    prompt: Name | None = Field(
        default=None,
        description="What a person is asked to do.",
        examples=["Pull the plug for 10 s."],
    )
    only_restart: bool = Field(
        default=False,
        description="It orders a restart, and cuts nothing: it is told as that.",
        examples=[True],
    )
    back_s: BackIn = 60


class PackageTable(Table):
    """One entry of `[[update.package]]`: a file that is offered."""

    package: Word[UpdatePackage] = Field(
        description="What is wrong with it.", examples=["unsigned"]
    )
    file: FileName = Field(description="The file.", examples=["unsigned.bin"])
    version: Name = Field(description="The version that it states.", examples=["2.0.0"])


class UpdateTable(Table):
    """`[update]`: how the product is updated."""

    component: Name = Field(
        default="firmware", description="What is updated.", examples=["firmware"]
    )
    step: StepTable = Field(description="The request that takes the file.")
    settle_s: float = Field(
        default=0,
        ge=0,
        le=900,
        allow_inf_nan=False,
        description="How long it may take until the version shown is the new one.",
        examples=[60],
    )
    installs: HandTable | None = Field(
        default=None,
        description="What installs it, where the request only hands the file over; a program ends with 0 "
        "where it did and 1 where it refused.",
    )
    package: Word[tuple[PackageTable, ...]] = Field(
        min_length=1,
        max_length=10,
        description="The files, in the order in which they are offered.",
    )


class DeleteTable(Table):
    """`[delete]`: how a user deletes what the product keeps."""

    step: StepTable | None = Field(default=None, description="A request.")
    by_hand: HandTable | None = Field(default=None, description="Or outside the network.")
    back_s: BackIn = 60
