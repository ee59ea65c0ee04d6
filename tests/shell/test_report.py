"""`sekisho report` over the sample projects."""

import json
import re
import shutil
from pathlib import Path

import pypdfium2
import pytest

from sekisho.shell.cli.main import main
from tests.shell.test_typesetting import glyphs, poppler

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SAMPLES = sorted(path.parent.name for path in EXAMPLES.glob("*/site.toml"))
KNOWN = ["--known-at", "2026-11-22"]
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
FORBIDDEN = ("compliant", "certified", "will be accepted", "適合予定")


def asked(sample):
    words = [str(EXAMPLES / sample / "site.toml"), *KNOWN]
    if sample != "real-products":
        words += ["--register", str(EXAMPLES / "made-up-list.csv")]
    return words


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join(p.get_textpage().get_text_range() for p in document)
    # The reader takes a hyphen at the end of a line for one that hyphenation put there.
    return re.sub(r"\s+", "", text.replace("\ufffe", "-"))


def leaves(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, str):
        yield value


def one(folder, pattern):
    (path,) = folder.glob(pattern)
    return path


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_engineers_pdf_returns_every_japanese_string_of_the_json(sample, tmp_path):
    out = tmp_path / "a.json"
    code = main(["assess", *asked(sample), "--format", "json", "--lang", "ja", "--out", str(out)])
    arguments = ["report", *asked(sample), "--format", "pdf", "--lang", "ja"]
    assert main([*arguments, "--out", str(tmp_path)]) == code
    text = text_of(one(tmp_path, "*-engineer.pdf"))
    japanese = {s for s in leaves(json.loads(out.read_text())) if JAPANESE.search(s)}
    assert len(japanese) > 20
    assert [s for s in japanese if re.sub(r"\s+", "", s) not in text] == []


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_the_investor_gets_one_page(sample, lang, tmp_path):
    out = tmp_path / "one.pdf"
    arguments = ["report", *asked(sample), "--for", "investor", "--format", "pdf"]
    main([*arguments, "--lang", lang, "--out", str(out)])
    with pypdfium2.PdfDocument(out) as document:
        assert len(document) == 1


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_html_says_the_verdict_and_promises_nothing(sample, lang, tmp_path):
    assert main(["report", *asked(sample), "--lang", lang, "--out", str(tmp_path)]) in {0, 1, 3}
    names = sorted(p.name.rsplit("-", 1)[1] for p in tmp_path.iterdir())
    assert names == ["engineer.html", "investor.html", "office.html"]
    for path in tmp_path.iterdir():
        source = path.read_text()
        assert 'class="banner ' in source
        for word in FORBIDDEN:
            assert word not in source.lower()


def test_a_gate_table_is_never_printed(tmp_path):
    site = tmp_path / "site.toml"
    shutil.copy(EXAMPLES / "all-labelled" / "site.toml", site)
    site.write_text(site.read_text() + '\n[north]\nbroker = "canary.example.jp:8883"\n')
    out = tmp_path / "out"
    register = ["--register", str(EXAMPLES / "made-up-list.csv")]
    assert main(["report", str(site), *KNOWN, *register, "--out", str(out)]) in {0, 1, 3}
    assert list(out.iterdir())
    for path in out.iterdir():
        assert "canary" not in path.read_text()


def test_the_same_question_gives_the_same_files(tmp_path):
    files = []
    for name in ("a", "b"):
        for medium in ("html", "pdf"):
            out = tmp_path / name
            main(["report", *asked("wind"), "--format", medium, "--lang", "ja", "--out", str(out)])
        files.append({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()})
    assert files[0] == files[1]
    assert len(files[0]) == 6


def test_a_file_name_of_another_medium_is_refused(tmp_path, capsys):
    out = tmp_path / "x.pdf"
    assert main(["report", *asked("wind"), "--for", "office", "--out", str(out)]) == 2
    assert "--format pdf" in capsys.readouterr().err
    assert not out.exists()


def test_nothing_is_left_where_the_place_cannot_be_written(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    out = blocked / "a.html"
    assert main(["report", *asked("wind"), "--for", "office", "--out", str(out)]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def renamed(folder, name):
    """A sample in which everything is called by this TOML string."""
    text = (EXAMPLES / "overseas-pcs" / "site.toml").read_text()
    text = re.sub(r'(?m)^(name|maker|product)( *= *)".*"$', lambda m: m[1] + m[2] + name, text)
    assert text.count(name) > 3
    site = folder / "site.toml"
    site.write_text(text)
    return [str(site), *KNOWN, "--register", str(EXAMPLES / "made-up-list.csv")]


def test_hidden_characters_reach_no_terminal(tmp_path, capsys):
    arguments = renamed(tmp_path, r'"evil\u001b[31m\u202e"')
    assert main(["assess", *arguments]) == 2
    shown = capsys.readouterr()
    assert "site.toml" in shown.err
    assert not re.search("[\x1b\u202e]", shown.out + shown.err)


def test_hostile_names_are_text_in_every_medium(tmp_path):
    arguments = renamed(tmp_path, '"</style><script>alert(1)</script>#eval($x$=1+1 {{7*7}}😀"')
    for medium in ("html", "pdf"):
        out = ["--format", medium, "--out", str(tmp_path)]
        assert main(["report", *arguments, *out]) in {0, 1, 3}
    for path in tmp_path.glob("*.html"):
        source = path.read_text()
        assert "<script" not in source
        assert source.count("</style>") == 1
        assert "&lt;script&gt;alert(1)&lt;/script&gt;#eval($x$=1+1 {{7*7}}😀" in source
    pdfs = list(tmp_path.glob("*.pdf"))
    assert len(pdfs) == 3
    for path in pdfs:
        assert "<script>alert(1)</script>#eval($x$=1+1{{7*7}}[U+1F600]" in text_of(path)


def test_the_office_gets_the_diagram_with_every_device(tmp_path):
    out = tmp_path / "office.pdf"
    arguments = ["--for", "office", "--format", "pdf", "--lang", "ja", "--out", str(out)]
    main(["report", *asked("auction-bms"), *arguments])
    with pypdfium2.PdfDocument(out) as document:
        sheets = [p for p in document if p.get_size()[0] > p.get_size()[1]]
        assert len(sheets) == 1
        text = sheets[0].get_textpage().get_text_range()
    for name in ("agg", "gw-1", "ems-1", "pcs-1", "bms-ip", "bms-serial", "MADE-UP-0004"):
        assert name in text


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("sample", ["real-products", "auction-bms", "wind"])
def test_no_glyph_of_a_report_is_the_empty_box(sample, lang, tmp_path):
    out = ["--format", "pdf", "--lang", lang, "--out", str(tmp_path)]
    main(["report", *asked(sample), *out])
    for path in tmp_path.glob("*.pdf"):
        ids = list(glyphs(path.read_bytes()))
        assert len(ids) > 300
        assert 0 not in ids


@pytest.mark.poppler
def test_poppler_reads_the_japanese_of_a_report_and_finds_every_font_inside(tmp_path):
    answer = tmp_path / "a.json"
    main(
        ["assess", *asked("auction-bms"), "--format", "json", "--lang", "ja", "--out", str(answer)]
    )
    main(
        ["report", *asked("auction-bms"), "--format", "pdf", "--lang", "ja", "--out", str(tmp_path)]
    )
    japanese = {s for s in leaves(json.loads(answer.read_text())) if JAPANESE.search(s)}
    for path in tmp_path.glob("*.pdf"):
        fonts = poppler("pdffonts", "-", pdf=path.read_bytes()).splitlines()[2:]
        assert fonts
        assert all(re.search(r"Identity-H\s+yes yes yes", line) for line in fonts)
    engineer = one(tmp_path, "*-engineer.pdf").read_bytes()
    text = re.sub(r"\s+", "", poppler("pdftotext", "-raw", "-", "-", pdf=engineer))
    assert [s for s in japanese if re.sub(r"\s+", "", s) not in text] == []
