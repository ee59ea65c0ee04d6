"""Which fault of shape each pydantic error tells of.

pydantic finds the faults and speaks to programmers. Here each of its error types gets a sentence
for the person who wrote the file: what is wrong, and the line to write.
"""

# ruff: noqa: ARG001  one signature for all that tell of a fault
from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from sekisho.site import values
from sekisho.site.faults import Fault, meant, nearest, quoted, together
from sekisho.site.forms import SITE
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import ErrorDetails

    from sekisho.site.forms import Forms
    from sekisho.site.locate import Path

    Teller = Callable[[Path, object, Mapping[str, Any], Forms], Fault]

T = TypeVar("T", bound=BaseModel)


def validated(
    model: type[T], value: object, faults: list[Fault], forms: Forms = SITE, within: Path = ()
) -> T | None:
    """A value read as its model; None where its shape is wrong, which is then among the faults.

    Args:
        model: what it should be.
        value: what TOML says.
        faults: those found so far.
        forms: the tables of the reader that asks.
        within: where the value stands in the file.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults += (_fault_of(e, forms, within) for e in error.errors(include_url=False))
        return None


def _fault_of(error: ErrorDetails, forms: Forms, within: Path) -> Fault:
    path: Path = (*within, *error["loc"])
    kind = error["type"]
    if path[-1] == "[key]":
        return _bad_key_name(path[:-1])
    if "between" in path and kind in {"missing", "too_long", "tuple_type"}:
        return _two_ends(path)
    if kind == "string_pattern_mismatch" and (path[-1] in {"id", "device"} or "between" in path):
        tell: Teller = values.bad_id
    else:
        tell = _TELLERS.get(kind, _otherwise)
    return tell(path, error["input"], error.get("ctx", {}), forms)


def _otherwise(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    return Fault(
        path,
        Text("{key} の値が使えません: {value}", "{key} cannot be this: {value}").fill(
            key=path[-1], value=quoted(value)
        ),
        forms.as_in(path),
    )


def _missing(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    key = str(path[-1])
    if len(path) == 1:
        return Fault(
            path,
            Text("[{key}] の表がありません。", "There is no table [{key}].").fill(key=key),
            forms.whole,
        )
    return Fault(
        path,
        Text("{table} に {key} がありません。", "{table} has no {key}.").fill(
            table=forms.table_name(path), key=key
        ),
        forms.as_in(path),
    )


def _unknown_key(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    key = str(path[-1])
    if len(path) == 1:
        known = forms.known
        headers = ", ".join(forms.table_name((k,)) for k in known)
        return Fault(
            path,
            Text("{key} という表・キーはありません。", "There is no table or key {key}.").fill(
                key=quoted(key)
            ),
            together(
                meant(key, known),
                Text("使える表: {headers}", "Allowed tables: {headers}").fill(headers=headers),
            ),
        )
    table = forms.table(path)
    known = tuple(table.model_fields) if table is not None else ()
    elsewhere = [name for name, other in forms.tables.items() if key in other.model_fields]
    if nearest(key, known) is None and elsewhere:
        hint = Text("{key} は {table} の中に書いてください。", "{key} belongs in {table}.").fill(
            key=key, table=forms.table_name((elsewhere[0],))
        )
    else:
        hint = meant(key, known)
    return Fault(
        path,
        Text("{table} に {key} というキーはありません。", "{table} has no key {key}.").fill(
            table=forms.table_name(path), key=quoted(key)
        ),
        together(
            hint, Text("使えるキー: {keys}", "Allowed keys: {keys}").fill(keys=", ".join(known))
        ),
    )


def _bad_key_name(path: Path) -> Fault:
    return Fault(
        path,
        Text(
            "キー「{key}」に使えない文字があります。",
            'The key "{key}" has characters that a key cannot have.',
        ).fill(key=quoted(path[-1])),
        Text(
            "キーは半角の英数字・-・_ で64字まで書いてください(例: security_manager)。",
            "Write it in ASCII letters, digits, - and _, at most 64 (security_manager).",
        ),
    )


def _too_many(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    return Fault(
        path,
        Text("{key} が多すぎます。", "{key} has too many entries.").fill(key=path[-1]),
        Text(
            "{most} 件までにしてください。1サイトは1つの連系点ごとに分けてください。",
            "Keep to {most}; one site file describes one point of connection.",
        ).fill(most=context["max_length"]),
    )


def _two_ends(path: Path) -> Fault:
    return Fault(
        path,
        Text("between は両端の id を2つ書きます。", "between names exactly two ends."),
        Text('例: between = ["gw-1", "agg"]', 'Write, for example: between = ["gw-1", "agg"]'),
    )


def _wrong_form(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    name = str(path[0])
    if len(path) == 1 or (len(path) == 2 and name in forms.arrays):  # noqa: PLR2004  [[name]] position
        header = forms.table_name((name,))
        return Fault(
            path,
            Text("{name} の書き方が違います。", "{name} is written in the wrong form.").fill(
                name=name
            ),
            Text(
                "見出し {header} の下に「キー = 値」を書いてください。",
                "Write key = value lines under the header {header}.",
            ).fill(header=header),
        )
    if name == "attestations":
        return Fault(
            path,
            Text(
                "attestations.{key} には日付と文書が要ります。",
                "attestations.{key} needs a date and a document.",
            ).fill(key=quoted(path[-1])),
            Text(
                '例: {key} = {{ date = 2026-10-01, document = "docs/{key}.pdf" }}',
                'Write, for example: {key} = {{ date = 2026-10-01, document = "docs/{key}.pdf" }}',
            ).fill(key=quoted(path[-1])),
        )
    return Fault(
        path,
        Text("{key} は […] の並びで書きます。", "{key} is a list.").fill(key=path[-1]),
        forms.as_in(path),
    )


_TELLERS: Mapping[str, Teller] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "enum": values.unknown_word,
    "string_pattern_mismatch": values.bad_text,
    "string_too_long": values.too_long,
    "too_long": _too_many,
    "float_type": values.not_a_number,
    "int_type": values.not_a_number,
    "finite_number": values.not_a_number,
    "greater_than": values.out_of_bounds,
    "greater_than_equal": values.out_of_bounds,
    "less_than_equal": values.out_of_bounds,
    "bool_type": values.not_a_truth,
    "date_type": values.not_a_date,
    "string_type": values.not_text,
    "tuple_type": _wrong_form,
    "list_type": _wrong_form,
    "model_type": _wrong_form,
    "dict_type": _wrong_form,
}
