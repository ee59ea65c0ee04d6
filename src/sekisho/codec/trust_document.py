"""`trust.json`: its payload to a `Trust` and back; the draft that people write reads the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec import forms
from sekisho.codec.command import MOST_WATTS, Kind, Product, Rank, rank_of_product
from sekisho.codec.members import Members, written
from sekisho.codec.strict_json import Malformed, base64url, canonical, unbase64
from sekisho.codec.thumbprint import PUBLIC_BYTES, thumbprint
from sekisho.codec.trust import DEFAULT_START_DELAY_S, Budget, Grant, Trust, TrustedKey
from sekisho.site.faults import quoted
from sekisho.terms.ids import IssuerId, SiteId
from sekisho.terms.quantity import WattHours, Watts
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sekisho.site.faults import Fault

MOST_KEYS = 256
"""Keys of one site, revoked ones included."""
MOST_VERSION = 2**31 - 1
MOST_OPENINGS = 3 * MOST_KEYS + 3
"""Objects and arrays that a trust document may open: three for each key."""
_MOST_WH = 1_000_000_000_000
_MOST_REVERSALS = 3_600
_MOST_DELAY_S = 3_600
_MOST_AT_ONCE = 2

_NO_GRANT = Text("may に「{word}」は使えません。", 'may cannot have "{word}".')
_GRANTS = Text("使える語: {words}", "Allowed words: {words}")
_TWICE = Text("同じ鍵が 2 度あります。", "The same key stands twice.")
_ONE = Text("鍵ごとに 1 つにまとめてください。", "Keep one entry for each key.")
_BAD_KEY = Text("Ed25519 の公開鍵ではありません。", "It is no Ed25519 public key.")
_PERIOD = Text("終わりが始まりより後ではありません。", "valid_until is not after valid_from.")
_DATES = Text("日時を確かめてください。", "Check the dates.")
_DELAY = Text(
    "0 にできるのは需給調整だけの鍵です。", "0 is only for keys whose dispatch is all balancing."
)
_DELAY_DO = Text(
    "1 以上にするか、may を需給調整だけにしてください。",
    "Write 1 or more, or leave only balancing in may.",
)
_CROWD = Text(
    "{issuer} の有効な鍵が同時に 3 本以上あります。",
    "More than two keys of {issuer} are valid at once.",
)
_CROWD_DO = Text(
    "重ねてよいのは交替の 2 本までです。期間を分けるか失効にしてください。",
    "Two may overlap for a change-over; part their periods or revoke one.",
)

GRANTS: Mapping[str, Grant] = {
    **{
        f"{kind.value}:{product.value}": Grant(kind, product)
        for kind in (Kind.SETPOINT, Kind.SCHEDULE)
        for product in Product
    },
    **{kind.value: Grant(kind) for kind in (Kind.CURTAIL, Kind.STOP, Kind.RELEASE)},
}
"""The words of `may`: `setpoint:fcr`, `schedule:jepx-spot`, `curtail`, `stop`, `release` …"""
_WORD_OF = {grant: word for word, grant in GRANTS.items()}


def trust_of(table: Mapping[str, object], faults: list[Fault]) -> Trust:
    """The trust that a payload or a draft states; `faults` takes everything that is wrong with it.

    The result counts only where no fault was added.
    """
    members = Members(table, (), faults)
    keys = tuple(_key(entry) for entry in members.inners("keys", MOST_KEYS))
    trust = Trust(
        site=SiteId(members.word("site", forms.SITE, forms.SITE_TEXT)),
        version=members.integer("version", 1, MOST_VERSION),
        issued_at=members.time("issued_at"),
        keys=keys,
        all_keys=_budget(members.inner("all_keys")),
    )
    members.finish()
    if not faults:
        _ask_of_all(members, trust)
    return trust


def trust_payload(trust: Trust) -> bytes:
    """The payload of trust.json, in its one canonical spelling."""
    return canonical(
        {
            "site": trust.site,
            "version": trust.version,
            "issued_at": written(trust.issued_at),
            "all_keys": _budget_form(trust.all_keys),
            "keys": [_key_form(key) for key in trust.keys],
        }
    )


def _key(members: Members) -> TrustedKey:
    public = _public(members)
    may = frozenset(_grants(members))
    found = TrustedKey(
        kid=thumbprint(public),
        issuer=IssuerId(members.word("issuer", forms.ISSUER, forms.ISSUER_TEXT)),
        public=public,
        may=may,
        power_max=Watts(members.integer("power_max", 0, MOST_WATTS))
        if members.has("power_max")
        else None,
        budget=_budget(members.inner("budget")),
        valid_from=members.time("valid_from"),
        valid_until=members.time("valid_until"),
        revoked=members.flag("revoked", default=False),
        start_delay_max_s=members.integer(
            "start_delay_max_s", 0, _MOST_DELAY_S, DEFAULT_START_DELAY_S
        ),
    )
    members.finish()
    if members.has("valid_until") and found.valid_until <= found.valid_from:
        members.fault("valid_until", _PERIOD, _DATES)
    if found.start_delay_max_s == 0 and not _only_balancing(may):
        members.fault("start_delay_max_s", _DELAY, _DELAY_DO)
    return found


def _public(members: Members) -> bytes:
    text = members.word("public", forms.KEY, forms.KEY_TEXT)
    if not text:
        return bytes(PUBLIC_BYTES)
    try:
        return unbase64(text.encode("ascii"))
    except Malformed:
        members.fault("public", _BAD_KEY, forms.KEY_TEXT)
        return bytes(PUBLIC_BYTES)


def _grants(members: Members) -> Iterator[Grant]:
    for word in members.words("may", len(GRANTS)):
        grant = GRANTS.get(word)
        if grant is None:
            remedy = _GRANTS.fill(words=listed(GRANTS))
            members.fault("may", _NO_GRANT.fill(word=quoted(word)), remedy)
        else:
            yield grant


def _only_balancing(may: frozenset[Grant]) -> bool:
    return all(
        grant.product is None or rank_of_product(grant.product) is Rank.BALANCING for grant in may
    )


def _budget(members: Members) -> Budget:
    budget = Budget(
        change_per_minute=Watts(members.integer("change_per_minute", 0, MOST_WATTS)),
        change_per_hour=Watts(members.integer("change_per_hour", 0, MOST_WATTS * 60)),
        reversals_per_hour=members.integer("reversals_per_hour", 0, _MOST_REVERSALS),
        energy_per_day=WattHours(members.integer("energy_per_day", 0, _MOST_WH)),
    )
    members.finish()
    return budget


def _ask_of_all(members: Members, trust: Trust) -> None:
    if len({key.kid for key in trust.keys}) != len(trust.keys):
        members.fault("keys", _TWICE, _ONE)
    for issuer in dict.fromkeys(key.issuer for key in trust.keys):
        live = [key for key in trust.keys if key.issuer == issuer and not key.revoked]
        if any(sum(k.valid_at(key.valid_from) for k in live) > _MOST_AT_ONCE for key in live):
            members.fault("keys", _CROWD.fill(issuer=issuer), _CROWD_DO)


def _budget_form(budget: Budget) -> Mapping[str, object]:
    return {
        "change_per_minute": budget.change_per_minute,
        "change_per_hour": budget.change_per_hour,
        "reversals_per_hour": budget.reversals_per_hour,
        "energy_per_day": budget.energy_per_day,
    }


def _key_form(key: TrustedKey) -> Mapping[str, object]:
    form: dict[str, object] = {
        "issuer": key.issuer,
        "public": base64url(key.public).decode("ascii"),
        "may": grant_words(key.may),
        "budget": _budget_form(key.budget),
        "valid_from": written(key.valid_from),
        "valid_until": written(key.valid_until),
        "revoked": key.revoked,
        "start_delay_max_s": key.start_delay_max_s,
    }
    if key.power_max is not None:
        form["power_max"] = key.power_max
    return form


def grant_words(may: frozenset[Grant]) -> Sequence[str]:
    """What a key may ask, as the words of `may`, sorted."""
    return sorted(_WORD_OF[grant] for grant in may)
