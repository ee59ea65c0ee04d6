"""Names of makers in two languages, so that a nameplate in one finds a list in the other.

Taken from the pairs that the two language editions of one published excerpt of the list print for
the same rows (https://www.scix.co.jp/column-jcstar and https://www.scix.co.jp/en/column-jcstar,
edition of June/July 2026). Only names of the same legal person are paired: a parent company is not
its Japanese subsidiary.
"""

from __future__ import annotations

from sekisho.register.normalise import maker_key

_PAIRS = (
    ("富士電機", "Fuji Electric"),
    ("日新電機", "Nissin Electric"),
    ("ダイヘン", "DAIHEN"),
    ("東芝三菱電機産業システム", "TMEIC", "TMEIC（東芝三菱電機産業システム）"),
    ("住友電工", "住友電気工業", "Sumitomo Electric", "Sumitomo Electric Industries"),
    ("GSユアサ", "GS Yuasa"),
    ("京セラ", "Kyocera"),
    ("エリーパワー", "Eliiy Power"),
    ("ハンファジャパン", "Hanwha Japan"),
    ("パワーエックス", "PowerX"),
    ("日本碍子", "日本ガイシ", "NGK Insulators"),
    ("本田技研", "本田技研工業", "Honda", "Honda Motor"),
    ("サフトジャパン", "Saft Japan"),
    ("デジタルグリッド", "Digital Grid"),
    ("オムロン ソーシアルソリューションズ", "OMRON Social Solutions"),
    ("三菱電機", "Mitsubishi Electric"),
    ("日鉄ソリューションズ", "NS Solutions"),
    ("フィールドロジック", "Field Logic"),
    ("国際電気", "Kokusai Electric"),
    ("しろくま電力", "Shirokuma Power"),
    ("エナジーフロー", "Energy Flow"),
    ("日新システムズ", "Nissin Systems"),
    ("熙特爾新能源", "SEETEL", "熙特爾新能源（SEETEL）"),
    ("ニシム電子工業", "Nishimu Electronics"),
    ("丸紅新電力", "Marubeni New Power"),
    ("バッファロー", "Buffalo"),
    ("アクシスコミュニケーションズ", "Axis Communications"),
    ("センチュリー・システムズ", "Century Systems"),
)

_CANONICAL = {maker_key(name): maker_key(names[0]) for names in _PAIRS for name in names}


def one_maker(key: str) -> str:
    """The key that stands for all names of a maker that we know; the key itself for others."""
    return _CANONICAL.get(key, key)
