"""The self-assessment's deletion: a real wipe of a running product, and one that leaves something."""

import asyncio
import ssl
import sys

import httpx
import pytest

from sekisho.evidence.observation_function import Deletion
from sekisho.evidence.observation_paper import NotDone
from sekisho.proof.criteria import CRITERIA
from sekisho.proof.evidence import Product, evidence_of
from sekisho.proof.judging import judged
from sekisho.shell.admin.folder import CERTIFICATE
from sekisho.shell.clock import today_in_japan
from sekisho.shell.package_data import load_criteria
from sekisho.shell.probe.diary import Diary
from sekisho.shell.probe.profile import load_probe_profile
from sekisho.shell.probe.run import Visited
from sekisho.terms.verdict import Verdict
from tests.admin_process import PASSWORD
from tools.self_assessment_wipe import with_deletion
from tools.whole_product import PROGRAM, WholeProduct

LOGIN = load_probe_profile("sekisho-gate", secrets=False).document.login
LEAVES = f"""#!{sys.executable}
import os, shutil, sys
if "wipe" not in sys.argv:
    os.execv({str(PROGRAM)!r}, [{str(PROGRAM)!r}, *sys.argv[1:]])
named = dict(zip(sys.argv, sys.argv[1:]))
ACT
"""
"""A program whose `gate wipe` does what ACT says."""


async def assessed(tmp_path, monkeypatch, program=PROGRAM):
    monkeypatch.setenv("SEKISHO_NEW_PASSWORD", PASSWORD)
    async with WholeProduct(tmp_path) as product:
        await asyncio.to_thread(first_user, product)
        product.gate_program = program
        diary = Diary("127.0.0.1", "sekisho-gate")
        found = Visited(bundle=diary.bundle(), blobs=(), connections=0)
        assert LOGIN is not None
        return await with_deletion(found, product, LOGIN)


def first_user(product):
    trusted = ssl.create_default_context(cafile=product.admin_folder / CERTIFICATE)
    with httpx.Client(verify=trusted, timeout=20) as client:
        form = {"name": "assessor", "code": product.code, "password": PASSWORD, "again": PASSWORD}
        address = f"https://{product.host}:{product.port}/first-use"
        assert client.post(address, data=form).status_code == 303


def verdict_of(found):
    records = ((record, True) for record in found.bundle.records)
    product = Product(own_gate=True, hardware="")
    evidence = evidence_of(records, today_in_japan(), product)
    result = judged(evidence, CRITERIA, load_criteria(), "edition", found.bundle.target)
    return {str(one.statement.id): one.verdict for one in result.criteria}["S1.1-15"]


def program(tmp_path, act):
    place = tmp_path / "program"
    place.write_text(LEAVES.replace("ACT", act))
    place.chmod(0o755)
    return place


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "product"
    place.mkdir()
    return place


@pytest.mark.asyncio
async def test_a_real_wipe_takes_everything_and_the_criterion_is_judged_on_the_device(
    folder, monkeypatch
):
    found = await assessed(folder, monkeypatch)
    (deletion,) = (r.observed for r in found.bundle.records if isinstance(r.observed, Deletion))
    assert {datum.before for datum in deletion.data} == {True}
    assert {datum.after for datum in deletion.data} == {False}
    assert deletion.version_before == deletion.version_after
    assert verdict_of(found) is Verdict.MET
    assert not any(PASSWORD.encode() in blob for blob in found.blobs)
    assert any(b'"signed": true' in blob for blob in found.blobs)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("act", "left"),
    [
        ("sys.exit(0)", {"gate.key", "device.key", "bounds.json", "journal", "user assessor"}),
        ("shutil.rmtree(named['--state'])", {"user assessor", "password of assessor"}),
    ],
)
async def test_what_a_wipe_leaves_is_seen_and_breaks_the_criterion(
    folder, tmp_path, monkeypatch, act, left
):
    found = await assessed(folder, monkeypatch, program(tmp_path, act))
    (deletion,) = (r.observed for r in found.bundle.records if isinstance(r.observed, Deletion))
    seen = {datum.name for datum in deletion.data if datum.after}
    assert left <= seen
    assert verdict_of(found) is Verdict.BROKEN


@pytest.mark.asyncio
async def test_a_wipe_that_refuses_is_told_and_leaves_the_criterion_open(
    folder, tmp_path, monkeypatch
):
    act = "print('not at rest'); sys.exit(2)"
    found = await assessed(folder, monkeypatch, program(tmp_path, act))
    (told,) = (r.observed for r in found.bundle.records)
    assert isinstance(told, NotDone)
    assert "not at rest" in told.detail
    assert verdict_of(found) is Verdict.UNDETERMINED
