"""The made-up product's documents, and the profile by which it is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sekisho.lab.product.faults import Fault
from sekisho.lab.product.model import FIRST_VERSION, MAKER, MODEL, NEXT_VERSION, USER
from sekisho.lab.product.statements import PAPERS, Paper

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_FRESH = timedelta(days=30)
_STALE = timedelta(days=400)
"""More than the 365 days after which a document no longer counts."""
_MISSING = {
    Fault.NO_DISCLOSURE_POLICY: "disclosure-policy.md",
    Fault.NO_UPDATE_MANUAL: "update-manual.md",
    Fault.NO_UPDATE_POLICY: "update-policy.md",
    Fault.NO_STORAGE_NOTE: "storage.md",
    Fault.NO_SUPPORT_PERIOD: "support.md",
}
_OLD = {
    Fault.STALE_DISCLOSURE_POLICY: "disclosure-policy.md",
    Fault.STALE_UPDATE_POLICY: "update-policy.md",
}
_MADE_UP = "Made up: the product does not exist."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the product listens."""

    https: int
    http: int
    ssh: int
    modbus: int


def documents(faults: frozenset[Fault], today: date) -> Mapping[str, str]:
    """Each file by its name; those that a fault takes away are not there."""
    gone = {_MISSING[fault] for fault in faults if fault in _MISSING}
    return {
        f"documents/{paper.file}": _text(paper, _day(paper, faults, today))
        for paper in PAPERS
        if paper.file not in gone
    }


def profile(faults: frozenset[Fault], today: date, ports: Ports) -> str:
    """`probe.toml`: what the maker declares is the same, whatever is broken."""
    papers = "".join(_declared(paper, _day(paper, faults, today)) for paper in PAPERS)
    head = _PROFILE.format(
        made_up=_MADE_UP, dated=today - _FRESH, maker=MAKER, model=MODEL, user=USER,
        https=ports.https, http=ports.http, ssh=ports.ssh, modbus=ports.modbus,
        first=FIRST_VERSION, after=NEXT_VERSION,
    )  # fmt: skip
    return head + papers


def _day(paper: Paper, faults: frozenset[Fault], today: date) -> date:
    stale = any(_OLD.get(fault) == paper.file for fault in faults)
    return today - (_STALE if stale else _FRESH)


def _text(paper: Paper, day: date) -> str:
    lines = "".join(
        f"\n## {place}\n\n{words}\n" for _, place, words in (*paper.states, *paper.absent)
    )
    return f"{_MADE_UP}\n\n# {MODEL}: {paper.title}\n\nDated {day}\n{lines}"


def _declared(paper: Paper, day: date) -> str:
    says = [*((s, "fulfilled") for s in paper.states), *((s, "absent") for s in paper.absent)]
    states = "".join(
        f'\n[[document.states]]\nitem = "{item}"\nsays = "{word}"\nplace = "{place}"\nwords = "{words}"\n'
        for (item, place, words), word in says
    )
    return (
        f'\n[[document]]\nkind = "{paper.kind}"\nfile = "documents/{paper.file}"\ndated = {day}\n'
        f'attested_by = "{MAKER}"\n{states}'
    )


def reports(faults: frozenset[Fault], made: str) -> Mapping[str, str]:
    """Bill of materials and VEX as JSON, by file; `made` is a time as RFC 3339 writes it."""
    component = {
        "type": "library", "bom-ref": "pkg:generic/madeup-web@1.4.2", "name": "madeup-web",
        "version": "1.4.2", "purl": "pkg:generic/madeup-web@1.4.2",
    }  # fmt: skip
    head = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {
            "timestamp": made,
            "component": {"type": "firmware", "name": MODEL, "version": FIRST_VERSION},
            "properties": [{"name": "note", "value": _MADE_UP}],
        },
        "components": [component],
    }  # fmt: skip
    state = "exploitable" if Fault.KNOWN_VULNERABILITY in faults else "not_affected"
    found = {
        "id": "MADE-UP-2026-0001",
        "analysis": {"state": state, "detail": "the function is not compiled in"},
        "affects": [{"ref": component["bom-ref"]}],
    }
    return {
        "reports/sbom.json": json.dumps(head, indent=1),
        "reports/vex.json": json.dumps(head | {"vulnerabilities": [found]}, indent=1),
    }


_PROFILE = """# {made_up}
routes_complete = true

[product]
title = "{model}"
maker = "{maker}"
model = "{model}"
dated = {dated}
invented = true

[agreed]
by = "the laboratory"
tries = 18
acts = [
  "set-up", "guess", "change", "setting", "update", "power-cycle", "network-cut", "delete",
  "modbus-write",
]

[pace]
per_second = 50000

[scan]
tcp = ["1-65535"]

[[port]]
number = {https}
service = "https"
reason = "pages of the operator"

[[port]]
number = {http}
service = "http"
reason = "sends browsers on to HTTPS"

[[port]]
number = {ssh}
service = "ssh"
reason = "maintenance"

[[port]]
number = {modbus}
service = "modbus"
reason = "measurements, which can be read only"

[web]
port = {https}
authority = "ca.pem"

[[route]]
path = "/"
content = "login"
open = "the way to log in"

[[route]]
path = "/about"
content = "static"
open = "model and version, which stand on the box too"

[[route]]
path = "/status"
content = "information"

[[route]]
path = "/api/status"
content = "information"

[[route]]
path = "/settings"
content = "settings"

[login]
user = "{user}"
password = {{ file = "password.txt" }}
inside = "/status"
step = {{ path = "/login", fields = {{ user = "$user", password = "$password" }}, done = [303] }}

[first_use]
demands = "both"
code = {{ file = "code.txt" }}
step = {{ path = "/set-up", fields = {{ code = "$code", password = "$password" }}, done = [303] }}

[change]
new = {{ file = "new-password.txt" }}
step = {{ path = "/password", fields = {{ old = "$password", new = "$new" }}, done = [303] }}

[setting]
name = "site name"
shown_at = "/settings"
step = {{ path = "/settings", fields = {{ site = "$marker" }}, done = [303] }}

[shown]
path = "/about"
model_after = "Model"
version_after = "Version"

[update]
step = {{ path = "/update", body = "file", file_field = "package", done = [200] }}

[[update.package]]
package = "unsigned"
file = "updates/unsigned.bin"
version = "1.1.0"

[[update.package]]
package = "changed"
file = "updates/changed.bin"
version = "1.2.0"

[[update.package]]
package = "genuine"
file = "updates/good.bin"
version = "{after}"

[[update.package]]
package = "older"
file = "updates/older.bin"
version = "{first}"

[power]
prompt = "Cut the power of the made-up product, and bring it back."

[network]
prompt = "Cut the network of the made-up product, and bring it back."

[delete]
step = {{ path = "/delete", done = [303] }}

[modbus]
port = {modbus}

[ssh]
port = {ssh}
no_login = "it goes as far as the key exchange"

[[report]]
form = "cyclonedx"
file = "reports/sbom.json"

[[report]]
form = "cyclonedx-vex"
file = "reports/vex.json"
"""
