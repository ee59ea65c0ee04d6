"""What software is installed, as values: distributions, their compiled files, and what carries them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RUNS = re.compile(r"[-_.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledFile:
    """A file of machine code, with the digest that the distribution states for it."""

    path: str
    sha256: str | None
    """Hexadecimal; None where the distribution states none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A library that is part of something else: OpenSSL within the interpreter, or within a wheel."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One installed Python distribution."""

    name: str
    version: str
    licence: str | None
    """As its metadata says it; None where they say nothing short."""
    requires: frozenset[str]
    """Names of the distributions that it asks for, normalised."""
    record_sha256: str | None
    """Of its list of files and digests; None where it has none."""
    files: int
    compiled: tuple[CompiledFile, ...] = ()
    carries: tuple[Carried, ...] = ()

    @property
    def key(self) -> str:
        """The normalised name."""
        return normalised(self.name)

    @property
    def purl(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{self.key}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Everything that runs when the program runs."""

    product: str
    """The distribution that is ours, normalised."""
    interpreter: Carried
    carried: tuple[Carried, ...]
    """Libraries within the interpreter."""
    distributions: tuple[Distribution, ...]
    """By name; each name once."""

    @property
    def own(self) -> Distribution:
        """Our own distribution.

        Raises:
            LookupError: it is not installed.
        """
        for found in self.distributions:
            if found.key == self.product:
                return found
        raise LookupError(self.product)


def normalised(name: str) -> str:
    """A distribution's name as the index compares it (PEP 503)."""
    return _RUNS.sub("-", name).lower()
