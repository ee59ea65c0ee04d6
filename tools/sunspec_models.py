"""Takes the SunSpec model definitions that the gate needs from the official set.

    pip download --no-deps pysunspec2
    unzip pysunspec2-*.whl -d unpacked
    python -m tools.sunspec_models unpacked

The files of the set are kept in their own form, without the prose (`desc`, `detail`, `notes`,
`comments`, `standards`), one model on a line, with the licence beside them. A newer set is taken by
running it again; the difference is then a change of data that a person can read.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

MODELS = (
    *(1, 101, 102, 103, 111, 112, 113, 120, 121, 122, 123, 124, 201, 202, 203, 204),
    *(701, 702, 703, 704, 711, 713, 715, 802, 803),
)
DROPPED = frozenset({"desc", "detail", "notes", "comments", "standards"})
TARGET = Path(__file__).resolve().parent.parent / "src/sekisho/shell/data/sunspec"
NOTICE = """\
models.json holds SunSpec information model definitions, taken from the Python package pysunspec2
{version} (https://pypi.org/project/pysunspec2/, https://github.com/sunspec/models), by the SunSpec
Alliance, under the Apache License, Version 2.0; the licence is beside this file.

Changed: only the models that Sekisho uses, in one file, without their prose ({dropped}).
It is made by tools/sunspec_models.py.
"""


def main() -> None:
    """Write the data, its licence and its notice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("unpacked", type=Path, help="the unpacked wheel of pysunspec2")
    unpacked: Path = parser.parse_args().unpacked
    (info,) = unpacked.glob("pysunspec2-*.dist-info")
    version = info.name.removeprefix("pysunspec2-").removesuffix(".dist-info")
    folder = unpacked / "sunspec2/models/json"
    models = [
        json.dumps(_without_prose(json.loads((folder / f"model_{n}.json").read_text("utf-8"))))
        for n in MODELS
    ]
    head = json.dumps(f"pysunspec2 {version}")
    text = f'{{"source": {head}, "models": [\n' + ",\n".join(models) + "\n]}\n"
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "models.json").write_text(text, encoding="utf-8")
    (TARGET / "LICENSE").write_bytes((info / "LICENSE").read_bytes())
    notice = NOTICE.format(version=version, dropped=", ".join(sorted(DROPPED)))
    (TARGET / "NOTICE").write_text(notice, encoding="utf-8")


def _without_prose(thing: object) -> object:
    if isinstance(thing, dict):
        return {k: _without_prose(v) for k, v in thing.items() if k not in DROPPED}
    if isinstance(thing, list):
        return [_without_prose(part) for part in thing]
    return thing


if __name__ == "__main__":
    main()
