"""What is asked of a device is planned anew for each connection."""

from typing import Any

import pytest

from sekisho.codec.batch import Batch
from sekisho.codec.meanings import Meaning
from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import Point
from sekisho.codec.registers import Kind
from sekisho.shell.clock import boot_ms
from sekisho.shell.gate.requests import Requests

pytestmark = pytest.mark.asyncio
MEANINGS = (Meaning.DC_VOLTAGE, Meaning.DC_POWER, Meaning.ACTIVE_POWER, Meaning.SETPOINT)
BATCH = Batch(
    tuple(
        Point(meaning=meaning, space=Space.HOLDING, address=address, kind=Kind.INT16)
        for address, meaning in enumerate(MEANINGS)
    )
)


class Counting:
    """A device that tells each register's own address; `asked` are the lengths of the requests."""

    connected = True

    def __init__(self):
        self.asked = []

    async def read(self, unit, space, address, count):
        self.asked.append(count)
        return tuple(range(address, address + count))


async def test_a_device_that_gives_fewer_words_after_a_reconnect_is_asked_for_no_more():
    client: Any = Counting()
    requests = Requests(client, 1, boot_ms, lambda point: None)
    told = {meaning: address for address, meaning in enumerate(MEANINGS)}
    for most, asked in ((125, [4]), (2, [2, 2]), (125, [4])):
        client.asked.clear()
        requests.begin(most)
        assert await requests.read(BATCH) == told
        assert await requests.read(BATCH) == told
        assert client.asked == [*asked, *asked]
