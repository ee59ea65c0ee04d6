"""A strict reader of systemd units, and of what systemd-analyze says of filters of system calls."""

from __future__ import annotations

import re
import subprocess

_SECTION = re.compile(r"\[(\w+)\]")
_LINE = re.compile(r"([A-Z]\w*)=(.*)")


def read_unit(text):
    """Sections to keys to all their values, in order; anything else in the file is an error."""
    found: dict[str, dict[str, list[str]]] = {}
    section = None
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if named := _SECTION.fullmatch(line):
            assert named[1] not in found, f"{line} stands twice"
            section = found.setdefault(named[1], {})
            continue
        stated = _LINE.fullmatch(line)
        assert stated, line
        assert section is not None, line
        section.setdefault(stated[1], []).append(stated[2])
    return found


def allowed_calls(filters):
    """The system calls that lines of SystemCallFilter leave, as systemd adds and removes them."""
    left: set[str] = set()
    for line in filters:
        takes = line.startswith("~")
        for word in line.removeprefix("~").split():
            calls = _calls(word)
            left = left - calls if takes else left | calls
    return left


def _calls(word):
    if not word.startswith("@"):
        return {word}
    done = subprocess.run(
        ["systemd-analyze", "syscall-filter", word], capture_output=True, text=True, check=True
    )
    found: set[str] = set()
    for line in done.stdout.splitlines()[1:]:
        name = line.strip()
        if name and not name.startswith("#"):
            found |= _calls(name)
    return found
