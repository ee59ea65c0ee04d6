"""Labelled devices in another spelling: each kind is a registered product, written as people write it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sekisho.site.model import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tools.matching_world import Made, Truth, World

UNPRINTED = "English maker that the list does not print"
"""Never accepted, because nothing says that the names are one; always shown."""
_DASHES = "‐‑‒–—―−－ーｰ─"
_HALF = str.maketrans(
    {
        "ア": "ｱ", "イ": "ｲ", "ウ": "ｳ", "エ": "ｴ", "ェ": "ｪ", "ギ": "ｷﾞ", "ク": "ｸ", "コ": "ｺ", "サ": "ｻ",
        "ジ": "ｼﾞ", "ス": "ｽ", "ト": "ﾄ", "ナ": "ﾅ", "ネ": "ﾈ", "バ": "ﾊﾞ", "マ": "ﾏ", "ャ": "ｬ", "ラ": "ﾗ",
        "ル": "ﾙ", "ロ": "ﾛ", "ン": "ﾝ", "ー": "ｰ", "ゲ": "ｹﾞ", "ユ": "ﾕ", "ニ": "ﾆ", "ッ": "ｯ",
    }
)  # fmt: skip


def labelled_kinds(world: World) -> dict[str, Callable[[], Made]]:
    """Makers of such devices, by kind."""
    return {name: partial(make, world) for name, make in _KINDS.items()}


def _spelled(
    maker: Callable[[World, Truth], str], model: Callable[[World, str], str]
) -> Callable[[World], Made]:
    """A product with models, its maker and its model in these spellings."""

    def made(world: World) -> Made:
        t = world.some("plain")
        return t, Identity(maker=maker(world, t), model=model(world, t.model))

    return made


def _as_is(_: World, text: str) -> str:
    return text


def _ja(_: World, t: Truth) -> str:
    return t.maker_ja


def _form(world: World, t: Truth) -> str:
    mark = world.draw.choice(("株式会社", "㈱", "(株)", "（株）", "株式会社 ", "㍿"))
    return world.draw.choice((mark + t.maker_ja, t.maker_ja + mark))


def _kanji(_: World, t: Truth) -> str:
    return t.maker_ja.replace("高", "髙").replace("崎", "﨑").replace("浜", "濱")


def _kana(_: World, t: Truth) -> str:
    return t.maker_ja.translate(_HALF)


def _short_vowel(_: World, t: Truth) -> str:
    return t.maker_ja.replace("コントローラー", "コントローラ")


def _spaced(_: World, t: Truth) -> str:
    return f"{t.maker_ja[:2]} {t.maker_ja[2:]}"


def _dashed(world: World, model: str) -> str:
    return "".join(world.draw.choice(_DASHES) if c == "-" else c for c in model)


def _wide_or_lower(world: World, model: str) -> str:
    return world.draw.choice((_wide(model), model.lower()))


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _english(world: World) -> Made:
    t = world.some("plain")
    while len(t.label.makers) == 1:
        t = world.some("plain")
    suffix = world.draw.choice(("", " Co., Ltd.", " Corporation", " Inc.", " K.K."))
    return t, Identity(maker=t.maker_en + suffix, model=t.model)


def _english_unprinted(world: World) -> Made:
    t = world.some("plain")
    while len(t.label.makers) == 2:  # noqa: PLR2004  (both languages printed)
        t = world.some("plain")
    return t, Identity(maker=t.maker_en, model=t.model)


def _number_and_model(world: World) -> Made:
    t = world.some("plain", "versions")
    return t, Identity(label=t.label.number, maker=t.maker_ja, model=t.model)


def _number_alone(world: World) -> Made:
    t = world.some("plain", "versions", "bare")
    return t, Identity(label=_wide(t.label.number or ""))


def _version(world: World) -> Made:
    t = world.some("versions")
    return t, Identity(
        maker=t.maker_ja, model=t.model, version=world.draw.choice(("Ver. 1.0", "1.1"))
    )


def _series(world: World) -> Made:
    t = world.some("series")
    name = t.label.products[0].removesuffix("シリーズ（全型式）")
    name = world.draw.choice((name, _wide(name), name.translate(_HALF), name + "シリーズ"))
    return t, Identity(maker=t.maker_ja, product=name, model=world.draw.choice((None, "ZZ-9")))


_KINDS: Mapping[str, Callable[[World], Made]] = {
    "as printed": _spelled(_ja, _as_is),
    "㈱, (株), 株式会社 before or after": _spelled(_form, _as_is),
    "髙/高, 﨑/崎": _spelled(_kanji, _as_is),
    "any of eleven dashes": _spelled(_ja, _dashed),
    "full width and lower case": _spelled(_ja, _wide_or_lower),
    "half-width kana": _spelled(_kana, _as_is),
    "long-vowel mark left out": _spelled(_short_vowel, _as_is),
    "spaces in the maker": _spelled(_spaced, _as_is),
    "English maker (printed on the list)": _english,
    UNPRINTED: _english_unprinted,
    "number and model": _number_and_model,
    "number alone": _number_alone,
    "version agrees": _version,
    "series name of a label for the whole series": _series,
}
