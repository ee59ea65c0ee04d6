"""Finding the list's header, and saying what to do about headers that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.register.columns import Field, Header, find_header, guess, header_key, likely_header
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.sheet import Book, Sheet, cell_text, place
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.register.list_rows import Warnings


def sheet_with_list(book: Book, mapping: Mapping[str, Field]) -> tuple[Sheet, Header]:
    """The sheet that looks most like the list, and its header.

    Raises:
        InputError: no sheet has a header that is known.
    """
    found = [(s, h) for s in book.sheets if (h := find_header(s, mapping)) is not None]
    if found:
        return max(found, key=lambda pair: (len(pair[1].known), len(pair[0].rows)))
    for sheet in book.sheets:
        row = likely_header(sheet)
        if row is not None:
            names = tuple(cell_text(cell) for cell in sheet.rows[row])
            header = Header(row + 1, row, names, (None,) * len(names))
            raise InputError(*_unknown_headers(book, sheet, header, _NEEDED))
    raise InputError(
        Problem(
            book.name,
            Text("表が見つかりません。", "There is no table in this file."),
            Text(
                "適合ラベル取得製品リストの Excel か CSV を指定してください。",
                "Give the Excel or CSV file of the list of labelled products.",
            ),
        )
    )


_NEEDED = (Field.NUMBER, Field.MAKER, Field.PRODUCT, Field.MODEL, Field.STATUS, Field.EXPIRES)
_FIELD_TEXTS = {
    Field.NUMBER: Text("登録番号", "registration number"),
    Field.MAKER: Text("事業者名", "maker"),
    Field.PRODUCT: Text("製品名", "product name"),
    Field.MODEL: Text("型番", "model number"),
    Field.STATUS: Text("状態", "status"),
    Field.EXPIRES: Text("有効期限", "expiry"),
}


def require_columns(book: Book, sheet: Sheet, header: Header, warnings: Warnings) -> None:
    """Warns of needed columns that the file does not have.

    Raises:
        InputError: one is missing and there are headers that nobody knows, or the file cannot do
            without it.
    """
    missing = [wanted for wanted in _NEEDED if wanted not in header.known]
    if not missing:
        return
    unknown = _unknown_headers(book, sheet, header, missing)
    if unknown:
        raise InputError(*unknown)
    names = listed(_FIELD_TEXTS[name] for name in missing)
    what = Text("列がありません: {names}", "there is no column for: {names}").fill(names=names)
    if Field.MAKER in missing or {Field.NUMBER, Field.PRODUCT, Field.MODEL} <= set(missing):
        remedy = Text(
            "事業者名と、登録番号・製品名・型番のいずれかの列が要ります。",
            "A column for the maker and one for the number, the product or the model are needed.",
        )
        raise InputError(Problem(place(book, sheet, header.row, 0), what, remedy))
    warnings.add(
        header.row,
        0,
        what,
        Text("その項目は不明として扱います。", "These are taken as unknown."),
    )


def _unknown_headers(
    book: Book, sheet: Sheet, header: Header, missing: Sequence[Field]
) -> list[Problem]:
    problems = []
    left = list(missing)
    for column, (name, known) in enumerate(zip(header.names, header.fields, strict=True)):
        if known is None and header_key(name):
            shown = " ".join(name.split()).replace("\\", "\\\\").replace('"', '\\"')
            offered = guess(name, left)
            left = [other for other in left if other is not offered]
            problems.append(
                Problem(
                    place(book, sheet, header.row, column),
                    Text(
                        "見出し「{name}」の意味が分かりません(見つからない列: {missing})。",
                        'The header "{name}" is not known (still missing: {missing}).',
                    ).fill(name=shown, missing=listed(_FIELD_TEXTS[m] for m in missing)),
                    Text(
                        "--mapping のファイルの [headers] に次の行を加えてください: {line}"
                        '(関係のない列なら "ignore")。',
                        "Add this line under [headers] in the file given with --mapping: {line}"
                        ' (or "ignore" where the column does not matter).',
                    ).fill(line=f'"{shown}" = "{offered}"'),
                )
            )
    return problems
