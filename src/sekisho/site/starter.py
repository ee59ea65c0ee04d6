"""The commented starter file of `sekisho site new`.

Its comments are made from the models and the enumerations, so that they cannot fall behind: every
key of the document appears, every closed set is listed with the meaning of each word. It is itself
a valid site file; what the owner cannot know yet is a commented line to fill in.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, get_args

from sekisho.site.forms import TABLES, example
from sekisho.site.words import MILESTONE_TEXTS, WORD_TEXTS
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sekisho.terms.texts import Lang

_TOP = (
    Text(
        "サイトファイル: 1つの連系点と、その構内・接続先のすべてを書きます。",
        "Site file: one point of connection, all behind it, and what it talks to.",
    ),
    Text(
        "見本の値を自分の計画に書き換え、# の行は分かったものから # を外して埋めてください。",
        "Replace the sample values by your own; take the # off a line once you can fill it in.",
    ),
    Text(
        "書かない項目は「不明」です。不明のままでは判定が「判定不能」になることがあります。",
        "What is left out is unknown, and what is unknown can leave a verdict undetermined.",
    ),
    Text("見本の名称・番号は実在しません。", "The names and numbers of the sample are made up."),
    Text("確かめる: sekisho site check", "Check it: sekisho site check"),
)
_KEYS: Mapping[tuple[str, str], Text] = {
    ("site", "id"): Text(
        "短い名前。ファイル名にも使います(半角の英数字・-・_)。",
        "Short name, also used in file names (ASCII letters, digits, - and _).",
    ),
    ("site", "name"): Text("様式に書く名称。", "Name as on the forms."),
    ("site", "area"): Text("エリア。", "Area of OCCTO."),
    ("site", "resource"): Text("つなぐもの。", "What is connected."),
    ("site", "voltage"): Text("連系の電圧階級。", "Voltage class of the connection."),
    ("site", "rated_kw"): Text(
        "連系点の定格出力。kW の数だけを書きます。",
        "Rated output at the connection point: the number of kW alone.",
    ),
    ("site", "rated_kwh"): Text("定格容量(kWh)。", "Rated energy (kWh)."),
    ("site", "owner"): Text("所有者。", "Who buys."),
    ("site", "work"): Text("工事の種類。", "Kind of work."),
    ("site", "works_class"): Text("電気工作物の区分。", "Class of electrical works."),
    ("site", "self_consumption"): Text(
        "自家消費か(true / false)。", "For own use (true or false)."
    ),
    ("programmes", "joins"): Text("参加する制度。", "What the site joins."),
    ("attestations", "date"): Text(
        "義務を果たしたことを示す文書: キー = 日付と、このフォルダーからのパス。",
        "Documents that show a duty fulfilled: key = its day, and its path from this folder.",
    ),
    ("external", "id"): Text("接続で使う名前。", "Name used in links."),
    ("external", "kind"): Text("構外の相手。", "What it is, outside the site."),
    ("external", "name"): Text("名称。", "Its name."),
    ("device", "id"): Text("接続と報告書で使う名前。", "Name used in links and reports."),
    ("device", "role"): Text("制御システムでの役割。", "What it does in the control system."),
    ("device", "maker"): Text("メーカー。", "Maker."),
    ("device", "product"): Text("製品名。", "Product name."),
    ("device", "model"): Text("銘板の型番。", "Model number as on the nameplate."),
    ("device", "version"): Text("ファームウェアの版。", "Firmware version."),
    ("device", "label"): Text(
        "JC-STAR の登録番号。メーカーから番号を得てから書きます。",
        "JC-STAR registration number, once the maker has given it.",
    ),
    ("device", "speaks_ip"): Text(
        "IP で通信するか(true / false、不明なら書かない)。",
        "Communicates over IP (true or false; leave out if unknown).",
    ),
    ("device", "controls"): Text(
        "制御機能があるか(true / false、不明なら書かない)。",
        "Has a control function (true or false; leave out if unknown).",
    ),
    ("device", "introduced"): Text(
        "アグリゲーターの制御対象として新たに導入する日(ERAB)。",
        "Day on which it is newly taken under an aggregator's control (ERAB).",
    ),
    ("device", "bought"): Text("購入日。", "Day on which it was bought."),
    ("device", "count"): Text(
        "同じ機器の台数。n 台なら id.1 … id.n になります。",
        "How many alike; n become id.1 … id.n.",
    ),
    ("device", "pcs_class"): Text("PCS の種類。", "Class of a PCS."),
    ("device", "place"): Text("機能が動く場所。", "Where the function runs."),
    ("device", "jet"): Text(
        "JET認証の番号。表示だけで、適合ラベルの代わりにはなりません。",
        "JET certificate; shown, never counted as a label.",
    ),
    ("device", "contains"): Text(
        "適合ラベルのある内蔵部品。全体のラベルにはなりません。",
        "Labelled parts inside; they do not label the whole.",
    ),
    ("link", "between"): Text("両端の id。", "The ids of both ends."),
    ("link", "medium"): Text("伝送の種類。", "What it runs on."),
    ("link", "route"): Text("経路(書かなければ local)。", "Which way it takes (default: local)."),
    ("link", "protocol"): Text("プロトコル。", "Protocol."),
}
_NAMED = frozenset({"maker", "product", "model", "version", "label"})
_RARE = ("count", "pcs_class", "place", "jet", "contains")
_DEVICES = (
    ("gw-1", "gateway"),
    ("ems-1", "local-ems"),
    ("pcs-1", "pcs"),
    ("bms-1", "bms"),
)
_LINKS = (
    ("gw-1", "agg", "internet", "mqtt"),
    ("gw-1", "ems-1", "local", "modbus-tcp"),
    ("ems-1", "pcs-1", "local", "modbus-tcp"),
    ("ems-1", "bms-1", "local", "modbus-tcp"),
)


def starter(lang: Lang) -> str:
    """The starter file's text in one language."""
    lines = [*_remarks(_TOP, lang), ""]
    lines += [
        *_site(lang),
        "",
        *_dates(lang),
        "",
        "[programmes]",
        *_key("programmes", "joins", lang),
    ]
    lines += ["joins = []", "", *_attestations(lang), "", *_externals(lang), ""]
    lines += [*_devices(lang), *_links(lang)]
    return "\n".join(lines) + "\n"


def closed_set(table: str, key: str) -> type[StrEnum] | None:
    """The enumeration whose words a key allows, where it allows only some."""
    todo = [TABLES[table].model_fields[key].annotation]
    while todo:
        kind = todo.pop()
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return kind
        todo += get_args(kind)
    return None


def _remarks(texts: Iterable[Text], lang: Lang) -> Iterator[str]:
    yield from (f"# {text.says(lang)}" for text in texts)


def _key(table: str, key: str, lang: Lang) -> Iterator[str]:
    """What a key means, and the words it allows."""
    yield f"# {_KEYS[table, key].says(lang)}"
    words = closed_set(table, key)
    if words is not None:
        yield from (f"#   {word.value}: {WORD_TEXTS[words][word].says(lang)}" for word in words)


def _site(lang: Lang) -> Iterator[str]:
    yield "[site]"
    for key in TABLES["site"].model_fields:
        yield from _key("site", key, lang)
        line = example(("site", key))
        yield f"# {line}" if key in {"rated_kwh", "self_consumption"} else line


def _dates(lang: Lang) -> Iterator[str]:
    yield "[dates]"
    yield from _remarks(
        [
            Text(
                "分かる日付だけを YYYY-MM-DD で書きます(引用符なし)。",
                "Only the days you know, as YYYY-MM-DD without quotes.",
            )
        ],
        lang,
    )
    for milestone, text in MILESTONE_TEXTS.items():
        yield f"# {example(('dates', milestone.value))}  # {text.says(lang)}"


def _attestations(lang: Lang) -> Iterator[str]:
    yield "[attestations]"
    yield from _key("attestations", "date", lang)
    yield (
        f"# security_manager = {{ {example(('attestations', 'date'))}, "
        f"{example(('attestations', 'document'))} }}"
    )


def _externals(lang: Lang) -> Iterator[str]:
    yield "[[external]]"
    for key in ("id", "kind", "name"):
        yield from _key("external", key, lang)
        line = example(("external", key))
        yield f"# {line}" if key == "name" else line


def _devices(lang: Lang) -> Iterator[str]:
    for at, (name, role) in enumerate(_DEVICES):
        yield "[[device]]"
        own = {"id": f'id = "{name}"', "role": f'role = "{role}"'}
        for key in TABLES["device"].model_fields:
            if at > 0 and key in _RARE:
                continue
            if at == 0:
                yield from _key("device", key, lang)
            yield own.get(key, f"# {_sample(key, first=at == 0)}")
        yield ""


def _sample(key: str, *, first: bool) -> str:
    """How a key of a device is written; the first device shows a sample, the others a gap."""
    return f'{key} = "…"' if key in _NAMED and not first else example(("device", key))


def _links(lang: Lang) -> Iterator[str]:
    for at, (one, other, route, protocol) in enumerate(_LINKS):
        yield "[[link]]"
        own = {
            "between": f'between = ["{one}", "{other}"]',
            "medium": 'medium = "ip"',
            "route": f'route = "{route}"',
            "protocol": f'protocol = "{protocol}"',
        }
        for key, line in own.items():
            if at == 0:
                yield from _key("link", key, lang)
            yield line
        yield ""
