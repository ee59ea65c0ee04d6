"""Reports of other programs: real outputs of a visit to the made-up product, and what is refused."""

import json
from pathlib import Path

import pytest

from sekisho.evidence.observation_network import OpenPorts, TlsOffer
from sekisho.evidence.observation_paper import Components, ScanReport, Vulnerabilities
from sekisho.evidence.observation_words import Exploitability, TlsVersion
from sekisho.lab.product.faults import Fault
from sekisho.lab.product.papers import reports
from sekisho.proof.plan_words import ReportForm
from sekisho.shell.readers import read_report
from sekisho.terms.errors import InputError

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "foreign_reports"
MADE = "2026-11-28T19:00:00+00:00"
REAL = {
    ReportForm.NMAP: "nmap-7.93.xml",
    ReportForm.TESTSSL: "testssl-3.0.8.json",
    ReportForm.SSLYZE: "sslyze-6.3.1.json",
}
GOOD = {TlsVersion.TLS_1_2, TlsVersion.TLS_1_3}


def real(form):
    return read_report(form, (FOLDER / REAL[form]).read_bytes(), REAL[form])


def refused(form, data):
    with pytest.raises(InputError) as caught:
        read_report(form, data, "report")
    return caught.value.problems[0].what.en


def test_nmap_tells_which_ports_it_asked_and_found():
    report = real(ReportForm.NMAP)
    assert report.about == {"127.77.77.7"}
    ports, scan = report.observations
    assert isinstance(ports, OpenPorts)
    assert [(a.first, a.last) for a in ports.asked] == [(2000, 9000)]
    assert ports.complete
    assert {p.port: p.service for p in ports.ports} == {
        2222: "ssh", 5020: "", 8080: "http", 8443: "https",
    }  # fmt: skip
    assert isinstance(scan, ScanReport)
    assert (scan.tool_version, scan.complete) == ("7.93", True)


def test_nmap_that_saw_filtered_ports_is_not_complete():
    data = (FOLDER / REAL[ReportForm.NMAP]).read_bytes()
    filtered = data.replace(b'extraports state="closed"', b'extraports state="filtered"')
    ports = read_report(ReportForm.NMAP, filtered, "x").observations[0]
    assert isinstance(ports, OpenPorts)
    assert not ports.complete


@pytest.mark.parametrize("form", [ReportForm.TESTSSL, ReportForm.SSLYZE])
def test_testssl_and_sslyze_agree_on_versions_and_suites(form):
    report = real(form)
    assert report.about == {"127.77.77.7"}
    offer, scan = report.observations
    assert isinstance(offer, TlsOffer)
    assert set(offer.accepted_versions) == GOOD
    assert set(offer.refused_versions) == set(TlsVersion) - GOOD
    assert set(offer.accepted_suites) == {
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    }  # fmt: skip
    assert isinstance(scan, ScanReport)
    assert scan.complete
    assert not any(finding.exploitable for finding in scan.findings)


def test_a_weakness_that_sslyze_saw_is_told():
    data = (FOLDER / REAL[ReportForm.SSLYZE]).read_bytes()
    bad = data.replace(
        b'"is_vulnerable_to_heartbleed": false', b'"is_vulnerable_to_heartbleed": true'
    )
    assert bad != data
    scan = read_report(ReportForm.SSLYZE, bad, "x").observations[1]
    assert isinstance(scan, ScanReport)
    assert [f.id for f in scan.findings if f.exploitable] == ["CVE-2014-0160"]


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (frozenset(), Exploitability.NOT_AFFECTED),
        (frozenset({Fault.KNOWN_VULNERABILITY}), Exploitability.AFFECTED),
    ],
)
def test_cyclonedx_tells_components_and_what_is_said_of_vulnerabilities(fault, state):
    files = {name: text.encode() for name, text in reports(fault, MADE).items()}
    (sbom,) = read_report(ReportForm.CYCLONEDX, files["reports/sbom.json"], "x").observations
    assert isinstance(sbom, Components)
    assert [(c.name, c.version) for c in sbom.components] == [("madeup-web", "1.4.2")]
    (vex,) = read_report(ReportForm.VEX, files["reports/vex.json"], "x").observations
    assert isinstance(vex, Vulnerabilities)
    assert [(v.component, v.state) for v in vex.known] == [("madeup-web 1.4.2", state)]
    assert vex.database.isoformat() == "2026-11-28"


OPENVEX = b"""{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://kanda.example/vex/1",
 "author": "made up", "timestamp": "2026-11-01T00:00:00Z", "version": 1, "statements": [
 {"vulnerability": {"name": "MADE-UP-1"}, "products": [{"@id": "pkg:generic/madeup-web@1.4.2"}],
  "status": "not_affected", "justification": "vulnerable_code_not_present"}]}"""


def test_openvex_tells_a_status_with_its_justification():
    (vex,) = read_report(ReportForm.OPENVEX, OPENVEX, "x").observations
    assert isinstance(vex, Vulnerabilities)
    (known,) = vex.known
    assert (known.id, known.state) == ("MADE-UP-1", Exploitability.NOT_AFFECTED)
    assert known.why == "vulnerable_code_not_present"
    assert "status maybe" in refused(
        ReportForm.OPENVEX, OPENVEX.replace(b'"not_affected"', b'"maybe"')
    )


@pytest.mark.parametrize("form", ReportForm)
@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"<nmaprun/>", b'{"a":1,"a":2}', b"\xff\xfe", b"NaN", b"[" * 5000]
)
def test_what_is_no_report_is_refused_with_words(form, data):
    assert refused(form, data)


@pytest.mark.parametrize(
    ("added", "why"),
    [(b'"x":1,"x":2,', "twice"), (b'"x":NaN,', "NaN"), (b'"x":-Infinity,', "-Inf")],
)
def test_a_good_report_that_two_readers_could_read_differently_is_refused(added, why):
    assert read_report(ReportForm.OPENVEX, OPENVEX, "report").observations
    assert why in refused(ReportForm.OPENVEX, OPENVEX.replace(b"{", b"{" + added, 1))


def test_an_entity_in_the_xml_is_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><nmaprun version="1">&a;</nmaprun>'
    assert "EntitiesForbidden" in refused(ReportForm.NMAP, bomb)


def test_the_flat_form_of_testssl_bears_no_time_and_is_refused():
    assert "--jsonfile-pretty" in refused(
        ReportForm.TESTSSL, b'[{"id":"TLS1","finding":"offered"}]'
    )


def test_a_report_of_several_hosts_is_refused():
    data = (FOLDER / REAL[ReportForm.NMAP]).read_bytes()
    start, end = data.index(b"<host "), data.index(b"</host>") + len(b"</host>")
    assert "2 hosts" in refused(ReportForm.NMAP, data[:end] + data[start:end] + data[end:])


def test_a_host_that_is_down_says_nothing_of_its_ports():
    data = (FOLDER / REAL[ReportForm.NMAP]).read_bytes()
    start, end = data.index(b"<ports>"), data.index(b"</ports>")
    ports = read_report(ReportForm.NMAP, data[:start] + data[end + 8 :], "x").observations[0]
    assert isinstance(ports, OpenPorts)
    assert not ports.complete


def test_a_port_of_very_many_digits_is_none():
    data = (FOLDER / REAL[ReportForm.NMAP]).read_bytes()
    many = data.replace(b'portid="8080"', b'portid="000000' + b"9" * 5_000 + b'"')
    assert "port that is none" in refused(ReportForm.NMAP, many)


def test_a_bill_of_materials_is_no_word_on_vulnerabilities():
    bill = json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "metadata": {"timestamp": "2026-11-01T00:00:00Z"},
            "components": [{"name": "a", "version": "1"}],
        }
    ).encode()
    assert read_report(ReportForm.CYCLONEDX, bill, "x").observations
    assert "no vulnerabilities member" in refused(ReportForm.VEX, bill)
