"""The updater's log on the disk: appended, synced, never rewritten but for a line that power cut short."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sekisho.gate.update.log import Kind, Line, line_bytes, read_log
from sekisho.shell.keys import load_key
from sekisho.shell.update.place import KEY, LOG
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.gate.update.log import Log
    from sekisho.shell.update.place import Place

MOST_BYTES = 32 * 1024 * 1024
REFUSED_BYTES = 16 * 1024 * 1024
"""Beyond it refusals get no line any more: who can hand in rubbish must not fill the disk."""


class LogFile:
    """A log that holds, open for more."""

    def __init__(self, place: Place) -> None:
        """Reads the log whole.

        Raises:
            InputError: it does not hold; somebody must look at it before anything is installed.
        """
        self._path = place.private.file(LOG)
        self._signer = load_key(place.private.file(KEY))
        content = self._content()
        self.log: Log = read_log(content.splitlines(keepends=True), self._signer.public)
        if self.log.fault is not None:
            raise InputError(Problem(str(self._path), _BROKEN.fill(why=self.log.fault), _LOOK))
        self._tip, self._size = self.log.tip, len(content)
        self.lines = list(self.log.lines)

    def add(self, kind: Kind, wall: int, body: Mapping[str, object]) -> int:
        """Appends a line; its number, 0 where refusals have used their room up.

        Raises:
            OSError: it cannot be written.
        """
        if kind is Kind.REFUSED and self._size > REFUSED_BYTES:
            return 0
        line = Line(number=self._tip.number + 1, wall=wall, kind=kind, body=body)
        data, tip = line_bytes(line, self._tip, self._signer.sign)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(self._path, flags, 0o600), "ab") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        self._tip, self._size = tip, self._size + len(data)
        self.lines.append(line)
        return line.number

    def _content(self) -> bytes:
        """What is there; a last line without its end was never whole and is taken away."""
        try:
            with self._path.open("rb") as stream:
                content = stream.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return b""
        if len(content) > MOST_BYTES:
            raise InputError(Problem(str(self._path), _BROKEN.fill(why="size"), _LOOK))
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            os.truncate(self._path, whole)
        return content[:whole]


_BROKEN = Text("更新の記録が壊れています({why})。", "The updater's log does not hold ({why}).")
_LOOK = Text(
    "改ざんのおそれがあります。写しを取り、原因を確かめてから作り直してください。",
    "Somebody may have tampered with it. Take a copy and find out why before making it anew.",
)
