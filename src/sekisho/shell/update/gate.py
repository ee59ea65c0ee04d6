"""The gate as the updater reaches it: commands that end and start it, and the beat that it writes."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from typing_extensions import override

from sekisho.codec.strict_json import Malformed
from sekisho.gate.update.beat import MOST_BYTES, Beat, read_beat
from sekisho.shell.clock import boot_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.shell.update.settings import GateSettings

_MOST_TOLD = 300
_VERSION_S = 60.0


class Gate(Protocol):
    """What the updater needs of a gate."""

    def trial(self, program: Path, version: str) -> str | None:
        """Tries a new program beside the running one; what is wrong with it, None: nothing."""

    def stop(self) -> str | None:
        """Ends the gate in order; what went wrong."""

    def start(self) -> str | None:
        """Starts the program that `current` points at; what went wrong. Again does no harm."""

    def beat(self) -> Beat | None:
        """The beat as it is now; None: none, or unreadable."""

    def boot(self) -> int:
        """CLOCK_BOOTTIME in ms."""

    def wait(self, seconds: float) -> None:
        """Lets time go by."""


class CommandGate(Gate):
    """A gate that a service manager runs."""

    def __init__(self, settings: GateSettings) -> None:
        self._settings = settings

    @override
    def trial(self, program: Path, version: str) -> str | None:
        trouble, said = _run([str(program), "--version"], _VERSION_S)
        if trouble is not None:
            return trouble
        if said.strip() != version:
            return f"--version says {said.strip()[:40]!r}"
        for words in self._settings.trial:
            filled = [_filled(word, program, version) for word in words]
            trouble, _ = _run(filled, self._settings.command_s)
            if trouble is not None:
                return trouble
        return None

    @override
    def stop(self) -> str | None:
        return _run(self._settings.stop, self._settings.command_s)[0]

    @override
    def start(self) -> str | None:
        return _run(self._settings.start, self._settings.command_s)[0]

    @override
    def beat(self) -> Beat | None:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(self._settings.beat, flags), "rb") as stream:
                return read_beat(stream.read(MOST_BYTES + 1))
        except (OSError, Malformed):
            return None

    @override
    def boot(self) -> int:
        return boot_ms()

    @override
    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


def _filled(word: str, program: Path, version: str) -> str:
    return word.replace("{program}", str(program)).replace("{version}", version)


def _run(words: Sequence[str], most_s: float) -> tuple[str | None, str]:
    """What went wrong, and what was said on standard output."""
    try:
        done = subprocess.run(  # noqa: S603 - words of the updater's own settings, no shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=most_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{words[0]}: it takes too long", ""
    except OSError as error:
        return f"{words[0]}: {error.strerror}", ""
    said = done.stdout[-_MOST_TOLD:].decode("utf-8", "replace")
    if done.returncode:
        return f"{Path(words[0]).name} ended with {done.returncode}: {said.strip()}", said
    return None, said
