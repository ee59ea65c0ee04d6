"""The optional parts of the program, and what to tell where one is not installed."""

from __future__ import annotations

from dataclasses import dataclass

from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

_INSTALL = Text(
    "pip install 'sekisho[{names}]' を実行してください。", "Run pip install 'sekisho[{names}]'."
)


@dataclass(frozen=True, slots=True)
class Extra:
    """A part that is installed by name."""

    names: str
    """Of the extras that are wanted, as pip takes them."""
    missing: Text
    """That it is not there."""

    def absent(self, error: ImportError) -> WorldError:
        """What to tell where an import of it failed.

        Raises:
            ImportError: the given one, where what is missing is a part of our own: a fault of ours.
        """
        if (error.name or "").partition(".")[0] == "sekisho":
            raise error
        remedy = _INSTALL.fill(names=self.names)
        return WorldError(Problem(error.name or self.names, self.missing, remedy))


GATE = Extra("gate", Text("ゲートの部品が入っていません。", "The gate's parts are not installed."))
PAGES = Extra(
    "gate,admin",
    Text("管理画面の部品が入っていません。", "The parts of the pages are not installed."),
)
UPDATES = Extra(
    "gate,update", Text("更新の部品が入っていません。", "The parts for updates are not installed.")
)
PROBES = Extra(
    "gate,proof", Text("検査の部品が入っていません。", "The parts for probing are not installed.")
)
PROOF = Extra(
    "proof", Text("判定の部品が入っていません。", "The parts of the proof are not installed.")
)
BILLS = Extra("proof", Text("入っていません。", "It is not installed."))
CALENDAR = Extra(
    "alerts", Text("カレンダーの部品がありません。", "The part that writes calendars is missing.")
)
ALERTS = Extra("alerts", Text("通知の部品がありません。", "The part that sends alerts is missing."))
