"""Tries at a password: each one that left is counted, and none leaves beyond what was agreed."""

import asyncio
from contextlib import asynccontextmanager
from enum import StrEnum
from ipaddress import ip_address

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from sekisho.evidence.observation_function import DefaultCredentials, Guessing
from sekisho.evidence.observation_paper import NotDone
from sekisho.proof.plan_requests import LoginTable
from sekisho.shell.probe.access import Access
from sekisho.shell.probe.caller import Caller
from sekisho.shell.probe.diary import Diary
from sekisho.shell.probe.logins import default_credentials, guessing
from sekisho.shell.probe.wire import Pace, Wire

HOME = "127.0.0.1"
LOGIN = LoginTable.model_validate(
    {
        "user": "mori",
        "password": {"env": "UNUSED"},
        "step": {
            "method": "POST",
            "path": "/login",
            "fields": {"user": "$user", "password": "$password"},
            "done": [200],
            "page": "/login",
            "token": "csrf",
        },
        "inside": "/",
    }
)


class Does(StrEnum):
    """What the device makes of one login."""

    REFUSES = "refuses"
    ENTERS = "enters"
    LOCKS = "locks"
    CUTS = "cuts"
    """Takes the request and closes without a word."""
    HALF = "half"
    """Closes in the middle of its answer."""
    NO_PAGE = "no page"
    """Closes before the login's page: nothing was tried."""


class Device:
    """Plays one act for each login, and counts the logins that reached it."""

    def __init__(self, acts):
        self.acts = list(acts)
        self.logins = 0

    async def serve(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(x.split(b":")[1]) for x in head.split(b"\r\n") if b"ength:" in x.title()), 0
        )
        await reader.readexactly(length)
        act = self.acts[0] if self.acts else Does.REFUSES
        if head.startswith(b"GET"):
            answer = b"" if act is Does.NO_PAGE else _answer(200)
            del self.acts[: 1 if act is Does.NO_PAGE else 0]
        else:
            self.logins += 1
            del self.acts[:1]
            answer = {
                Does.REFUSES: _answer(401),
                Does.ENTERS: _answer(200),
                Does.LOCKS: _answer(429, b"Retry-After: 0\r\n"),
                Does.CUTS: b"",
                Does.HALF: _answer(401)[:20],
            }[act]
        writer.write(answer)
        writer.close()


def _answer(status, more=b""):
    return b"HTTP/1.1 %d X\r\n%sContent-Length: 2\r\n\r\nok" % (status, more)


@asynccontextmanager
async def visited(acts):
    device = Device(acts)
    server = await asyncio.start_server(device.serve, HOME, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        wire = Wire(
            ip_address(HOME), [ip_address(HOME)], Pace(per_second=1_000, connect_s=2, timeout_s=2)
        )
        diary = Diary("x", "y")
        access = Access(lambda: Caller(wire, port, None, None), diary, LOGIN, "the right one")
        yield device, diary, access


def seen(diary, kind):
    return [one.observed for one in diary.records if isinstance(one.observed, kind)]


async def listed(acts, agreed):
    async with visited(acts) as (device, diary, access):
        await default_credentials(access, diary, agreed)
        (found,) = seen(diary, DefaultCredentials)
        return device, found


@pytest.mark.asyncio
async def test_a_device_that_locks_at_once_gets_no_try_more_than_agreed():
    for agreed in range(5):
        device, found = await listed([Does.LOCKS] * 20, agreed)
        assert device.logins == found.sent <= agreed
        assert found.tried == 0


@pytest.mark.asyncio
async def test_a_try_during_a_lock_out_counts_and_is_no_entry_that_was_looked_at():
    device, found = await listed([Does.REFUSES, Does.LOCKS, Does.REFUSES, Does.LOCKS], 4)
    assert (device.logins, found.sent, found.tried) == (4, 4, 2)
    device, found = await listed([Does.LOCKS, Does.REFUSES, Does.REFUSES], 2)
    assert (device.logins, found.sent, found.tried) == (2, 2, 1)


@pytest.mark.asyncio
@pytest.mark.parametrize("cut", [Does.CUTS, Does.HALF])
async def test_a_try_whose_connection_was_cut_counts(cut):
    device, found = await listed([Does.REFUSES, cut], 4)
    assert (device.logins, found.sent, found.tried) == (2, 2, 1)


@pytest.mark.asyncio
async def test_a_try_that_never_left_does_not_count():
    device, found = await listed([Does.REFUSES, Does.NO_PAGE], 4)
    assert (device.logins, found.sent, found.tried) == (1, 1, 1)


@pytest.mark.asyncio
async def test_a_guess_whose_connection_was_cut_counts():
    async with visited([Does.CUTS] * 9) as (device, diary, access):
        await guessing(access, diary, 4)
        (left,) = seen(diary, NotDone)
    assert "after 1 tries" in left.detail
    async with visited([Does.REFUSES, Does.CUTS, Does.ENTERS]) as (device, diary, access):
        await guessing(access, diary, 4)
        (found,) = seen(diary, Guessing)
    assert (found.made, found.stopped_after, found.owner_enters) == (2, 1, True)
    assert device.logins == 3, "two guesses, and the owner's own words"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(Does), max_size=12), st.integers(0, 5))
def test_whatever_a_device_does_what_is_counted_is_what_it_got_and_never_more_than_agreed(
    acts, agreed
):
    device, found = asyncio.run(listed(acts, agreed))
    assert device.logins == found.sent <= agreed
    assert found.tried <= found.sent
