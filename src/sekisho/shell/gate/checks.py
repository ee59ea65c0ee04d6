"""Asks the questions of `gate.checking` of a real state folder, a real clock and real devices."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.evidence.nameplate import Nameplate, from_common, from_objects
from sekisho.gate.checking import (
    Answer,
    Stands,
    bad,
    certificate_check,
    disk_check,
    stop_check,
    time_check,
    trip_check,
)
from sekisho.gate.device_check import device_checks, droop_check
from sekisho.gate.document_check import signed_checks
from sekisho.gate.own_droop_check import own_droop_check
from sekisho.gate.settings import DroopBy, TcpEnd
from sekisho.shell.gate.broker_papers import NONE_YET, where_from
from sekisho.shell.gate.contact import meet
from sekisho.shell.gate.describe import Describe
from sekisho.shell.gate.own_key import own_signer
from sekisho.shell.gate.recall import recalled
from sekisho.shell.gate.state_folder import (
    AUTHORITY,
    BOUNDS,
    KEY,
    NORTH_REQUEST,
    PUBLIC,
    TRUST,
)
from sekisho.shell.keys import gate_parts_missing, load_public
from sekisho.shell.sealing import read_kept
from sekisho.terms.errors import InputError, Problem, SekishoError
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cryptography.x509 import Certificate

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.trust import Trust
    from sekisho.gate.clock import KernelTime
    from sekisho.gate.settings import SouthDevice
    from sekisho.shell.gate.configuration import Configuration
    from sekisho.shell.gate.contact import Met
    from sekisho.shell.gate.state_folder import StateFolder


@dataclass(frozen=True, slots=True)
class Seen:
    """A device after it was asked."""

    device: SouthDevice
    checks: tuple[Answer, ...]
    plate: Nameplate | None = None


def folder_checks(
    folder: StateFolder, configuration: Configuration, kernel: KernelTime
) -> Iterator[Answer]:
    """Everything that the state folder holds, and the machine around it.

    Raises:
        WorldError: the extra `gate` is missing.
    """
    yield from _own_key(folder)
    yield from _signed(folder, configuration, kernel.wall)
    yield from _certificates(folder, configuration, kernel.wall)
    yield disk_check(folder.free_bytes())
    yield time_check(kernel)


def settings_checks(configuration: Configuration) -> Iterator[Answer]:
    """The site file, which was read without a problem."""
    settings = configuration.settings
    yield Answer(
        "site",
        Stands.GOOD,
        Text(
            "{site}: PCS {pcs} 台、機器 {devices} 台(設定 {digest})",
            "{site}: {pcs} PCS, {devices} devices (configuration {digest})",
        ).fill(
            site=settings.site,
            pcs=len(settings.pcs),
            devices=len(settings.south),
            digest=settings.digest[:12],
        ),
    )
    yield trip_check(settings)
    yield stop_check(settings)


def signed_bounds(folder: StateFolder, configuration: Configuration) -> Bounds | None:
    """The bounds in force; None where they cannot be used, which `folder_checks` says.

    Raises:
        WorldError: the extra `gate` is missing.
    """
    try:
        return _documents(folder, configuration)[1]
    except SekishoError:
        return None


async def south_checks(
    configuration: Configuration, at: WallMs, bounds: Bounds | None = None
) -> tuple[Seen, ...]:
    """Every device, asked once; devices behind one address or on one line one after another."""
    groups: dict[tuple[str, int], list[SouthDevice]] = defaultdict(list)
    for device in configuration.settings.south:
        end = device.end
        place = (end.host, end.port) if isinstance(end, TcpEnd) else (end.path, 0)
        groups[place].append(device)
    found: list[Seen] = []

    async def ask(devices: Iterable[SouthDevice]) -> None:
        # One after the other: devices of one place share its one connection or its one line.
        found.extend([await _ask(device, configuration, at, bounds) for device in devices])

    async with asyncio.TaskGroup() as tasks:
        for devices in groups.values():
            tasks.create_task(ask(devices))
    order = [device.device for device in configuration.settings.south]
    return tuple(sorted(found, key=lambda seen: order.index(seen.device.device)))


async def _ask(
    device: SouthDevice, configuration: Configuration, at: WallMs, bounds: Bounds | None
) -> Seen:
    try:
        met = await meet(
            device,
            Describe(
                configuration.profiles,
                configuration.settings.trip,
                configuration.settings.stop_contact,
            ),
        )
    except SekishoError as error:
        return Seen(device, tuple(bad(problem) for problem in error.problems))
    checks = list(device_checks(device, met.connected.device_map))
    if device.droop_by is DroopBy.OWN:
        found = met.connected.device_map
        checks.append(own_droop_check(device, found, bounds, configuration.settings))
    elif (droop := droop_check(device, met.connected.device_map, met.droop)) is not None:
        checks.append(droop)
    return Seen(device, tuple(checks), _plate(met, at))


def _plate(met: Met, at: WallMs) -> Nameplate | None:
    """What the device says it is, by whichever way it says it."""
    if met.connected.common is not None:
        return from_common(met.connected.common, at)
    if met.identification:
        return from_objects(met.identification.items(), at)
    return None


def _own_key(folder: StateFolder) -> Iterator[Answer]:
    try:
        signer = own_signer(folder)
        public = load_public(folder.file(PUBLIC))
    except SekishoError as error:
        yield from (bad(problem) for problem in error.problems)
        return
    if public != signer.public:
        yield Answer(
            PUBLIC,
            Stands.BAD,
            Text("ゲートの鍵と対になっていません。", "It does not belong to the gate's key."),
            Text(
                "sekisho gate init で作った gate.pub を戻してください。",
                "Put back the gate.pub that sekisho gate init made.",
            ),
        )
        return
    said = Text("ゲートの鍵は {kid} です。", "The gate's key is {kid}.").fill(kid=signer.kid)
    yield Answer(KEY, Stands.GOOD, said)


def _documents(folder: StateFolder, configuration: Configuration) -> tuple[Trust, Bounds]:
    """The signed documents, read.

    Raises:
        SekishoError: they, or the authority that signed them, cannot be used.
    """
    try:
        from sekisho.codec.signed_document import (  # noqa: PLC0415 - needs the extra `gate`; where that is missing it is an answer, not an end
            check_authority,
            read_bounds,
            read_trust,
        )
    except ImportError as error:
        raise gate_parts_missing(error) from error
    authority = load_public(folder.file(AUTHORITY))
    check_authority(authority, configuration.settings.authority, AUTHORITY)
    kept = _contents(folder)
    trust = read_trust(kept[TRUST], authority, TRUST)
    return trust, read_bounds(kept[BOUNDS], authority, BOUNDS)


def _signed(folder: StateFolder, configuration: Configuration, now: WallMs) -> Iterator[Answer]:
    try:
        trust, bounds = _documents(folder, configuration)
        memory = recalled(folder)
    except SekishoError as error:
        yield from (bad(problem) for problem in error.problems)
        return
    durable = None if memory is None else memory.durable
    yield from signed_checks(trust, bounds, configuration.settings, durable, now)


def _contents(folder: StateFolder) -> dict[str, bytes]:
    """The signed documents.

    Raises:
        InputError: one or both are missing.
    """
    missing = [name for name in (TRUST, BOUNDS) if not folder.has(name)]
    if missing:
        raise InputError(
            *(
                Problem(
                    name,
                    Text("まだ入っていません。", "It has not been applied yet."),
                    Text(
                        "認証元の署名した {name} を sekisho trust apply で入れてください。",
                        "Apply {name}, signed by the authority, with sekisho trust apply.",
                    ).fill(name=name),
                )
                for name in missing
            )
        )
    return {name: read_kept(folder, name) for name in (TRUST, BOUNDS)}


def _certificates(
    folder: StateFolder, configuration: Configuration, now: WallMs
) -> Iterator[Answer]:
    """The certificates for the broker: there, ours, and not near their end."""
    try:
        from cryptography import x509  # noqa: PLC0415 - the extra, where it is there
    except ImportError as error:
        raise gate_parts_missing(error) from error

    north = configuration.settings.north
    for name in (north.ca, north.certificate):
        if not folder.has(name):
            yield Answer(name, Stands.BAD, NONE_YET, where_from(name, north))
            continue
        try:
            found = x509.load_pem_x509_certificates(folder.read(name))
        except SekishoError as error:
            yield from (bad(problem) for problem in error.problems)
            continue
        except ValueError:
            yield Answer(
                name,
                Stands.BAD,
                Text("証明書として読めません。", "It is no certificate."),
                where_from(name, north),
            )
            continue
        ends = min(int(one.not_valid_after_utc.timestamp() * 1_000) for one in found)
        yield certificate_check(name, WallMs(ends), now)
        if name == north.certificate:
            yield from _belongs(folder, name, north.key, found[0])


def _belongs(
    folder: StateFolder, name: str, key_name: str, certificate: Certificate
) -> Iterator[Answer]:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - the extra, which `_certificates` has found

    try:
        key = serialization.load_pem_private_key(read_kept(folder, key_name), password=None)
    except SekishoError as error:
        yield from (bad(problem) for problem in error.problems)
        return
    except (ValueError, TypeError):
        key = None
    if key is None or key.public_key() != certificate.public_key():
        yield Answer(
            name,
            Stands.BAD,
            Text("{key} と対になっていません。", "It does not belong to {key}.").fill(key=key_name),
            Text(
                "{request} から作られた証明書を置いてください。",
                "Put the certificate that was made from {request}.",
            ).fill(request=NORTH_REQUEST),
        )
