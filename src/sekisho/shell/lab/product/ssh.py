"""SSH just far enough to be read: the banner and the first packet (RFC 4253 sections 4.2, 6, 7.1).

It offers algorithms and lets nobody in; there is no key exchange behind it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

Talk: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

BANNER = b"SSH-2.0-MadeUp_1.0\r\n"
_KEXINIT = 20
_BLOCK = 8
_LINGER_S = 5.0
_LONGEST = 35_000
"""Bytes of a packet (RFC 4253 section 6.1)."""
_OFFER = (
    "sntrup761x25519-sha512@openssh.com,curve25519-sha256,kex-strict-s-v00@openssh.com",
    "ssh-ed25519",
    "aes256-gcm@openssh.com,aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com,aes128-gcm@openssh.com",
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-256-etm@openssh.com",
    "none",
    "none",
    "",
    "",
)
"""Key exchange, host keys, ciphers both ways, MACs both ways, compression both ways, languages."""


def first_packet() -> bytes:
    """SSH_MSG_KEXINIT as a packet."""
    lists = b"".join(len(n).to_bytes(4, "big") + n.encode() for n in _OFFER)
    payload = bytes([_KEXINIT]) + secrets.token_bytes(16) + lists + bytes(5)
    padding = _BLOCK - (5 + len(payload)) % _BLOCK
    padding += _BLOCK if padding < 4 else 0  # noqa: PLR2004 - RFC 4253 section 6: at least four
    length = 1 + len(payload) + padding
    return length.to_bytes(4, "big") + bytes([padding]) + payload + bytes(padding)


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One caller: banner and offer; it is left as soon as it wants to exchange keys."""
    with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError, ValueError):
        writer.write(BANNER + first_packet())
        async with asyncio.timeout(_LINGER_S):
            await reader.readline()
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                if length > _LONGEST:
                    break
                packet = await reader.readexactly(length)
                if len(packet) > 1 and packet[1] != _KEXINIT:
                    break
    with suppress(ConnectionError):
        writer.close()
        await writer.wait_closed()
