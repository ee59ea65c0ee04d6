"""A hostile device can be refused or read; it can neither crash the gate nor hold it up."""

import math
from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sekisho.codec.device_map import DeviceMap
from sekisho.codec.meanings import DeviceRole
from sekisho.codec.points import Pace
from sekisho.codec.registers import UnfitError
from sekisho.codec.sunspec.build import Built
from sekisho.codec.sunspec.compile import compile_models
from sekisho.codec.sunspec.discovery import MARK, Discovered, discover
from sekisho.codec.sunspec.typed import typed
from sekisho.shell.device_data import load_catalogue
from sekisho.terms.errors import WorldError
from sekisho.terms.quantity import Watts
from tests.sunspec_devices import BMS, METER, PCS, Bank, bank, walked

CATALOGUE = load_catalogue()
words = st.one_of(
    st.sampled_from([0, 1, 2, 0x7FFF, 0x8000, 0xFFFF, 0xFFF6, 10, *CATALOGUE]),
    st.integers(0, 0xFFFF),
)
roles = st.sampled_from(DeviceRole)
MOST_READS = 600


def used(found: Discovered, role: DeviceRole, held: Sequence[int]) -> DeviceMap | None:
    """Everything that the gate does with a device after discovery."""
    for block in found.blocks:
        if block.id in CATALOGUE:
            typed(CATALOGUE[block.id], block)
    try:
        device = compile_models(found, CATALOGUE, role, "dev-1", rated=Watts(1_000_000))
    except WorldError:
        return None
    for batch in (device.readback, device.watchdog_check, device.batch(Pace.FAST)):
        some = [tuple(held[i : i + s.length]) for i, s in enumerate(batch.spans)]
        values = batch.decode(some)
        device.engaged(values)
        device.faulted(values)
        device.locked_out(values)
        assert all(not isinstance(v, float) or math.isfinite(v) for v in values.values())
    for act in (
        lambda: device.setpoint_writes(Watts(-123_456)),
        lambda: device.nearest_setpoint(Watts(123_456)),
        lambda: device.watchdog_arm(10, Watts(0)),
        lambda: device.watchdog_refresh(2**40, 10),
    ):
        try:
            act()
        except UnfitError:
            continue
    return device


@given(st.lists(words, max_size=300), roles, st.sampled_from([0, 40000, 65000]))
def test_any_registers_are_read_or_refused(held: list[int], role: DeviceRole, base: int) -> None:
    device = Bank(Built(base, (*MARK, *held), {}))
    try:
        found = walked(discover(CATALOGUE, "dev-1"), device)
    except WorldError:
        found = None
    assert len(device.asked) < MOST_READS
    if found is not None:
        used(found, role, held)


@settings(max_examples=200)
@given(
    st.sampled_from([PCS, BMS, (METER,)]),
    st.lists(st.tuples(st.integers(0, 600), words), max_size=12),
    st.lists(words, min_size=64, max_size=64),
    roles,
)
@example(PCS, [(4, 0xFFFF)], [0] * 64, DeviceRole.PCS)
def test_a_device_with_some_words_changed_is_read_or_refused(
    models: tuple[object, ...],
    changes: list[tuple[int, int]],
    held: list[int],
    role: DeviceRole,
) -> None:
    device = bank(*models)  # type: ignore[arg-type]  # drawn, of any kind
    for place, word in changes:
        if 40000 + place in device.held:
            device.held[40000 + place] = word
    try:
        found = walked(discover(CATALOGUE, "dev-1"), device)
    except WorldError:
        found = None
    assert len(device.asked) < MOST_READS
    if found is not None:
        used(found, role, held)


@given(st.data())
def test_a_set_point_is_never_more_than_was_asked_for(data: st.DataObject) -> None:
    device = bank(*PCS)
    device.put(704, "WSet_SF", data.draw(st.integers(-10, 10)) & 0xFFFF)
    pcs = used(walked(discover(CATALOGUE, "dev-1"), device), DeviceRole.PCS, [0] * 64)
    assert pcs is not None
    watts = data.draw(st.integers(-(10**8), 10**8))
    try:
        nearest = pcs.nearest_setpoint(Watts(watts))
    except UnfitError:
        return
    assert abs(nearest) <= abs(watts)
    assert nearest * watts >= 0
