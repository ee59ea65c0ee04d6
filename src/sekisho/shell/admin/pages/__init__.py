"""Every page by the name of its routes: one line each. `shell.admin.frame` says how to add one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.routes import ROUTES, Door
from sekisho.shell.admin.pages.asset import view as asset
from sekisho.shell.admin.pages.first_use import view as first_use
from sekisho.shell.admin.pages.home import view as home
from sekisho.shell.admin.pages.language import view as language
from sekisho.shell.admin.pages.login import view as login
from sekisho.shell.admin.pages.login_code import view as login_code
from sekisho.shell.admin.pages.logout import view as logout

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from sekisho.shell.admin.frame import View

PAGES: Mapping[str, ModuleType] = {
    "home": home,
    "login": login,
    "login_code": login_code,
    "first_use": first_use,
    "logout": logout,
    "language": language,
    "asset": asset,
}


def page_views() -> dict[tuple[str, str], View]:
    """The coroutine of each page's route."""
    return {
        (route.name, route.method): getattr(PAGES[route.name], route.method.lower())
        for route in ROUTES
        if route.door is Door.PAGE
    }
