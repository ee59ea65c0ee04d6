"""Sending alerts to a webhook or any other channel that Apprise knows.

An address often holds a secret, and the arguments of a process are open to all users of a machine.
So an address is never an argument: it is read from an environment variable or from a file.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.present.escape import visible
from sekisho.shell.extras import ALERTS
from sekisho.shell.tabular import read_bytes
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from types import ModuleType

_LARGEST = 64 * 1024
"""A few addresses are a few hundred bytes."""
_ENVIRONMENT = "env:"
_HOW = Text(
    "--webhook env:名前(環境変数)か --webhook ファイル(1 行に 1 つの宛先)で指定してください。",
    "Give --webhook env:NAME (an environment variable) or --webhook FILE (one address a line).",
)


def read_addresses(given: str) -> tuple[str, ...]:
    """The addresses that `--webhook` names.

    Args:
        given: `env:NAME`, or the name of a file; lines that start with # are comments.

    Raises:
        InputError: an address itself was given, the place is empty or cannot be read.
        WorldError: the system refuses to read the file.
    """
    if "://" in given:
        what = Text(
            "宛先をそのまま引数に書かないでください(他の利用者に見えます)。",
            "Do not write the address itself: arguments can be seen by other users.",
        )
        raise InputError(Problem("--webhook", what, _HOW))
    if given.startswith(_ENVIRONMENT):
        text = os.environ.get(given.removeprefix(_ENVIRONMENT), "")
    else:
        text = read_bytes(Path(given), _LARGEST).decode(errors="replace")
    lines = (line.strip() for line in text.splitlines())
    found = tuple(line for line in lines if line and not line.startswith("#"))
    if not found:
        what = Text("宛先がありません: {given}", "There is no address: {given}").fill(given=given)
        raise InputError(Problem("--webhook", what, _HOW))
    return found


def send(addresses: tuple[str, ...], title: str, lines: str) -> None:
    """Sends one message to every address.

    Raises:
        InputError: an address is of no kind that is known; it is not shown.
        WorldError: the optional part is missing, or a channel did not take the message.
    """
    try:
        import apprise  # noqa: PLC0415  (heavy; only where something is sent)
    except ImportError as error:
        raise ALERTS.absent(error) from error
    with warnings.catch_warnings():
        # Apprise loads every channel it has, and some of them load what is deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        _send(apprise, addresses, visible(title), lines)


def _send(apprise: ModuleType, addresses: tuple[str, ...], title: str, lines: str) -> None:
    channels = apprise.Apprise()
    for number, url in enumerate(addresses, 1):
        if not channels.add(url):
            what = Text("宛先 {n} の形が分かりません。", "Address {n} is of no known kind.")
            remedy = Text(
                "jsons://ホスト/パス などの形で書いてください。",
                "Write it as jsons://host/path or another kind that Apprise knows.",
            )
            raise InputError(Problem("--webhook", what.fill(n=number), remedy))
    body = "\n".join(visible(line) for line in lines.splitlines())
    if not channels.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
        what = Text("通知を送れませんでした。", "The alert could not be sent.")
        remedy = Text(
            "宛先とネットワークを確かめてください。", "Check the address and the network."
        )
        raise WorldError(Problem("--webhook", what, remedy))
