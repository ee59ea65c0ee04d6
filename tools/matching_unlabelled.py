"""Devices that hold no label, or do not say enough to be one: each kind leads away from every registered product."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sekisho.site.model import Identity
from tools.matching_world import LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tools.matching_world import Made, World

_SIBLINGS = (" 2", "2", " Plus", "Ⅱ", " II", " mini", " Pro", "S", "α", " 第2世代", " Lite", "-X")


def unlabelled_kinds(world: World) -> dict[str, Callable[[], Made]]:
    """Makers of such devices, by kind."""
    return {name: partial(make, world) for name, make in _KINDS.items()}


def _sibling_product(world: World) -> Made:
    t = world.some("plain", "series", "bare")
    name = t.label.products[0].removesuffix("シリーズ（全型式）")
    return t, Identity(maker=t.maker_ja, product=name + world.draw.choice(_SIBLINGS))


def _sibling_product_and_model(world: World) -> Made:
    t = world.some("plain")
    name = t.label.products[0] + world.draw.choice(_SIBLINGS)
    return t, Identity(maker=t.maker_ja, product=name, model=world.sibling(t.model))


def _sibling_model(world: World) -> Made:
    t = world.some("plain", "versions")
    return t, Identity(maker=t.maker_ja, product=t.label.products[0], model=world.sibling(t.model))


def _number_sibling_model(world: World) -> Made:
    t = world.some("plain", "versions")
    return t, Identity(label=t.label.number, maker=t.maker_ja, model=world.sibling(t.model))


def _number_sibling_product(world: World) -> Made:
    t = world.some("plain", "series")
    name = t.label.products[0].removesuffix("シリーズ（全型式）")
    return t, Identity(label=t.label.number, product=name + world.draw.choice(_SIBLINGS))


def _other_maker(world: World) -> Made:
    t = world.some("plain", "versions")
    while (other := world.draw.choice(world.truths)).maker_ja == t.maker_ja:
        pass
    maker = world.draw.choice((other.maker_ja, other.maker_en, t.maker_ja + "サービス"))
    return t, Identity(maker=maker, model=t.model)


def _other_version(world: World) -> Made:
    t = world.some("versions")
    version = world.draw.choice(("1.2", "2.0", "0.9", "1.0.1", "1.10", "10", "1.0b"))
    number = world.draw.choice((None, t.label.number))
    return t, Identity(maker=t.maker_ja, model=t.model, version=version, label=number)


def _one_letter(world: World) -> Made:
    t = world.some("plain", "versions")
    return t, Identity(maker=t.maker_ja, model=world.mistyped(t.model))


def _one_letter_in_number(world: World) -> Made:
    t = world.some("plain")
    number = f"MADE-UP-{world.draw.randrange(LABELS, 99_999):05d}"
    return t, Identity(label=number, maker=t.maker_ja, model=t.model)


def _missing_model(world: World) -> Made:
    t = world.some("bare")
    model = f"ZZ-{world.draw.randrange(10_000)}"
    number = world.draw.choice((None, t.label.number))
    return t, Identity(maker=t.maker_ja, product=t.label.products[0], model=model, label=number)


def _name_only(world: World) -> Made:
    t = world.some("plain", "bare", "versions")
    return t, Identity(maker=t.maker_ja, product=t.label.products[0])


def _series_other_maker(world: World) -> Made:
    t = world.some("series")
    while (other := world.draw.choice(world.truths)).maker_ja == t.maker_ja:
        pass
    name = t.label.products[0].removesuffix("シリーズ（全型式）")
    return t, Identity(maker=other.maker_ja, product=name, model="ZZ-1")


_KINDS: Mapping[str, Callable[[World], Made]] = {
    'sibling product name ("Box 2" for "Box")': _sibling_product,
    "sibling product name and model": _sibling_product_and_model,
    "sibling model, right product name": _sibling_model,
    "right number, sibling model": _number_sibling_model,
    "right number, sibling product name, no model": _number_sibling_product,
    "right model, another maker": _other_maker,
    "right model, another version": _other_version,
    "model with a one-letter error": _one_letter,
    "right model, a number that is not listed": _one_letter_in_number,
    "row without models": _missing_model,
    "product name alone": _name_only,
    "series name of another maker": _series_other_maker,
}
