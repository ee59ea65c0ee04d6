"""Codes by time, through pyotp: those that count now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyotp

from sekisho.gate.admin.desk import STEP_S

if TYPE_CHECKING:
    from sekisho.terms.quantity import WallMs

DRIFT = 1
"""Steps before and after now that count too (RFC 6238 section 5.2)."""
ISSUER = "Sekisho"


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def steps_of(secret: str, wall: WallMs) -> dict[int, str]:
    """The code of each time step that counts now."""
    now = wall // 1_000 // STEP_S
    codes = pyotp.TOTP(secret, interval=STEP_S)
    return {step: codes.generate_otp(step) for step in range(now - DRIFT, now + DRIFT + 1)}


def address(secret: str, user: str, site: str) -> str:
    """What an authenticator reads from the picture."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(
        name=user, issuer_name=f"{ISSUER} {site}".strip()
    )
