"""schemathesis: answers of the programming interface that its own OpenAPI document does not describe."""

from __future__ import annotations

import json
import os
import secrets
import string
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sekisho.gate.admin.book import Token, User
from sekisho.gate.admin.roles import SCOPES, Role
from sekisho.gate.admin.words import digest
from sekisho.shell.admin.folder import CERTIFICATE, keep_book, load_book, open_folder
from sekisho.terms.quantity import WallMs
from tools.eyes.difference import Row, ToolFailedError
from tools.eyes.outside import asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.whole_product import WholeProduct

DOCUMENT = Path(__file__).resolve().parents[2] / "schemas" / "admin-api.openapi.json"
SECONDS = 45
_VARIABLE = "SEKISHO_EYES_TOKEN"
_FAILED = frozenset({0, 1})
_RATE = "15/s"
"""Near what the gate answers to its pages, so that most questions reach it."""
_BUSY = 503
_SETTINGS = f"""
[headers]
Authorization = "Bearer ${{{_VARIABLE}}}"
# A document of the right form that the site's authority has not signed is refused with 422.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "422", "503"]
"""
_LETTERS = string.ascii_lowercase + string.digits
_LATER = WallMs(4_102_444_800_000)


def token_of(folder: Path) -> str:
    """A token with every scope there is, of an engineer who cannot sign in; before the pages start."""
    token_id = "".join(secrets.choice(_LETTERS) for _ in range(8))
    token = f"skt_{token_id}_{secrets.token_urlsafe(32)}"
    state = open_folder(folder)
    book = load_book(state).with_user(User(name="eyes", role=Role.ENGINEER, password="!"))  # noqa: S106 - no password is this
    made = Token(
        id=token_id,
        digest=digest(token),
        owner="eyes",
        name="eyes",
        scopes=SCOPES,
        made=WallMs(0),
        ends=_LATER,
    )
    keep_book(state, book.with_token(made))
    return token


async def api(product: WholeProduct, token: str, folder: Path) -> Row:
    """Sends what the document allows, and what it does not, for a bounded time."""
    settings, out = folder / "schemathesis.toml", folder / "schemathesis.ndjson"
    settings.write_text(_SETTINGS, encoding="ascii")
    words = (
        "--config-file", str(settings), "run", str(DOCUMENT),
        "--url", f"https://{product.host}:{product.port}",
        "--tls-verify", str(product.admin_folder / CERTIFICATE),
        "--checks", "all", "--rate-limit", _RATE, "--max-time", str(SECONDS), "--seed", "1",
        "--report", "ndjson", "--report-ndjson-path", str(out),
    )  # fmt: skip
    os.environ[_VARIABLE] = token
    try:
        await asked("schemathesis", *words, good=_FAILED, where=folder)
    finally:
        del os.environ[_VARIABLE]
    return read(out.read_text(encoding="utf-8"))


def read(report: str) -> Row:
    """The answers that were not as described, each once.

    Raises:
        ToolFailedError: not every operation was tried, or the run did not end.
    """
    events = [json.loads(line) for line in report.splitlines()]
    told = {kind: body for event in events for kind, body in event.items()}
    if "EngineFinished" not in told:
        raise ToolFailedError("schemathesis: the run did not end")
    count = told["LoadingFinished"]["statistic"]["operations"]["total"]
    scenarios = [event["ScenarioFinished"] for event in events if "ScenarioFinished" in event]
    tried = {one["recorder"]["label"] for one in scenarios if one["recorder"].get("cases")}
    if not count or len(tried) < count:
        raise ToolFailedError(f"schemathesis: {len(tried)} of {count} operations were tried")
    return Row(
        tool=f"schemathesis {told['Initialize']['schemathesis_version']}",
        question=f"answers that the OpenAPI document does not describe ({count} operations)",
        ours=frozenset(),
        theirs=frozenset(said for one in scenarios for said in _failures(one["recorder"])),
    )


def _failures(recorder: dict[str, Any]) -> Iterator[str]:
    for case, checks in recorder.get("checks", {}).items():
        for check in checks:
            if check["status"] != "success" and not _asked_to_wait(check, recorder, case):
                yield f"{recorder['label']}: {check['name']}"


def _asked_to_wait(check: dict[str, Any], recorder: dict[str, Any], case: str) -> bool:
    """Whether the one complaint is that a busy gate said so: 503 with Retry-After, as described."""
    answer = recorder.get("interactions", {}).get(case, {}).get("response") or {}
    busy = answer.get("status_code") == _BUSY and "retry-after" in answer.get("headers", {})
    return bool(check["name"] == "not_a_server_error" and busy)
