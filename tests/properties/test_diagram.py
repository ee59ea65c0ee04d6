"""Whatever is declared, nothing on the diagram lies on anything else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.desk.diagram.drawing import diagram_svg
from sekisho.desk.diagram.parts import LabelNote
from sekisho.site.model import ExternalKind, Medium, Place, Role, Route
from sekisho.site.reader import read_site
from sekisho.terms.texts import Lang, same
from sekisho.terms.verdict import Verdict
from tests.drawing import read

HEAD = (
    '[site]\nid = "a"\nname = "試験"\narea = "tokyo"\nresource = "battery"\nvoltage = "high"\n'
    'rated_kw = 1\nowner = "private"\nwork = "new"\nworks_class = "business"\n'
)
names = st.text("北斗電機蓄池装置 ABCxyz-0129・", min_size=1, max_size=60).filter(str.strip)


@st.composite
def plants(draw):
    lines = [HEAD]
    ids = []
    for n in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(ExternalKind))
        lines.append(f'[[external]]\nid = "x{n}"\nkind = "{kind}"\n')
        ids.append((f"x{n}", False))
    for n in range(draw(st.integers(1, 9))):
        role, place = draw(st.sampled_from(Role)), draw(st.sampled_from(Place))
        count = draw(st.sampled_from([1, 1, 1, 2, 5]))
        model = draw(names)
        lines.append(
            f'[[device]]\nid = "d{n}"\nrole = "{role}"\nplace = "{place}"\n'
            f"count = {count}\nmodel = '{model}'\n"
        )
        ids.append((f"d{n}", True))
    for _ in range(draw(st.integers(0, 14))):
        one, other = draw(st.sampled_from(ids)), draw(st.sampled_from(ids))
        if one[0] == other[0] or not (one[1] or other[1]):
            continue
        medium, route = draw(st.sampled_from(Medium)), draw(st.sampled_from(Route))
        protocol = draw(
            st.sampled_from(["", 'protocol = "modbus-tcp"\n', 'protocol = "a b c d"\n'])
        )
        lines.append(
            f'[[link]]\nbetween = ["{one[0]}", "{other[0]}"]\nmedium = "{medium}"\n'
            f'route = "{route}"\n{protocol}'
        )
    return read_site("".join(lines), "site.toml")


@given(plants(), st.sampled_from(Lang), st.booleans())
@settings(max_examples=40, deadline=None)
def test_nothing_overlaps_and_everything_is_there(site, lang, noted):
    notes = None
    if noted:
        notes = {
            d.id: LabelNote(same("JC-STAR-2026-000123"), same("有効、2028-03-31 まで"), verdict)
            for d, verdict in zip(site.devices, list(Verdict) * 20, strict=False)
        }
    drawing = read(diagram_svg(site, notes, lang))
    assert drawing.faults() == []
    assert drawing.devices == {d.id for d in site.devices}
    assert min(drawing.sizes) >= 7
