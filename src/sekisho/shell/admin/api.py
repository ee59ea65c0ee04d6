"""The calls of the programming interface, by the names of their routes.

Who calls is a token, never a cookie, so that no page of somebody else can make a browser call.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from sekisho import __version__
from sekisho.codec.members import written
from sekisho.gate.admin.access import carries
from sekisho.gate.admin.approval import Person
from sekisho.gate.admin.messages import (
    MOST_ROWS,
    AskDevices,
    AskDocuments,
    Asker,
    AskJournal,
    AskPropose,
)
from sekisho.gate.admin.openapi import MOST_NUMBER, openapi
from sekisho.shell.admin.bodies import JSON
from sekisho.shell.admin.frame import Data
from sekisho.shell.admin.gate_end import GateBusyError, GateNoError
from sekisho.shell.admin.pages.update.view import handed_over
from sekisho.shell.admin.problems import problem_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.shell.admin.frame import Answer, Context, View

_COUNT = 50
_MOST_DIGITS = 16


async def _status(context: Context) -> Answer:
    status = await context.office.gate.status()
    return problem_of(502) if status is None else _data(status)


async def _devices(context: Context) -> Answer:
    return _data(await context.office.gate.ask(AskDevices()))


async def _journal(context: Context) -> Answer:
    before = _number(context.query.get("before", "0"), 0, MOST_NUMBER)
    count = _number(context.query.get("count", str(_COUNT)), 1, MOST_ROWS)
    if before is None or count is None:
        return problem_of(422)
    return _data(await context.office.gate.ask(AskJournal(before=before, count=count)))


async def _documents(context: Context) -> Answer:
    return _data(await context.office.gate.ask(AskDocuments()))


async def _propose(context: Context) -> Answer:
    user = context.user
    if user is None:
        return problem_of(401)
    person = Person(name=user.name, role=user.role)
    asker = Asker(person=person, source=context.moment.source)
    try:
        found = await context.office.gate.ask(AskPropose(asker=asker, content=context.body))
    except GateBusyError:
        raise
    except GateNoError as error:
        return problem_of(422, said=error.why)
    return _data(found)


async def _update(context: Context) -> Answer:
    handed = await handed_over(context, context.body)
    if isinstance(handed, tuple):
        said, status = handed
        return problem_of(status, said=said)
    return _data({"digest": handed})


async def _token(context: Context) -> Answer:
    token = context.token
    if token is None:
        return problem_of(401)
    may = carries(context.office.keeper.desk.book, token)
    return _data(
        {
            "id": token.id,
            "name": token.name,
            "owner": token.owner,
            "carries": sorted(may),
            "ends": written(token.ends),
        }
    )


async def _openapi(context: Context) -> Answer:
    del context
    return _description()


@cache
def _description() -> Data:
    return _data(openapi(__version__))


def api_views() -> dict[tuple[str, str], View]:
    """Every call."""
    return {
        ("api_status", "GET"): _status,
        ("api_devices", "GET"): _devices,
        ("api_journal", "GET"): _journal,
        ("api_documents", "GET"): _documents,
        ("api_propose", "POST"): _propose,
        ("api_update", "POST"): _update,
        ("api_token", "GET"): _token,
        ("api_openapi", "GET"): _openapi,
    }


def _data(value: Mapping[str, object]) -> Data:
    return Data(content=json.dumps(value, ensure_ascii=False).encode(), kind=JSON)


def _number(given: str, least: int, most: int) -> int | None:
    if not given.isdecimal() or not given.isascii() or len(given) > _MOST_DIGITS:
        return None
    return value if least <= (value := int(given)) <= most else None
