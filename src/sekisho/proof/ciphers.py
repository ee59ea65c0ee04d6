"""Which algorithms are on the CRYPTREC list of recommended ciphers, by the names that servers offer.

From the list of 2023-03-30 (CRYPTREC LS-0001-2022), which was read second-hand. A suite is worth its
weakest part. What is only kept for old partners (運用監視暗号リスト) is `MONITORED`: not recommended, not
condemned. That ChaCha20-Poly1305 is on the list of recommended ciphers rests on general knowledge.
"""

from __future__ import annotations

import re
from enum import StrEnum

SOURCE = "https://www.cryptrec.go.jp/list.html"
"""Where the list is published."""


class Listing(StrEnum):
    """Where an algorithm stands."""

    RECOMMENDED = "recommended"
    MONITORED = "monitored"
    UNLISTED = "unlisted"


_UNLISTED = re.compile(
    r"NULL|EXPORT|ANON|RC4|RC2|MD5|SEED|ARIA|IDEA|GOST|KRB5|SRP|SM[34]|(?<!3)DES(?:40)?_CBC",
    re.ASCII,
)
_MONITORED = re.compile(r"3DES|WITH_.*_SHA$|^TLS_RSA_WITH|^TLS_RSA_PSK", re.ASCII)
_RECOMMENDED = re.compile(r"AES_(?:128|256)|CAMELLIA_(?:128|256)|CHACHA20_POLY1305", re.ASCII)
_SSH_RECOMMENDED = re.compile(
    r"^(?:aes(?:128|192|256)-|chacha20-poly1305|AEAD_AES|camellia)", re.ASCII
)
_SSH_MONITORED = re.compile(r"^3des-cbc$", re.ASCII)


def suite(name: str) -> Listing:
    """Where a TLS cipher suite stands, by its IANA name."""
    upper = name.upper()
    if _UNLISTED.search(upper) or not _RECOMMENDED.search(upper.replace("3DES", "AES_128")):
        return Listing.UNLISTED
    return Listing.MONITORED if _MONITORED.search(upper) else Listing.RECOMMENDED


def ssh_cipher(name: str) -> Listing:
    """Where a cipher stands that an SSH server offers."""
    if _SSH_RECOMMENDED.search(name):
        return Listing.RECOMMENDED
    return Listing.MONITORED if _SSH_MONITORED.search(name) else Listing.UNLISTED


def ssh_mac(name: str) -> Listing:
    """Where a message authentication code stands that an SSH server offers."""
    if name.startswith(("hmac-sha2-", "AEAD_AES", "cmac-")):
        return Listing.RECOMMENDED
    return Listing.MONITORED if name.startswith("hmac-sha1") else Listing.UNLISTED
