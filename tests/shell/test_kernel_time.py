"""The kernel's clocks as the gate reads them."""

import ctypes
import time
import uuid

from sekisho.shell.gate import kernel_time
from sekisho.shell.gate.kernel_time import KernelClock, boot_id


def test_both_clocks_are_the_kernels():
    before = time.time_ns() // 1_000_000, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    read = KernelClock()()
    after = time.time_ns() // 1_000_000, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    assert before[0] <= read.wall <= after[0]
    assert before[1] <= read.boot <= after[1]


def test_the_error_is_what_adjtimex_tells_rounded_up(monkeypatch):
    clock = KernelClock()

    def answering(state, status, maxerror):
        def told(pointer):
            where = ctypes.cast(pointer, ctypes.POINTER(kernel_time._Timex)).contents
            where.status, where.maxerror = status, maxerror
            return state

        return told

    for state, status, maxerror, wanted in (
        (0, 0x2001, 1, (True, 1)),
        (0, 0x2001, 999_001, (True, 1_000)),
        (1, 0x2001, 0, (True, 0)),  # a leap second ahead is no doubt
        (5, 0x2001, 0, (False, 0)),
        (0, 0x2041, 500, (False, 1)),
        (0, 0x3001, 500, (False, 1)),
        (-1, 0, 0, (False, 0)),
    ):
        monkeypatch.setattr(clock, "_adjtimex", answering(state, status, maxerror))
        read = clock()
        assert (read.synchronised, read.error_ms) == wanted, (state, status, maxerror)


def test_the_real_adjtimex_fills_the_structure_as_declared():
    told = kernel_time._Timex()
    assert KernelClock()._adjtimex(ctypes.byref(told)) >= 0
    # The kernel writes its own idea of the time: it is there where the layout is right.
    assert abs(told.time.tv_sec - time.time()) < 60
    assert 9_000 <= told.tick <= 11_000


def test_the_start_of_the_machine_has_one_name():
    assert boot_id() == boot_id()
    uuid.UUID(boot_id())
