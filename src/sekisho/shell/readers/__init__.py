"""What other programs found, read strictly and within bounds; their bytes go into the bundle too."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sekisho.proof.plan_words import ReportForm

if TYPE_CHECKING:
    from sekisho.shell.readers.foreign import Report


def read_report(form: ReportForm, data: bytes, where: str) -> Report:
    """What a report says.

    Args:
        form: which program's output it is.
        data: its bytes.
        where: its name, for messages.

    Raises:
        InputError: it is no such report.
    """
    match form:
        case ReportForm.NMAP:
            from sekisho.shell.readers.nmap import read  # noqa: PLC0415 - each needs its own library
        case ReportForm.SSLYZE:
            from sekisho.shell.readers.sslyze import read  # noqa: PLC0415 - as above
        case ReportForm.TESTSSL:
            from sekisho.shell.readers.testssl import read  # noqa: PLC0415 - as above
        case ReportForm.CYCLONEDX:
            from sekisho.shell.readers.cyclonedx import read  # noqa: PLC0415 - as above
        case ReportForm.VEX:
            from sekisho.shell.readers.cyclonedx import read_vex as read  # noqa: PLC0415 - as above
        case ReportForm.OPENVEX:
            from sekisho.shell.readers.openvex import read  # noqa: PLC0415 - as above
        case _:
            assert_never(form)
    return read(data, where)
