"""Which suites are on the list."""

import pytest

from sekisho.proof.ciphers import Listing, ssh_cipher, ssh_mac, suite

GOOD, KEPT, OFF = Listing.RECOMMENDED, Listing.MONITORED, Listing.UNLISTED


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("TLS_AES_128_GCM_SHA256", GOOD),
        ("TLS_AES_256_GCM_SHA384", GOOD),
        ("TLS_AES_128_CCM_8_SHA256", GOOD),
        ("TLS_CHACHA20_POLY1305_SHA256", GOOD),
        ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", GOOD),
        ("TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256", GOOD),
        ("TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", GOOD),
        ("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", KEPT),
        ("TLS_RSA_WITH_AES_128_GCM_SHA256", KEPT),
        ("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", KEPT),
        ("TLS_RSA_WITH_RC4_128_SHA", OFF),
        ("TLS_RSA_WITH_RC4_128_MD5", OFF),
        ("TLS_RSA_WITH_NULL_SHA256", OFF),
        ("TLS_DH_anon_WITH_AES_128_CBC_SHA", OFF),
        ("TLS_RSA_WITH_DES_CBC_SHA", OFF),
        ("TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", OFF),
        ("TLS_RSA_WITH_SEED_CBC_SHA", OFF),
        ("TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256", OFF),
        ("TLS_SOMETHING_NEW", OFF),
    ],
)
def test_a_suite_is_worth_its_weakest_part(name, where) -> None:
    assert suite(name) is where


@pytest.mark.parametrize(
    ("name", "where"),
    [("aes256-gcm@openssh.com", GOOD), ("3des-cbc", KEPT), ("arcfour", OFF), ("blowfish-cbc", OFF)],
)
def test_ciphers_of_ssh(name, where) -> None:
    assert ssh_cipher(name) is where


@pytest.mark.parametrize(
    ("name", "where"), [("hmac-sha2-256", GOOD), ("hmac-sha1", KEPT), ("umac-64@openssh.com", OFF)]
)
def test_macs_of_ssh(name, where) -> None:
    assert ssh_mac(name) is where
