"""Words of a closed set, and forms of single values, in a probe profile."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

MOST_TRIES = 100
"""Passwords that one visit may try; a real list is longer, a device's owner should not be surprised."""
MOST_PORTS = 65_535
LastPort = Annotated[int, Field(ge=1, le=MOST_PORTS)]
WebPath = Annotated[str, Field(max_length=500, pattern=r"^/[!-~]*$")]
FileName = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f]+$")]
Sentence = Annotated[str, Field(max_length=2000)]
Status = Annotated[int, Field(ge=100, le=599)]
Ports = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$")]


class Act(StrEnum):
    """Something that changes the device, so that its owner must have agreed to it by name."""

    SET_UP = "set-up"
    """First use: passwords are offered, and one is set."""
    GUESS = "guess"
    """Wrong passwords, at most as many as agreed."""
    CHANGE = "change"
    """The password is changed to another one that the profile names."""
    SETTING = "setting"
    """One setting is given a value that is looked for later."""
    UPDATE = "update"
    POWER_CYCLE = "power-cycle"
    NETWORK_CUT = "network-cut"
    DELETE = "delete"
    MODBUS_WRITE = "modbus-write"
    """One register is written with the value that it holds."""


class Service(StrEnum):
    """What is spoken on a port."""

    HTTPS = "https"
    HTTP = "http"
    SSH = "ssh"
    MODBUS = "modbus"
    MQTT = "mqtt"
    MQTTS = "mqtts"
    TLS = "tls"
    """Something else inside TLS."""
    OTHER = "other"


class Body(StrEnum):
    """How fields are sent."""

    FORM = "form"
    JSON = "json"
    FILE = "file"
    """As multipart, with one file."""


class ReportForm(StrEnum):
    """An output of another program."""

    NMAP = "nmap-xml"
    SSLYZE = "sslyze-json"
    TESTSSL = "testssl-json"
    CYCLONEDX = "cyclonedx"
    VEX = "cyclonedx-vex"
    OPENVEX = "openvex"
