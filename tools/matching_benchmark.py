"""The published benchmark of matching: how often is an unlabelled product called labelled?

A made-up register and made-up devices are drawn from one seed. Whether a device is labelled is
known from how it was made, never from the matcher: an unlabelled device is made by a change that
leads away from every registered product, and a labelled one is the same product in another
spelling. `python -m tools.matching_benchmark` prints the table that
docs/reference/matching-benchmark.md holds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sekisho.register.match import Index, match
from sekisho.register.model import (
    Accepted,
    Candidates,
    Conflict,
    Label,
    LabelStatus,
    ListInfo,
    Register,
)
from sekisho.site.model import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 20_261_122
LABELS = 1_200
PER_KIND = 2_000

_STEMS_JA = ("北斗", "白樺", "霧島", "青葉", "南十字", "天城", "暁", "磐梯", "瑞穂", "雲仙", "高砂", "山崎",
             "高橋", "富士見", "浅間", "筑波", "石狩", "最上", "千曲", "四万十")  # fmt: skip
_STEMS_EN = ("Hokuto", "Shirakaba", "Kirishima", "Aoba", "Minamijuji", "Amagi", "Akatsuki", "Bandai",
             "Mizuho", "Unzen", "Takasago", "Yamazaki", "Takahashi", "Fujimi", "Asama", "Tsukuba",
             "Ishikari", "Mogami", "Chikuma", "Shimanto")  # fmt: skip
_TRADES = (("電機", "Electric"), ("制御", "Controls"), ("エナジー", "Energy"),
           ("コントローラー", "Controller"), ("ゲートウェイ", "Gateway"), ("電力変換", "Power"))  # fmt: skip
_PRODUCTS = ("蓄電池用PCS", "ゲートウェイ", "コントローラー", "Power Box", "エネルギーマネージャー",
             "Storage Cube", "BMSユニット", "現地EMS", "Grid Link", "計測サーバー")  # fmt: skip
_SIBLINGS = (" 2", "2", " Plus", "Ⅱ", " II", " mini", " Pro", "S", "α", " 第2世代", " Lite", "-X")
UNPRINTED = "English maker that the list does not print"
"""Never accepted, because nothing says that the names are one; always shown."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DASHES = "‐‑‒–—―−－ーｰ─"


@dataclass(frozen=True)
class Truth:
    """One registered product, as the generator made it."""

    label: Label
    maker_ja: str
    maker_en: str
    form: str
    model: str
    """One of the label's models, as made; "" where the row names none."""


@dataclass
class Tally:
    """What the matcher said of one kind of device."""

    asked: int = 0
    accepted: int = 0
    wrong: int = 0
    """Accepted although unlabelled, or accepted for another label."""
    found: int = 0
    """The right label (unlabelled: the one it resembles) is accepted, shown or proposed."""
    examples: list[str] = field(default_factory=list)


class World:
    """A register with 1,200 labels of made-up makers, and everything registered in it."""

    def __init__(self, seed: int = SEED, labels: int = LABELS) -> None:
        self.draw = random.Random(seed)  # noqa: S311  (a benchmark, no secret)
        self.registered: set[str] = set()
        """Every model as made; no two labels share one."""
        self.names: set[tuple[str, str]] = set()
        self.truths = [self._truth(n) for n in range(labels)]
        info = ListInfo(
            list_date=date(2026, 11, 1),
            learned=date(2026, 11, 1),
            sha256="0" * 64,
            source="made-up",
            complete=True,
        )
        self.register = Register(info=info, labels=tuple(truth.label for truth in self.truths))

    def _truth(self, n: int) -> Truth:
        draw = self.draw
        who, (trade_ja, trade_en) = draw.randrange(len(_STEMS_JA)), draw.choice(_TRADES)
        maker_ja, maker_en = _STEMS_JA[who] + trade_ja, f"{_STEMS_EN[who]} {trade_en}"
        form = draw.choice(("株式会社", "㈱", "(株)", "（株）"))
        kind = ("plain", "plain", "plain", "versions", "series", "bare")[n % 6]
        family = "".join(draw.choices(_LETTERS, k=draw.choice((2, 3))))
        models = [] if kind in {"series", "bare"} else [self._model(family) for _ in range(5)]
        product = f"{draw.choice(_PRODUCTS)} {family}{n}"
        self.names.add((maker_ja, product))
        label = Label(
            key=f"made-up-{n:05d}",
            number=f"MADE-UP-{n:05d}",
            makers=(form + maker_ja, maker_en) if n % 2 else (f"{maker_ja}{form}",),
            products=(product + ("シリーズ（全型式）" if kind == "series" else ""),),
            models=tuple(models),
            versions=("1.0", "1.1") if kind == "versions" else (),
            level=1,
            status=LabelStatus.VALID,
            status_raw="有効",
            issued=date(2026, 5, 21),
            expires=date(2028, 5, 20),
            covers_series=kind == "series",
        )
        return Truth(label, maker_ja, maker_en, form, models[0] if models else "")

    def _model(self, family: str) -> str:
        while True:
            number = self.draw.choice(("10", "25", "50", "100", "250", "500", "1000", "2500"))
            tail = self.draw.choice(("", "A", "B", "-J", "-JP", "K2", "/400"))
            middle = "".join(self.draw.choices(_LETTERS, k=self.draw.choice((0, 1, 2))))
            model = "-".join(filter(None, (family, middle, number + tail)))
            if model not in self.registered:
                self.registered.add(model)
                return model

    def some(self, *kinds: str) -> Truth:
        """A registered product whose row is of one of these kinds."""
        wanted = {"plain": (0, 1, 2), "versions": (3,), "series": (4,), "bare": (5,)}
        places = [place for kind in kinds for place in wanted[kind]]
        return self.truths[
            6 * self.draw.randrange(len(self.truths) // 6) + self.draw.choice(places)
        ]

    def sibling(self, model: str) -> str:
        """A model of the same family that nobody registered."""
        while True:
            head, dash, tail = model.rpartition("-")
            other = self.draw.choice(
                (
                    f"{head}{dash}{self.draw.choice((20, 30, 75, 150, 300, 750, 3000))}{tail[-1]}",
                    model + self.draw.choice(("A", "B", "2", "-X", "-JP2", "S")),
                    model.replace(dash, "", 1) if dash else model + "1",
                    head or model + "0",
                    f"{head}{dash}{tail}".replace("0", "5", 1),
                )
            )
            if other not in self.registered and other != model:
                return other

    def mistyped(self, model: str) -> str:
        """The model with one letter changed, missing, doubled or swapped, unregistered."""
        while True:
            at = self.draw.randrange(len(model))
            letter = self.draw.choice(_LETTERS + "0123456789")
            other = self.draw.choice(
                (
                    model[:at] + letter + model[at + 1 :],
                    model[:at] + model[at + 1 :],
                    model[:at] + model[at] + model[at:],
                    model[:at] + model[at + 1 : at + 2] + model[at : at + 1] + model[at + 2 :],
                )
            )
            if other not in self.registered and other.strip("-") != model:
                return other


Made = tuple[Truth, Identity]


def unlabelled_kinds(world: World) -> dict[str, Callable[[], Made]]:  # noqa: C901  (one function a kind)
    """Makers of devices that hold no label, or do not say enough, by kind."""
    draw = world.draw

    def sibling_product() -> Made:
        t = world.some("plain", "series", "bare")
        name = t.label.products[0].removesuffix("シリーズ（全型式）")
        return t, Identity(maker=t.maker_ja, product=name + draw.choice(_SIBLINGS))

    def sibling_product_and_model() -> Made:
        t = world.some("plain")
        name = t.label.products[0] + draw.choice(_SIBLINGS)
        return t, Identity(maker=t.maker_ja, product=name, model=world.sibling(t.model))

    def sibling_model() -> Made:
        t = world.some("plain", "versions")
        return t, Identity(
            maker=t.maker_ja, product=t.label.products[0], model=world.sibling(t.model)
        )

    def number_sibling_model() -> Made:
        t = world.some("plain", "versions")
        return t, Identity(label=t.label.number, maker=t.maker_ja, model=world.sibling(t.model))

    def number_sibling_product() -> Made:
        t = world.some("plain", "series")
        name = t.label.products[0].removesuffix("シリーズ（全型式）")
        return t, Identity(label=t.label.number, product=name + draw.choice(_SIBLINGS))

    def other_maker() -> Made:
        t = world.some("plain", "versions")
        while (other := draw.choice(world.truths)).maker_ja == t.maker_ja:
            pass
        maker = draw.choice((other.maker_ja, other.maker_en, t.maker_ja + "サービス"))
        return t, Identity(maker=maker, model=t.model)

    def other_version() -> Made:
        t = world.some("versions")
        version = draw.choice(("1.2", "2.0", "0.9", "1.0.1", "1.10", "10", "1.0b"))
        number = draw.choice((None, t.label.number))
        return t, Identity(maker=t.maker_ja, model=t.model, version=version, label=number)

    def one_letter() -> Made:
        t = world.some("plain", "versions")
        return t, Identity(maker=t.maker_ja, model=world.mistyped(t.model))

    def one_letter_in_number() -> Made:
        t = world.some("plain")
        number = f"MADE-UP-{draw.randrange(LABELS, 99_999):05d}"
        return t, Identity(label=number, maker=t.maker_ja, model=t.model)

    def missing_model() -> Made:
        t = world.some("bare")
        model = f"ZZ-{draw.randrange(10_000)}"
        number = draw.choice((None, t.label.number))
        return t, Identity(maker=t.maker_ja, product=t.label.products[0], model=model, label=number)

    def name_only() -> Made:
        t = world.some("plain", "bare", "versions")
        return t, Identity(maker=t.maker_ja, product=t.label.products[0])

    def series_other_maker() -> Made:
        t = world.some("series")
        while (other := draw.choice(world.truths)).maker_ja == t.maker_ja:
            pass
        name = t.label.products[0].removesuffix("シリーズ（全型式）")
        return t, Identity(maker=other.maker_ja, product=name, model="ZZ-1")

    return {
        'sibling product name ("Box 2" for "Box")': sibling_product,
        "sibling product name and model": sibling_product_and_model,
        "sibling model, right product name": sibling_model,
        "right number, sibling model": number_sibling_model,
        "right number, sibling product name, no model": number_sibling_product,
        "right model, another maker": other_maker,
        "right model, another version": other_version,
        "model with a one-letter error": one_letter,
        "right model, a number that is not listed": one_letter_in_number,
        "row without models": missing_model,
        "product name alone": name_only,
        "series name of another maker": series_other_maker,
    }


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


_HALF = str.maketrans(
    {
        "ア": "ｱ", "イ": "ｲ", "ウ": "ｳ", "エ": "ｴ", "ェ": "ｪ", "ギ": "ｷﾞ", "ク": "ｸ", "コ": "ｺ", "サ": "ｻ",
        "ジ": "ｼﾞ", "ス": "ｽ", "ト": "ﾄ", "ナ": "ﾅ", "ネ": "ﾈ", "バ": "ﾊﾞ", "マ": "ﾏ", "ャ": "ｬ", "ラ": "ﾗ",
        "ル": "ﾙ", "ロ": "ﾛ", "ン": "ﾝ", "ー": "ｰ", "ゲ": "ｹﾞ", "ユ": "ﾕ", "ニ": "ﾆ", "ッ": "ｯ",
    }
)  # fmt: skip


def labelled_kinds(world: World) -> dict[str, Callable[[], Made]]:  # noqa: C901  (one function a kind)
    """Makers of labelled devices in another spelling, by kind."""
    draw = world.draw

    def spelled(maker: Callable[[Truth], str], model: Callable[[str], str]) -> Callable[[], Made]:
        def made() -> Made:
            t = world.some("plain")
            return t, Identity(maker=maker(t), model=model(t.model))

        return made

    def as_is(text: str) -> str:
        return text

    def ja(t: Truth) -> str:
        return t.maker_ja

    def form(t: Truth) -> str:
        mark = draw.choice(("株式会社", "㈱", "(株)", "（株）", "株式会社 ", "㍿"))
        return draw.choice((mark + t.maker_ja, t.maker_ja + mark))

    def kanji(t: Truth) -> str:
        return t.maker_ja.replace("高", "髙").replace("崎", "﨑").replace("浜", "濱")

    def dashed(model: str) -> str:
        return "".join(draw.choice(_DASHES) if c == "-" else c for c in model)

    def english() -> Made:
        t = world.some("plain")
        while len(t.label.makers) == 1:
            t = world.some("plain")
        suffix = draw.choice(("", " Co., Ltd.", " Corporation", " Inc.", " K.K."))
        return t, Identity(maker=t.maker_en + suffix, model=t.model)

    def english_unprinted() -> Made:
        t = world.some("plain")
        while len(t.label.makers) == 2:  # noqa: PLR2004  (both languages printed)
            t = world.some("plain")
        return t, Identity(maker=t.maker_en, model=t.model)

    def number_and_model() -> Made:
        t = world.some("plain", "versions")
        return t, Identity(label=t.label.number, maker=t.maker_ja, model=t.model)

    def number_alone() -> Made:
        t = world.some("plain", "versions", "bare")
        return t, Identity(label=_wide(t.label.number or ""))

    def version() -> Made:
        t = world.some("versions")
        return t, Identity(
            maker=t.maker_ja, model=t.model, version=draw.choice(("Ver. 1.0", "1.1"))
        )

    def series() -> Made:
        t = world.some("series")
        name = t.label.products[0].removesuffix("シリーズ（全型式）")
        name = draw.choice((name, _wide(name), name.translate(_HALF), name + "シリーズ"))
        return t, Identity(maker=t.maker_ja, product=name, model=draw.choice((None, "ZZ-9")))

    return {
        "as printed": spelled(ja, as_is),
        "㈱, (株), 株式会社 before or after": spelled(form, as_is),
        "髙/高, 﨑/崎": spelled(kanji, as_is),
        "any of eleven dashes": spelled(ja, dashed),
        "full width and lower case": spelled(ja, lambda m: draw.choice((_wide(m), m.lower()))),
        "half-width kana": spelled(lambda t: t.maker_ja.translate(_HALF), as_is),
        "long-vowel mark left out": spelled(
            lambda t: t.maker_ja.replace("コントローラー", "コントローラ"), as_is
        ),
        "spaces in the maker": spelled(lambda t: f"{t.maker_ja[:2]} {t.maker_ja[2:]}", as_is),
        "English maker (printed on the list)": english,
        UNPRINTED: english_unprinted,
        "number and model": number_and_model,
        "number alone": number_alone,
        "version agrees": version,
        "series name of a label for the whole series": series,
    }


def _roman(world: World) -> Iterator[Made]:
    """Labels of their own: models with a Roman numeral, typed as one character or as letters."""
    numerals = (("Ⅱ", "II"), ("Ⅲ", "III"), ("Ⅳ", "IV"))
    for n in range(PER_KIND):
        one, letters = numerals[n % 3]
        truth = world.some("plain")
        printed, typed = (one, letters) if n % 2 else (letters, one)
        label = _with_model(truth, f"RN{printed}-{n}")
        yield label, Identity(maker=truth.maker_ja, model=f"RN{typed}-{n}")


def _with_model(truth: Truth, model: str) -> Truth:
    from dataclasses import replace  # noqa: PLC0415

    return replace(truth, label=replace(truth.label, models=(model,)), model=model)


@dataclass(frozen=True)
class Result:
    """The whole benchmark."""

    unlabelled: dict[str, Tally]
    labelled: dict[str, Tally]

    @property
    def wrong(self) -> int:
        """Wrong accepts of all kinds together: the figure that counts."""
        return sum(t.wrong for t in (*self.unlabelled.values(), *self.labelled.values()))


def run(per_kind: int = PER_KIND, seed: int = SEED) -> Result:
    """Draws the world, asks the matcher, and counts."""
    world = World(seed)
    index = Index(world.register)
    unlabelled = {
        name: _tally((make() for _ in range(per_kind)), index, labelled=False)
        for name, make in unlabelled_kinds(world).items()
    }
    labelled = {
        name: _tally((make() for _ in range(per_kind)), index, labelled=True)
        for name, make in labelled_kinds(world).items()
    }
    roman = list(_roman(world))[:per_kind]
    own = Index(Register(info=world.register.info, labels=tuple(truth.label for truth, _ in roman)))
    labelled["Roman numerals in a model"] = _tally(iter(roman), own, labelled=True)
    return Result(unlabelled, labelled)


def _tally(made: Iterator[Made], index: Index, *, labelled: bool) -> Tally:
    tally = Tally()
    for truth, identity in made:
        found = match(identity, index)
        tally.asked += 1
        right = False
        match found:
            case Accepted(labels=labels):
                right = truth.label in labels
                tally.accepted += 1
                if not labelled or not right:
                    tally.wrong += 1
                    tally.examples.append(f"{identity} → {labels[0].products}")
            case Candidates(labels=labels):
                right = truth.label in labels
            case Conflict(label=label):
                right = truth.label == label
            case _:
                pass
        tally.found += right
    return tally


def page(result: Result) -> str:
    """The published table."""
    asked = sum(tally.asked for tally in result.unlabelled.values())
    lines = [
        "# Benchmark of matching",
        "",
        "Generated by `python -m tools.matching_benchmark`; do not edit. Every maker, product and",
        "number in it is made up. Whether a device is labelled is known from how it was made, not",
        "from the matcher.",
        "",
        f"Seed {SEED}; a register of {LABELS:,} labels; {PER_KIND:,} devices of each kind.",
        "",
        f"**Wrong accepts: {result.wrong}** of {asked:,} unlabelled devices.",
        "",
        "## Devices that hold no label, or do not say enough to be one",
        "",
        "*Shown*: the label that the device resembles is named, as a conflict or as a candidate for",
        "a person to confirm.",
        "",
        "| kind | asked | wrong accepts | shown |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {name} | {t.asked:,} | {t.wrong} | {t.found / t.asked:.1%} |"
            for name, t in result.unlabelled.items()
        ),
        "",
        "## Labelled devices in another spelling",
        "",
        "*Recall*: accepted for the right label. *Found*: accepted or proposed.",
        "",
        "| kind | asked | wrong accepts | recall | found |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {name} | {t.asked:,} | {t.wrong} | {(t.accepted - t.wrong) / t.asked:.1%}"
            f" | {t.found / t.asked:.1%} |"
            for name, t in result.labelled.items()
        ),
        "",
        "A maker in a language that neither the list nor our table of names prints beside the model",
        "is a conflict with both names shown, and no accept.",
        "",
    ]
    return "\n".join(lines)


def files() -> dict[str, str]:
    """The page by its path below the repository, for `tools.generate`."""
    return {"docs/reference/matching-benchmark.md": page(run())}


if __name__ == "__main__":
    print(page(run()))
