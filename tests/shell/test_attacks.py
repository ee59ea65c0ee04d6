"""Each class of attack through the real interfaces, and without the one defence it is held by."""

import asyncio
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from sekisho.codec.command import Product
from sekisho.gate.update.reasons import SAID, Reason
from sekisho.lab.attacks.catalogue import ATTACKS, BY_NUMBER
from sekisho.lab.attacks.finding import Verdict
from sekisho.shell.cli import attack as cli
from sekisho.shell.cli.main import main
from sekisho.shell.gate.state_folder import STATUS, open_state
from sekisho.shell.lab import attacks
from sekisho.shell.lab.attacks.run import FLEET, UPDATE, attacked, plays
from sekisho.shell.lab.attacks.run import untested as untested_finding
from sekisho.shell.lab.attacks.scene import until
from sekisho.shell.lab.attacks.standing import attacked as against
from sekisho.shell.lab.attacks.standing import standing
from sekisho.shell.lab.stage import Stage
from sekisho.terms.errors import InputError
from sekisho.terms.quantity import Watts
from sekisho.terms.texts import Lang

pytestmark = pytest.mark.alone

ROOT = Path(__file__).resolve().parents[2]
REFUSED, CONTAINED = Verdict.REFUSED, Verdict.CONTAINED
EXPECTED = {
    1: REFUSED,
    2: REFUSED,
    3: REFUSED,
    4: CONTAINED,
    5: CONTAINED,
    6: REFUSED,
    7: REFUSED,
    8: CONTAINED,
    9: CONTAINED,
    10: REFUSED,
    11: REFUSED,
    12: CONTAINED,
    13: CONTAINED,
    14: CONTAINED,
    15: CONTAINED,
}
PROVEN = (1, 2, 3, 4, 5, 6, 7, 10, 11, 13, 14, 15)
"""Those whose proof is not mostly waiting; `sekisho attack --prove` has them all."""


@pytest.fixture(scope="module")
def results():
    """All of them once, beside one another, most with their proofs."""

    async def everything():
        chosen = [BY_NUMBER[number] for number in EXPECTED]
        return {one.attack.number: one async for one in attacked(chosen, prove=PROVEN, at_once=5)}

    return asyncio.run(everything())


@pytest.mark.parametrize("number", EXPECTED)
def test_the_gate_holds_and_its_journal_shows_it(results, number):
    found = results[number].finding
    assert (found.verdict, found.did.en) == (EXPECTED[number], found.did.en)
    assert found.entries
    assert (found.bound is not None) == (found.verdict is CONTAINED)


@pytest.mark.parametrize("number", PROVEN)
def test_without_its_one_defence_the_attack_succeeds(results, number):
    assert results[number].proof.verdict is Verdict.SUCCEEDED, results[number].proof.did.en


def test_every_class_is_played():
    assert {*plays(), UPDATE, FLEET} == set(EXPECTED)
    assert {attack.number for attack in ATTACKS} == set(EXPECTED)
    assert all(play.weak or play.weak_attack for play in plays().values())


def test_an_attack_that_succeeds_or_is_not_proven_is_bad(results):
    good = results[2]
    assert not cli.bad([good], prove=True)
    assert cli.bad([replace(good, finding=good.proof)], prove=False)
    assert cli.bad([replace(good, proof=good.finding)], prove=True)
    assert cli.bad([replace(good, proof=None)], prove=True)


def test_a_proof_that_was_not_played_has_not_failed(results):
    good = results[2]
    untried = replace(good, proof=replace(good.proof, verdict=Verdict.NOT_TESTED))
    assert not cli.bad([untried], prove=True)
    told = cli.summary([untried], Lang.EN)
    assert "not tried without the defence" in told
    assert "did not succeed" not in told


def test_json_is_as_published_and_what_is_not_tested_is_said(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tuf.ngclient", None)
    monkeypatch.delitem(sys.modules, "sekisho.shell.lab.attacks.downgrade", raising=False)
    for name in [one for one in sys.modules if one.startswith("sekisho.shell.update.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(attacks, "downgrade", raising=False)
    assert main(["attack", "--class", "2", "--class", "10", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    schema = json.loads((ROOT / "schemas/attack.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, schema)
    assert [one["verdict"] for one in told["attacks"]] == ["refused", "not-tested"]
    assert told["attacks"][0]["journal_ref"]
    assert told["attacks"][1]["journal_ref"] == []


def test_a_success_ends_with_code_1(capsys, monkeypatch, results):
    async def found(chosen, tell, *, prove):
        return [replace(results[2], finding=results[2].proof)]

    monkeypatch.setattr(cli, "gathered", found)
    assert main(["attack", "--class", "2", "--lang", "en"]) == 1
    told = capsys.readouterr().out
    assert "1 succeeded" in told
    assert told.endswith("\n× succeeded: 2 a command for another site\n")


def test_what_was_not_tested_or_not_proven_is_named(results):
    good = results[2]
    untested = replace(good, finding=untested_finding(), proof=None)
    assert cli.summary([good], Lang.EN).count("\n") == 1
    told = cli.summary([untested, replace(good, proof=good.finding)], Lang.EN).splitlines()
    assert told[1:] == [
        "- not tested: 2 a command for another site",
        "× did not succeed without the defence: 2 a command for another site",
    ]


def test_text_is_told_as_it_comes_and_summed_up(capsys):
    assert main(["attack", "--class", "10", "--prove", "--lang", "ja"]) == 0
    told = "".join(line.strip() for line in capsys.readouterr().out.splitlines())
    assert "○ 拒否" in told
    assert re.search(r"1\.0\.0 ?に戻されました", told), "a line may end between the words"
    assert "拒否 1" in told
    assert SAID[Reason.METADATA_OLDER].ja in told
    assert Reason.METADATA_OLDER.value not in told


@pytest.mark.parametrize("number", ["0", "16", "x"])
def test_a_class_that_does_not_exist_is_usage(number, capsys):
    assert main(["attack", "--class", number]) == 2
    assert capsys.readouterr().err


@pytest.fixture(scope="module")
def stood(tmp_path_factory):
    """A gate that runs already is attacked by its own head-end."""

    async def everything():
        folder = tmp_path_factory.mktemp("stood") / "stage"
        async with Stage(folder) as stage:
            await stage.ready()
            desk = stage.desk("agg", stage.signer)
            await until(lambda: open_state(stage.state_path).has(STATUS), 5.0)
            gate = standing(desk, open_state(stage.state_path))
            later = asyncio.get_running_loop().call_later(6.0, stage.running.engine.minute)
            chosen = [BY_NUMBER[number] for number in (1, 2, 3, 4)]
            found = [one async for one in against(gate, chosen)]
            later.cancel()
            later = asyncio.get_running_loop().call_later(2.0, stage.running.engine.minute)
            found += [one async for one in against(gate, [BY_NUMBER[6]])]
            await stage.setpoint(Watts(200_000), Product.FRR)
            await stage.until_power(150_000, 200_000)
            await asyncio.sleep(1.2)
            with pytest.raises(InputError, match="not at rest"):
                standing(desk, open_state(stage.state_path))
            return found

    return asyncio.run(everything())


def test_a_gate_that_stands_already_refuses_what_can_be_tried_there(stood):
    verdicts = {one.attack.number: one.finding.verdict for one in stood}
    assert verdicts == {
        1: REFUSED,
        2: REFUSED,
        3: REFUSED,
        4: Verdict.NOT_TESTED,
        6: REFUSED,
    }
    assert all(one.finding.entries for one in stood if one.finding.verdict is REFUSED)


@pytest.mark.parametrize(
    "words",
    [["--state", "s"], ["--head-end", "h"], ["--state", "s", "--head-end", "h", "--prove"]],
)
def test_half_of_what_a_standing_gate_needs_is_usage(words, capsys):
    assert main(["attack", "--class", "2", *words]) == 2
    assert "--head-end" in capsys.readouterr().err
