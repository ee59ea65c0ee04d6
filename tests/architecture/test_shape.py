"""A function fits a screen, and a module has one reason to change: lines are counted, exceptions named.

Lines are counted as they stand, signature and docstring included. Whatever is longer stands in one of the
two lists below with its reason, and leaves the list when it has become shorter: a function that fits, a
module of a usual size.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COUNTED = ("src", "tools")
MOST_FUNCTION = 50
"""A screen."""
MOST_MODULE = 350
USUAL_MODULE = 300
"""What most modules stay under; the rest are at most one in so many."""
ONE_IN = 20

LONG_FUNCTIONS = {
    "src/sekisho/codec/sunspec/discovery.py:discover": "the walk over the models, step by step as the "
    "specification tells it",
    "src/sekisho/gate/cycle/meter.py:watched": "one look's arithmetic in its order, and what may not be concluded",
    "src/sekisho/gate/cycle/tick.py:_released": "one tick's arithmetic in its order; every step rests on the one before",
    "src/sekisho/shell/gate/north.py:North.__init__": "names every collaborator and every field",
    "tools/bench_guard.py:bench_gate": "one made-up gate, a line for each of its parts",
    "tools/generated/journal_sample.py:story": "one made-up afternoon, an entry a line",
}
LONG_MODULES = {
    "src/sekisho/shell/gate/store.py": "one store: its queue, its thread and its commits are one order",
    "src/sekisho/shell/gate/worker.py": "one device's task: what is asked of it, in which order, and what is known of it",
    "tools/mutants.py": "a flat list of faults, each its own, and the few lines that plant them",
    "tools/bench_guard.py": "one benchmark, told in one place with its conditions",
}


def functions(tree):
    """Qualified name and lines of every function, those within others and within classes too."""

    def within(node, path):
        for child in ast.iter_child_nodes(node):
            inner = path
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = [*path, child.name]
                if not isinstance(child, ast.ClassDef):
                    yield ".".join(inner), (child.end_lineno or 0) - child.lineno + 1
            yield from within(child, inner)

    yield from within(tree, [])


def counted():
    for folder in COUNTED:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def long_functions(name, text):
    """The functions of a module that do not fit a screen."""
    return {f"{name}:{at}": n for at, n in functions(ast.parse(text)) if n > MOST_FUNCTION}


def told(found, exceptions, needing=None):
    """What is too long and has no reason, and which reasons have nothing that needs them."""
    needing = found if needing is None else needing
    more = [f"{at}: {lines} lines" for at, lines in found.items() if at not in exceptions]
    idle = [f"{at}: an exception that nothing needs" for at in exceptions if at not in needing]
    return sorted(more + idle)


def test_a_function_fits_a_screen_or_says_why_not():
    found: dict[str, int] = {}
    for name, text in counted():
        found |= long_functions(name, text)
    assert told(found, LONG_FUNCTIONS) == []


def test_a_module_stays_small_or_says_why_not():
    lines = {name: len(text.splitlines()) for name, text in counted()}
    found = {name: n for name, n in lines.items() if n > MOST_MODULE}
    large = sorted(name for name, n in lines.items() if n > USUAL_MODULE)
    assert told(found, LONG_MODULES, large) == []
    assert len(large) * ONE_IN <= len(lines), large


def test_every_exception_gives_its_reason():
    assert all(len(why.split()) > 3 for why in (LONG_FUNCTIONS | LONG_MODULES).values())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f():\n" + "    x = 1\n" * 50, ["m.py:f"]),
        ("async def f():\n" + "    x = 1\n" * 50, ["m.py:f"]),
        ('def f(\n    a,\n):\n    """One."""\n' + "    x = 1\n" * 47, ["m.py:f"]),
        ("class C:\n    def f(self):\n" + "        x = 1\n" * 50, ["m.py:C.f"]),
        ("if True:\n    def f():\n" + "        x = 1\n" * 50, ["m.py:f"]),
        ("def f():\n    def g():\n" + "        x = 1\n" * 50, ["m.py:f", "m.py:f.g"]),
        ("def f():\n" + "    x = 1\n" * 49, []),
        ("x = 1\n" * 51, []),
    ],
)
def test_the_count_sees_what_is_longer_than_a_screen(text, names):
    assert sorted(long_functions("m.py", text)) == names


def test_an_exception_that_nothing_needs_is_told_as_well_as_what_has_none():
    assert told({"m.py:f": 51}, {"m.py:g": "once it was long"}) == [
        "m.py:f: 51 lines",
        "m.py:g: an exception that nothing needs",
    ]
