"""The pages hold together: links lead somewhere, every command is shown, nothing is about one machine."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer.main

from sekisho.shell.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
)
TWINNED = sorted([*(ROOT / "docs").glob("tutorial*.md"), *(ROOT / "docs/how-to").glob("*.md")])
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))

_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_MACHINE = re.compile(r"(?<![\w.~])/(?:work|tmp|home|root|Users|var)/|localhost|127\.0\.0\.1")


def anchor(heading: str) -> str:
    """A heading's name in an address, as the usual Markdown viewers make it."""
    bare = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", bare).replace(" ", "-")


def broken_links(page: Path, root: Path) -> list[str]:
    """Relative links of a page that lead nowhere, or out of the repository."""
    found = []
    for address in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", address):
            continue
        name, _, place = unquote(address).partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.is_relative_to(root) or not target.exists():
            found.append(address)
        elif place and target.suffix == ".md":
            headings = _HEADING.findall(_FENCED.sub("", target.read_text(encoding="utf-8")))
            if place not in {anchor(heading) for heading in headings}:
                found.append(address)
    return found


def commands() -> list[str]:
    """Every command of the command line, as it is typed."""
    group = typer.main.get_command(app)
    found = []
    for name, command in getattr(group, "commands", {}).items():
        inner = getattr(command, "commands", None)
        found += [f"{name} {sub}" for sub in inner] if inner else [name]
    return found


def outline(page: Path) -> tuple[list[int], list[str]]:
    """The depth of each heading, and the commands typed: what two languages of a page share."""
    text = page.read_text(encoding="utf-8")
    depths = [len(marks) for marks in re.findall(r"^(#+) ", _FENCED.sub("", text), re.MULTILINE)]
    return depths, re.findall(r"^\$ (\w+(?: [a-z-]+\b)?)", text, re.MULTILINE)


@EVERY_PAGE
def test_every_relative_link_resolves(page):
    assert broken_links(page, ROOT) == []


def test_a_link_to_nowhere_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One two\n[a](no.md) [b](#one-two) [c](#three) [d](../x.md) [e](https://x.y)")
    assert broken_links(page, tmp_path) == ["no.md", "#three", "../x.md"]


@EVERY_PAGE
def test_no_page_speaks_of_one_machine(page):
    assert _MACHINE.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("command", commands())
def test_every_command_is_shown_in_the_tutorial_or_a_how_to(command):
    pages = [ROOT / "docs/tutorial.md", *(ROOT / "docs/how-to").glob("*.md")]
    typed = re.compile(rf"^\$? ?(?:> )?sekisho {re.escape(command)}\b", re.MULTILINE)
    assert any(typed.search(page.read_text(encoding="utf-8")) for page in pages)


def test_every_page_is_reached_from_the_index():
    reached = {ROOT / "README.md"}
    todo = list(reached)
    while todo:
        page = todo.pop()
        text = _FENCED.sub("", page.read_text(encoding="utf-8"))
        for address in _LINK.findall(text):
            target = (page.parent / unquote(address).partition("#")[0]).resolve()
            if target.is_dir():
                target /= "index.md"
            if target.suffix == ".md" and target.exists() and target not in reached:
                reached.add(target)
                todo.append(target)
    assert [str(page.relative_to(ROOT)) for page in PAGES if page not in reached] == []


@pytest.mark.parametrize("page", TWINNED, ids=lambda p: p.name)
def test_a_page_and_its_japanese_twin_lead_to_each_other_and_type_the_same(page):
    twin = ROOT / "docs/ja" / page.relative_to(ROOT / "docs")
    for one, other in ((page, twin), (twin, page)):
        links = _LINK.findall(_FENCED.sub("", one.read_text(encoding="utf-8")))
        assert other in {(one.parent / address).resolve() for address in links}
    assert outline(page) == outline(twin)


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.ja.md", *sorted((ROOT / "docs/ja").rglob("*.md"))],
    ids=lambda p: p.name,
)
def test_a_japanese_page_leads_to_japanese_pages_where_there_are_any(page):
    docs, here = ROOT / "docs", page.resolve()
    english = []
    for address in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        target = (page.parent / unquote(address).partition("#")[0]).resolve()
        if target.is_relative_to(docs) and target.suffix == ".md":
            twin = docs / "ja" / target.relative_to(docs)
            if twin.exists() and twin != here:
                english.append(address)
    assert english == []


def test_every_decision_stands_in_the_index_of_decisions():
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    pages = [page.name for page in (ROOT / "docs/decisions").glob("0*.md")]
    assert [name for name in pages if f"({name})" not in index] == []


def test_every_sample_is_described():
    page = (ROOT / "examples/README.md").read_text(encoding="utf-8")
    folders = [path.parent.name for path in (ROOT / "examples").glob("*/site.toml")]
    assert [name for name in folders if f"]({name}/site.toml)" not in page] == []
