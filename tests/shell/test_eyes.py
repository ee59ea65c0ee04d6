"""`make eyes`: a difference is told, and a tool that is missing or silent is never no difference."""

import json
import subprocess
import sys

import pytest

from tools.eyes import api, ports, tls
from tools.eyes.difference import Row, ToolFailedError, table

SCAN = """<?xml version="1.0"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" version="7.93"><scaninfo type="connect" protocol="tcp" services="{range}"/>
<host><ports>
<port protocol="tcp" portid="8443"><state state="open"/></port>
<port protocol="tcp" portid="9464"><state state="closed"/></port>
</ports></host>
<runstats><finished exit="{end}"/></runstats></nmaprun>"""


def scan(range_="1-65535", end="success"):
    return SCAN.format(range=range_, end=end)


def suite(name):
    return {"cipher_suite": {"name": name, "openssl_name": name}}


def report(**changed):
    def answered(**result):
        return {"status": "COMPLETED", "result": result}

    versions = {f"{key}_cipher_suites": answered(accepted_cipher_suites=[]) for key in tls.VERSIONS}
    versions["tls_1_2_cipher_suites"] = answered(
        accepted_cipher_suites=[
            suite("ECDHE-ECDSA-AES256-GCM-SHA384"),
            suite("ECDHE-ECDSA-CHACHA20-POLY1305"),
            suite("ECDHE-ECDSA-AES128-GCM-SHA256"),
        ]
    )
    versions["tls_1_3_cipher_suites"] = answered(
        accepted_cipher_suites=[suite(name) for name in tls.SUITES_13]
    )
    result = {
        **versions,
        "heartbleed": answered(is_vulnerable_to_heartbleed=False),
        "openssl_ccs_injection": answered(is_vulnerable_to_ccs_injection=False),
        "session_renegotiation": answered(is_vulnerable_to_client_renegotiation_dos=False),
        "tls_compression": answered(supports_compression=False),
        "tls_1_3_early_data": answered(supports_early_data=False),
        "robot": answered(robot_result="NOT_VULNERABLE_RSA_NOT_SUPPORTED"),
        **changed,
    }
    server = {"scan_status": "COMPLETED", "scan_result": result}
    return json.dumps({"sslyze_version": "6.3.1", "server_scan_results": [server]})


def test_open_ports_are_read_and_closed_ones_are_not():
    assert ports.read(scan()) == ("7.93", frozenset({8443}))


@pytest.mark.parametrize("told", ["", scan(range_="1-1000"), scan(end="error")])
def test_a_scan_that_is_not_whole_is_no_answer(told):
    with pytest.raises(ToolFailedError):
        ports.read(told)


def test_what_the_server_is_told_to_accept_is_what_sslyze_sees():
    assert all(row.same for row in tls.read(report()))


@pytest.mark.parametrize(
    ("name", "result", "question"),
    [
        (
            "tls_1_0_cipher_suites",
            {"accepted_cipher_suites": [suite("AES128-SHA")]},
            "versions accepted",
        ),
        ("tls_1_2_cipher_suites", {"accepted_cipher_suites": []}, "suites of TLS 1.2"),
        (
            "tls_1_3_cipher_suites",
            {"accepted_cipher_suites": [suite("TLS_AES_128_CCM_8_SHA256")]},
            "suites of TLS 1.3",
        ),
        ("heartbleed", {"is_vulnerable_to_heartbleed": True}, "known flaws of TLS"),
        ("robot", {"robot_result": "VULNERABLE_WEAK_ORACLE"}, "known flaws of TLS"),
    ],
)
def test_each_difference_of_tls_is_seen(name, result, question):
    rows = tls.read(report(**{name: {"status": "COMPLETED", "result": result}}))
    assert question in {row.question for row in rows if not row.same}


def test_a_question_that_was_not_answered_is_no_good_answer():
    with pytest.raises(ToolFailedError, match="heartbleed"):
        tls.read(report(heartbleed={"status": "NOT_SCHEDULED", "result": None}))


def test_a_difference_is_marked_by_a_word_and_says_which_side_has_what():
    row = Row(tool="t", question="q", ours=frozenset({"a", "b"}), theirs=frozenset({"b", "c"}))
    shown = table([row])
    assert "DIFFERENT" in shown
    assert "only our table: a" in shown
    assert "only the tool: c" in shown


def test_a_missing_tool_ends_with_three_and_compares_nothing(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "tools.eyes"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "not there: nmap" in ran.stderr


def run_of(*scenarios, end=True, total=1):
    events = [
        {"Initialize": {"schemathesis_version": "4.32.5"}},
        {"LoadingFinished": {"statistic": {"operations": {"total": total}}}},
        *({"ScenarioFinished": {"recorder": one}} for one in scenarios),
    ]
    return "\n".join(map(json.dumps, [*events, *([{"EngineFinished": {}}] if end else [])]))


def scenario(status="success", label="GET /api/v1/status"):
    check = {"name": "status_code_conformance", "status": status}
    return {"label": label, "cases": {"a": {}}, "checks": {"a": [check]}}


def test_an_interface_that_answers_as_described_has_no_difference():
    assert api.read(run_of(scenario())).same


def test_an_answer_that_is_not_described_is_named_with_its_operation():
    row = api.read(run_of(scenario(), scenario("failure")))
    assert row.theirs == {"GET /api/v1/status: status_code_conformance"}


@pytest.mark.parametrize(
    ("answer", "same"),
    [
        ({"status_code": 503, "headers": {"retry-after": ["1"]}}, True),
        ({"status_code": 503, "headers": {}}, False),
        ({"status_code": 500, "headers": {"retry-after": ["1"]}}, False),
    ],
)
def test_only_a_busy_answer_with_its_time_is_no_server_error(answer, same):
    check = {"name": "not_a_server_error", "status": "failure"}
    one = scenario() | {"checks": {"a": [check]}, "interactions": {"a": {"response": answer}}}
    assert api.read(run_of(one)).same is same


@pytest.mark.parametrize(
    "told", [run_of(scenario(), end=False), run_of(scenario(), total=2), run_of(total=0)]
)
def test_an_interface_that_was_not_tried_whole_is_no_answer(told):
    with pytest.raises(ToolFailedError):
        api.read(told)
