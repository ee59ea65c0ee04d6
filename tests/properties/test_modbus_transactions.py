"""One request in flight, one frame for it, and never an old answer: for any order of events."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from sekisho.codec.modbus.pdu import Read, Refusal, Space, Values
from sekisho.codec.modbus.replies import encode_reply
from sekisho.codec.modbus.requests import encode_request
from sekisho.codec.modbus.rtu import rtu_frame
from sekisho.codec.modbus.tcp import tcp_frame
from sekisho.codec.modbus.transactions import Malformed, RtuTransactions, Silent, TcpTransactions


def question(number: int) -> Read:
    """Each question has its own address; all have answers of one shape."""
    return Read(Space.HOLDING, number, 1)


def answer_pdu(number: int) -> bytes:
    return encode_reply(question(number), Values((number,)))


class TcpConversation(RuleBasedStateMachine):
    """Answers may be late, doubled, reordered and cut in any way."""

    def __init__(self) -> None:
        super().__init__()
        self.machine = TcpTransactions(1.0, first=65530)
        self.now = 0.0
        self.asked = 0
        self.waiting: int | None = None
        self.frames: list[bytes] = []

    def concluded(self, outcome):
        if outcome is None:
            return
        assert self.waiting is not None
        if isinstance(outcome, Values):
            assert outcome.values == (self.waiting,)
        self.waiting = None

    @precondition(lambda self: self.waiting is None)
    @rule()
    def ask(self):
        self.now = max(self.now, self.machine.quiet_from)
        frame = self.machine.begin(1, question(self.asked), self.now)
        assert frame[6:] == bytes((1,)) + encode_request(question(self.asked))
        self.waiting = self.asked
        transaction = int.from_bytes(frame[:2])
        self.frames.append(tcp_frame(transaction, 1, answer_pdu(self.asked)))
        self.asked += 1

    @precondition(lambda self: self.frames)
    @rule(data=st.data(), doubled=st.booleans())
    def hear(self, data, doubled):
        frame = data.draw(st.sampled_from(self.frames))
        self.concluded(self.machine.receive(frame * (1 + doubled), self.now))

    @precondition(lambda self: self.frames)
    @rule(data=st.data())
    def hear_in_pieces(self, data):
        frame = data.draw(st.sampled_from(self.frames))
        cut = data.draw(st.integers(1, len(frame) - 1))
        for piece in (frame[:cut], frame[cut:]):
            self.concluded(self.machine.receive(piece, self.now))

    @rule(seconds=st.floats(0, 1.5))
    def wait(self, seconds):
        self.now += seconds
        outcome = self.machine.expire(self.now)
        if outcome is not None:
            assert isinstance(outcome, Silent | Malformed)
            assert self.now >= self.machine.due
        self.concluded(outcome)

    @rule()
    def give_up(self):
        self.machine.give_up(self.now)
        self.waiting = None

    @rule(noise=st.binary(min_size=1, max_size=20))
    def noise(self, noise):
        self.concluded(self.machine.receive(noise, self.now))


class RtuConversation(RuleBasedStateMachine):
    """A line whose answers come at most one hold-off late."""

    HOLD = 2.0

    def __init__(self) -> None:
        super().__init__()
        self.machine = RtuTransactions(1.0, hold_off=self.HOLD)
        self.now = 0.0
        self.asked = 0
        self.waiting: int | None = None
        self.late: tuple[int, float] | None = None

    def concluded(self, outcome):
        if outcome is None:
            return
        assert self.waiting is not None
        if isinstance(outcome, Values):
            assert outcome.values == (self.waiting,)
        self.waiting = None

    @precondition(lambda self: self.waiting is None)
    @rule()
    def ask_when_quiet(self):
        self.now = max(self.now, self.machine.quiet_from)
        self.machine.begin(1, question(self.asked), self.now)
        self.waiting = self.asked
        self.late = (self.asked, self.now + 1.0 + self.HOLD)
        self.asked += 1

    @precondition(lambda self: self.late is not None)
    @rule(pieces=st.booleans())
    def hear(self, pieces):
        assert self.late is not None
        number, latest = self.late
        self.late = None
        if self.now >= latest:
            return
        frame = rtu_frame(1, answer_pdu(number))
        for piece in (frame[:3], frame[3:]) if pieces else (frame,):
            self.concluded(self.machine.receive(piece, self.now))

    @rule(noise=st.binary(min_size=1, max_size=8))
    def noise(self, noise):
        assume(noise[:1] != b"\x01")
        self.concluded(self.machine.receive(noise, self.now))

    @rule(seconds=st.floats(0, 1.5))
    def wait(self, seconds):
        self.now += seconds
        self.concluded(self.machine.expire(self.now))


TestTcpConversation = TcpConversation.TestCase
TestRtuConversation = RtuConversation.TestCase


@given(st.sampled_from([TcpTransactions, RtuTransactions]), st.lists(st.binary(max_size=300)))
def test_no_bytes_raise_and_a_transaction_ends_once(kind, chunks):
    machine = kind(1.0)
    machine.begin(1, question(5), 0.0)
    outcomes = [machine.receive(chunk, 0.5) for chunk in chunks]
    outcomes.append(machine.expire(1.0))
    assert sum(outcome is not None for outcome in outcomes) == 1
    assert machine.expire(9.0) is None


@pytest.mark.parametrize("kind", [TcpTransactions, RtuTransactions])
def test_two_requests_at_once_and_unit_0_are_faults_of_ours(kind):
    machine = kind(1.0)
    with pytest.raises(ValueError, match="unit 0"):
        machine.begin(0, question(0), 0.0)
    machine.begin(1, question(0), 0.0)
    with pytest.raises(RuntimeError, match="one request"):
        machine.begin(1, question(1), 0.0)


def test_the_same_question_gets_another_number_each_time():
    machine = TcpTransactions(1.0, first=65535)
    frames = []
    for _ in range(3):
        frames.append(machine.begin(1, question(0), 0.0))
        machine.give_up(0.0)
    assert [int.from_bytes(frame[:2]) for frame in frames] == [65535, 0, 1]


def test_a_refusal_is_an_outcome():
    machine = TcpTransactions(1.0)
    machine.begin(1, question(0), 0.0)
    assert machine.receive(tcp_frame(0, 1, b"\x83\x06"), 0.1) == Refusal(6)


def test_a_line_holds_off_after_silence_a_wrong_sum_and_more_bytes_than_an_answer():
    right = rtu_frame(1, answer_pdu(0))
    wrong = right[:-1] + bytes((right[-1] ^ 1,))
    for heard in (b"", wrong, right + b"\x00", right * 2, right[:4]):
        machine = RtuTransactions(1.0, hold_off=2.0)
        machine.begin(1, question(0), 0.0)
        if heard:
            machine.receive(heard, 1.0)
        machine.expire(1.0)
        assert machine.quiet_from == 3.0
    machine = RtuTransactions(1.0, hold_off=2.0)
    machine.begin(1, question(0), 0.0)
    machine.receive(right, 1.0)
    assert machine.quiet_from == 1.0


def test_a_frame_that_is_cut_at_the_deadline_is_forgotten_after_a_quiet_moment():
    machine = TcpTransactions(1.0)
    machine.begin(1, question(0), 0.0)
    whole = tcp_frame(0, 1, answer_pdu(0))
    assert machine.receive(whole[:8], 0.5) is None
    assert machine.expire(1.0) == Malformed("the answer is cut")
    assert machine.quiet_from > 1.0
    assert machine.receive(whole[8:], 1.01) is None
    again = machine.quiet_from
    assert again > 1.05
    machine.begin(1, question(7), again)
    answer = machine.receive(tcp_frame(1, 1, answer_pdu(7)), again)
    assert answer == Values((7,))


def test_what_is_no_header_ends_the_transaction_and_the_next_answer_is_right():
    machine = TcpTransactions(1.0)
    machine.begin(1, question(0), 0.0)
    assert isinstance(machine.receive(b"HTTP/1.1 400 Bad", 0.5), Malformed)
    assert machine.receive(b" Request", 0.52) is None
    assert machine.strays == 1
    machine.begin(1, question(7), machine.quiet_from)
    assert machine.receive(tcp_frame(1, 1, answer_pdu(7)), 0.9) == Values((7,))
