"""sekisho judge, checklist and verify on files, as a person calls them."""

import io
import json
import os
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pypdf
import pytest
from python_calamine import CalamineWorkbook

from sekisho.codec.jws import Signer
from sekisho.codec.strict_json import canonical
from sekisho.evidence.bundle import opened, sealed
from sekisho.evidence.observation_network import OpenPorts, SeenPort
from sekisho.evidence.observation_words import Transport
from sekisho.proof.pack import MANIFEST, manifest
from sekisho.proof.wording import SELF
from sekisho.shell.cli.main import main
from sekisho.shell.keys import new_key, public_pem
from sekisho.shell.pack_file import check_pack, pack_bytes
from sekisho.terms.errors import InputError
from tests.plants import EXAMPLES
from tools.generated.proof_sample import SIGNER

SAMPLE = EXAMPLES / "made-up-product"
BUNDLE = SAMPLE / "evidence.sekisho-bundle"
SCHEMAS = EXAMPLES.parent / "schemas"
DAY = ["--as-of", "2026-11-22"]
PAPERS = ["--attestation", str(SAMPLE / "papers.sekisho-attestation")]
KNOWN = ["--signer", str(SAMPLE / "signer.pem")]


def judged(capsys, *words, bundle=BUNDLE):
    code = main(["judge", str(bundle), *words, "--format", "json"])
    told = capsys.readouterr()
    assert code in {0, 1, 3}, told.err
    return code, json.loads(told.out)


def verdicts(document):
    return {row["id"]: row["verdict"] for row in document["criteria"]}


def test_the_sample_has_one_broken_and_two_open(capsys) -> None:
    code, document = judged(capsys, *DAY, *PAPERS, *KNOWN)
    assert code == 1
    found = verdicts(document)
    assert len(found) == 16
    assert {name for name, verdict in found.items() if verdict == "broken"} == {"S1.1-04"}
    open_ones = {name for name, verdict in found.items() if verdict == "undetermined"}
    assert open_ones == {"S1.1-09", "S1.1-13"}
    assert "score" not in json.dumps(document)


def test_the_published_form_keeps_its_schema(capsys) -> None:
    schema = json.loads((SCHEMAS / "judgement.schema.json").read_text(encoding="utf-8"))
    for lang in ("ja", "en"):
        _, document = judged(capsys, *DAY, *PAPERS, *KNOWN, "--lang", lang)
        jsonschema.validate(document, schema)


def test_an_unknown_signer_fulfils_nothing_and_breaks_all_the_same(capsys) -> None:
    code, document = judged(capsys, *DAY, *PAPERS)
    assert code == 1
    assert document["signature"]["state"] == "unknown"
    found = verdicts(document)
    assert found["S1.1-04"] == "broken"
    # The documents were named by who asks; what was seen of the device has no known signer.
    by_paper = {name for name, verdict in found.items() if verdict == "met"}
    assert by_paper == {"S1.1-05", "S1.1-07", "S1.1-11", "S1.1-16"}


def test_an_unsigned_bundle_says_so(capsys, tmp_path: Path) -> None:
    whole = opened(BUNDLE.read_bytes(), [])
    bare = tmp_path / "bare.sekisho-bundle"
    bare.write_bytes(sealed(whole.bundle, list(whole.blobs.values()), None))
    _, document = judged(capsys, *DAY, *KNOWN, bundle=bare)
    assert document["signature"]["state"] == "none"
    assert "met" not in verdicts(document).values()


def test_a_changed_bundle_is_not_judged(capsys, tmp_path: Path) -> None:
    data = bytearray(BUNDLE.read_bytes())
    data[len(data) // 2] ^= 1
    changed = tmp_path / "b.sekisho-bundle"
    changed.write_bytes(data)
    assert main(["judge", str(changed), *KNOWN, "--lang", "en"]) == 2
    assert "It is no evidence bundle" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("day", "verdict"), [("2027-09-01", "met"), ("2027-09-02", "undetermined")]
)
def test_a_document_counts_for_365_days(capsys, day, verdict) -> None:
    _, document = judged(capsys, "--as-of", day, *PAPERS, *KNOWN)
    assert verdicts(document)["S1.1-05"] == verdict


def test_a_document_that_is_not_there_counts_for_nothing(capsys, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "p")
    (tmp_path / "p" / "disclosure-policy.txt").unlink()
    words = [*DAY, *KNOWN, "--attestation", str(tmp_path / "p" / "papers.sekisho-attestation")]
    _, document = judged(capsys, *words)
    assert verdicts(document)["S1.1-05"] == "undetermined"
    elsewhere = f"disclosure-policy={SAMPLE / 'disclosure-policy.txt'}"
    _, document = judged(capsys, *words, "--document", elsewhere)
    assert verdicts(document)["S1.1-05"] == "met"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("S1.1-05/1", "S1.1-99/1", "there is no evaluation item S1.1-99/1"),
        ('says = "fulfilled"', 'says = "certainly"', "fulfilled, not-fulfilled, absent"),
        ("port = 443", "port = 0", "no port number"),
        ("dated = 2026-09-01", 'dated = "spring"', "a date like"),
        ("[[document]]", "[[paper]]", "unknown key"),
    ],
)
def test_an_attestation_is_read_strictly(capsys, tmp_path: Path, old, new, told) -> None:
    text = (SAMPLE / "papers.sekisho-attestation").read_text(encoding="utf-8")
    assert old in text
    bad = tmp_path / "a.toml"
    bad.write_text(text.replace(old, new), encoding="utf-8")
    assert main(["judge", str(BUNDLE), "--attestation", str(bad), "--lang", "en"]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("given", ["policy.txt", "rumour=x.txt", "technical="])
def test_a_document_option_that_is_no_pair_is_told(capsys, given) -> None:
    assert main(["judge", str(BUNDLE), "--document", given, "--lang", "en"]) == 2
    assert "is not KIND=FILE" in capsys.readouterr().err


def test_a_port_that_no_link_explains_breaks_and_is_named(capsys) -> None:
    site = ["--site", str(EXAMPLES / "demo-site"), "--device", "gw-1"]
    code, document = judged(capsys, *DAY, *KNOWN, *site)
    assert code == 1
    assert verdicts(document)["S1.1-13"] == "broken"
    outcomes = {row["declared"]: row["outcome"] for row in document["declared"]}
    assert outcomes["port 443 (https)"] == "unexpected"
    assert outcomes["model = HG-GW-1"] == "contradicted"
    assert outcomes["speaks_ip = true"] == "confirmed"
    assert outcomes["link agg – gw-1 (ip, mqtt)"] == "left-open"


def test_a_contradicted_declaration_alone_is_found_bad(capsys, tmp_path: Path) -> None:
    whole = opened(BUNDLE.read_bytes(), [])
    records = tuple(r for r in whole.bundle.records if r.observed.kind != "guessing")
    bundle = tmp_path / "b"
    bundle.write_bytes(
        sealed(replace(whole.bundle, records=records), list(whole.blobs.values()), SIGNER)
    )
    words = [*DAY, *PAPERS, *KNOWN]
    code, document = judged(capsys, *words, bundle=bundle)
    assert (code, "broken" in verdicts(document).values()) == (3, False)
    site = ["--site", str(EXAMPLES / "demo-site"), "--device", "gw-1"]
    code, document = judged(capsys, *words, *site, bundle=bundle)
    assert (code, "broken" in verdicts(document).values()) == (1, False)
    assert "contradicted" in {row["outcome"] for row in document["declared"]}


def test_a_device_that_is_not_in_the_site_file_is_told(capsys) -> None:
    words = ["judge", str(BUNDLE), "--site", str(EXAMPLES / "demo-site"), "--lang", "en"]
    assert main(words) == 2
    assert "Give --device one of" in capsys.readouterr().err
    assert main([*words, "--device", "nobody"]) == 2
    assert "has no device nobody" in capsys.readouterr().err


def gate_bundle(tmp_path: Path) -> Path:
    whole = opened(BUNDLE.read_bytes(), [])
    path = tmp_path / "gate.sekisho-bundle"
    bundle = replace(whole.bundle, profile="sekisho-gate")
    path.write_bytes(sealed(bundle, list(whole.blobs.values()), SIGNER))
    return path


def test_the_gate_s_two_halves_of_hardware_stay_open_until_a_model_is_named(
    capsys, tmp_path: Path
) -> None:
    bundle = gate_bundle(tmp_path)
    _, document = judged(capsys, *DAY, *PAPERS, *KNOWN, bundle=bundle)
    assert document["note"] == SELF.fill(edition="JST-CR-01-01-2024R1").en
    found = verdicts(document)
    assert found["S1.1-10"] == found["S1.1-14"] == "undetermined"
    shutil.copytree(EXAMPLES / "demo-site", tmp_path / "site")
    site = tmp_path / "site" / "site.toml"
    text = site.read_text(encoding="utf-8")
    site.write_text(text.replace("[gate]\n", '[gate]\nhardware = "BOX-1"\n'), encoding="utf-8")
    words = [*DAY, *PAPERS, *KNOWN, "--site", str(site), "--device", "gw-1"]
    _, document = judged(capsys, *words, bundle=bundle)
    found = verdicts(document)
    assert found["S1.1-10"] == found["S1.1-14"] == "met"


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("suffix", [".html", ".pdf", ".txt", ".xlsx", ".json"])
def test_every_page_about_the_gate_says_what_it_is(tmp_path: Path, lang, suffix) -> None:
    place = tmp_path / f"page{suffix}"
    bundle = gate_bundle(tmp_path)
    words = [*DAY, *PAPERS, *KNOWN, "--lang", lang, "--out", str(place)]
    assert main(["checklist", str(bundle), *words]) == 1
    said = getattr(SELF.fill(edition="JST-CR-01-01-2024R1"), lang)
    assert "".join(said.split()) in "".join(content_of(place).split())


def content_of(place: Path) -> str:
    if place.suffix == ".pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(place).pages)
    if place.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(place)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return "\n".join(str(cell) for sheet in sheets for row in sheet for cell in row)
    return place.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("suffix", [".html", ".pdf", ".txt", ".xlsx"])
def test_the_checklist_names_every_item_in_every_medium(tmp_path: Path, lang, suffix) -> None:
    place = tmp_path / f"list{suffix}"
    words = [*DAY, *PAPERS, *KNOWN, "--lang", lang, "--out", str(place)]
    assert main(["checklist", str(BUNDLE), *words]) == 1
    text = content_of(place)
    for number in range(1, 17):
        assert f"S1.1-{number:02d}/1" in text
    for word in ("適合予定", "申請中", "compliant", "certified", "will be accepted"):
        assert word not in text


def test_a_medium_that_cannot_be_made_is_told(capsys, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "x.docx"), "--lang", "en"]
    assert main(["checklist", str(BUNDLE), *out]) == 2
    assert "cannot be made" in capsys.readouterr().err


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    key = new_key(folder / "maker.pem")
    (folder / "maker-public.pem").write_bytes(public_pem(key.public))
    out = folder / "pack.zip"
    words = [*DAY, *PAPERS, *KNOWN, "--sign", str(folder / "maker.pem"), "--out", str(out)]
    assert main(["checklist", str(BUNDLE), *words]) == 1
    return out


def verified(capsys, place: Path, *words):
    capsys.readouterr()  # what was said before
    code = main(["verify", str(place), *words, "--format", "json"])
    told = capsys.readouterr()
    return code, json.loads(told.out) if told.out else None


def maker(pack: Path):
    return ["--signer", str(pack.parent / "maker-public.pem")]


def test_a_pack_is_whole_and_of_whom_it_says(capsys, pack) -> None:
    code, document = verified(capsys, pack, *maker(pack))
    assert (code, document["verdict"], document["findings"]) == (0, "met", [])
    schema = json.loads((SCHEMAS / "pack-check.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    code, document = verified(capsys, pack)
    assert (code, document["signature"]["state"]) == (3, "unknown")


def test_the_pack_has_both_languages_the_evidence_and_the_documents(pack) -> None:
    with zipfile.ZipFile(pack) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
        assert archive.read("pack/evidence/bundle.sekisho-bundle") == BUNDLE.read_bytes()
        sums = archive.read("pack/SHA256SUMS").decode()
    assert {f"checklist-{x}.{y}" for x in ("ja", "en") for y in ("xlsx", "html", "pdf")} <= names
    assert "documents/disclosure-policy.txt" in names
    assert "documents/papers.sekisho-attestation" in names
    assert sums.count("\n") == len(names) - 2


def test_an_unsigned_pack_says_so(capsys, tmp_path: Path) -> None:
    out = tmp_path / "bare.zip"
    assert main(["checklist", str(BUNDLE), *DAY, *KNOWN, "--out", str(out)]) == 1
    code, document = verified(capsys, out)
    assert (code, document["signature"]["state"], document["findings"]) == (3, "none", [])


def rewritten(pack: Path, tmp_path: Path, change) -> Path:
    """The pack with members changed, zipped anew in the same order."""
    with zipfile.ZipFile(pack) as archive:
        entries = [(entry, archive.read(entry)) for entry in archive.infolist()]
    place = tmp_path / "changed.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for entry, data in change(entries):
            archive.writestr(entry, data)
    return place


def only(document):
    (finding,) = document["findings"]
    return finding["what"], finding["member"]


def test_a_changed_member_is_named(capsys, tmp_path: Path, pack) -> None:
    def change(entries):
        return [
            (entry, data.replace(b"14 days", b"90 days") if "policy" in entry.filename else data)
            for entry, data in entries
        ]

    code, document = verified(capsys, rewritten(pack, tmp_path, change), *maker(pack))
    assert (code, only(document)) == (1, ("changed", "documents/disclosure-policy.txt"))


def test_a_missing_and_an_added_member_are_named(capsys, tmp_path: Path, pack) -> None:
    def without(entries):
        return [(entry, data) for entry, data in entries if "technical" not in entry.filename]

    def added(entries):
        return [*entries, (zipfile.ZipInfo("pack/documents/more.txt"), b"more")]

    _, document = verified(capsys, rewritten(pack, tmp_path, without), *maker(pack))
    assert only(document) == ("missing", "documents/technical.txt")
    _, document = verified(capsys, rewritten(pack, tmp_path, added), *maker(pack))
    assert only(document) == ("added", "documents/more.txt")


def test_another_order_or_time_is_found_though_every_member_is_the_same(
    capsys, tmp_path: Path, pack
) -> None:
    def turned(entries):
        return [entries[0], *reversed(entries[1:])]

    def later(entries):
        for entry, data in entries:
            entry.date_time = (2026, 11, 23, 0, 0, 0)
            yield entry, data

    for change in (turned, later):
        code, document = verified(capsys, rewritten(pack, tmp_path, change), *maker(pack))
        assert (code, only(document)) == (1, ("other-bytes", None))


def test_a_manifest_of_another_signer_is_found(capsys, tmp_path: Path, pack) -> None:
    other = Signer(bytes(32))

    def forged(entries):
        files = {
            entry.filename.partition("/")[2]: data
            for entry, data in entries
            if not entry.filename.endswith(MANIFEST)
        }
        stated = manifest(files, "pack", "2026-11-22", other)
        return [(entries[0][0], stated), *entries[1:]]

    code, document = verified(capsys, rewritten(pack, tmp_path, forged), *maker(pack))
    assert (code, document["signature"]["state"]) == (3, "unknown")
    assert document["signature"]["kid"] == other.kid


def test_a_manifest_with_the_signature_of_another_is_of_no_use(
    capsys, tmp_path: Path, pack
) -> None:
    def forged(entries):
        files = {entry.filename.partition("/")[2]: data for entry, data in entries[1:]}
        mine = json.loads(entries[0][1])
        theirs = json.loads(manifest(files, "pack", "2026-11-23", SIGNER))
        mine["signature"] = theirs["signature"]
        return [(entries[0][0], canonical(mine) + b"\n"), *entries[1:]]

    code, document = verified(capsys, rewritten(pack, tmp_path, forged), *maker(pack))
    assert (code, only(document)) == (1, ("manifest", None))
    assert "signature does not hold" in document["findings"][0]["detail"]


def test_a_change_of_any_byte_of_a_pack_is_found(capsys, tmp_path: Path) -> None:
    out, place = tmp_path / "pack.zip", tmp_path / "changed.zip"
    data = pack_bytes({"a.txt": b"a document", "b/c.txt": b""}, "pack", date(2026, 11, 22), SIGNER)
    out.write_bytes(data)
    assert check_pack(data, "pack.zip", [SIGNER.public]).findings == ()
    for number in range(len(data)):
        for flip in (1, 0x20, 0x80):
            changed = bytearray(data)
            changed[number] ^= flip
            try:
                assert check_pack(bytes(changed), "pack.zip", [SIGNER.public]).findings, number
            except InputError:
                continue
    for longer in (data + b"\n", b"\n" + data):
        try:
            assert check_pack(longer, "pack.zip", [SIGNER.public]).findings
        except InputError:
            continue
    place.write_bytes(b"no zip at all")
    assert main(["verify", str(place), "--lang", "en"]) == 2
    assert "cannot be read as a ZIP" in capsys.readouterr().err


def test_what_somebody_typed_is_no_formula_and_no_markup(tmp_path: Path) -> None:
    whole = opened(BUNDLE.read_bytes(), [])
    odd = SeenPort(transport=Transport.TCP, port=9, service="=1+1<script>alert(1)</script>")
    target = "<b>=x</b>"
    records = tuple(
        replace(r, target=target, observed=replace(r.observed, ports=(*r.observed.ports, odd)))
        if isinstance(r.observed, OpenPorts)
        else replace(r, target=target)
        for r in whole.bundle.records
    )
    bundle = replace(whole.bundle, target=target, records=records)
    path = tmp_path / "b"
    path.write_bytes(sealed(bundle, list(whole.blobs.values()), SIGNER))
    html, book = tmp_path / "x.html", tmp_path / "x.xlsx"
    for out in (html, book):
        assert main(["checklist", str(path), *DAY, *KNOWN, *PAPERS, "--out", str(out)]) == 1
    text = html.read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "<b>=x" not in text
    with zipfile.ZipFile(io.BytesIO(book.read_bytes())) as archive:
        sheets = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet for sheet in sheets)


@pytest.mark.parametrize("command", ["judge", "verify"])
def test_a_file_that_is_not_there_is_said_to_be_missing(capsys, tmp_path: Path, command) -> None:
    assert main([command, str(tmp_path / "nowhere"), "--lang", "en"]) == 2
    assert "nowhere: There is no such file. → Check the path." in capsys.readouterr().err
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert main([command, str(tmp_path / "link"), "--lang", "ja"]) == 2
    assert "ファイルがありません。" in capsys.readouterr().err


def test_a_folder_is_said_to_be_one_and_which_file_is_wanted(capsys, tmp_path: Path) -> None:
    assert main(["judge", str(SAMPLE), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "It is a folder. → Give the .sekisho-bundle file in it that sekisho probe wrote:" in said
    assert str(BUNDLE) in said
    assert main(["judge", str(tmp_path), "--lang", "en"]) == 2
    assert (
        "Give the .sekisho-bundle file in it that sekisho probe wrote." in capsys.readouterr().err
    )
    assert main(["verify", str(tmp_path), "--lang", "ja"]) == 2
    said = capsys.readouterr().err
    assert "フォルダーです。 → sekisho checklist か sekisho pack が書いた .zip" in said


def test_a_pipe_is_no_regular_file_and_nobody_waits_for_it(capsys, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert main(["judge", str(tmp_path / "pipe"), "--lang", "en"]) == 2
    assert "It is not a regular file." in capsys.readouterr().err
