"""`sekisho site from-excel`: a workbook on disk becomes a draft that `site check` answers."""

import xlsxwriter
from typer.testing import CliRunner

from sekisho.shell.cli.site import app
from sekisho.terms.errors import InputError


def _run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def _workbook(path):
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("機器一覧")
        sheet.write_string(0, 0, "架空の計画")
        for at, header in enumerate(("機器名", "種別", "型番", "台数", "IP通信")):
            sheet.write_string(2, at, header)
        for at, cell in enumerate(("PCS 1号機", "パワコン", "=1+1")):
            sheet.write_string(3, at, cell)
        sheet.write_number(3, 3, 4)
    return path


def test_a_workbook_becomes_a_draft_that_is_never_written_over(tmp_path):
    book = _workbook(tmp_path / "list.xlsx")
    out = tmp_path / "plant"
    made = _run("from-excel", book, "--out", out, "--lang", "en")
    assert made.exit_code == 0
    assert "a draft of 1 rows" in made.stdout
    text = (out / "site.toml").read_text(encoding="utf-8")
    assert 'model = "=1+1"' in text
    assert "count = 4" in text
    assert isinstance(_run("from-excel", book, "--out", out).exception, InputError)
    checked = _run("check", out, "--lang", "en")
    assert checked.exit_code == 2
    assert "[site] has no id." in checked.stderr


def test_without_out_the_draft_is_printed_and_unused_columns_are_named(tmp_path):
    lines = "機器名,種別,冷却方式\nPCS 1号機,パワコン,水冷\n"
    source = tmp_path / "list.csv"
    source.write_bytes(lines.encode("cp932"))
    made = _run("from-excel", source, "--lang", "ja")
    assert made.exit_code == 0
    assert 'role = "pcs"' in made.stdout
    assert "list.csv [C1]: 見出し「冷却方式」" in made.stderr
