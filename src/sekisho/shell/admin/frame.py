"""What a page is given and what it gives back: the seam for whoever adds one.

A page is a folder `pages/<name>/` with `view.py` and its templates. To add one:

1. a line in `gate/admin/routes.py`: name, method, path, and the permission it needs. The permission
   table, the tests of every route with every role and the OpenAPI document follow from that line;
2. `pages/<name>/view.py` with one coroutine a method, `async def get(context: Context) -> Answer` or
   `post`. It is called only for somebody who has the permission, with the form's token checked;
3. `pages/<name>/<name>.html`, which extends `pages/frame.html`; give its values in `Shown`;
4. one line in `pages/__init__.py`.

In a template `{{ text | say }}` puts a `Text` in the reader's language; every other value is escaped.
A form that changes something carries `{{ form_token() }}`. Pages keep to the policy: no script in the
page, no style attribute, nothing from outside; a file in `static/` is served as `/static/<file>`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.gate.admin.book import Token, User
    from sekisho.gate.admin.desk import Moment
    from sekisho.gate.admin.routes import Route
    from sekisho.gate.admin.sessions import Session
    from sekisho.shell.admin.gate_end import GateEnd
    from sekisho.shell.admin.hashing import Hashes
    from sekisho.shell.admin.history import History
    from sekisho.shell.admin.keeper import Keeper
    from sekisho.shell.admin.papers import Papers
    from sekisho.terms.texts import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Whom a page may ask."""

    keeper: Keeper
    gate: GateEnd
    hashes: Hashes
    is_common: Callable[[str], bool]
    """Whether a password in small letters is a common one."""
    updates: Path | None = None
    """Where a signed update is laid for the updater; None: nowhere."""
    papers: Papers
    history: History


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was sent with a form."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One request of somebody who may make it."""

    office: Office
    route: Route
    moment: Moment
    lang: Lang
    session: Session | None
    """None only where anybody may ask, and for a token."""
    user: User | None
    """None only where anybody may ask."""
    token: Token | None = None
    """Of the programming interface."""
    path: Mapping[str, str] = field(default_factory=dict)
    """What stands in the path's braces."""
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    body: bytes = b""
    """Of a call of the programming interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """A cookie to set; an empty value takes it away."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page."""

    template: str
    """Below `shell/admin`: `pages/home/home.html`."""
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    cookies: tuple[Cookie, ...] = ()
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """Go on to another of our pages (303)."""

    path: str
    cookies: tuple[Cookie, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Bytes as they are: JSON of the programming interface, a style sheet, a picture."""

    content: bytes
    kind: str
    status: int = 200
    retry_after_s: int | None = None
    kept_s: int = 0
    """How long it may be kept by a browser; 0: not at all."""


Answer: TypeAlias = Shown | Go | Data
View: TypeAlias = Callable[[Context], Awaitable[Answer]]
SESSION_COOKIE = "__Host-sekisho"
LANGUAGE_COOKIE = "__Host-sekisho-lang"
