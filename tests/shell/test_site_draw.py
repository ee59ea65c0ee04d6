"""`sekisho site draw`: a diagram on disk, with the numbers and states of a list."""

from pathlib import Path

from pypdf import PdfReader
from typer.testing import CliRunner

from sekisho.shell.cli.site import app
from sekisho.terms.errors import InputError
from tests.drawing import read

EXAMPLES = Path(__file__).parents[2] / "examples"
LIST = EXAMPLES / "made-up-list.csv"


def _draw(out, *more):
    arguments = ["draw", EXAMPLES / "overseas-pcs", "--out", out, "--lang", "ja", *more]
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_the_drawing_says_what_the_list_says(tmp_path):
    out = tmp_path / "d.svg"
    asked = ("--register", LIST, "--known-at", "2026-11-22")
    assert _draw(out, *asked).exit_code == 0
    drawing = read(out.read_text(encoding="utf-8"))
    assert drawing.faults() == []
    assert "登録番号 MADE-UP-0003" in drawing.words
    assert "× 不充足・リストにありません" in drawing.words
    assert "○ 充足・有効、2028-07-14 まで" in drawing.words
    assert "リスト 2026-11-01(全体)、基準日 2026-11-22" in drawing.words


def test_without_lookup_no_register_is_read(tmp_path):
    out = tmp_path / "d.svg"
    assert _draw(out, "--no-lookup", "--register", tmp_path / "none.csv").exit_code == 0
    assert "未照合" in out.read_text(encoding="utf-8")


def test_a_pdf_is_one_a4_page_with_the_same_words(tmp_path):
    out = tmp_path / "d.pdf"
    assert _draw(out, "--register", LIST, "--known-at", "2026-11-22").exit_code == 0
    (page,) = PdfReader(out).pages
    assert [round(float(n)) for n in page.mediabox[2:]] == [842, 595]
    text = page.extract_text()
    assert "不充足・リストにありません" in text
    assert "MADE-UP-0003" in text


def test_another_kind_of_file_is_refused(tmp_path):
    assert isinstance(_draw(tmp_path / "d.png").exception, InputError)
    assert not list(tmp_path.iterdir())
