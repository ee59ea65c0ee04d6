"""Documents that use every kind of block. All names are made up."""

from sekisho.present.document import (
    Banner,
    Block,
    Bullets,
    Cell,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)
from sekisho.present.verdicts import verdict_cell
from sekisho.terms.texts import Lang
from sekisho.terms.verdict import Verdict

SVG = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 80">'
    '<rect x="1" y="1" width="598" height="78" fill="#f6f7f9" stroke="#23425f"/>'
    '<text x="20" y="48" font-size="18" font-family="IPAexGothic">'
    "ゲートウェイ GW-1 😀&#x1F600;</text></svg>"
)

HOSTILE = "<script>alert(1)</script> \"' #eval(1) $x$ *b* _i_ \x1b[31m \u202eexe 😀 葛󠄀 =1+1 {{7*7}}"


def document_of(*blocks: Block, title: str = "題", lang: str = "ja") -> Document:
    """A document of these blocks."""
    return Document(title, "", lang, "", tuple(blocks))


def full(name: str = "釧路蓄電所") -> Document:
    """Every kind of block, with a name wherever a name may stand."""
    row = (
        Cell(name),
        verdict_cell(Verdict.BROKEN, Lang.JA),
        Cell(f"2026-06-01 の JC-STAR のリストに {name} はない。\n二行目"),
    )
    return Document(
        f"{name}: 判定",
        f"{name} 2026-11-22 現在",
        "ja",
        f"製品リスト {name}",
        (
            Banner(Verdict.BROKEN, f"× 不充足 {name}", f"{name} に有効なラベルがない。"),
            Heading(1, f"規則 {name}"),
            Heading(2, f"細目 {name}"),
            Heading(3, f"小目 {name}"),
            Paragraph(f"本文 {name}"),
            Paragraph(f"注記 {name}", small=True),
            Bullets((f"一 {name}", f"二 {name}")),
            Table(("対象", "判定", f"理由 {name}"), (row, row), (2, 1, 4), f"判定表 {name}"),
            PageBreak(),
            Picture(SVG, f"構成図 {name}"),
        ),
    )
