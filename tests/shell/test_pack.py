"""The evidence pack, and that nothing of the gate's tables reaches any output."""

import hashlib
import io
import json
import shutil
import zipfile

import jsonschema
import pypdf
import pytest
from python_calamine import CalamineWorkbook

from sekisho.shell import pack_file
from sekisho.shell.cli.main import main
from tests.plants import EXAMPLES

SCHEMA = EXAMPLES.parent / "schemas" / "pack-check.schema.json"
CANARY = "10.99.88.77"
GATE_TABLES = f"""
[north]
broker = "{CANARY}"

[[south]]
device = "pcs-1"
address = "{CANARY}"

[fallback]
note = "{CANARY}"

[trip]
note = "{CANARY}"

[authority]
note = "{CANARY}"
"""
KNOWN = ["--known-at", "2026-11-22", "--register", str(EXAMPLES / "made-up-list.csv")]


@pytest.fixture
def plant(tmp_path):
    folder = tmp_path / "plant"
    folder.mkdir()
    text = (EXAMPLES / "auction-bms" / "site.toml").read_text(encoding="utf-8")
    (folder / "site.toml").write_text(text + GATE_TABLES, encoding="utf-8")
    return folder


def packed(plant, tmp_path, lang="ja"):
    place = tmp_path / f"{lang}.zip"
    code = main(["pack", str(plant), *KNOWN, "--lang", lang, "--out", str(place)])
    assert code == 1
    return place


def members(place):
    with zipfile.ZipFile(place) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def words(name, content):
    """Everything that a person or a program can read in one member."""
    if name.endswith(".pdf"):
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(n).decode() for n in book.namelist())
    return content.decode()


def test_the_pack_holds_labels_diagram_findings_sources_and_hashes(plant, tmp_path):
    files = members(packed(plant, tmp_path))
    assert set(files) == {
        "1-labels.xlsx", "2-diagram.svg", "2-diagram.pdf", "3-office.pdf", "4-findings.pdf",
        "5-assessment.json", "SHA256SUMS",
    }  # fmt: skip
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != "SHA256SUMS"
    }
    assert json.loads(files["5-assessment.json"])["verdict"] == "broken"


def test_the_workbook_has_the_label_numbers_non_ip_devices_findings_and_sources(plant, tmp_path):
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(members(packed(plant, tmp_path, "en"))["1-labels.xlsx"])
    )
    cells = {
        name: [str(c) for row in book.get_sheet_by_name(name).to_python() for c in row]
        for name in book.sheet_names
    }
    everything = [c for sheet in cells.values() for c in sheet]
    for number in ("MADE-UP-0001", "MADE-UP-0003", "MADE-UP-0004"):
        assert any(number in c for c in everything)
    assert any("bms-serial" in c for c in cells["Devices without IP"])
    assert any(c.startswith("https://") for c in cells["Sources"])
    assert any("LTDA-1" in c for c in cells["Findings"])


def test_the_same_question_gives_the_same_bytes(plant, tmp_path):
    first = packed(plant, tmp_path).read_bytes()
    shutil.move(tmp_path / "ja.zip", tmp_path / "old.zip")
    assert packed(plant, tmp_path).read_bytes() == first


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_member_of_the_pack_shows_a_gate_table(plant, tmp_path, lang):
    for name, content in members(packed(plant, tmp_path, lang)).items():
        assert CANARY not in words(name, content)
        assert CANARY.encode() not in content


@pytest.mark.parametrize(
    "command",
    [
        ["assess"],
        ["assess", "--format", "json"],
        ["timeline"],
        ["timeline", "--format", "json"],
        ["what-if", "--move", "contract_application=2027-03-31"],
        ["letter"],
        ["letter", "--to", "aggregator"],
        ["portfolio"],
        ["portfolio", "--format", "json"],
        ["site", "check"],
    ],
)
def test_no_command_prints_a_gate_table(plant, capsys, command):
    known = [] if command[0] == "site" else KNOWN
    main([*command, str(plant), *known])
    shown = capsys.readouterr()
    assert shown.out
    assert CANARY not in shown.out + shown.err


@pytest.mark.parametrize("suffix", [".html", ".pdf", ".svg", ".txt"])
def test_no_written_file_shows_a_gate_table(plant, tmp_path, suffix):
    place = tmp_path / f"timeline{suffix}"
    assert main(["timeline", str(plant), *KNOWN, "--out", str(place)]) == 0
    assert CANARY not in words(place.name, place.read_bytes())
    if suffix in {".html", ".pdf"}:
        main(["report", str(plant), *KNOWN, "--format", suffix[1:], "--out", str(tmp_path / "r")])
        for report in (tmp_path / "r").iterdir():
            assert CANARY not in words(report.name, report.read_bytes())
    main(["site", "draw", str(plant), *KNOWN, "--out", str(tmp_path / "d.svg")])
    assert CANARY not in (tmp_path / "d.svg").read_text(encoding="utf-8")


def test_the_canary_is_really_in_the_site_file(plant):
    assert (plant / "site.toml").read_text(encoding="utf-8").count(CANARY) == 5


def checked(place, capsys):
    """Exit code of verify, what it found, and its whole answer."""
    capsys.readouterr()
    code = main(["verify", str(place), "--format", "json", "--lang", "en"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return code, [(f["what"], f["member"]) for f in document["findings"]], document


def repacked(place, tmp_path, change, method=zipfile.ZIP_DEFLATED):
    """The pack with its members changed, and its list of hashes as it was unless that is changed."""
    files = members(place)
    change(files)
    return zipped(tmp_path / "changed.zip", files.items(), method)


def zipped(place, entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(place, "w", method) as archive:
        for name, content in entries:
            archive.writestr(f"hakodate-1-pack/{name}", content)
    return place


def test_an_untouched_pack_holds_and_is_not_called_good_because_nobody_signs_it(
    plant, tmp_path, capsys
):
    place = packed(plant, tmp_path, "en")
    code, found, document = checked(place, capsys)
    assert (code, found, document["kind"]) == (3, [], "forms")
    assert (document["verdict"], document["signature"]["state"]) == ("undetermined", "none")
    assert main(["verify", str(place), "--lang", "en"]) == 3
    said = capsys.readouterr().out
    assert "Every member is as the list of hashes inside (SHA256SUMS) says." in said
    assert "not signed" in said
    assert "PACK.jws" not in said


@pytest.mark.parametrize(
    "name", ["1-labels.xlsx", "2-diagram.svg", "4-findings.pdf", "5-assessment.json"]
)
def test_a_changed_member_of_the_pack_is_named(plant, tmp_path, capsys, name):
    def change(files):
        files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])

    place = repacked(packed(plant, tmp_path), tmp_path, change)
    assert checked(place, capsys)[:2] == (1, [("changed", name)])


def test_a_missing_and_an_added_member_of_the_pack_are_named(plant, tmp_path, capsys):
    def change(files):
        files["6-more.txt"] = files.pop("3-office.pdf")

    place = repacked(packed(plant, tmp_path), tmp_path, change)
    assert checked(place, capsys)[:2] == (1, [("added", "6-more.txt"), ("missing", "3-office.pdf")])


@pytest.mark.parametrize("name", ["6-more.txt", "documents/a.pdf", "../x", "./checklist-en.pdf"])
def test_a_list_of_hashes_written_anew_brings_nothing_else_into_the_pack(
    plant, tmp_path, capsys, name
):
    def change(files):
        files[name] = b"more"
        line = f"{hashlib.sha256(b'more').hexdigest()}  {name}\n"
        files["SHA256SUMS"] += line.encode()

    place = repacked(packed(plant, tmp_path), tmp_path, change)
    assert checked(place, capsys)[:2] == (1, [("added", name)])


def test_a_list_of_hashes_written_anew_takes_nothing_out_of_the_pack(plant, tmp_path, capsys):
    def change(files):
        del files["3-office.pdf"]
        lines = files["SHA256SUMS"].splitlines(keepends=True)
        files["SHA256SUMS"] = b"".join(line for line in lines if b"3-office" not in line)

    place = repacked(packed(plant, tmp_path), tmp_path, change)
    assert checked(place, capsys)[:2] == (1, [("missing", "3-office.pdf")])


@pytest.mark.parametrize("folder", ["", ".", ".."])
def test_a_pack_whose_folder_leads_out_of_the_place_is_none(tmp_path, capsys, folder):
    place = tmp_path / "out.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr(f"{folder}/SHA256SUMS", b"")
    assert main(["verify", str(place), "--lang", "en"]) == 2
    assert "not one folder" in capsys.readouterr().err


def test_a_zip_of_too_many_entries_is_not_opened(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(pack_file, "_MOST_ENTRIES", 3)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("opened"))
    place = tmp_path / "many.zip"
    place.write_bytes(b"PK\x01\x02" * 4)
    assert main(["verify", str(place), "--lang", "en"]) == 2
    assert "too many members" in capsys.readouterr().err


def test_a_checklist_pack_that_states_more_than_may_be_held_is_refused(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(pack_file, "MOST_PACK", 1_000)
    place = tmp_path / "large.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("PACK.jws", "a", "b"):
            archive.writestr(f"pack/{name}", bytes(400))
    assert place.stat().st_size < 1_000
    assert main(["verify", str(place), "--lang", "en"]) == 2
    assert "too large when unpacked" in capsys.readouterr().err


def test_a_pack_without_its_list_of_hashes_has_lost_it(plant, tmp_path, capsys):
    place = repacked(packed(plant, tmp_path), tmp_path, lambda files: files.pop("SHA256SUMS"))
    assert checked(place, capsys)[:2] == (1, [("missing", "SHA256SUMS")])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda said: said.upper(),
        lambda said: said[:-1],
        lambda said: said + said.splitlines(keepends=True)[0],
        lambda said: said.replace(b"  ", b" "),
        lambda _: b"\xff\xfe",
        lambda _: b"",
        lambda said: said + b"\n" * 2_000_000,
    ],
)
def test_a_list_of_hashes_that_is_spelt_otherwise_is_no_list(plant, tmp_path, capsys, spoil):
    def change(files):
        files["SHA256SUMS"] = spoil(files["SHA256SUMS"])

    place = repacked(packed(plant, tmp_path), tmp_path, change)
    assert checked(place, capsys)[:2] == (1, [("list", None)])


@pytest.mark.parametrize("genuine_last", [True, False])
def test_a_member_that_stands_twice_is_not_believed(plant, tmp_path, capsys, genuine_last):
    # Programs differ in which of the two they unpack.
    files = list(members(packed(plant, tmp_path)).items())
    forged = ("5-assessment.json", b"{}")
    entries = [forged, *files] if genuine_last else [*files, forged]
    with pytest.warns(UserWarning, match="Duplicate"):
        place = zipped(tmp_path / "twice.zip", entries)
    assert checked(place, capsys)[:2] == (1, [("changed", "5-assessment.json")])


def test_a_pack_that_somebody_packed_anew_still_holds(plant, tmp_path, capsys):
    place = repacked(packed(plant, tmp_path), tmp_path, lambda _: None, zipfile.ZIP_STORED)
    with zipfile.ZipFile(place, "a") as archive:
        archive.mkdir("hakodate-1-pack")
    assert checked(place, capsys)[:2] == (3, [])


def test_a_member_packed_in_another_way_is_not_unpacked(plant, tmp_path, capsys):
    place = repacked(packed(plant, tmp_path), tmp_path, lambda _: None, zipfile.ZIP_LZMA)
    assert checked(place, capsys)[:2] == (1, [("list", None)])


def test_a_pack_that_would_fill_the_memory_is_refused(plant, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(pack_file, "MOST_PACK", 1_000_000)
    place = repacked(
        packed(plant, tmp_path),
        tmp_path,
        lambda files: files.update({"2-diagram.svg": bytes(2_000_000)}),
    )
    assert place.stat().st_size < 1_000_000
    assert main(["verify", str(place), "--lang", "en"]) == 2
    assert "too large when unpacked" in capsys.readouterr().err


def test_a_checklist_pack_that_lost_its_manifest_is_no_pack_for_a_form(tmp_path, capsys):
    place = tmp_path / "lost.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("pack/checklist-ja.json", b"{}")
        archive.writestr("pack/SHA256SUMS", b"")
    code, found, document = checked(place, capsys)
    assert (code, found, document["kind"]) == (1, [("manifest", None)], "checklist")


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "Verdict on hakodate-1: × broken"), ("ja", "hakodate-1 の判定: × 不充足")],
)
def test_pack_and_report_say_the_verdict_and_keep_it_out_of_the_names(
    plant, tmp_path, capsys, lang, said
):
    place = packed(plant, tmp_path, lang)
    told = capsys.readouterr()
    assert (told.out, told.err) == (f"{place}\n", f"{said}\n")
    folder = tmp_path / "r"
    assert main(["report", str(plant), *KNOWN, "--lang", lang, "--out", str(folder)]) == 1
    told = capsys.readouterr()
    assert told.err == f"{said}\n"
    assert all((tmp_path / line).is_file() for line in told.out.splitlines())
