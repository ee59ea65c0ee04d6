"""What a device was seen to do when its functions were used; never a secret in clear."""

from dataclasses import dataclass
from typing import Literal

from sekisho.evidence.observation_words import (
    Count,
    Cut,
    Demanded,
    Kept,
    Long,
    Short,
    ShownIn,
    UpdateAnswer,
    UpdatePackage,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedCredential:
    """A credential of a public list that the device accepted."""

    user: Short
    index: Count
    """Its place in the list, from 0; the secret itself is never written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultCredentials:
    """Default and common credentials, tried on one login function."""

    kind: Literal["default-credentials"] = "default-credentials"
    function: Short
    """Name of the login function."""
    list_name: Short
    list_source: Short
    """Public address or file of the list."""
    list_size: Count
    agreed: Count
    """How many tries were agreed."""
    sent: Count
    """Tries that left the probe, answered or not: never more than agreed."""
    tried: Count
    """Entries of the list that the device looked at; a try during a lock-out is none."""
    accepted: tuple[AcceptedCredential, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guessing:
    """Wrong credentials again and again, on one login function."""

    kind: Literal["guessing"] = "guessing"
    function: Short
    agreed: Count
    made: Count
    """Tries that left the probe, answered or not: never more than agreed."""
    slowed_after: Count | None
    """Tries after which answers came markedly later; None: they did not."""
    stopped_after: Count | None
    """Tries after which no more were taken (lock-out, closed connections); None: all were taken."""
    first_answer_ms: Count
    last_answer_ms: Count
    owner_enters: bool | None
    """The right credential still works afterwards, by the way that is meant for it; None: not tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialChanged:
    """A credential was changed through the product's own function."""

    kind: Literal["credential-changed"] = "credential-changed"
    function: Short
    changed_by: Short
    """What was used: `settings page`, `PUT /api/users/…`."""
    old_refused: bool | None
    new_accepted: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstUse:
    """What a device in the state of delivery asks for before it can be used through one function."""

    kind: Literal["first-use"] = "first-use"
    function: Short
    demanded: Demanded
    works_without: bool | None
    """It can be used without doing what it demands; None: not tried."""
    least_length: Count | None
    """Characters of the shortest new secret that it took; None: not tried."""
    shortest_refused: Count | None
    """Characters of the longest new secret that it refused for its length; None: none was refused."""
    common_refused: bool | None
    """It refused a secret of a list of common ones; None: not tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductShown:
    """Where a user, or a machine, can read what this product is."""

    kind: Literal["product-shown"] = "product-shown"
    shown_in: ShownIn
    place: Short
    """Page, screen, register: `/about`, `SunSpec common block`."""
    model: Short
    """Empty where it shows none."""
    version: Short
    """Empty where it shows none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOffered:
    """An update package was offered to the device."""

    kind: Literal["update-offered"] = "update-offered"
    package: UpdatePackage
    component: Short
    """Which software component; `firmware` where it is one."""
    before: Short
    """Version shown before; empty where none was."""
    after: Short
    """Version shown afterwards; empty where none was."""
    offered: Short
    """Version that the package states."""
    answer: UpdateAnswer
    said: Long = ""
    """The device's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact before and after a cut."""

    kept: Kept
    name: Short
    before: Short
    """A value, or for what is secret a word such as `accepted`."""
    after: Short


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCycle:
    """Power or network was cut and came back."""

    kind: Literal["power-cycle"] = "power-cycle"
    cut: Cut
    facts: tuple[Fact, ...]
    default_returned: bool | None
    """A default or earlier credential works again; None: not tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One thing that the device kept, looked for before and after the deletion."""

    kept: Kept
    name: Short
    before: bool
    """It was there."""
    after: bool | None
    """It is still there; None: could not be looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """The user's function for deleting data was used."""

    kind: Literal["deletion"] = "deletion"
    deleted_by: Short
    data: tuple[Datum, ...]
    version_before: Short
    version_after: Short
