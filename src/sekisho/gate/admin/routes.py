"""Every address of the pages and the programming interface, and what it takes to be let in.

The one table: the server serves exactly these, the permission table and the OpenAPI document are
generated from it, and the tests ask each of them as every role. An address that is not here is 404.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.gate.admin.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator


class Open(StrEnum):
    """What may be asked without being anybody."""

    ANYBODY = "anybody"
    """The way in: sign-in, first use, the style sheet."""
    HALF = "half"
    """Whose password was right and whose code is awaited."""


class Door(StrEnum):
    """How whoever asks shows who they are."""

    PAGE = "page"
    """A session's cookie; every change also carries the session's form token."""
    API = "api"
    """A token in the header `Authorization: Bearer`. Cookies do not count there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address and method."""

    name: str
    """The page's or call's name: its module below `shell/admin/pages` or its function of the API."""
    method: str
    path: str
    needs: Permission | Open
    door: Door = Door.PAGE
    said: str = ""
    """What it does, in English: for the reference and the OpenAPI document."""
    most_bytes: int = 16 * 1024
    """Largest body."""
    most_s: float = 20.0
    """Longest time from the head of a request to its answer."""
    by_itself: bool = False
    """A page asks it again and again by itself: that is no use of a session, which may run out."""

    takes: str = "application/json"
    """Media type of the body of a call of the programming interface."""

    @property
    def changes(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"


_DOCUMENT = 256 * 1024
MOST_UPDATE = 128 * 1024 * 1024
"""Bytes of an update that the pages take; larger ones are brought to the machine."""

ROUTES: tuple[Route, ...] = (
    Route(name="home", method="GET", path="/", needs=Permission.VIEW, said="The plant now."),
    Route(
        name="live",
        method="GET",
        path="/live",
        needs=Permission.VIEW,
        by_itself=True,
        said="The moving part of that page.",
    ),
    Route(
        name="devices",
        method="GET",
        path="/devices",
        needs=Permission.VIEW,
        said="Every device, and whether it is the labelled one.",
    ),
    Route(
        name="decisions",
        method="GET",
        path="/decisions",
        needs=Permission.VIEW,
        said="The latest decisions, each with its reason.",
    ),
    Route(
        name="journal", method="GET", path="/journal", needs=Permission.VIEW, said="The journal."
    ),
    Route(
        name="verify",
        method="POST",
        path="/journal/verify",
        needs=Permission.VIEW,
        said="Check that nobody changed the journal.",
    ),
    Route(
        name="update",
        method="GET",
        path="/update",
        needs=Permission.VIEW,
        said="Versions, and the latest update.",
    ),
    Route(
        name="update",
        method="POST",
        path="/update",
        needs=Permission.DROP_UPDATE,
        most_bytes=MOST_UPDATE + 8 * 1024,
        most_s=300.0,
        said="Hand over a signed update; nothing is installed here.",
    ),
    Route(
        name="about",
        method="GET",
        path="/about",
        needs=Permission.VIEW,
        said="Model, version, serial number, support period, contact.",
    ),
    Route(name="login", method="GET", path="/login", needs=Open.ANYBODY, said="Sign in."),
    Route(name="login", method="POST", path="/login", needs=Open.ANYBODY, said="Sign in."),
    Route(name="login_code", method="GET", path="/login/code", needs=Open.HALF, said="The code."),
    Route(name="login_code", method="POST", path="/login/code", needs=Open.HALF, said="The code."),
    Route(name="first_use", method="GET", path="/first-use", needs=Open.ANYBODY, said="First use."),
    Route(
        name="first_use", method="POST", path="/first-use", needs=Open.ANYBODY, said="First use."
    ),
    Route(
        name="logout", method="POST", path="/logout", needs=Permission.OWN_ACCOUNT, said="Sign out."
    ),
    Route(
        name="account",
        method="GET",
        path="/account",
        needs=Permission.OWN_ACCOUNT,
        said="One's own password, second factor and sessions.",
    ),
    Route(
        name="password",
        method="POST",
        path="/account/password",
        needs=Permission.OWN_ACCOUNT,
        said="Change one's own password.",
    ),
    Route(
        name="second_factor",
        method="GET",
        path="/account/second-factor",
        needs=Permission.OWN_ACCOUNT,
        said="Show a new second factor to scan.",
    ),
    Route(
        name="second_factor",
        method="POST",
        path="/account/second-factor",
        needs=Permission.OWN_ACCOUNT,
        said="Set up the second factor, or remove it.",
    ),
    Route(
        name="sessions",
        method="POST",
        path="/account/sessions",
        needs=Permission.OWN_ACCOUNT,
        said="Sign out everywhere.",
    ),
    Route(
        name="users",
        method="GET",
        path="/users",
        needs=Permission.MANAGE_USERS,
        said="Who may sign in.",
    ),
    Route(
        name="users",
        method="POST",
        path="/users",
        needs=Permission.MANAGE_USERS,
        said="Add or remove a user, change a role, give a one-time code.",
    ),
    Route(
        name="tokens",
        method="GET",
        path="/tokens",
        needs=Permission.MANAGE_TOKENS,
        said="Tokens of the programming interface.",
    ),
    Route(
        name="tokens",
        method="POST",
        path="/tokens",
        needs=Permission.MANAGE_TOKENS,
        said="Make or revoke a token.",
    ),
    Route(
        name="documents",
        method="GET",
        path="/documents",
        needs=Permission.VIEW,
        said="Bounds and trust in force, and documents that wait.",
    ),
    Route(
        name="propose",
        method="POST",
        path="/documents",
        needs=Permission.PROPOSE,
        most_bytes=_DOCUMENT + 8 * 1024,
        said="Hand in a signed document.",
    ),
    Route(
        name="approve",
        method="POST",
        path="/documents/approve",
        needs=Permission.APPROVE,
        said="Approve a document that waits.",
    ),
    Route(
        name="withdraw",
        method="POST",
        path="/documents/withdraw",
        needs=Permission.VIEW,
        said="Take back a document: whoever handed it in, and who may approve.",
    ),
    Route(
        name="reset",
        method="POST",
        path="/latches/reset",
        needs=Permission.RESET_LATCHES,
        said="Reset what has latched.",
    ),
    Route(
        name="asset",
        method="GET",
        path="/static/{file}",
        needs=Open.ANYBODY,
        said="A style sheet, script or picture of the pages.",
    ),
    Route(
        name="language",
        method="POST",
        path="/language",
        needs=Open.ANYBODY,
        said="Choose the language of the pages.",
    ),
    Route(
        name="api_status",
        method="GET",
        path="/api/v1/status",
        needs=Permission.VIEW,
        door=Door.API,
        said="What the running gate says of itself.",
    ),
    Route(
        name="api_devices",
        method="GET",
        path="/api/v1/devices",
        needs=Permission.VIEW,
        door=Door.API,
        said="The nameplates that the devices show.",
    ),
    Route(
        name="api_journal",
        method="GET",
        path="/api/v1/journal",
        needs=Permission.VIEW,
        door=Door.API,
        said="Entries of the journal.",
    ),
    Route(
        name="api_documents",
        method="GET",
        path="/api/v1/documents",
        needs=Permission.VIEW,
        door=Door.API,
        said="Bounds and trust in force, and documents that wait.",
    ),
    Route(
        name="api_propose",
        method="POST",
        path="/api/v1/documents",
        needs=Permission.PROPOSE,
        door=Door.API,
        most_bytes=_DOCUMENT,
        said="Hand in a signed document; people approve it on the pages.",
    ),
    Route(
        name="api_update",
        method="POST",
        path="/api/v1/updates",
        needs=Permission.DROP_UPDATE,
        door=Door.API,
        most_bytes=MOST_UPDATE,
        most_s=300.0,
        takes="application/zip",
        said="Hand over a signed update; nothing is installed here.",
    ),
    Route(
        name="api_token",
        method="GET",
        path="/api/v1/token",
        needs=Permission.VIEW,
        door=Door.API,
        said="What the token that asks may do, and until when.",
    ),
    Route(
        name="api_openapi",
        method="GET",
        path="/api/v1/openapi.json",
        needs=Permission.VIEW,
        door=Door.API,
        said="This description.",
    ),
)
"""All of them."""


def of_door(door: Door) -> Iterator[Route]:
    """The routes of one door."""
    return (route for route in ROUTES if route.door is door)
