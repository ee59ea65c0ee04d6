"""What was read of each device, and the one image that is made of it."""

from __future__ import annotations

from sekisho.gate.settings import SouthRole
from sekisho.gate.south import seen as room
from sekisho.terms.quantity import BootMs
from tests.facts.gate.scene import SETTINGS

MAKERS = (room._pcs, room._bms, room._meter)


def made():
    return sum(maker.cache_info().misses for maker in MAKERS)


def test_what_was_looked_at_when_it_was_read_is_not_made_again_for_an_order():
    seen = {one.device: room.unseen(one.device, BootMs(1_000)) for one in SETTINGS.south}
    assert {one.role for one in SETTINGS.south} == set(SouthRole)
    before = made()
    for one in SETTINGS.south:
        room.look(one, seen[one.device])
    looked = made()
    assert looked - before == sum(one.role is not SouthRole.TRIP for one in SETTINGS.south)
    first, second = (room.image(SETTINGS, seen, BootMs(at)) for at in (1_000, 1_050))
    assert made() == looked
    assert first.pcs[0] is second.pcs[0]
