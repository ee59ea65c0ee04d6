"""A probe profile is read strictly, and a plan tells every class of packet before any is sent."""

import pytest

from sekisho.proof.default_credentials import CREDENTIALS, in_order
from sekisho.proof.plan import NOTHING_AGREED, consent_of, planned, read_probe_profile
from sekisho.proof.plan_ports import merged, ranges_of, size
from sekisho.proof.plan_words import Act
from sekisho.terms.errors import InputError

PRODUCT = '[product]\ntitle = "x"\nmaker = "x"\nmodel = "x"\n'
LOGIN = (
    '[web]\nport = 443\n[login]\nuser = "u"\npassword = { env = "P" }\ninside = "/in"\n'
    'step = { path = "/login" }\n'
)


def read(text):
    return read_probe_profile(PRODUCT + text, "probe.toml")


def wrong(text):
    with pytest.raises(InputError) as caught:
        read(text)
    return [f"{p.where}: {p.what.en} {p.remedy.en}" for p in caught.value.problems]


def test_a_profile_of_the_product_alone_asks_ports_and_changes_nothing():
    document = read("")
    assert ranges_of(document) == ((1, 65535),)
    plan = planned(document, consent_of(document, None))
    assert [one.name for one in plan] == ["tcp-connect", "recognise", "tls-handshake", "udp"]
    assert all(one.changes is None for one in plan)


def test_without_agreement_no_act_and_no_password():
    assert consent_of(read(LOGIN), None) == NOTHING_AGREED
    assert not any(NOTHING_AGREED.to(act) for act in Act)


def test_a_budget_allows_guesses_and_nothing_else():
    consent = consent_of(read(LOGIN), 5)
    assert (consent.tries, set(consent.acts)) == (5, {Act.GUESS})


def test_a_budget_of_none_takes_the_guesses_away():
    document = read('[agreed]\nby = "x"\ntries = 9\nacts = ["guess"]\n' + LOGIN)
    assert consent_of(document, None).to(Act.GUESS)
    assert not consent_of(document, 0).to(Act.GUESS)


def test_each_agreed_act_is_a_class_that_changes_the_device():
    document = read(
        '[agreed]\nby = "x"\ntries = 9\nacts = ["guess", "modbus-write"]\n[modbus]\nport = 502\n'
        + LOGIN
    )
    plan = planned(document, consent_of(document, None))
    changing = {one.changes: (one.to, one.most) for one in plan if one.changes is not None}
    assert "owner-login" in {one.name for one in plan}
    assert changing == {Act.GUESS: ("443", 9), Act.MODBUS_WRITE: ("502", 1)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[agreed]\nby = "x"\nacts = ["delete"]\n', "delete needs the table [delete]"),
        ('[agreed]\nby = "x"\nacts = ["guess"]\n' + LOGIN, "number of tries is 0"),
        ('[agreed]\nby = "x"\nacts = ["destroy"]\n', "destroy"),
        ('[agreed]\nby = "x"\ntries = 101\n', "tries"),
        ("[power]\nback_s = 5\n", "command or prompt"),
        ('[power]\nprompt = "x"\ncommand = ["x"]\n', "command or prompt"),
        (LOGIN.replace('{ env = "P" }', "{}"), "file or env"),
        (LOGIN.replace('{ env = "P" }', '{ env = "P", file = "p" }'), "file or env"),
        (LOGIN.replace('"/login" }', '"/login", fields = { a = "$pasword" } }'), "$pasword"),
        (LOGIN.replace('"/login" }', '"/login", fields = { a = "$token" } }'), "page and token"),
        (LOGIN.replace('"/login" }', '"/login", body = "file" }'), "file_field"),
        (LOGIN.replace("[web]\nport = 443\n", ""), "[login] needs [web]"),
        ('[scan]\ntcp = ["9-1"]\n', "9-1"),
        ('[scan]\ntcp = ["1-70000"]\n', "1-70000"),
        ('[[port]]\nnumber = 1\nservice = "ssh"\nreason = "x"\n' * 2, "stands twice"),
        ('[[route]]\npath = "/x"\ncontent = "login"\nmethod = "POST"\n', "method"),
        ("[shell]\nx = 1\n", "shell"),
    ],
)
def test_what_does_not_fit_is_told_with_its_remedy(text, told):
    assert any(told in line for line in wrong(text)), wrong(text)


def test_an_update_needs_a_genuine_file_and_a_shown_version():
    text = LOGIN + (
        '[update]\nstep = { path = "/u", body = "file", file_field = "f" }\n'
        '[[update.package]]\npackage = "older"\nfile = "o.bin"\nversion = "1"\n'
    )
    told = "\n".join(wrong(text))
    assert "genuine" in told
    assert "[shown]" in told


def test_ranges_are_merged_and_counted_once():
    assert merged([(5, 9), (1, 4), (8, 12), (20, 20)]) == ((1, 12), (20, 20))
    assert size(merged([(5, 9), (1, 4), (8, 12), (20, 20)])) == 13


def test_credentials_of_the_wanted_user_are_tried_first_and_keep_their_places():
    ordered = in_order("root")
    assert ordered[0][1].user == "root"
    assert {index for index, _ in ordered} == set(range(len(CREDENTIALS)))
    assert all(CREDENTIALS[index] is one for index, one in ordered)
    pairs = [(one.user, one.password) for one in CREDENTIALS]
    assert len(set(pairs)) == len(pairs)
