"""A network of its own for the product, so that a scan of every port meets nobody else's.

The program starts itself anew in a new network namespace (`unshare`, from util-linux, which every
Debian has); inside, loopback is all there is.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

from tools.eyes.difference import ToolMissingError

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_REQUEST = "16sH14s"
INSIDE = "--inside"


def again_inside(module: str) -> int:
    """Runs a module again inside; its exit code.

    Raises:
        ToolMissingError: no such network can be made here.
    """
    path = shutil.which("unshare")
    if path is None:
        raise ToolMissingError("unshare")
    enter = [path, "--map-root-user", "--net"]
    if subprocess.run([*enter, "true"], capture_output=True, check=False).returncode:
        raise ToolMissingError("unshare --map-root-user --net (not allowed on this machine)")
    command = [*enter, sys.executable, "-m", module, INSIDE]
    return subprocess.run(command, check=False, env=os.environ).returncode


def loopback_up() -> None:
    """Switches the loopback interface of a new network on (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack(_REQUEST, b"lo", 0, b"")
        name, flags, rest = struct.unpack(
            _REQUEST, fcntl.ioctl(handle, _SIOCGIFFLAGS, request)[: struct.calcsize(_REQUEST)]
        )
        fcntl.ioctl(handle, _SIOCSIFFLAGS, struct.pack(_REQUEST, name, flags | _IFF_UP, rest))
