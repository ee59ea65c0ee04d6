"""An operator's authority: what it issues, to whom, what it records, and what it revokes."""

import asyncio
import json
import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from sekisho.shell.certificates import called, key_pem, new_certificate_key, pem, request
from sekisho.shell.certifying import OperatorAuthority, serial_of
from sekisho.shell.cli.main import main
from sekisho.shell.lab.authority import Identity
from sekisho.shell.lab.broker import gate_account, head_end_account
from sekisho.shell.mqtt.tls import Broker
from sekisho.terms.errors import InputError
from tests.orders import SITE
from tests.shell.brokers import KINDS, line_of, until

NAME = "gate-1"


@pytest.fixture
def authority(tmp_path):
    return OperatorAuthority.new(tmp_path / "ca", "Example operator")


def _asked(name=NAME):
    key = new_certificate_key()
    return key, request(key, name)


def test_a_certificate_says_what_strict_clients_ask_for(authority):
    key, asked = _asked()
    made = authority.certify(asked, NAME, 365)
    found = made.extensions
    assert made.public_key() == key.public_key()
    made.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.ca.read_bytes()))
    usage = found.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    assert not found.get_extension_for_class(x509.BasicConstraints).value.ca
    assert list(found.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.CLIENT_AUTH
    ]
    assert found.get_extension_for_class(x509.SubjectKeyIdentifier)
    assert found.get_extension_for_class(x509.AuthorityKeyIdentifier)
    assert made.serial_number.bit_length() > 64
    assert timedelta(days=364) < made.not_valid_after_utc - datetime.now(UTC) < timedelta(days=366)


def test_everything_issued_is_recorded_by_serial_and_only_its_owner_reads_the_folder(authority):
    made = [authority.certify(_asked(f"gate-{n}")[1], f"gate-{n}", 10) for n in range(3)]
    again = OperatorAuthority(authority.folder)
    assert [one.serial for one in again.issued()] == [one.serial_number for one in made]
    assert [one.name for one in again.issued()] == ["gate-0", "gate-1", "gate-2"]
    assert stat.S_IMODE(authority.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in authority.folder.iterdir()} == {0o600}


def test_a_stranger_gets_no_more_than_key_and_name(authority):
    key = new_certificate_key()
    greedy = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(called(NAME))
        .add_extension(x509.BasicConstraints(ca=True, path_length=9), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("broker.example.jp")]), critical=False
        )
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    made = authority.certify(greedy, NAME, 10)
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    with pytest.raises(x509.ExtensionNotFound):
        made.extensions.get_extension_for_class(x509.SubjectAlternativeName)


def _signed_by_another():
    one, other = new_certificate_key(), new_certificate_key()
    der = x509.load_pem_x509_csr(request(one, NAME)).public_bytes(serialization.Encoding.DER)
    theirs = [
        k.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        for k in (one, other)
    ]
    return der.replace(theirs[0], theirs[1])


def _of(key):
    return (
        x509.CertificateSigningRequestBuilder()
        .subject_name(called(NAME))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n", "no request"),
        (lambda: b"", "no request"),
        (lambda: b"A" * 20_000, "no request"),
        (_signed_by_another, "signature is wrong"),
        (lambda: _asked("gate-2")[1], "for the name gate-2"),
        (lambda: _of(ec.generate_private_key(ec.SECP384R1())), "not EC P-256"),
        (lambda: _of(rsa.generate_private_key(65537, 2048)), "not EC P-256"),
    ],
)
def test_a_request_that_is_not_proven_or_not_ours_is_refused_and_not_recorded(
    authority, asked, said
):
    with pytest.raises(InputError, match=said):
        authority.certify(asked(), NAME, 10)
    assert authority.issued() == ()


def test_no_certificate_outlives_its_authority_or_825_days(authority):
    made = authority.certify(_asked()[1], NAME, 10_000)
    assert made.not_valid_after_utc - made.not_valid_before_utc < timedelta(days=826)
    root = x509.load_pem_x509_certificate(authority.ca.read_bytes())
    assert made.not_valid_after_utc <= root.not_valid_after_utc


def _listed(authority):
    found = x509.load_pem_x509_crl(authority.revoked_list.read_bytes())
    root = x509.load_pem_x509_certificate(authority.ca.read_bytes())
    key = root.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert found.is_signature_valid(key)
    number = found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    return {one.serial_number for one in found}, number


def test_what_is_revoked_stands_on_the_list_and_stays_there(authority):
    first, second = (authority.certify(_asked()[1], NAME, 10) for _ in range(2))
    listed, before = _listed(authority)
    assert listed == set()
    gone = authority.revoke(first.serial_number)
    authority.certify(_asked()[1], NAME, 10)
    again = OperatorAuthority(authority.folder).revoke(first.serial_number)
    assert again.revoked == gone.revoked
    authority.refresh()
    listed, after = _listed(authority)
    assert listed == {first.serial_number}
    assert after > before
    with pytest.raises(InputError, match="No certificate of this serial"):
        authority.revoke(second.serial_number + 1)


def test_a_damaged_authority_is_refused(authority):
    key = authority.folder / "ca.key"
    key.write_bytes(key_pem(new_certificate_key()))
    with pytest.raises(InputError, match="do not belong together"):
        OperatorAuthority(authority.folder)
    key.chmod(0o644)
    with pytest.raises(InputError, match="Others can read"):
        OperatorAuthority(authority.folder)
    with pytest.raises(InputError, match="no authority"):
        OperatorAuthority(authority.folder / "none")


def test_an_authority_is_made_used_and_asked_to_revoke_on_the_command_line(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert main(["trust", "new-ca", "ca", "--name", "Example"]) == 0
    assert main(["trust", "new-ca", "ca", "--name", "Example"]) == 2
    (tmp_path / "a.csr").write_bytes(_asked()[1])
    words = ["trust", "certify", "a.csr", "--ca", "ca", "--name", NAME, "--out", "a.pem"]
    capsys.readouterr()
    assert main([*words, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert serial_of("a.pem") == int(shown["serial"], 16)
    assert main(["trust", "revoke", "a.pem", "--ca", "ca"]) == 0
    said = capsys.readouterr().out
    assert '{user: "CN=gate-1"}' in said
    assert "crlfile" in said
    assert _listed(OperatorAuthority(tmp_path / "ca"))[0] == {serial_of("a.pem")}
    assert main(["trust", "revoke", "xyz", "--ca", "ca"]) == 2
    words[2] = "none.csr"
    assert main(words) == 2


class _Yard:
    """What a broker of the laboratory asks of an authority, from an operator's own."""

    def __init__(self, folder):
        self.operator = OperatorAuthority.new(folder / "ca", "Example operator")
        self.ca, self.crl = self.operator.ca, self.operator.revoked_list
        self.folder = folder

    def identity(self, name, hosts=()):
        key, asked = _asked(name)
        made = self.operator.certify(asked, name, 30, hosts)
        place = self.folder / f"{name}.key"
        place.write_bytes(key_pem(key))
        place.chmod(0o600)
        (self.folder / f"{name}.pem").write_bytes(pem(made))
        return Identity(
            name=name,
            certificate=self.folder / f"{name}.pem",
            key=place,
            serial=made.serial_number,
        )

    def server(self, name):
        return self.identity(name, ("localhost", "127.0.0.1"))

    def revoke(self, identity):
        self.operator.revoke(identity.serial)


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", KINDS)
async def test_a_broker_lets_in_what_was_issued_and_throws_out_what_was_revoked(tmp_path, kind):
    yard = _Yard(tmp_path)
    gate = yard.identity(NAME)
    # Without any user NATS would ask for none.
    accounts = (gate_account(NAME, SITE), head_end_account("head-end", SITE))
    broker = kind(tmp_path / "broker", yard, accounts)
    await asyncio.to_thread(broker.start)
    seen = Broker(
        host="127.0.0.1",
        port=broker.port,
        ca=yard.ca,
        certificate=gate.certificate,
        key=gate.key,
    )
    try:
        async with line_of(seen) as line, asyncio.timeout(30):
            assert line.up
            await asyncio.to_thread(broker.revoke, gate)
            await until(lambda: not line.up)
            words = ("refused our certificate", "does not know the owner")
            await until(lambda: any(word in str(line.trouble) for word in words))
            assert line.counts.connects == 1
    finally:
        await asyncio.to_thread(broker.stop)
