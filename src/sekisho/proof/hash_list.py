"""A pack whose only witness is the list of hashes in it: the one for a form, that `sekisho pack` writes.

Nobody signs it, and its ZIP is not written in one way only, so what is held here is the content of its
members and nothing else. Format: docs/reference/evidence-pack-format.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sekisho.evidence.bundle import Unsigned
from sekisho.proof.pack import (
    MANIFEST,
    MOST_MEMBERS,
    SUMS,
    Added,
    BadList,
    Changed,
    CheckedPack,
    Missing,
    PackKind,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sekisho.proof.pack import PackFinding

OF_FORMS = frozenset(
    {
        "1-labels.xlsx", "2-diagram.svg", "2-diagram.pdf", "3-office.pdf", "4-findings.pdf",
        "5-assessment.json", SUMS,
    }
)  # fmt: skip
"""What `sekisho pack` puts into a pack, all of it and nothing else; one is enough to know it by."""
_OF_CHECKLIST = ("checklist-", "evidence/")
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


def is_for_forms(names: Collection[str]) -> bool:
    """Whether these are members of a pack for a form.

    A checklist pack whose manifest was taken away is none: it has lost what was signed.
    """
    if MANIFEST in names or any(name.startswith(_OF_CHECKLIST) for name in names):
        return False
    return not OF_FORMS.isdisjoint(names)


def check_list(said: bytes | None, members: Mapping[str, str | None], folder: str) -> CheckedPack:
    """Hold the members of a pack against its list of hashes.

    Args:
        said: the list; None where it cannot be read.
        members: SHA-256 of each member, by its name without the folder; None where one cannot be read.
        folder: the folder that holds them.
    """
    listed = {} if SUMS not in members else _listed(said)
    findings: list[PackFinding] = []
    if SUMS not in members:
        findings = [Missing(SUMS)]
    elif listed is None:
        findings = [BadList()]
    else:
        # A list that somebody wrote anew may name anything; what belongs here is known.
        findings += [Missing(name) for name in OF_FORMS | listed.keys() if name not in members]
        findings += [
            Added(name)
            for name in members
            if name not in OF_FORMS or (name not in listed and name != SUMS)
        ]
        findings += [
            Changed(name)
            for name, digest in listed.items()
            if name in members and members[name] != digest
        ]
    return CheckedPack(
        kind=PackKind.FORMS,
        folder=folder,
        day="",
        signature=Unsigned(),
        members=len(members),
        findings=tuple(sorted(findings, key=lambda one: (type(one).__name__, str(one)))),
    )


def _listed(said: bytes | None) -> dict[str, str] | None:
    """Each hash by its member's name; None where the list is not as `sha256sum` writes it."""
    try:
        *lines, end = (said or b"").decode().split("\n")
    except UnicodeDecodeError:
        return None
    found = {}
    for line in lines:
        hit = _LINE.fullmatch(line)
        if hit is None or hit[2] in found:
            return None
        found[hit[2]] = hit[1]
    return found if found and not end and len(found) <= MOST_MEMBERS else None
