"""nmap: every TCP port of the address, held against the table of open ports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring

from tools.eyes.difference import Row, ToolFailedError
from tools.eyes.outside import asked

if TYPE_CHECKING:
    from collections.abc import Collection


async def ports(host: str, declared: Collection[int], laboratory: Collection[int]) -> Row:
    """Scans all ports; those of plant and broker are the laboratory's and not the product's.

    Args:
        host: an address in a network of the product's own.
        declared: ports that our table says listen.
        laboratory: ports that others have open there.
    """
    told = await asked("nmap", "-sT", "-Pn", "-n", "-p-", "-oX", "-", host)
    version, seen = read(told)
    return Row(
        tool=f"nmap {version}",
        question="TCP ports that listen (of 65,535)",
        ours=frozenset(map(str, declared)),
        theirs=frozenset(str(port) for port in seen if port not in laboratory),
    )


def read(xml: str) -> tuple[str, frozenset[int]]:
    """Version of nmap and the open ports that it found.

    Raises:
        ToolFailedError: this is no whole scan of one host.
    """
    start = re.search(r"<nmaprun\b", xml)
    if start is None:
        raise ToolFailedError("nmap: no <nmaprun>")
    run = fromstring(xml[start.start() :])
    if run.find("runstats/finished[@exit='success']") is None or len(run.findall("host")) != 1:
        raise ToolFailedError("nmap: the scan did not end")
    scanned = run.find("scaninfo")
    if scanned is None or scanned.get("services") != "1-65535":
        raise ToolFailedError("nmap: it did not look at every port")
    opened = frozenset(
        int(port.get("portid", ""))
        for port in run.iterfind("host/ports/port")
        if (state := port.find("state")) is not None and state.get("state") == "open"
    )
    return run.get("version", "?"), opened
