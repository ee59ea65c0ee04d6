"""`sekisho gate check`: everything that should be right before the gate runs, a line for each."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from sekisho.gate.checking import Answer, Stands, worst
from sekisho.present.document import Banner, Cell, Document, Table
from sekisho.shell.cli.showing import as_text, on_terminal
from sekisho.shell.gate.checks import folder_checks, settings_checks, signed_bounds, south_checks
from sekisho.shell.gate.configuration import load_configuration
from sekisho.shell.gate.kernel_time import KernelClock
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.nameplates import against_register
from sekisho.terms.texts import Text
from sekisho.terms.verdict import ExitCode, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sekisho.register.index import Index
    from sekisho.shell.gate.checks import Seen
    from sekisho.shell.gate.configuration import Configuration
    from sekisho.site.model import Device
    from sekisho.terms.texts import Lang

_VERDICTS = {
    Stands.GOOD: Verdict.MET,
    Stands.NOTED: Verdict.MET,
    Stands.UNDETERMINED: Verdict.UNDETERMINED,
    Stands.BAD: Verdict.BROKEN,
}
_FOUND = {
    Verdict.MET: Stands.GOOD,
    Verdict.NOT_APPLICABLE: Stands.GOOD,
    Verdict.UNDETERMINED: Stands.NOTED,
    Verdict.BROKEN: Stands.BAD,
}
"""What the live device's label is to the gate: an unlabelled device is a matter of the papers, a
device that is not the declared one is wrong."""
_SIGNS = {
    Stands.GOOD: "○",
    Stands.NOTED: "!",
    Stands.UNDETERMINED: "?",
    Stands.BAD: "×",
}
_SAID = {
    Stands.GOOD: Text("動かせます。", "It can run."),
    Stands.NOTED: Text(
        "動かせます。確かめるべき点があります。", "It can run; some points to look at."
    ),
    Stands.UNDETERMINED: Text(
        "不備はありませんが、確かめられない点があります。",
        "Nothing is wrong, but something could not be asked.",
    ),
    Stands.BAD: Text("このままでは動かせません。", "It must not run like this."),
}
_OFFLINE = Text("機器には接続していません(--offline)。", "Devices were not asked (--offline).")
_NO_STATE = Text(
    "状態フォルダーは見ていません(--state を指定すると確かめます)。",
    "The state folder was not looked at (give --state to check it).",
)
_NAMELESS = Text("名乗りません。", "It does not say who it is.")
_LOOK = Text("銘板を人が確かめてください。", "Somebody must look at its nameplate.")
_MEND = Text(
    "接続先か、サイトファイルの maker・model・version・label を直してください。",
    "Mend where it connects, or maker, model, version and label in the site file.",
)


def check_gate(
    site: Path,
    state: Path | None,
    index: Index,
    lang: Lang,
    *,
    offline: bool,
    as_json: bool,
) -> int:
    """Ask every question and print the answers; the exit code is the worst of them.

    Args:
        site: the site file or its folder.
        state: the gate's state folder.
        index: the register that live devices are looked up in.
        lang: of the answers.
        offline: connect to no device.
        as_json: print JSON.

    Raises:
        InputError: the site file, or the state folder as a whole, cannot be used.
        WorldError: the extra `gate` is missing.
    """
    configuration = load_configuration(site)
    kernel = KernelClock()()
    checks = list(settings_checks(configuration))
    bounds = None
    if state is not None:
        folder = open_state(state)
        checks += folder_checks(folder, configuration, kernel)
        bounds = signed_bounds(folder, configuration)
    if not offline:
        seen = asyncio.run(south_checks(configuration, kernel.wall, bounds))
        checks += _devices(seen, configuration, index)
    left = [text for text, out in ((_NO_STATE, state is None), (_OFFLINE, offline)) if out]
    stands = worst(checks)
    if as_json:
        sys.stdout.write(as_text(_published(checks, stands, lang)))
    else:
        sys.stdout.write(on_terminal([_document(configuration, checks, stands, left, lang)]))
    match stands:
        case Stands.GOOD | Stands.NOTED:
            return ExitCode.GOOD
        case Stands.UNDETERMINED:
            return ExitCode.UNDETERMINED
        case Stands.BAD:
            return ExitCode.FOUND_BAD


def _devices(seen: Sequence[Seen], configuration: Configuration, index: Index) -> Iterator[Answer]:
    declared = {str(device.id): device for device in configuration.site.devices}
    for one in seen:
        yield from one.checks
        answered = one.checks[0].stands is Stands.GOOD
        if answered and one.device.role.value != "trip":
            yield _identity(one, declared[one.device.device], index)


def _identity(seen: Seen, declared: Device, index: Index) -> Answer:
    """Whether the live device is the declared, and the labelled, one."""
    subject = seen.device.device
    if seen.plate is None:
        return Answer(subject, Stands.NOTED, _NAMELESS, _LOOK)
    found = against_register(seen.plate, declared.identity, index)
    stands = _FOUND[found.verdict]
    return Answer(subject, stands, found.reason, _MEND if stands is Stands.BAD else _LOOK)


def _document(
    configuration: Configuration,
    checks: Sequence[Answer],
    stands: Stands,
    left: Sequence[Text],
    lang: Lang,
) -> Document:
    header = (Text("対象", "What"), Text("答え", "Answer"))
    rows = tuple(
        (
            Cell(check.subject),
            Cell(
                f"{_SIGNS[check.stands]} {check.said.says(lang)}"
                + (f"\n→ {check.remedy.says(lang)}" if check.remedy is not None else ""),
                _VERDICTS[check.stands],
            ),
        )
        for check in checks
    )
    return Document(
        title=Text("ゲートの点検", "Check of the gate").says(lang),
        subtitle=f"{configuration.site.name} ({configuration.site.id})",
        lang=lang.value,
        footer=" ".join(text.says(lang) for text in left),
        blocks=(
            Banner(_VERDICTS[stands], _SAID[stands].says(lang), ""),
            Table(header=tuple(h.says(lang) for h in header), rows=rows, widths=(1, 4)),
        ),
    )


def _published(checks: Sequence[Answer], stands: Stands, lang: Lang) -> dict[str, object]:
    return {
        "verdict": stands.value,
        "checks": [
            {
                "subject": check.subject,
                "stands": check.stands.value,
                "said": check.said.says(lang),
                "remedy": None if check.remedy is None else check.remedy.says(lang),
            }
            for check in checks
        ],
    }
