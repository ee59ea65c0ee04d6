"""Console examples of the documentation, run as a reader would type them.

A block marked `console` is a short session: a line that begins with `$ ` is typed into a shell, the
lines under it are what must appear (`...` stands for any part of a line, or, alone, for any lines). `$ echo $?` shows the
exit code of the command before. A block whose preceding line is `<!-- file: NAME -->` is a file that
the reader saves under that name. Every document has a folder of its own, which starts with a copy of
the examples; its own register; and a fixed language and width.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sybil import Example

ROOT = Path(__file__).resolve().parents[2]
_FILE_MARK = re.compile(r"<!-- file: (?P<name>\S+) -->\n+```\w*\n\Z")
_LONGEST_COMMAND_S = 120


@dataclass(slots=True)
class Reader:
    """Who types one document: where they are, and how their last command ended."""

    folder: Path
    language: str
    code: int = 0
    typed: list[str] = field(default_factory=list)

    def types(self, command: str) -> str:
        """What the terminal shows after `command`."""
        self.typed.append(command)
        if command == "echo $?":
            return f"{self.code}\n"
        ran = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=_LONGEST_COMMAND_S,
        )
        self.code = ran.returncode
        return ran.stdout.decode()

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SEKISHO_", "LC_"))}
        return kept | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder / ".home"),
            "XDG_DATA_HOME": str(self.folder / ".home" / "data"),
            "SEKISHO_LANG": self.language,
            "LANG": "C.UTF-8",
            "COLUMNS": "100",
            "NO_COLOR": "1",
            "PYTHONUTF8": "1",
            "PYTHONUNBUFFERED": "1",
        }


def begin(namespace: dict[str, Any]) -> None:
    """Give a document its folder."""
    folder = Path(tempfile.mkdtemp(prefix="sekisho-docs-"))
    shutil.copytree(ROOT / "examples", folder / "examples")
    namespace["reader"] = Reader(folder, language="en")


def end(namespace: dict[str, Any]) -> None:
    """Take the folder away."""
    shutil.rmtree(namespace["reader"].folder, ignore_errors=True)


def exchanges(block: str) -> list[tuple[str, str]]:
    """What is typed in a block, and what is shown under it."""
    found: list[tuple[str, str]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif not found:
            raise ValueError(f"a console block begins with a command, not with {line!r}")
        elif found[-1][1] == "" and found[-1][0].endswith("\\"):
            command = found[-1][0].removesuffix("\\").rstrip()
            found[-1] = (f"{command} {line.removeprefix('>').strip()}", "")
        else:
            command, shown = found[-1]
            found[-1] = (command, f"{shown}{line.rstrip()}\n")
    return found


def played(example: Example) -> str | None:
    """Type one console block; say what differs, or nothing."""
    reader: Reader = example.namespace["reader"]
    reader.language = _language(Path(example.path))
    differences = (
        _differs(reader, typed, shown) for typed, shown in exchanges(str(example.parsed))
    )
    return "\n".join(d for d in differences if d) or None


def _language(document: Path) -> str:
    inside = "/docs/ja/" in f"/{document.as_posix()}"
    japanese = inside or document.stem.endswith(".ja")
    return "ja" if japanese else "en"


def shows(got: str, expected: str) -> bool:
    """Whether the terminal shows what the page shows.

    `...` within a line stands for any part of that line; a line of its own for any lines, or none.
    White space at line ends, and blank lines at either end, do not count.
    """
    lines = [line.rstrip() for line in expected.strip("\n").splitlines()]
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n"
        for line in lines
    )
    seen = "".join(f"{line.rstrip()}\n" for line in got.strip("\n").splitlines())
    return re.fullmatch(pattern, seen) is not None


def _differs(reader: Reader, typed: str, expected: str) -> str | None:
    got = reader.types(typed)
    if shows(got, expected):
        return None
    return f"$ {typed}\n--- the document shows\n{expected}--- the program shows\n{got}"


def saved(example: Example) -> str | None:
    """Save a block that is marked as a file; other blocks of its language are left alone."""
    mark = _FILE_MARK.search(example.document.text[: example.region.start] + _fence(example))
    if mark is None:
        return None
    reader: Reader = example.namespace["reader"]
    path = reader.folder / mark["name"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(example.parsed), encoding="utf-8")
    return None


def _fence(example: Example) -> str:
    return example.document.text[example.region.start :].split("\n", 1)[0] + "\n"
