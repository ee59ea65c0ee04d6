"""`update.toml`: what the machine is, and how its gate is tried, ended, started and seen."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sekisho.gate.update.manifest import MODEL
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

_MOST_BYTES = 64 * 1024
_Words = Annotated[list[str], Field(min_length=1, max_length=40)]


class GateSettings(BaseModel):
    """How the gate is reached; words of a command are given to no shell."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    beat: Annotated[str, Field(description="File in which the gate shows that it runs.")]
    stop: Annotated[_Words, Field(description="Command that ends the gate in order.")]
    start: Annotated[_Words, Field(description="Command that starts the program of `current`.")]
    trial: Annotated[
        list[_Words],
        Field(
            max_length=8,
            description="Commands that must succeed before the switch; {program} and {version} "
            "stand for the new one's.",
        ),
    ]
    rest_s: Annotated[
        int, Field(ge=0, le=86_400, description="How long to wait for the plant to be at rest.")
    ] = 300
    command_s: Annotated[
        int, Field(ge=1, le=600, description="How long one of the commands may take.")
    ] = 120


class Settings(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    model: Annotated[
        str, Field(pattern=f"^(?:{MODEL.pattern})$", description="Model of this machine.")
    ]
    gate: GateSettings


def read_settings(path: Path) -> Settings:
    """The settings of a file.

    Raises:
        InputError: it is wrong; every problem at once.
        WorldError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        found: dict[str, Any] = tomllib.loads(content[:_MOST_BYTES].decode())
    except FileNotFoundError as error:
        raise InputError(Problem(str(path), _NONE, _WRITE)) from error
    except OSError as error:
        what = _UNREADABLE.fill(why=error.strerror or error)
        raise WorldError(Problem(str(path), what, _WRITE)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem(str(path), _NO_TOML.fill(why=error), _WRITE)) from error
    try:
        return Settings.model_validate(found)
    except ValidationError as error:
        problems = [
            Problem(f"{path}: {'.'.join(str(part) for part in one['loc'])}", _WRONG, _WRITE)
            for one in error.errors()
        ]
        raise InputError(*problems) from error


def starter(model: str) -> str:
    """A commented file to begin with, for a gate that systemd runs."""
    return f"""# What this machine is, and how its gate is tried, ended, started and seen.
# Words of a command are given to no shell. Only the updater's user may change this file.
model = "{model}"

[gate]
# The gate writes it each second: sekisho gate run … --beat FILE
beat = "/run/sekisho/beat.json"
stop = ["systemctl", "stop", "sekisho-gate.service"]
# Not waited for: whether it runs is seen by its beat.
start = ["systemctl", "start", "--no-block", "sekisho-gate.service"]
# Run before the switch, as the gate's own user; {{program}} and {{version}} are the new one's.
trial = [["systemctl", "start", "--wait", "sekisho-trial@{{version}}.service"]]
# How long, in seconds, to wait for the plant to be at rest.
rest_s = 300
"""


_NONE = Text("設定がありません。", "There are no settings.")
_WRITE = Text(
    "sekisho update init が書くひな形(docs/how-to/update.md)に合わせてください。",
    "Follow the starter that sekisho update init writes (docs/how-to/update.md).",
)
_UNREADABLE = Text("読めません({why})。", "It cannot be read ({why}).")
_NO_TOML = Text("TOML として読めません({why})。", "It is not TOML ({why}).")
_WRONG = Text("値がないか、正しくありません。", "A value is missing or wrong.")
