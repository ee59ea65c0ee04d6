"""Bodies of requests: bounded before they are read, forms and files taken apart by Starlette's parser."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from sekisho.shell.admin.frame import Upload

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from starlette.requests import Request

MOST_FIELDS = 32
JSON = "application/json"
_MOST_DIGITS = 12


class TooLargeError(Exception):
    """The body is larger than its route takes."""


class MediaTypeError(Exception):
    """The body is of another media type."""


class UnreadableBodyError(Exception):
    """The body is no form, or did not come in time."""


async def read_body(request: Request, most: int, most_s: float) -> bytes:
    """The body, of at most so many bytes, within so many seconds.

    Raises:
        TooLargeError: it is larger than `most`.
        UnreadableBodyError: it did not come in time.
    """
    stated = request.headers.get("content-length", "0")
    if not stated.isdecimal() or len(stated) > _MOST_DIGITS or int(stated) > most:
        raise TooLargeError
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(most_s):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise TooLargeError
                parts.append(part)
    except TimeoutError:
        raise UnreadableBodyError from None
    return b"".join(parts)


async def read_form(kind: str, body: bytes) -> tuple[Mapping[str, str], Mapping[str, Upload]]:
    """The fields and files of a form; of fields that stand twice the first.

    Raises:
        UnreadableBodyError: it is no form.
    """
    if not body:
        return {}, {}
    if kind.startswith("multipart/form-data"):
        return await _multipart(kind, body)
    if not kind.startswith("application/x-www-form-urlencoded"):
        raise UnreadableBodyError
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise UnreadableBodyError from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields, {}


async def _multipart(kind: str, body: bytes) -> tuple[Mapping[str, str], Mapping[str, Upload]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(
        Headers({"content-type": kind}),
        stream(),
        max_files=1,
        max_fields=MOST_FIELDS,
        max_part_size=len(body),
    )
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    try:
        found = await parser.parse()
        for name, value in found.multi_items():
            if isinstance(value, UploadFile):
                files.setdefault(
                    name, Upload(name=value.filename or "", content=await value.read())
                )
            else:
                fields.setdefault(name, value)
        await found.close()
    except (MultiPartException, KeyError, UnicodeDecodeError, AssertionError) as error:
        raise UnreadableBodyError from error
    return fields, files
