"""The made-up product, without sockets: what it keeps, whom it lets in, what it takes."""

import pytest

from sekisho.codec.jws import Signer
from sekisho.lab.product.faults import BY_FAULT, PLANTED, Fault
from sekisho.lab.product.model import MODEL, USER, Kept, Product, Request, kept
from sekisho.lab.product.package import opened, packed
from sekisho.lab.product.pages import Visit, answer, plain
from sekisho.lab.product.score import Sighting, counted
from sekisho.scheme.criteria import STAR_1
from sekisho.terms.errors import InputError
from sekisho.terms.ids import CriterionId

SEED, SALT = bytes(range(32)), bytes(16)
PUBLIC = Signer(SEED).public


def product(*faults):
    return Product(faults=frozenset(faults), code="c0de", public=PUBLIC, kept=Kept())


def ask(device, method, path, session="", now=0.0, upload=b"", **form):
    request = Request(method=method, path=path, form=form, upload=upload, session=session)
    return answer(Visit(product=device, request=request, now=now, token="token", salt=SALT))


def owned(*faults):
    device = product(*faults)
    assert device.set_up("c0de", "a good one", SALT) is None
    assert device.log_in(USER, "a good one", 0.0, "s") is None
    return device


def test_every_criterion_has_a_switch_and_every_switch_a_line():
    assert {p.breaks for p in PLANTED} - {None} == {c.id for c in STAR_1.criteria}
    assert set(BY_FAULT) == set(Fault)
    assert len(PLANTED) == len(Fault)


def test_a_new_one_takes_no_password_at_all():
    device = product()
    assert device.log_in(USER, USER, 0.0, "s") == 0.0
    assert device.log_in(USER, "", 0.0, "s") == 0.0


@pytest.mark.parametrize("weak", ["short", "password1", "12345678", "ADMIN", ""])
def test_first_use_refuses_a_weak_password(weak):
    assert product().set_up("c0de", weak, SALT) is not None


def test_first_use_needs_the_code_and_is_over_then():
    device = product()
    assert device.set_up("other", "a good one", SALT) == "wrong set-up code"
    assert device.set_up("c0de", "a good one", SALT) is None
    assert device.set_up("c0de", "another one", SALT) == "already set up"


def test_after_five_wrong_ones_it_takes_none_for_a_time_that_grows():
    device = owned()
    assert [device.log_in(USER, "x", 1.0, "t") for _ in range(5)] == [0.0] * 5
    assert device.log_in(USER, "a good one", 1.0, "t") == pytest.approx(0.2)
    assert device.log_in(USER, "x", 1.3, "t") == 0.0
    assert device.log_in(USER, "a good one", 1.3, "t") == pytest.approx(0.4)
    assert device.log_in(USER, "a good one", 2.0, "t") is None


@pytest.mark.parametrize("path", ["/status", "/api/status", "/settings"])
def test_nothing_inside_opens_without_a_session(path):
    assert ask(owned(), "GET", path).status == 401
    assert ask(owned(), "GET", path, session="s").status == 200


@pytest.mark.parametrize(
    ("package", "status"),
    [
        (packed(MODEL, "2.0.0", b"new", SEED), 200),
        (packed(MODEL, "2.0.0", b"new", None), 422),
        (packed(MODEL, "2.0.0", b"new", SEED)[:-1] + b"!", 422),
        (packed(MODEL, "1.0.0", b"old", SEED), 422),
        (packed("KD-200", "2.0.0", b"other", SEED), 422),
        (packed(MODEL, "2.0.0", b"new", bytes(32)), 422),
        (b"", 422),
        (b"\n" * 100, 422),
    ],
    ids=[
        "genuine",
        "unsigned",
        "changed",
        "older",
        "other-model",
        "other-maker",
        "empty",
        "rubbish",
    ],
)
def test_only_a_newer_update_that_its_maker_signed_is_taken(package, status):
    device = owned()
    assert ask(device, "POST", "/update", "s", upload=package).status == status
    assert device.kept.version == ("2.0.0" if status == 200 else "1.0.0")


def test_a_package_reads_as_it_was_packed():
    package = opened(packed(MODEL, "2.0.0", b"x", SEED), PUBLIC)
    assert package is not None
    assert (package.version, package.signed, package.whole) == ("2.0.0", True, True)


def test_without_power_it_forgets_sessions_and_nothing_else():
    device = owned()
    ask(device, "POST", "/update", "s", upload=packed(MODEL, "2.0.0", b"n", SEED))
    again = device.after_power_loss()
    assert again.kept == device.kept
    assert again.sessions == set()


def test_deletion_leaves_the_version_alone():
    device = owned()
    ask(device, "POST", "/settings", "s", site="marked")
    ask(device, "POST", "/update", "s", upload=packed(MODEL, "2.0.0", b"n", SEED))
    assert ask(device, "POST", "/delete", "s").status == 303
    assert device.kept == Kept(version="2.0.0")


def test_plain_http_only_sends_on():
    request = Request(method="GET", path="/about", form={}, upload=b"", session="")
    said = plain(Visit(product=owned(), request=request, now=0.0, token="t", salt=SALT))
    assert (said.status, said.body) == (308, "")
    assert said.headers["Location"].startswith("https://")


def test_storage_that_is_none_is_refused():
    assert kept(Kept().form()) == Kept()
    forms: tuple[object, ...] = ({}, [], {"version": "1"})
    for form in forms:
        with pytest.raises(InputError):
            kept(form)


def test_misses_and_false_alarms_are_counted_apart():
    right, wrong = CriterionId("S1.1-10"), CriterionId("S1.1-01")
    seen = [
        Sighting(fault=Fault.NO_MODEL, changed=(right,)),
        Sighting(fault=Fault.NO_MODEL, changed=(right, wrong)),
        Sighting(fault=Fault.NO_MODEL, changed=()),
        Sighting(fault=Fault.OLDER_UPDATE, changed=(wrong,)),
    ]
    assert counted(seen) == (3, 2, 2)
