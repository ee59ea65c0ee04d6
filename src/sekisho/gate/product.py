"""What the publisher of a gate declares of it: `product.toml`. Nothing here is invented for anybody.

This program is software; who builds a product of it and answers for it fills the file in. What is not
named is "not stated" on every page, and what rests on it stays undetermined.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sekisho.codec.members import Members
from sekisho.site.parsing import located, parsed
from sekisho.terms.errors import InputError
from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from sekisho.site.faults import Fault

_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,300}")
_LINE_TEXT = Text("1行で、300 字までにしてください。", "Write one line of at most 300 characters.")
_CONTACT = re.compile(r"(?:mailto:[^\s@]{1,64}@[^\s@]{1,190}|https://[^\s]{1,290})")
_CONTACT_TEXT = Text(
    "届出を受け付ける mailto: か https:// のアドレスを書いてください。",
    "Write a mailto: or https:// address where reports are taken.",
)
_ADDRESS = re.compile(r"https://[^\s]{1,290}")
_ADDRESS_TEXT = Text("https:// のアドレスを書いてください。", "Write an https:// address.")
_DAY = re.compile(r"2[01]\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_DAY_TEXT = Text('"2031-03-31" の形で書いてください。', 'Write it as "2031-03-31".')
_MOST_DAYS = 365

NOT_STATED = Text("記載なし", "not stated")
"""What stands for everything that the publisher has not declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What was declared; None: not stated."""

    publisher: str | None = None
    """Who answers for the product."""
    model: str | None = None
    """Model name or number, as users see it."""
    hardware: str | None = None
    """The machine that it runs on, by its model."""
    serial: str | None = None
    """Of this one machine."""
    contact: str | None = None
    """Where vulnerabilities are reported."""
    policy: str | None = None
    """Where the disclosure policy is published."""
    acknowledged_days: int | None = None
    """A report is acknowledged within so many days."""
    told_days: int | None = None
    """Whoever reported is told the state at least every so many days."""
    support_until: str | None = None
    """The last day of security updates, ISO date."""
    updates: str | None = None
    """Where updates are published."""


def read_product(text: str, where: str) -> Product:
    """What a product file declares.

    Raises:
        InputError: everything that is wrong, each with its line.
    """
    faults: list[Fault] = []
    whole = Members(parsed(text, where), (), faults)
    table = whole.inner("product")
    found = Product(
        publisher=_word(table, "publisher", _LINE, _LINE_TEXT),
        model=_word(table, "model", _LINE, _LINE_TEXT),
        hardware=_word(table, "hardware", _LINE, _LINE_TEXT),
        serial=_word(table, "serial", _LINE, _LINE_TEXT),
        contact=_word(table, "contact", _CONTACT, _CONTACT_TEXT),
        policy=_word(table, "policy", _ADDRESS, _ADDRESS_TEXT),
        acknowledged_days=_days(table, "acknowledged_days"),
        told_days=_days(table, "told_days"),
        support_until=_word(table, "support_until", _DAY, _DAY_TEXT),
        updates=_word(table, "updates", _ADDRESS, _ADDRESS_TEXT),
    )
    table.finish()
    whole.finish()
    if faults:
        raise InputError(*located(faults, text, where))
    return found


def declared(product: Product) -> dict[str, Text]:
    """Every declaration as people read it, the missing ones as "not stated"."""
    values = {field.name: getattr(product, field.name) for field in fields(product)}
    return {
        name: NOT_STATED if value is None else same(str(value)) for name, value in values.items()
    }


def _word(table: Members, key: str, form: re.Pattern[str], remedy: Text) -> str | None:
    return table.word(key, form, remedy) if table.has(key) else None


def _days(table: Members, key: str) -> int | None:
    return table.integer(key, 1, _MOST_DAYS) if table.has(key) else None
