"""Lets tools of others look at the running product and prints where they see it otherwise than we.

    python -m tools.eyes

Exit code: 0 all the same, 1 a difference, 3 a tool that is not there or gave no answer.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools import own_network
from tools.eyes.api import api, token_of
from tools.eyes.difference import Row, ToolFailedError, ToolMissingError, table
from tools.eyes.outside import found
from tools.eyes.ports import ports
from tools.eyes.ssh import ssh
from tools.eyes.tls import tls
from tools.whole_product import WholeProduct

HERE = "--here"
"""Already in a network of the product's own."""
TOOLS = ("nmap", "sslyze", "ssh-audit", "schemathesis")
_HOW = {
    "nmap": "install it with the system's packages (Debian: nmap)",
    "sslyze": "run make eyes, which sets its environment up",
    "schemathesis": "run make eyes, which sets its environment up",
    "ssh-audit": "run make setup",
}


def main(words: list[str]) -> int:
    """Looks, in a network of the product's own."""
    try:
        for name in TOOLS:
            found(name)
        if HERE not in words:
            return _apart()
        with TemporaryDirectory(prefix="sekisho-eyes-") as folder:
            rows = asyncio.run(_looked(Path(folder)))
    except ToolMissingError as error:
        remedy = _HOW.get(str(error), "see the reason")
        print(f"not there: {error}; {remedy}. Nothing was compared.", file=sys.stderr)
        return 3
    except ToolFailedError as error:
        print(f"no answer: {error}. The comparison is not whole.", file=sys.stderr)
        return 3
    different = sum(not row.same for row in rows)
    print(table(rows))
    print(f"{len(rows)} questions, {different} answered differently")
    return 1 if different else 0


def _apart() -> int:
    """Starts anew in a network of the product's own.

    Raises:
        ToolMissingError: this machine does not let us have one.
    """
    if not own_network.possible():
        raise ToolMissingError(" ".join(own_network.UNSHARE))
    return own_network.run("tools.eyes", HERE)


async def _looked(folder: Path) -> list[Row]:
    token: list[str] = []
    async with WholeProduct(folder, furnish=lambda own: token.append(token_of(own))) as product:
        declared, laboratory = product.listening()
        rows = [await ports(product.host, declared, laboratory)]
        rows += await tls(product.host, product.port, folder)
        rows.append(await ssh(product.host, declared))
        rows.append(await api(product, token[0], folder))
        return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
