"""Of the shipped program only `attack` and `demo` know the laboratory, and load it when they run."""

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sekisho"
LABORATORY = ("sekisho.lab", "sekisho.shell.lab")
MAY = {"shell/cli/attack.py", "shell/cli/demo.py", "shell/cli/demo_end.py"}


def imports_it(node):
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    return any(name == lab or name.startswith(f"{lab}.") for name in names for lab in LABORATORY)


def importing(text, *, only_top=False):
    tree = ast.parse(text)
    return any(imports_it(node) for node in (tree.body if only_top else ast.walk(tree)))


def outside():
    for path in sorted(SOURCE.rglob("*.py")):
        if "lab" not in path.relative_to(SOURCE).parts:
            yield str(path.relative_to(SOURCE)), path.read_text(encoding="utf-8")


def test_nobody_else_imports_it():
    assert {name for name, text in outside() if importing(text)} <= MAY


def test_it_is_loaded_when_they_run():
    assert [name for name, text in outside() if importing(text, only_top=True)] == []


def test_the_search_finds_what_it_looks_for():
    assert importing("def f():\n    from sekisho.lab.sample import SITE")
    assert importing("import sekisho.shell.lab.stage", only_top=True)
    assert not importing("from sekisho.labels import x")
