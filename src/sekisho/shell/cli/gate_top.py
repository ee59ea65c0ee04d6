"""`gate top`: the status of the state folder, drawn anew on the terminal until q or Ctrl-C."""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
from collections import deque
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sekisho.gate.status import OLD_MS
from sekisho.shell.cli.delivery import flowing
from sekisho.shell.cli.gate_status import read
from sekisho.shell.cli.gate_top_frame import View, frame
from sekisho.shell.gate.kernel_time import KernelClock
from sekisho.shell.gate.state_folder import STATUS
from sekisho.terms.verdict import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.shell.cli.gate_top_plot import Sample
    from sekisho.shell.gate.state_folder import StateFolder
    from sekisho.terms.texts import Lang

MOST_SAMPLES = 1_000


class Top:
    """Looks at one gate; remembers what the plot shows."""

    def __init__(self, folder: StateFolder, lang: Lang) -> None:
        self._folder = folder
        self._lang = lang
        self._samples: deque[Sample] = deque(maxlen=MOST_SAMPLES)
        self._last = 0
        self._clock = KernelClock()

    def look(self) -> View:
        """The gate now.

        Raises:
            InputError: the status is open to others.
            WorldError: it cannot be read.
        """
        if not self._folder.has(STATUS):
            return View(status=None, age_ms=None, running=False)
        status = read(self._folder)
        age = abs(self._clock().boot - status.boot)
        if status.at != self._last:
            self._last = status.at
            self._samples.append((status.power, status.setpoint))
        running = age <= OLD_MS and self._folder.is_held()
        return View(status=status, age_ms=age, running=running, samples=tuple(self._samples))

    def once(self) -> int:
        """One picture as text."""
        width = max(80, shutil.get_terminal_size((100, 24)).columns)
        view = self.look()
        sys.stdout.write("\n".join(frame(view, self._lang, width=width)) + "\n")
        return code_of(view)

    def live(self, every_s: float) -> int:
        """Until q, Ctrl-C or SIGTERM."""
        from rich.console import Console
        from rich.live import Live
        from rich.text import Text as Drawn

        flowing()
        # Colour is never needed; without it no style can hide a sign.
        console = Console(file=sys.stdout, no_color=True, highlight=False)
        view = self.look()
        with (
            _keys() as ended,
            suppress(KeyboardInterrupt),
            Live(
                console=console,
                screen=True,
                auto_refresh=False,
                redirect_stdout=False,
                redirect_stderr=False,
            ) as shown,
        ):
            while True:
                width, height = console.size
                lines = frame(view, self._lang, width=width, height=height)
                shown.update(Drawn("\n".join(lines), no_wrap=True, overflow="crop"), refresh=True)
                if ended(every_s):
                    break
                view = self.look()
        return code_of(view)


def code_of(view: View) -> int:
    """As for `gate status`."""
    if view.status is None or not view.running:
        return ExitCode.UNDETERMINED
    return ExitCode.GOOD if view.status.calm else ExitCode.FOUND_BAD


def show_top(folder: StateFolder, lang: Lang, *, every_s: float, once: bool) -> int:
    """Shows the gate; see `Top`."""
    top = Top(folder, lang)
    if once or not sys.stdout.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return top.once()
    return top.live(every_s)


class _Waiting:
    """Waits for a key."""

    def __init__(self, handle: int | None) -> None:
        self._handle = handle

    def __call__(self, seconds: float) -> bool:
        """Whether q was pressed within this time."""
        handles = [] if self._handle is None else [self._handle]
        ready, _, _ = select.select(handles, [], [], seconds)
        if not ready or self._handle is None:
            return False
        pressed = os.read(self._handle, 64)
        if not pressed:
            self._handle = None
        return b"q" in pressed or b"Q" in pressed


@contextmanager
def _keys() -> Iterator[_Waiting]:
    """Keys one by one; the terminal is as it was afterwards, whatever ends us."""
    import termios
    import tty

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before_signal = signal.signal(signal.SIGTERM, end)
    handle = sys.stdin.fileno() if sys.stdin is not None and sys.stdin.isatty() else None
    before = None if handle is None else termios.tcgetattr(handle)
    try:
        if handle is not None:
            tty.setcbreak(handle)
        yield _Waiting(handle)
    finally:
        if handle is not None and before is not None:
            termios.tcsetattr(handle, termios.TCSADRAIN, before)
        signal.signal(signal.SIGTERM, before_signal)
