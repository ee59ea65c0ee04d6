"""`sekisho register`: import, lists, search, show, diff. All content is made up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sekisho.shell.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "登録番号,事業者名,製品名,型番,レベル,状態,発行日,有効期限"
ROW = "MADE-UP-1,北斗電機,ホクト,HK-1,★1,有効,2026-05-21,2028-05-20"


@pytest.fixture(autouse=True)
def _own_register(tmp_path, monkeypatch):
    monkeypatch.setenv("SEKISHO_REGISTER", str(tmp_path / "r.sqlite"))
    monkeypatch.setenv("SEKISHO_LANG", "en")
    monkeypatch.setenv("COLUMNS", "160")


def csv(tmp_path: Path, day: str, *rows: str, encoding: str = "cp932") -> str:
    path = tmp_path / f"list_{day}.csv"
    path.write_text("\n".join((HEADER, *rows)), encoding=encoding)
    return str(path)


def test_import_lists_search_show(tmp_path, capsys):
    assert main(["register", "import", csv(tmp_path, "2026-09-01", ROW)]) == 0
    assert "Added 1 labels: list of 2026-09-01 (complete" in capsys.readouterr().out
    assert main(["register", "lists", "--format", "json"]) == 0
    lists = json.loads(capsys.readouterr().out)
    assert [x["list_date"] for x in lists] == ["2026-04-03", "2026-06-01", "2026-09-01"]
    assert main(["register", "search", "ﾎｸﾄ", "ｈｋ－１"]) == 0
    assert "MADE-UP-1" in capsys.readouterr().out
    assert main(["register", "search", "nowhere"]) == 1
    capsys.readouterr()
    assert main(["register", "show", "made-up-1", "--lang", "ja"]) == 0
    assert "2028-05-20" in capsys.readouterr().out


def test_diff_of_the_two_newest_and_of_named_lists(tmp_path, capsys):
    main(["register", "import", csv(tmp_path, "2026-09-01", ROW, ROW.replace("-1", "-2", 1))])
    main(["register", "import", csv(tmp_path, "2026-09-08", ROW.replace("有効,", "取消し,"))])
    capsys.readouterr()
    assert main(["register", "diff", "--format", "json"]) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert [(c["change"], c["number"], c["worse"]) for c in changes] == [
        ("status-changed", "MADE-UP-1", True),
        ("vanished", "MADE-UP-2", True),
    ]
    assert main(["register", "diff", "2026-04-03", "2026-06-01"]) == 0
    assert "Changes between lists: 21" in capsys.readouterr().out
    assert main(["register", "diff", "2020-01-01"]) == 2
    assert "2026-04-03, 2026-06-01" in capsys.readouterr().err


def test_shipped_lists_alone_show_a_real_difference(capsys):
    assert main(["register", "diff", "--lang", "ja"]) == 0
    assert "KP-GWBP-A" in capsys.readouterr().out


def test_a_mapping_file_names_new_headers(tmp_path, capsys):
    path = tmp_path / "list_2026-09-01.csv"
    path.write_text(f"{HEADER}\n{ROW}".replace("型番", "かたち"), encoding="utf-8")
    assert main(["register", "import", str(path)]) == 2
    said = capsys.readouterr().err
    assert "[D1]" in said
    assert '"かたち" = "model"' in said
    mapping = tmp_path / "map.toml"
    mapping.write_text('[headers]\n"かたち" = "model"\n', encoding="utf-8")
    assert main(["register", "import", str(path), "--mapping", str(mapping)]) == 0
    mapping.write_text('[headers]\n"かたち" = "shape"\n[other]\n', encoding="utf-8")
    capsys.readouterr()
    assert main(["register", "import", str(path), "--mapping", str(mapping)]) == 2
    said = capsys.readouterr().err
    assert '"shape"' in said
    assert '"other"' in said


def test_bad_options_and_files_are_errors_without_a_trace(tmp_path, capsys):
    good = csv(tmp_path, "2026-09-01", ROW)
    assert main(["register", "import", good, "--list-date", "2999-01-01"]) == 2
    assert main(["register", "import", good, "--list-date", "soon"]) == 2
    assert main(["register", "import", str(tmp_path / "none.csv")]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "r.sqlite").exists()


def test_a_list_that_has_shrunk_asks_whether_it_is_a_part(tmp_path, capsys):
    rows = [ROW.replace("-1", f"-{n}") for n in range(1, 6)]
    main(["register", "import", csv(tmp_path, "2026-09-01", *rows)])
    main(["register", "import", csv(tmp_path, "2026-09-08", *rows[:4])])
    assert "--excerpt" not in capsys.readouterr().err
    assert main(["register", "import", csv(tmp_path, "2026-09-15", *rows[:3])]) == 0
    assert "--excerpt" in capsys.readouterr().err
    assert main(["register", "import", csv(tmp_path, "2026-09-15", *rows[:3]), "--excerpt"]) == 0
    assert "--excerpt" not in capsys.readouterr().err


def test_hostile_names_never_reach_the_terminal_raw(tmp_path, capsys):
    hostile = ROW.replace("北斗電機", "北斗\x1b[2J\u202e電機").replace("有効", "審\x07査")
    path = csv(tmp_path, "2026-09-01", hostile, encoding="utf-8")
    main(["register", "import", path])
    for arguments in (["search", "ホクト"], ["show", "MADE-UP-1"], ["diff"], ["lists"]):
        main(["register", *arguments])
        main(["register", *arguments, "--format", "json"])
    shown = capsys.readouterr()
    for character in "\x1b\x07\u202e":
        assert character not in shown.out.replace("\\u001b", "") + shown.err
