"""The topics of one gate: `sekisho/v1/<site>/<channel>`.

A level of a topic never holds anything but the site's id, whose letters are safe in MQTT and NATS.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.terms.ids import SiteId

ROOT = "sekisho/v1"


class Channel(StrEnum):
    """What is said on a topic, and by whom."""

    COMMAND = "command"
    """Head-end → gate: a signed command. Retained messages are ignored."""
    ACK = "ack"
    """Head-end → gate, signed: telemetry is stored up to this sequence number."""
    DECISION = "decision"
    """Gate → head-end: the signed answer to a command."""
    TELEMETRY = "telemetry"
    """Gate → head-end: what the plant does."""
    STATE = "state"
    """Gate → head-end, retained: whether the gate is there and what it accepts; the last will."""
    SESSION = "session"
    """Gate → head-end, retained and signed: the session that commands must carry."""
    CHECKPOINT = "checkpoint"
    """Gate → head-end and the gate itself, retained and signed: length and head of the journal."""


TO_GATE = (Channel.COMMAND, Channel.ACK)
FROM_GATE = tuple(channel for channel in Channel if channel not in TO_GATE)
RETAINED = (Channel.STATE, Channel.SESSION, Channel.CHECKPOINT)


def topic(site: SiteId, channel: Channel) -> str:
    """The topic of a channel of one site."""
    return f"{ROOT}/{site}/{channel.value}"
