"""Site files on disk, and the commands that write and check them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sekisho.shell.cli.site import app
from sekisho.shell.site_files import load_site, write_new
from sekisho.site.starter import starter
from sekisho.terms.errors import InputError
from sekisho.terms.texts import Lang

TEXT = starter(Lang.JA)


def _problem(path: Path):
    with pytest.raises(InputError) as raised:
        load_site(path)
    return raised.value.problems[0]


def test_a_folder_means_its_site_file(tmp_path):
    (tmp_path / "site.toml").write_text(TEXT, encoding="utf-8")
    assert load_site(tmp_path) == load_site(tmp_path / "site.toml")


def test_a_byte_order_mark_is_no_fault(tmp_path):
    (tmp_path / "site.toml").write_text(TEXT, encoding="utf-8-sig")
    assert load_site(tmp_path).name == "釧路蓄電所"


def test_a_missing_file_is_told(tmp_path):
    assert "no such file" in _problem(tmp_path / "x.toml").what.en
    assert _problem(tmp_path).where.endswith("site.toml")


@pytest.mark.parametrize(("encoding", "name"), [("cp932", "Shift_JIS"), ("utf-16", "UTF-16")])
def test_a_wrong_encoding_is_named(tmp_path, encoding, name):
    file = tmp_path / "site.toml"
    file.write_bytes(TEXT.replace("…", "").encode(encoding, errors="ignore"))
    problem = _problem(file)
    assert name in problem.what.en
    assert "UTF-8" in problem.remedy.en
    assert problem.where == f"{file}:1"


def test_a_large_file_is_refused_without_being_read_whole(tmp_path):
    file = tmp_path / "site.toml"
    with file.open("wb") as stream:
        stream.truncate(200_000_000)
    assert "1 MiB" in _problem(file).what.en


def test_what_is_no_regular_file_is_refused():
    assert "regular file" in _problem(Path("/dev/zero")).what.en


def test_a_document_that_a_link_puts_outside_the_folder_is_refused(tmp_path):
    plant = tmp_path / "plant"
    plant.mkdir()
    (plant / "site.toml").write_text(
        TEXT.replace("# security_manager", "security_manager"), encoding="utf-8"
    )
    assert load_site(plant).attestations
    (tmp_path / "elsewhere").mkdir()
    (plant / "docs").symlink_to(tmp_path / "elsewhere")
    assert "outside the folder" in _problem(plant).what.en


def test_a_file_that_is_there_is_never_overwritten(tmp_path):
    file = tmp_path / "site.toml"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError):
        write_new(file, TEXT)
    assert file.read_text(encoding="utf-8") == "mine"


def _run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize("lang", Lang)
def test_a_new_site_file_passes_the_check_and_names_what_is_unknown(tmp_path, lang):
    assert _run("new", tmp_path, "--lang", lang).exit_code == 0
    checked = _run("check", tmp_path, "--lang", lang)
    assert checked.exit_code == 0
    assert "pcs-1: maker, model, label" in checked.stdout
    assert isinstance(_run("new", tmp_path / "site.toml").exception, InputError)


def test_check_lists_the_problems_of_every_file(tmp_path):
    good, bad, worse = (tmp_path / f"{n}.toml" for n in ("good", "bad", "worse"))
    good.write_text(TEXT, encoding="utf-8")
    bad.write_text(TEXT.replace('"hokkaido"', '"hokaido"'), encoding="utf-8")
    worse.write_text("[site\n", encoding="utf-8")
    checked = _run("check", good, bad, worse, "--lang", "en")
    assert checked.exit_code == 2
    assert f"{good}: readable" in checked.stdout
    assert f'{bad}:23: area cannot be "hokaido"' in checked.stderr
    assert f"{worse}:1:" in checked.stderr


def test_check_answers_programs_in_json(tmp_path):
    file = tmp_path / "site.toml"
    file.write_text(TEXT.replace('"hokkaido"', '"hokaido"'), encoding="utf-8")
    checked = _run("check", file, "--format", "json", "--lang", "ja")
    assert checked.exit_code == 2
    answer = json.loads(checked.stdout)
    assert answer["sites"] == []
    assert answer["problems"][0]["where"] == f"{file}:23"
    assert "「hokkaido」のことですか。" in answer["problems"][0]["remedy"]


def test_check_names_an_attestation_that_no_rule_asks_for(tmp_path):
    text = TEXT.replace("# security_manager", "security_manger")
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    checked = _run("check", tmp_path, "--lang", "en")
    assert checked.exit_code == 0
    assert "attestations.security_manger: No rule asks" in checked.stdout
    assert "security_manager" in checked.stdout


def test_every_sample_is_readable():
    examples = sorted((Path(__file__).parents[2] / "examples").glob("*/site.toml"))
    assert examples
    assert _run("check", *examples).exit_code == 0
