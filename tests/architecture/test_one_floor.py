"""No switch that lets an old version in: one tuple of floors, and nothing at a site builds another."""

import ast
from pathlib import Path

import pytest

from sekisho.gate.update.admit import FLOORS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sekisho"
HOME = SOURCE / "gate" / "update" / "admit.py"
ORDER = ("model", "highest", "installed", "minimum", "failed")


def faults(path, text):
    """Whatever in this file could make a floor, or change the tuple there is."""
    if "lab" in path.relative_to(SOURCE).parts:
        return
    tree = ast.parse(text)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Call) and _name(node.func) == "Floor":
            yield f"{path}:{line} makes a floor"
        if isinstance(node, ast.Name | ast.Attribute) and _name(node) == "FLOORS":
            parent = parents[node]
            passed = isinstance(parent, ast.keyword) or (
                isinstance(parent, ast.Call) and parent.func is not node
            )
            if not isinstance(node.ctx, ast.Load) or not passed:
                yield f"{path}:{line} does more with FLOORS than to pass it on"
        if isinstance(node, ast.keyword) and node.arg == "floors" and _name(node.value) != "FLOORS":
            yield f"{path}:{line} passes other floors"


def _name(node):
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)


def test_nothing_outside_the_laboratory_builds_another_tuple_of_floors():
    found = [
        fault
        for path in sorted(SOURCE.rglob("*.py"))
        if path != HOME
        for fault in faults(path, path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert tuple(floor.name for floor in FLOORS) == ORDER


@pytest.mark.parametrize(
    "text",
    [
        "FLOORS = ()",
        "updating(place, gate, time, FLOORS[1:])",
        "updating(place, gate, time, tuple(f for f in FLOORS if f.name != 'highest'))",
        "updating(place, gate, time, floors=())",
        "f = Floor('x', ask)",
    ],
)
def test_the_search_finds_what_it_looks_for(text):
    assert list(faults(SOURCE / "shell" / "cli" / "made_up.py", text))


def test_passing_the_whole_tuple_on_is_no_fault():
    assert not list(faults(SOURCE / "shell" / "cli" / "made_up.py", "updating(a, b, c, FLOORS)"))
