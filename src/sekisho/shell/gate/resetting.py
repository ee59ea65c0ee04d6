"""A person on the spot asks the running gate to reset its latches.

The request is a file in the state folder: who can write there stands on the machine, as the gate's
own user, which no command from the north can do. The gate takes it away, resets and journals.
"""

from __future__ import annotations

import json
import os
import pwd
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.shell.gate.state_folder import RESET

if TYPE_CHECKING:
    from sekisho.shell.gate.state_folder import StateFolder

_LONGEST = 64


@dataclass(frozen=True, slots=True)
class ResetRequest:
    """Who asks, as the system knows them."""

    user: str


def ask_for_reset(folder: StateFolder) -> None:
    """Leave a request for the running gate.

    Raises:
        WorldError: the folder cannot be written.
    """
    folder.write(RESET, json.dumps({"user": _user()}).encode())


def taken_reset(folder: StateFolder) -> ResetRequest | None:
    """The request that was left, taken away; None where there is none.

    Raises:
        InputError: others could have written it.
        WorldError: the disk failed.
    """
    content = folder.take(RESET)
    if content is None:
        return None
    try:
        user = json.loads(content)["user"]
    except (ValueError, KeyError, TypeError, RecursionError):
        user = ""
    plain = user if isinstance(user, str) and user.isprintable() else ""
    return ResetRequest(plain[:_LONGEST])


def _user() -> str:
    """Who is logged in, as far as it is known: for the journal, not for permission."""
    try:
        own = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        own = str(os.getuid())
    behind = os.environ.get("SUDO_USER", "")
    return f"{behind} ({own})" if behind else own
