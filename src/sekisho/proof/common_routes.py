"""Paths that devices often have besides the declared ones: asked with GET and without credentials.

Only paths of pages, interfaces and files that should not be open; none of them does anything when it is
read. They come from what gateways of this trade and their frameworks serve.
"""

from __future__ import annotations

from typing import Final

COMMON_ROUTES: Final[tuple[str, ...]] = (
    "/admin", "/api", "/api/", "/api/v1", "/api/v1/status", "/api/config", "/api/settings",
    "/api/system", "/api/users", "/backup", "/cgi-bin/", "/config", "/config.json", "/configuration",
    "/console", "/debug", "/debug/vars", "/device", "/docs", "/download", "/env", "/.env", "/export",
    "/.git/config", "/health", "/info", "/jsonrpc", "/log", "/logs", "/manager", "/metrics", "/network",
    "/openapi.json", "/phpinfo.php", "/rest", "/rest/channel", "/server-status", "/settings", "/setup",
    "/status", "/swagger", "/system", "/system/console", "/telemetry", "/users", "/version", "/wifi",
)  # fmt: skip
