"""Whatever can be derived is generated, and checked for drift.

`python -m tools.generate` writes the files; `--check` names those that differ and fails.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools import matching_benchmark
from tools.generated import (
    admin,
    command_line,
    criterion_pages,
    data_at_rest,
    device_profiles,
    exit_codes,
    gate_answers,
    gate_tables,
    journal_sample,
    north,
    ports,
    product,
    proof_sample,
    rule_pages,
    schemas,
    site_file,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent


def everything() -> Mapping[str, str]:
    """Every generated file: its path below the repository, and what it must hold."""
    return {
        **schemas.files(),
        **north.files(),
        **exit_codes.files(),
        **command_line.files(),
        **data_at_rest.files(),
        **device_profiles.files(),
        **rule_pages.files(),
        **criterion_pages.files(),
        **proof_sample.files(),
        **site_file.files(),
        **gate_tables.files(),
        **gate_answers.files(),
        **admin.files(),
        **journal_sample.files(),
        **ports.files(),
        **product.files(),
        **matching_benchmark.files(),
    }


def main() -> int:
    """Write or check the generated files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where a file differs")
    only_check = parser.parse_args().check
    stale = [
        name
        for name, wanted in everything().items()
        if not (path := ROOT / name).exists() or path.read_text(encoding="utf-8") != wanted
    ]
    if only_check:
        for name in stale:
            print(f"{name} is not what the code says; run `make generate`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(everything()[name], encoding="utf-8")
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
