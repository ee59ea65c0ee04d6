"""The OpenAPI document of the programming interface, from the table of routes and the documents."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from sekisho.gate.admin.api_document import (
    DevicesDoc,
    DocumentsDoc,
    ErrorDoc,
    JournalDoc,
    ProposalDoc,
    TokenDoc,
    UpdateDoc,
)
from sekisho.gate.admin.messages import MOST_ROWS
from sekisho.gate.admin.roles import Permission
from sekisho.gate.admin.routes import Door, of_door
from sekisho.gate.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.gate.admin.routes import Route

MOST_NUMBER = 2**53 - 1
ANSWERS: Mapping[str, Any] = MappingProxyType(
    {
        "api_status": Status,
        "api_devices": DevicesDoc,
        "api_journal": JournalDoc,
        "api_documents": DocumentsDoc,
        "api_propose": ProposalDoc,
        "api_update": UpdateDoc,
        "api_token": TokenDoc,
        "api_openapi": dict[str, Any],
    }
)
"""What each call answers."""
_QUERY: Mapping[str, list[dict[str, Any]]] = MappingProxyType(
    {
        "api_journal": [
            {
                "name": "before",
                "in": "query",
                "description": "Only entries with a smaller number; 0: the newest.",
                "schema": {"type": "integer", "minimum": 0, "maximum": MOST_NUMBER, "default": 0},
            },
            {
                "name": "count",
                "in": "query",
                "description": "How many entries.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": 50},
            },
        ]
    }
)
_SAID = {
    "401": "No token, or one that is not known, has ended or was revoked.",
    "403": "The token does not carry the permission.",
    "503": "The gate or the machine is busy; `Retry-After` says how long to wait.",
}
_OF_GATE = {"502": "The gate does not answer."}
_OF_QUERY = {"422": "A parameter is not right."}
_OF_BODY = {
    "400": "The body did not come in time.",
    "413": "The body is too large.",
    "415": "The body is of another media type.",
    "422": "The body is not what is taken, and why.",
}
_BODIES: Mapping[str, str] = MappingProxyType(
    {
        "api_propose": "A trust.json or bounds.json as `sekisho trust sign` writes it.",
        "api_update": "An update as `sekisho release` makes it.",
    }
)
_BODY: Mapping[str, dict[str, Any]] = MappingProxyType(
    {"application/json": {"type": "object", "minProperties": 1}, "application/zip": {}}
)
_KINDS_OF_NO = {
    "api_update": {
        "409": "This device takes no updates here.",
        "500": "It could not be kept.",
    }
}
_ALONE = frozenset({"api_token", "api_openapi", "api_update"})
"""Calls that ask nothing of the gate."""


def openapi(version: str) -> dict[str, Any]:
    """The document.

    Args:
        version: of the program.
    """
    parts: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for route in of_door(Door.API):
        paths.setdefault(route.path, {})[route.method.lower()] = _call(route, parts)
    parts["ErrorDoc"] = _schema(ErrorDoc, parts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sekisho gate, local programming interface",
            "version": version,
            "description": (
                "Self-assessed against JST-CR-01-01-2024R1, not labelled, no application stated. "
                "Tokens are made on the gate's own pages. Nothing here moves the plant."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": dict(sorted(parts.items())),
        },
    }


def _call(route: Route, parts: dict[str, Any]) -> dict[str, Any]:
    name = route.name.removeprefix("api_")
    call: dict[str, Any] = {
        "operationId": f"{name}_{route.method.lower()}",
        "summary": route.said,
        "description": f"Needs a token that carries `{_needs(route)}`.",
        "responses": _responses(route, parts),
    }
    if route.name in _QUERY:
        call["parameters"] = _QUERY[route.name]
    if route.changes:
        call["requestBody"] = {
            "required": True,
            "description": _BODIES[route.name],
            "content": {route.takes: {"schema": _BODY[route.takes]}},
        }
    return call


def _responses(route: Route, parts: dict[str, Any]) -> dict[str, Any]:
    answer = {"application/json": {"schema": _schema(ANSWERS[route.name], parts)}}
    responses: dict[str, Any] = {"200": {"description": "The answer.", "content": answer}}
    said = dict(_SAID)
    if route.name not in _ALONE:
        said |= _OF_GATE
    if route.name in _QUERY:
        said |= _OF_QUERY
    if route.changes:
        said |= _OF_BODY
    said |= _KINDS_OF_NO.get(route.name, {})
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorDoc"}}}
    for status, words in sorted(said.items()):
        responses[status] = {"description": words, "content": error}
        if status == "503":
            wait = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
            responses[status]["headers"] = {"Retry-After": wait}
    return responses


def _needs(route: Route) -> str:
    return route.needs.value if isinstance(route.needs, Permission) else "nothing"


def _schema(shape: Any, parts: dict[str, Any]) -> dict[str, Any]:
    """The schema of a document, its parts put among the components."""
    schema = TypeAdapter(shape).json_schema(ref_template="#/components/schemas/{model}")
    parts |= schema.pop("$defs", {})
    return schema
