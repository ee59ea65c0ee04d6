"""A made-up register for the benchmark of matching: makers, products and models, drawn from one seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from sekisho.register.model import Label, LabelStatus, ListInfo, Register
from sekisho.site.model import Identity

SEED = 20_261_122
LABELS = 1_200
_STEMS_JA = ("北斗", "白樺", "霧島", "青葉", "南十字", "天城", "暁", "磐梯", "瑞穂", "雲仙", "高砂", "山崎",
             "高橋", "富士見", "浅間", "筑波", "石狩", "最上", "千曲", "四万十")  # fmt: skip
_STEMS_EN = ("Hokuto", "Shirakaba", "Kirishima", "Aoba", "Minamijuji", "Amagi", "Akatsuki", "Bandai",
             "Mizuho", "Unzen", "Takasago", "Yamazaki", "Takahashi", "Fujimi", "Asama", "Tsukuba",
             "Ishikari", "Mogami", "Chikuma", "Shimanto")  # fmt: skip
_TRADES = (("電機", "Electric"), ("制御", "Controls"), ("エナジー", "Energy"),
           ("コントローラー", "Controller"), ("ゲートウェイ", "Gateway"), ("電力変換", "Power"))  # fmt: skip
_PRODUCTS = ("蓄電池用PCS", "ゲートウェイ", "コントローラー", "Power Box", "エネルギーマネージャー",
             "Storage Cube", "BMSユニット", "現地EMS", "Grid Link", "計測サーバー")  # fmt: skip
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Truth:
    """One registered product, as the generator made it."""

    label: Label
    maker_ja: str
    maker_en: str
    form: str
    model: str
    """One of the label's models, as made; "" where the row names none."""


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
        family = "".join(draw.choices(LETTERS, k=draw.choice((2, 3))))
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
            middle = "".join(self.draw.choices(LETTERS, k=self.draw.choice((0, 1, 2))))
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
            letter = self.draw.choice(LETTERS + "0123456789")
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
"""A device, and the registered product that it is or resembles."""
