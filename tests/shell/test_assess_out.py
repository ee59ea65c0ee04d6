"""`assess --out`: the file is of the kind that its name asks for."""

import json

import pytest

from sekisho.shell.cli.main import main
from tests.plants import EXAMPLES, MADE_UP

KNOWN = ["--register", str(MADE_UP), "--known-at", "2026-11-22", "--lang", "en"]
WIND, MET = str(EXAMPLES / "wind"), str(EXAMPLES / "all-labelled")


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("a.html", b"<!DOCTYPE html>"),
        ("a.pdf", b"%PDF-"),
        ("a.json", b"{"),
        ("a.txt", "稚".encode()),
    ],
)
def test_a_file_is_of_the_kind_its_name_asks_for(name, beginning, tmp_path):
    assert main(["assess", WIND, *KNOWN, "--out", str(tmp_path / name)]) == 3
    assert (tmp_path / name).read_bytes().lower().startswith(beginning.lower())


def test_a_kind_that_cannot_be_made_is_refused_and_nothing_is_written(tmp_path, capsys):
    assert main(["assess", WIND, *KNOWN, "--out", str(tmp_path / "a.xlsx")]) == 2
    assert ".html, .pdf or .json" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_several_sites_are_one_page_or_one_list(tmp_path):
    page, listed = tmp_path / "two.html", tmp_path / "two.json"
    for out in (page, listed):
        assert main(["assess", WIND, MET, *KNOWN, "--out", str(out)]) == 3
    html = page.read_text(encoding="utf-8")
    assert "wakkanai-1" in html
    assert "kushiro-1" in html
    assert [a["site"] for a in json.loads(listed.read_text("utf-8"))] == ["wakkanai-1", "kushiro-1"]


def test_json_that_is_asked_for_is_json_whatever_the_name(tmp_path):
    out = tmp_path / "answer.txt"
    assert main(["assess", WIND, *KNOWN, "--format", "json", "--out", str(out)]) == 3
    assert json.loads(out.read_text(encoding="utf-8"))["site"] == "wakkanai-1"
