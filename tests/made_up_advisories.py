"""Made-up advisories and packages: nothing here is a real vulnerability.

Identifiers begin with MADE-UP; the packages are invented, except where a test asks about the name of a
package that is installed and says so.
"""

from __future__ import annotations

import json
import zipfile


def advisory(
    number,
    package,
    *events,
    versions=(),
    modified="2026-11-20T00:00:00Z",
    kind="ECOSYSTEM",
    ecosystem="PyPI",
    **more,
):
    """One advisory; events are pairs such as ("introduced", "0")."""
    ranges = [{"type": kind, "events": [{key: value} for key, value in events]}] if events else []
    return {
        "schema_version": "1.6.0",
        "id": f"MADE-UP-{number}",
        "modified": modified,
        "summary": "Made up: no real vulnerability.",
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": package},
                "ranges": ranges,
                "versions": list(versions),
            }
        ],
        **more,
    }


def data(document):
    return json.dumps(document).encode()


def write_copy(path, documents, *, filler=0, modified="2026-11-20T00:00:00Z"):
    """A copy as a zip, filled up with advisories of a package that nobody has."""
    others = (
        advisory(f"FILL-{n}", "made-up-nobody", ("introduced", "0"), modified=modified)
        for n in range(filler)
    )
    with zipfile.ZipFile(path, "w") as archive:
        for document in (*documents, *others):
            archive.writestr(f"{document['id']}.json", json.dumps(document))
    return path
