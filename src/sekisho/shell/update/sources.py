"""Where an update comes from: a folder, one archive, or an HTTPS address. The same bytes, bounded.

All three are a TUF repository: `metadata/` and `targets/`. What they give is an enemy's until TUF has
looked at it; nothing here decides anything, it only reads no more than it was asked for.
"""

from __future__ import annotations

import os
import re
import stat
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from tuf.api.exceptions import DownloadError, DownloadHTTPError, SlowRetrievalError
from tuf.ngclient import FetcherInterface
from tuf.ngclient.urllib3_fetcher import Urllib3Fetcher
from typing_extensions import override

from sekisho.gate.update.reasons import Reason, Refused
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOCAL: Final = "repository:"
"""Base of the addresses of a folder or an archive; nothing is ever asked of a network for it."""
MOST_ARCHIVE_BYTES = 2 * 1024 * 1024 * 1024
"""Of a repository in one archive."""
MOST_MEMBERS = 2_000
PATIENCE_S = 600.0
"""How long one file may take, however steadily it drips."""
_CHUNK = 64 * 1024
_NOT_FOUND = 404
_NAME = re.compile(r"(?:metadata|targets)/[A-Za-z0-9][A-Za-z0-9._+-]{0,250}", re.ASCII)


class FolderFetcher(FetcherInterface):
    """Reads a repository's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @override
    def _fetch(self, url: str) -> Iterator[bytes]:
        path = self._folder / _local(url)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            raise DownloadHTTPError("not there", _NOT_FOUND) from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise DownloadError("no plain file")
        return _read(handle)


class ArchiveFetcher(FetcherInterface):
    """Reads a repository in one ZIP archive, without unpacking it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @override
    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            info = self._archive.getinfo(_local(url))
        except KeyError:
            raise DownloadHTTPError("not there", _NOT_FOUND) from None
        return self._members(info)

    def _members(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
            raise DownloadError(f"the archive breaks off ({type(error).__name__})") from error


class PatientFetcher(FetcherInterface):
    """Another fetcher, whose files must arrive in time."""

    def __init__(
        self, inner: FetcherInterface, patience_s: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._inner = inner
        self._patience_s = patience_s
        self._now = now

    @override
    def _fetch(self, url: str) -> Iterator[bytes]:
        end = self._now() + self._patience_s
        return self._until(self._inner.fetch(url), end)

    def _until(self, chunks: Iterator[bytes], end: float) -> Iterator[bytes]:
        try:
            for chunk in chunks:
                self._in_time(end)
                yield chunk
        except DownloadError:
            raise
        except Exception as error:
            # Whatever the transport throws: the update did not arrive.
            raise DownloadError(f"it breaks off ({type(error).__name__})") from error

    def _in_time(self, end: float) -> None:
        if self._now() > end:
            raise SlowRetrievalError("one file took too long")


@contextmanager
def opened(source: str) -> Iterator[tuple[str, FetcherInterface]]:
    """Base address and fetcher of a source.

    Args:
        source: a folder, a ZIP archive, or an address that begins with `https://`.

    Raises:
        InputError: there is nothing of this name.
        Refused: it is no whole archive, or too large.
    """
    if source.startswith("https://"):
        yield source, PatientFetcher(Urllib3Fetcher(), PATIENCE_S)
        return
    path = Path(source)
    if path.is_dir():
        yield LOCAL, PatientFetcher(FolderFetcher(path), PATIENCE_S)
        return
    with _archive(path) as archive:
        yield LOCAL, PatientFetcher(ArchiveFetcher(archive), PATIENCE_S)


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        what = _UNREADABLE.fill(why=error.strerror or error)
        raise InputError(Problem(str(path), what, _GIVE)) from error
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise Refused(Reason.UNREADABLE, "no plain file")
        if found.st_size > MOST_ARCHIVE_BYTES:
            raise Refused(Reason.TOO_LARGE, f"{found.st_size} bytes")
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Refused(Reason.UNREADABLE, "no whole ZIP archive") from error
        with archive:
            if len(archive.infolist()) > MOST_MEMBERS:
                raise Refused(Reason.TOO_LARGE, f"more than {MOST_MEMBERS} members")
            yield archive


def _local(url: str) -> str:
    """The name inside the repository; a name that leads elsewhere is not there."""
    name = unquote(urlsplit(url).path) if LOCAL not in url else url.removeprefix(LOCAL).lstrip("/")
    if _NAME.fullmatch(name) is None or ".." in name:
        raise DownloadHTTPError("not there", _NOT_FOUND)
    return name


def _read(handle: int) -> Iterator[bytes]:
    with os.fdopen(handle, "rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


_GIVE = Text(
    "更新のフォルダー、ZIP の書庫、または https:// の場所を指定してください。",
    "Give the folder of an update, its ZIP archive, or an https:// address.",
)
_UNREADABLE = Text("読めません({why})。", "It cannot be read ({why}).")
