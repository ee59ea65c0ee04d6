"""Every page by the name of its routes: one line each. `shell.admin.frame` says how to add one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.routes import ROUTES, Door
from sekisho.shell.admin.pages.about import view as about
from sekisho.shell.admin.pages.account import view as account
from sekisho.shell.admin.pages.approve import view as approve
from sekisho.shell.admin.pages.asset import view as asset
from sekisho.shell.admin.pages.decisions import view as decisions
from sekisho.shell.admin.pages.devices import view as devices
from sekisho.shell.admin.pages.documents import view as documents
from sekisho.shell.admin.pages.first_use import view as first_use
from sekisho.shell.admin.pages.home import view as home
from sekisho.shell.admin.pages.journal import view as journal
from sekisho.shell.admin.pages.language import view as language
from sekisho.shell.admin.pages.live import view as live
from sekisho.shell.admin.pages.login import view as login
from sekisho.shell.admin.pages.login_code import view as login_code
from sekisho.shell.admin.pages.logout import view as logout
from sekisho.shell.admin.pages.password import view as password
from sekisho.shell.admin.pages.propose import view as propose
from sekisho.shell.admin.pages.reset import view as reset
from sekisho.shell.admin.pages.second_factor import view as second_factor
from sekisho.shell.admin.pages.sessions import view as sessions
from sekisho.shell.admin.pages.tokens import view as tokens
from sekisho.shell.admin.pages.update import view as update
from sekisho.shell.admin.pages.users import view as users
from sekisho.shell.admin.pages.verify import view as verify
from sekisho.shell.admin.pages.withdraw import view as withdraw

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from sekisho.shell.admin.frame import View

PAGES: Mapping[str, ModuleType] = {
    "account": account,
    "approve": approve,
    "asset": asset,
    "documents": documents,
    "first_use": first_use,
    "home": home,
    "live": live,
    "devices": devices,
    "decisions": decisions,
    "journal": journal,
    "verify": verify,
    "update": update,
    "about": about,
    "language": language,
    "login": login,
    "login_code": login_code,
    "logout": logout,
    "password": password,
    "propose": propose,
    "reset": reset,
    "second_factor": second_factor,
    "sessions": sessions,
    "tokens": tokens,
    "users": users,
    "withdraw": withdraw,
}


def page_views() -> dict[tuple[str, str], View]:
    """The coroutine of each page's route."""
    return {
        (route.name, route.method): getattr(PAGES[route.name], route.method.lower())
        for route in ROUTES
        if route.door is Door.PAGE
    }
