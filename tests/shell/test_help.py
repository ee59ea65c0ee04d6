"""Help exists in both languages, for every command and every option."""

import re

import pytest
import typer.main

from sekisho.present.linebreak import columns
from sekisho.shell.cli.help_ja import HELP_JA
from sekisho.shell.cli.main import app, main


def helps(command):
    yield command.help
    for parameter in command.params:
        yield getattr(parameter, "help", None)
    for below in getattr(command, "commands", {}).values():
        yield from helps(below)


def paths(command, path=()):
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from paths(below, (*path, name))


ROOT = typer.main.get_command(app)
ENGLISH = {h for h in helps(ROOT) if h}


def test_every_help_has_a_japanese_version_and_none_is_left_over():
    assert set(HELP_JA) == ENGLISH


@pytest.mark.parametrize("path", list(paths(ROOT)))
def test_help_is_in_the_language_asked_for(path, capsys, monkeypatch):
    monkeypatch.setenv("SEKISHO_LANG", "ja")
    assert main([*path, "--help"]) == 0
    japanese = capsys.readouterr().out
    monkeypatch.setenv("SEKISHO_LANG", "en")
    assert main([*path, "--help"]) == 0
    english = capsys.readouterr().out
    assert any("ぁ" <= c <= "ん" for c in japanese)
    assert not any("ぁ" <= c <= "ん" for c in english)
    left = re.findall(r"Usage:|Options:|Commands:|Arguments:|Show this|required|default:", japanese)
    assert left == [], "the parser's own words are said in Japanese too"
    wide = [line for line in japanese.splitlines() if columns(line) > 80]
    assert [line for line in wide if len(line.split()) > 2 or not line.isascii()] == []
