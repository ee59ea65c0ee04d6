"""No switch that weakens: one tuple of checks runs at a site, and nothing there builds another."""

import ast
from pathlib import Path

import pytest

from sekisho.gate.guard.decide import CHECKS

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "sekisho"
HOME = SOURCE / "gate" / "guard" / "decide.py"
PASSED_ON = {"CHECKS", "checks", "_checks"}
ORDER = (
    "rate",
    "signature",
    "site",
    "session_sequence",
    "time",
    "permission",
    "interlock",
    "bounds",
    "budget",
)


def of_the_laboratory(path, tree):
    """The laboratory, and what is composed with it: import contracts keep both off a site."""
    if "lab" in path.relative_to(SOURCE).parts:
        return True
    modules = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    return any(m == "sekisho.lab" or m.startswith("sekisho.lab.") for m in modules)


def faults(path, text):
    """Whatever in this file could make a tuple of checks, or change the one there is."""
    tree = ast.parse(text)
    if of_the_laboratory(path, tree):
        return
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        named = node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)
        if isinstance(node, ast.Call) and _name(node.func) == "Check":
            yield f"{path}:{line} makes a check"
        if named == "CHECKS" and isinstance(node, ast.Name | ast.Attribute):
            parent = parents[node]
            passed = isinstance(parent, ast.keyword) or (
                isinstance(parent, ast.Call) and parent.func is not node
            )
            if not isinstance(node.ctx, ast.Load) or not passed:
                yield f"{path}:{line} does more with CHECKS than to pass it on"
        handed = _name(node.value) if isinstance(node, ast.keyword) else None
        if isinstance(node, ast.keyword) and node.arg == "checks" and handed not in PASSED_ON:
            yield f"{path}:{line} passes other checks"


def _name(node):
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)


def test_nothing_outside_the_laboratory_builds_another_tuple_of_checks():
    found = [
        fault
        for path in sorted(SOURCE.rglob("*.py"))
        if path != HOME
        for fault in faults(path, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_one_tuple_is_stated_once_in_full():
    tree = ast.parse(HOME.read_text(encoding="utf-8"))
    stores = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "CHECKS" and isinstance(node.ctx, ast.Store)
    ]
    assert len(stores) == 1
    assert tuple(check.name for check in CHECKS) == ORDER


@pytest.mark.parametrize(
    "text",
    [
        "CHECKS = ()",
        "decide.CHECKS = ()",
        "receive(x, CHECKS[1:])",
        "receive(x, tuple(c for c in CHECKS if c.name != 'time'))",
        "receive(x, checks=())",
        "checks = CHECKS + (Check('x', f),)",
    ],
)
def test_the_search_finds_what_it_looks_for(text):
    assert list(faults(SOURCE / "shell" / "gate" / "made_up.py", text))


@pytest.mark.parametrize(
    "text", ["receive(x, CHECKS)", "receive(x, checks=CHECKS)", "receive(x, checks=decide.CHECKS)"]
)
def test_passing_the_whole_guard_on_is_no_fault(text):
    assert not list(faults(SOURCE / "shell" / "gate" / "made_up.py", text))


def test_only_the_laboratory_is_left_out_of_the_search():
    text = "from sekisho.lab.weaker import without\nreceive(x, checks=without('time'))"
    assert not list(faults(SOURCE / "shell" / "cli" / "made_up.py", text))
    assert list(faults(SOURCE / "shell" / "cli" / "made_up.py", text.split("\n")[1]))
