"""What acceptance implies, against a second statement of the rule. All content is made up.

Names are drawn from so few that chance agreements are frequent.
"""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.register.match import Index, match
from sekisho.register.model import (
    Accepted,
    Candidates,
    Conflict,
    Gone,
    Label,
    LabelStatus,
    ListInfo,
    Register,
    Unlisted,
    Unnamed,
    Vanished,
)
from sekisho.site.model import Identity

NUMBERS = ("N-1", "N-2", "N-12", "N1")
MAKERS = ("北斗", "Hokuto", "白樺", "Shirakaba Works")
PRODUCTS = ("ホクト", "ホクト 2", "カペラ", "Capella")
MODELS = ("KX-1", "KX-12", "KX1", "KX-2", "ZZ-9")
VERSIONS = ("1.0", "1.1", "2")
INFO = ListInfo(
    list_date=date(2026, 11, 1), learned=date(2026, 11, 1), sha256="0", source="x", complete=True
)


def some(words: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), unique=True, max_size=2).map(tuple)


LABELS = st.builds(
    lambda number, makers, products, models, versions, series: Label(
        key=number or f"{makers}{products}",
        number=number,
        makers=makers,
        products=products,
        models=models,
        versions=versions,
        level=1,
        status=LabelStatus.VALID,
        status_raw="有効",
        issued=None,
        expires=None,
        covers_series=series,
    ),
    st.none() | st.sampled_from(NUMBERS),
    some(MAKERS),
    some(PRODUCTS),
    some(MODELS),
    some(VERSIONS),
    st.booleans(),
)
IDENTITIES = st.builds(
    lambda maker, product, model, version, label: Identity(
        maker=maker, product=product, model=model, version=version, label=label
    ),
    *(
        st.none() | st.sampled_from(words)
        for words in (MAKERS, PRODUCTS, MODELS, VERSIONS, NUMBERS)
    ),
)


def register(labels: list[Label], gone: list[Label]) -> Register:
    vanished = tuple(Vanished(label=label, last_seen=date(2026, 9, 1)) for label in gone)
    return Register(info=INFO, labels=tuple(labels), vanished=vanished)


def may_accept(asked: Identity, label: Label) -> bool:
    """The rule once more, in the plainest words."""
    agrees = (
        (not asked.label or label.number in {None, asked.label})
        and (not asked.maker or not label.makers or asked.maker in label.makers)
        and (not asked.model or not label.models or asked.model in label.models)
        and (not asked.version or not label.versions or asked.version in label.versions)
    )
    number = bool(asked.label) and label.number == asked.label
    maker = bool(asked.maker) and asked.maker in label.makers
    model = bool(asked.model) and asked.model in label.models
    series = label.covers_series and bool(asked.product) and asked.product in label.products
    same_name = not asked.product or not label.products or asked.product in label.products
    enough = (
        (number and model)
        or (number and not asked.model and same_name)
        or (number and series and not label.models)
        or (maker and model)
        or (maker and series)
    )
    return agrees and enough


@settings(max_examples=600)
@given(st.lists(LABELS, max_size=5), st.lists(LABELS, max_size=2), IDENTITIES)
def test_everything_accepted_agrees_in_all_that_is_stated(labels, gone, asked):
    match match(asked, Index(register(labels, gone))):
        case Accepted(labels=accepted):
            assert accepted
            assert all(may_accept(asked, label) for label in accepted)
        case Gone(vanished=entry):
            assert entry.label in gone
        case Conflict(stated=stated, listed=listed):
            assert stated
            assert listed
            assert stated not in listed.split(" / ")
        case Candidates(labels=proposed):
            assert proposed
            assert set(proposed) <= set(labels)
        case Unnamed():
            assert not any((asked.label, asked.model, asked.product))
        case Unlisted():
            assert not any(may_accept(asked, label) for label in labels)


@settings(max_examples=300)
@given(st.lists(LABELS, max_size=5), IDENTITIES, st.randoms(use_true_random=False))
def test_the_order_of_the_list_does_not_matter(labels, asked, random):
    shuffled = random.sample(labels, len(labels))
    one = match(asked, Index(register(labels, [])))
    other = match(asked, Index(register(shuffled, [])))
    assert type(one) is type(other)
    if isinstance(one, Accepted) and isinstance(other, Accepted):
        assert set(one.labels) == set(other.labels)
        assert one.how is other.how
        assert set(one.caveats) == set(other.caveats)
