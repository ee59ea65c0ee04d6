"""A plant network that goes dead in the middle of a write. Runs in a network namespace of its own:

    unshare --user --map-root-user --net python -m tests.half_open

Prints what happened as JSON. The link is cut before a write, and mended after the write was given
up; the question is whether the old frame still arrives.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time

import uvloop

from sekisho.codec.modbus.errors import ModbusError
from sekisho.codec.modbus.pdu import Space
from sekisho.shell.modbus.client import Timing, tcp_client
from sekisho.shell.modbus.server import TcpServer
from tests.modbus_bank import Table


def link(state: str) -> None:
    subprocess.run(["ip", "link", "set", "lo", state], check=True)


async def story() -> dict[str, object]:
    link("up")
    server = await TcpServer(Table()).start()
    client = tcp_client("127.0.0.1", server.port, Timing(timeout=0.3))
    await client.connect()
    before = await client.read(1, Space.HOLDING, 1, 1)
    link("down")
    begun = time.monotonic()
    fault = "none"
    try:
        await client.write(1, 1, (4711,))
    except ModbusError as error:
        fault = error.fault.value
    took = time.monotonic() - begun
    state = client.state.value
    link("up")
    await asyncio.sleep(2.0)  # longer than the system waits before it sends again
    late_writes = server.seen.write_frames
    await client.connect()
    after = await client.read(1, Space.HOLDING, 1, 1)
    await client.close()
    await server.close()
    return {
        "before": before,
        "after": after,
        "fault": fault,
        "state": state,
        "took": took,
        "late_writes": late_writes,
    }


if __name__ == "__main__":
    loop = uvloop.new_event_loop if "uvloop" in sys.argv else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=loop) as runner:
        sys.stdout.write(json.dumps(runner.run(story())))
