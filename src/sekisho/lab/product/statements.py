"""What the made-up product's documents say, by evaluation item."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document."""

    kind: str
    """As `evidence` names kinds of documents."""
    file: str
    title: str
    states: tuple[tuple[str, str, str], ...]
    """Evaluation item, section, words."""
    absent: tuple[tuple[str, str, str], ...] = ()
    """The same, of functions that the product has not got."""


PAPERS: tuple[Paper, ...] = (
    Paper(
        kind="technical",
        file="access.md",
        title="access and transmission",
        states=(
            ("S1.1-01/1", "Access control", "Pages and API need a login; Modbus can only be read."),
            ("S1.1-02/3", "First password", "A code printed on each device, drawn at random."),
            ("S1.1-12/1", "Transmission", "TLS 1.2 and 1.3; Modbus carries measurements alone."),
        ),
        absent=(
            ("S1.1-13/4", "Radio", "There is no Bluetooth in it."),
            ("S1.1-13/5", "Sockets", "There is no USB socket on it."),
        ),
    ),
    Paper(
        kind="user-manual",
        file="manual.md",
        title="manual",
        states=(("S1.1-03/1", "Change your password", "Settings, password."),),
    ),
    Paper(
        kind="disclosure-policy",
        file="disclosure-policy.md",
        title="vulnerability disclosure policy",
        states=(
            ("S1.1-05/1", "Contact", "security@kanda.example"),
            ("S1.1-05/2", "First answer", "Within five working days."),
            ("S1.1-05/3", "Progress", "Every month until it is solved."),
        ),
    ),
    Paper(
        kind="user-manual",
        file="update-manual.md",
        title="updating",
        states=(("S1.1-07/3", "On the page", "Download the file, open Update, choose it."),),
    ),
    Paper(
        kind="update-policy",
        file="update-policy.md",
        title="policy of security updates",
        states=(("S1.1-09/1", "Priority", "Vulnerabilities that are used come within 14 days."),),
    ),
    Paper(
        kind="technical",
        file="storage.md",
        title="stored data",
        states=(("S1.1-11/1", "Storage", "Passwords are hashed; the storage cannot be read."),),
    ),
    Paper(
        kind="support-notice",
        file="support.md",
        title="support",
        states=(
            ("S1.1-16/1", "Support period", "Security updates until 2031-12-31."),
            ("S1.1-16/2", "Safe use", "Behind a firewall; change the password at once."),
            ("S1.1-16/3", "News of updates", "On the page of the product, and by letter."),
            (
                "S1.1-16/4",
                "Disposal",
                "Delete everything first; what you connect is your own risk.",
            ),
        ),
    ),
)
"""Every document; what a fault takes away or makes stale is named by its file."""
