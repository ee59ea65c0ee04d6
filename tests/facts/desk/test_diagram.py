"""The system diagram: everything is on it, and nothing lies on anything else."""

from pathlib import Path

import pytest

from sekisho.desk.diagram.drawing import diagram_svg
from sekisho.desk.diagram.faces import DASHES, PENS
from sekisho.desk.diagram.parts import LabelNote, plan_of
from sekisho.desk.diagram.sheet import A4
from sekisho.present.verdicts import LOOKS
from sekisho.site.model import Medium, Route
from sekisho.site.reader import read_site
from sekisho.terms.texts import Lang, Text, same
from sekisho.terms.verdict import VERDICT_SIGNS, Verdict
from tests.drawing import read

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*/site.toml"))
HEAD = (
    '[site]\nid = "a"\nname = "試験"\narea = "tokyo"\nresource = "battery"\nvoltage = "high"\n'
    'rated_kw = 1\nowner = "private"\nwork = "new"\nworks_class = "business"\n'
)


def _site(path):
    return read_site(path.read_text(encoding="utf-8"), str(path))


def _notes(site):
    return {
        d.id: LabelNote(same(f"NUMBER-{at:04}"), Text("有効、2028-03-31 まで", "valid"), verdict)
        for at, d in enumerate(site.devices)
        for verdict in [list(Verdict)[at % 4]]
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.parent.name)
@pytest.mark.parametrize("lang", Lang)
def test_every_sample_is_drawn_whole_on_a4(path, lang):
    site = _site(path)
    drawing = read(diagram_svg(site, _notes(site), lang))
    assert drawing.devices == {d.id for d in site.devices}
    assert drawing.externals == {e.id for e in site.externals}
    assert drawing.faults() == []
    assert min(drawing.sizes) >= 7
    assert (drawing.page.right, drawing.page.bottom) == A4


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.parent.name)
def test_every_number_and_state_is_on_the_drawing(path):
    site = _site(path)
    notes = {
        d.id: LabelNote(same(f"N-{d.role}"), Text(f"状態{d.role}", f"state {d.role}"), Verdict.MET)
        for d in site.devices
    }
    words = read(diagram_svg(site, notes, Lang.JA)).words
    for device in site.devices:
        assert f"登録番号 N-{device.role}" in words
        assert f"○ 状態{device.role}" in words


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.parent.name)
def test_every_link_is_drawn_with_medium_and_route_in_words(path):
    site = _site(path)
    drawing = read(diagram_svg(site, None, Lang.EN))
    wires = plan_of(site, None).wires
    assert sum(w.count for w in wires) == len(site.links)
    assert len(drawing.links) == len(wires)
    for link, wire in zip(drawing.links, wires, strict=True):
        assert (link["medium"], link["route"]) == (wire.medium, wire.route)
        assert link["dash"] == DASHES[wire.medium]
    assert all(words.strip() for words in (t.what for t in drawing.wire_texts))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.parent.name)
def test_a_wire_that_can_be_straight_has_no_jog(path):
    for _, stretch in read(diagram_svg(_site(path), None, Lang.JA)).segments:
        length = stretch.right - stretch.left + stretch.bottom - stretch.top
        assert length > 3


def test_media_differ_by_their_dash_and_routes_by_their_weight():
    assert len(set(DASHES.values())) == len(Medium)
    assert len({pen.thick for pen in PENS.values()}) == len(Route)


def test_devices_of_one_count_are_one_box_and_a_device_that_differs_is_not():
    text = HEAD + (
        '[[device]]\nid = "p"\nrole = "pcs"\ncount = 12\n'
        '[[device]]\nid = "e"\nrole = "local-ems"\n'
        '[[link]]\nbetween = ["p", "e"]\nmedium = "ip"\n'
    )
    site = read_site(text, "x")
    drawing = read(diagram_svg(site, None, Lang.EN))
    assert len(drawing.boxes) == 2
    assert drawing.devices == {d.id for d in site.devices}
    assert "p.1–12 ×12" in drawing.words
    assert "×12" in drawing.links[0]["words"]
    notes = {site.devices[4].id: LabelNote(None, Text("別", "other"), Verdict.BROKEN)}
    assert len(read(diagram_svg(site, notes, Lang.EN)).boxes) == 3


def test_pairs_stay_pairs():
    text = HEAD + (
        '[[device]]\nid = "p"\nrole = "pcs"\ncount = 3\n[[device]]\nid = "b"\nrole = "bms"\ncount = 3\n'
        + "".join(f'[[link]]\nbetween = ["p.{n}", "b.{n}"]\nmedium = "can"\n' for n in (1, 2, 3))
    )
    assert [w.count for w in plan_of(read_site(text, "x"), None).wires] == [3]


def test_without_a_register_nothing_is_said_of_labels():
    site = _site(EXAMPLES[0])
    svg = diagram_svg(site, None, Lang.JA)
    assert "未照合" in svg
    assert not any(VERDICT_SIGNS[v] + " " in svg for v in Verdict)
    assert not any(LOOKS[v].tint in svg for v in Verdict)


def test_the_same_site_is_the_same_drawing():
    site = _site(EXAMPLES[0])
    assert diagram_svg(site, _notes(site), Lang.JA) == diagram_svg(site, _notes(site), Lang.JA)


def test_a_long_name_is_cut_with_an_ellipsis_and_stands_whole_in_the_title():
    name = "とても長い名前の系統用蓄電池パワーコンディショナ" * 6
    text = HEAD + f'[[device]]\nid = "p"\nrole = "pcs"\nproduct = "{name}"\nmodel = "M-1"\n'
    svg = diagram_svg(read_site(text, "x"), None, Lang.JA)
    assert read(svg).faults() == []
    assert "…</text>" in svg
    assert name in svg.split("<title>")[2]


def test_hostile_names_stay_text():
    name = "</text><script>alert(1)</script>&\\\"'"
    text = HEAD + f"[[device]]\nid = \"p\"\nrole = \"pcs\"\nmodel = '''{name}'''\n"
    svg = diagram_svg(read_site(text, "x"), None, Lang.JA)
    assert "<script" not in svg
    assert "alert(1)" in read(svg).words


def test_a_site_without_devices_says_so():
    svg = diagram_svg(read_site(HEAD, "x"), None, Lang.EN)
    assert "No device is declared." in svg


def _devices(name, role, count=1):
    return f'[[device]]\nid = "{name}"\nrole = "{role}"\ncount = {count}\nmodel = "M-{name}"\n'


def _link(one, other, medium="ip", route="local", protocol="modbus-tcp"):
    return (
        f'[[link]]\nbetween = ["{one}", "{other}"]\nmedium = "{medium}"\nroute = "{route}"\n'
        f'protocol = "{protocol}"\n'
    )


def test_forty_devices_in_seven_lanes_are_drawn_on_a4():
    outside = {"agg": "aggregator", "tso": "tso", "maker": "maker-cloud"}
    text = HEAD + "".join(f'[[external]]\nid = "{i}"\nkind = "{k}"\n' for i, k in outside.items())
    singles = {"gw": "gateway", "rt": "router", "fw": "firewall", "ems": "local-ems"}
    singles |= {"ocu": "output-control-unit", "meter": "meter", "conv": "protocol-converter"}
    text += "".join(_devices(name, role) for name, role in singles.items())
    groups = {"pcs-a": "pcs", "pcs-b": "pcs", "bms-a": "bms", "bms-b": "bms", "c": "cell-pack"}
    text += "".join(_devices(name, role, 7) for name, role in groups.items())
    text += _link("gw", "agg", route="vpn", protocol="mqtt")
    text += _link("rt", "maker", route="internet", protocol="https")
    text += _link("ocu", "tso", route="dedicated-line") + _link("gw", "fw") + _link("rt", "fw")
    text += _link("gw", "ems") + _link("ems", "ocu", "serial") + _link("ems", "meter", "serial")
    text += _link("ems", "conv") + _link("conv", "pcs-a", "serial") + _link("ems", "pcs-b")
    text += _link("bms-a", "pcs-a", "can") + _link("bms-b", "pcs-b", "can") + _link("ems", "bms-b")
    text += _link("c", "bms-a", "can")
    site = read_site(text, "x")
    assert len(site.devices) == 42
    drawing = read(diagram_svg(site, None, Lang.JA))
    assert (drawing.page.right, drawing.page.bottom) == A4
    assert drawing.faults() == []
    assert drawing.devices == {d.id for d in site.devices}


def test_a_plant_too_large_for_a4_names_its_paper():
    text = HEAD + "".join(
        f'[[device]]\nid = "p{n}"\nrole = "pcs"\nmodel = "{n}"\n' for n in range(90)
    )
    svg = diagram_svg(read_site(text, "x"), None, Lang.EN)
    drawing = read(svg)
    assert drawing.page.right > A4[0]
    assert drawing.faults() == []
    assert "paper is A3 " in drawing.words


def test_the_gates_tables_never_reach_the_drawing():
    text = HEAD + '[north]\nbroker = "203.0.113.77"\n'
    assert "203.0.113.77" not in diagram_svg(read_site(text, "x"), None, Lang.EN)
