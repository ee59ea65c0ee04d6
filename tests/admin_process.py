"""The admin process as a site runs it, and a browser's or a program's way to it over real TLS."""

import os
import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import httpx

from sekisho.shell.admin.folder import CERTIFICATE, new_folder

PASSWORD = "tall-windmill-over-9-rivers"
FORM_TOKEN = re.compile(r'name="form_token" value="([^"]*)"')


class AdminProcess:
    """`sekisho admin run` on a free port of loopback."""

    def __init__(self, folder: Path, gate: Path | str, *more: str) -> None:
        self.folder = folder
        self.code = ""
        if not folder.exists():
            _, self.code = new_folder(folder)
        self.arguments = ["--state", str(folder), "--gate", str(gate), *more]
        self.process: subprocess.Popen[str] | None = None
        self.address = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        program = [str(Path(sys.executable).with_name("sekisho")), "admin", "run", *self.arguments]
        listen = ["--listen", "127.0.0.1:0", "--lang", "en"]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [*program, *listen], stderr=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        found = re.search(r"https://[^\s(]+", line)
        assert found, line + self.process.stderr.read()
        self.address = found[0]

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        if self.process is not None and self.process.stderr is not None:
            self.process.send_signal(number)
            self.process.wait(20)
            self.process.stderr.close()
            self.process = None

    def client(self) -> httpx.Client:
        trusted = ssl.create_default_context(cafile=self.folder / CERTIFICATE)
        return httpx.Client(base_url=self.address, verify=trusted, timeout=20)

    def first_user(self, name: str = "mori", password: str = PASSWORD) -> httpx.Client:
        """A client that is signed in as the first user."""
        client = self.client()
        form = {"name": name, "code": self.code, "password": password, "again": password}
        answer = client.post("/first-use", data=form)
        assert answer.status_code == 303, answer.text
        return client


def form_token(client: httpx.Client, path: str = "/") -> str:
    found = FORM_TOKEN.search(client.get(path).text)
    assert found
    return found[1]


def sent(client: httpx.Client, path: str, page: str = "/", /, **fields: str) -> httpx.Response:
    """A form of the page, sent with its token."""
    return client.post(path, data={"form_token": form_token(client, page), **fields})


def until(true: Callable[[], object], wait_s: float = 20.0) -> None:
    end = time.monotonic() + wait_s
    while not true():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)
