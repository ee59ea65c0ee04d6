"""What cannot be written down is not begun; what only lowers risk is done in any case."""

import threading

import pytest
from typing_extensions import override

from sekisho.codec.decision import Outcome
from sekisho.codec.jws import verify
from sekisho.gate.clock import KernelTime
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.state import Latch
from sekisho.shell.gate.engine import Engine
from sekisho.shell.gate.store import Point, Room, Store
from sekisho.terms.ids import CommandId
from sekisho.terms.quantity import BootMs
from tests.facts.gate.guard import asking

TIME = KernelTime(wall=asking.NOW, boot=BootMs(asking.START), synchronised=True, error_ms=0)


@pytest.fixture
def folder(tmp_path):
    tmp_path.chmod(0o700)
    return tmp_path


def engine(store):
    return Engine(asking.gate(next_entry=store.next_number), store, lambda: TIME, verify, CHECKS)


def test_a_set_point_that_the_journal_has_no_room_for_does_not_stand(folder):
    with Store(folder, quota=1) as store:
        assert store.room is not Room.ANY
        mine = engine(store)
        before = mine.gate
        assert mine.receive(asking.signed(asking.setpoint()), asking.image()) is None
        assert mine.gate is before
        assert mine.counted == {"journal-behind": 1}


def test_a_stop_acts_even_then(folder):
    with Store(folder, quota=1) as store:
        mine = engine(store)
        answer = mine.receive(asking.signed(asking.stop()), asking.image())
        assert answer is not None
        assert answer.decision.outcome is Outcome.ACCEPTED
        assert Latch.REMOTE_STOP in mine.gate.durable.latches


def test_with_room_it_stands_and_its_answer_waits_for_the_disk(folder):
    with Store(folder) as store:
        mine = engine(store)
        raw = asking.signed(asking.setpoint(id=CommandId("a")))
        answer = mine.receive(raw, asking.image())
        assert answer is not None
        assert answer.safe is not None
        assert mine.gate.durable.standing[0].entry == answer.entry == answer.safe.first


def test_a_set_point_gives_the_cycle_work_once_it_is_on_the_disk_and_a_stop_at_once(folder):
    with Store(folder) as store:
        mine = engine(store)
        order = mine.receive(asking.signed(asking.setpoint(id=CommandId("a"))), asking.image())
        stop = mine.receive(asking.signed(asking.stop(id=CommandId("b"))), asking.image())
        assert order is not None
        assert stop is not None
        assert (order.wake, order.behind) == (True, False)
        assert (stop.wake, stop.behind) == (True, True)


def test_what_a_tick_wrote_down_is_numbered_before_what_is_decided_after_it(folder):
    with Store(folder) as store:
        mine = engine(store)
        turn = mine.tick(asking.image(), mine.clock())
        assert turn.entries
        assert store.next_number == 1
        answer = mine.receive(asking.signed(asking.setpoint(id=CommandId("a"))), asking.image())
        assert answer is not None
        assert answer.entry == len(turn.entries) + 1
        assert store.next_number == mine.gate.next_entry == answer.entry + 1


def test_a_tick_that_nothing_follows_is_settled(folder):
    with Store(folder) as store:
        mine = engine(store)
        turn = mine.tick(asking.image(), mine.clock())
        mine.settle()
        mine.settle()
        assert store.next_number == len(turn.entries) + 1


class Hung(Store):
    """A store whose disk does not answer until it is let go."""

    def __init__(self, folder):
        self.go = threading.Event()
        super().__init__(folder)

    @override
    def _reached(self, point):
        if point is Point.BEGUN:
            assert self.go.wait(20)


def test_the_same_bytes_again_are_not_told_before_the_first_answer_is_on_the_disk(folder):
    store = Hung(folder)
    mine = engine(store)
    raw = asking.signed(asking.setpoint())
    first, again = mine.receive(raw, asking.image()), mine.receive(raw, asking.image())
    assert first.entry == again.entry > store.committed.number
    assert not again.wake
    assert not first.safe.done.done()
    assert not again.safe.done.done()
    store.go.set()
    again.safe.done.result(20)
    assert store.committed.number >= again.entry
    assert mine.receive(raw, asking.image()).safe is None, "it is there: told at once"
    assert store.close()


def test_what_a_tick_wrote_down_outlives_a_fault_on_its_way_to_the_disk(folder, monkeypatch):
    with Store(folder) as store:
        mine = engine(store)
        turn = mine.tick(asking.image(), mine.clock())
        assert turn.entries
        submit, faults = store.submit, [RuntimeError("a fault of ours")]

        def failing(*given):
            if faults:
                raise faults.pop()
            return submit(*given)

        monkeypatch.setattr(store, "submit", failing)
        with pytest.raises(RuntimeError):
            mine.settle()
        mine.settle()
        assert store.next_number == len(turn.entries) + 1
        mine.settle()
        assert store.next_number == len(turn.entries) + 1, "and are not written twice"
