"""A program in a network of its own: nothing else listens there, and nothing leaves it.

    unshare --user --map-root-user --net python -m tools.own_network MODULE ARGUMENTS…

What looks at every port of a loopback address must not find what else runs on the machine.
"""

from __future__ import annotations

import fcntl
import runpy
import socket
import struct
import subprocess
import sys

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_REQUEST = "16sH14s"
UNSHARE = ("unshare", "--user", "--map-root-user", "--net")


def command(module: str, *arguments: str) -> list[str]:
    """How a module is run in a network of its own."""
    return [*UNSHARE, sys.executable, "-m", "tools.own_network", module, *arguments]


def possible() -> bool:
    """Whether this machine lets us have one."""
    try:
        return subprocess.run([*UNSHARE, "true"], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def run(module: str, *arguments: str) -> int:
    """Runs a module in a network of its own; its exit code."""
    return subprocess.run(command(module, *arguments), check=False).returncode


def loopback_up() -> None:
    """Switches the loopback interface on (netdevice(7)); iproute2 need not be there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        size = struct.calcsize(_REQUEST)
        told = fcntl.ioctl(handle, _SIOCGIFFLAGS, struct.pack(_REQUEST, b"lo", 0, b""))
        name, flags, rest = struct.unpack(_REQUEST, told[:size])
        fcntl.ioctl(handle, _SIOCSIFFLAGS, struct.pack(_REQUEST, name, flags | _IFF_UP, rest))


def main() -> None:
    """Brings the loopback up, then runs the module."""
    loopback_up()
    module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
