"""One visit: what is asked, in which order; nothing here knows how a question is put.

    visited = await probe(profile, "192.0.2.7", allowed=[ip_address("192.0.2.7")], hands=hands)
    sealed(visited.bundle, visited.blobs, signer)

First what changes nothing; then, as far as its owner agreed, what does: the device is new, is set up,
changed, guessed at, updated, loses its power, and is emptied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.evidence.observation_words import Cut, ObservationKind, Plaintext, Transport, WhyNot
from sekisho.proof.default_credentials import in_order
from sekisho.proof.plan import consent_of
from sekisho.proof.plan_ports import ranges_of
from sekisho.proof.plan_words import Act, Service
from sekisho.shell.probe import logins, modbus, papers, ports, routes, ssh, tls
from sekisho.shell.probe.access import Access
from sekisho.shell.probe.caller import Caller, trusting
from sekisho.shell.probe.diary import Diary
from sekisho.shell.probe.lasting import Lasting, cut, deleted, product_shown
from sekisho.shell.probe.tls import recording_context
from sekisho.shell.probe.updates import updated
from sekisho.shell.probe.wire import (
    Pace,
    SilentDeviceError,
    Wire,
    addresses_of,
    admitted,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from sekisho.evidence.observation import Bundle
    from sekisho.proof.plan import Consent
    from sekisho.proof.plan_document import ProbeDocument
    from sekisho.shell.probe.hands import Hands
    from sekisho.shell.probe.ports import Found
    from sekisho.shell.probe.profile import Profile
    from sekisho.shell.probe.wire import Address

__all__ = ["Visited", "probe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What a visit gave."""

    bundle: Bundle
    blobs: tuple[bytes, ...]
    connections: int
    """How many were made, one after the other."""


async def probe(
    profile: Profile,
    target: str,
    *,
    allowed: Collection[Address],
    hands: Hands,
    budget: int | None = None,
    tell: Callable[[str], object] | None = None,
) -> Visited:
    """Asks a device by a profile.

    Args:
        profile: what it declares, and what was agreed.
        target: its name or address; all its addresses must be allowed.
        allowed: the addresses to which anything may be sent.
        hands: who cuts its power.
        budget: how many passwords may be tried, where not as the profile says.
        tell: is told what begins.

    Raises:
        InputError: an address is not allowed, or a file of the profile cannot be read.
        WorldError: a program of the profile failed.
    """
    document = profile.document
    address = admitted(target, await addresses_of(target), allowed)
    pace = document.pace
    wire = Wire(
        address,
        allowed,
        Pace(per_second=pace.per_second, connect_s=pace.connect_s, timeout_s=pace.timeout_s),
    )
    visit = _Visit(
        profile=profile, document=document, wire=wire, hands=hands, tell=tell or _nothing,
        diary=Diary(target, profile.name), consent=consent_of(document, budget),
    )  # fmt: skip
    await visit.run()
    return Visited(
        bundle=visit.diary.bundle(),
        blobs=tuple(visit.diary.blobs.values()),
        connections=wire.connections,
    )


def _nothing(_: str) -> None:
    """Nobody wants to be told."""


@dataclass(slots=True, kw_only=True)
class _Visit:
    profile: Profile
    document: ProbeDocument
    wire: Wire
    diary: Diary
    consent: Consent
    hands: Hands
    tell: Callable[[str], object]

    async def run(self) -> None:
        """All of it; what fails is written down, and the rest goes on."""
        self.tell("ports")
        found = await ports.scanned(
            self.wire, self.diary, ranges_of(self.document), self._declared()
        )
        if self.document.scan.udp:
            await ports.over_udp(self.wire, self.diary)
        await self._network(found)
        await self._functions()
        self.tell("documents")
        papers.read(self.diary, self.document, self.profile, frozenset({self.wire.host}))

    def _declared(self) -> dict[int, Service]:
        tcp = (p for p in self.document.port if p.transport is Transport.TCP)
        return {port.number: port.service for port in tcp}

    async def _network(self, found: tuple[Found, ...]) -> None:
        document, web = self.document, self.document.web
        name = None if web is None else web.server_name
        for one in found:
            self.tell(f"port {one.port}")
            if one.service in {"https", "tls"}:
                await tls.offered(self.wire, self.diary, one.port, name)
            elif one.service == "http":
                login = None if document.login is None else document.login.step.path
                does = await routes.plaintext(self.wire, self.diary, one.port, login)
                if does is not Plaintext.REDIRECTS:
                    plain = Caller(self.wire, one.port, None, None)
                    await routes.asked(self.diary, document, plain, one.port, "http")
            elif one.service == "ssh":
                await ssh.audited(self.wire, self.diary, one.port)
        if document.modbus is not None:
            write = self.consent.to(Act.MODBUS_WRITE)
            await modbus.asked(self.wire, self.diary, document.modbus, write=write)
        self.tell("routes")
        for one in found:
            if one.service == "https":
                caller = self._caller(one.port)
                await routes.asked(self.diary, document, caller, one.port, "https")
        if web is None:
            self._left(ObservationKind.ROUTES, WhyNot.NOT_IN_PROFILE, "[web]")
        routes.login_functions(self.diary, document, found)

    def _caller(self, port: int) -> Caller:
        web = self.document.web
        if web is not None and web.port == port and web.authority is not None:
            context = trusting(self.profile.folder / web.authority)
            return Caller(self.wire, port, context, web.server_name)
        name = None if web is None else web.server_name
        return Caller(self.wire, port, recording_context(), name)

    async def _functions(self) -> None:
        web, login = self.document.web, self.document.login
        told = await self._shown(None if web is None else self._caller(web.port))
        if web is None or login is None or self.profile.password is None:
            for kind in _NEED_LOGIN:
                self._left(kind, WhyNot.NOT_IN_PROFILE, "[login]")
            return
        access = Access(lambda: self._caller(web.port), self.diary, login, self.profile.password)
        if await self._logins(access):
            if not told:
                await self._shown(access.caller)
            await self._lasting(access)

    async def _shown(self, caller: Caller | None) -> bool:
        """Model and version, where this caller sees the page."""
        kind, table = ObservationKind.PRODUCT_SHOWN, self.document.shown
        if caller is None or table is None:
            self._left(kind, WhyNot.NOT_IN_PROFILE, "[shown]")
            return True
        try:
            return await product_shown(caller, self.diary, table)
        except (SilentDeviceError, ConnectionRefusedError) as error:
            self._left(kind, WhyNot.NO_ANSWER, str(error))
            return True

    async def _logins(self, access: Access) -> bool:
        """Whether the owner is inside afterwards; what needs that has no sense without."""
        document, diary, tries = self.document, self.diary, self.consent.tries
        for_list = tries // 3
        if self.consent.to(Act.GUESS):
            self.tell("default credentials")
            await self._try(
                ObservationKind.DEFAULT_CREDENTIALS,
                logins.default_credentials(access, diary, for_list),
            )
        else:
            self._not_agreed(ObservationKind.DEFAULT_CREDENTIALS, Act.GUESS)
        if self._may(ObservationKind.FIRST_USE, Act.SET_UP) and document.first_use is not None:
            self.tell("first use")
            await self._try(
                ObservationKind.FIRST_USE,
                logins.first_use(access, diary, document.first_use, self.profile.code),
            )
        if not self.consent.acts - {Act.MODBUS_WRITE}:
            for kind in _INSIDE:
                self._left(kind, WhyNot.NOT_ALLOWED, "[agreed] names no act that needs a login")
            return False
        if not await access.enters():
            access.caller.transcript()
            for kind in _INSIDE:
                self._left(kind, WhyNot.FAILED, "the owner cannot log in")
            return False
        if self.consent.to(Act.GUESS):
            self.tell("guessing")
            await self._try(
                ObservationKind.GUESSING, logins.guessing(access, diary, tries - for_list)
            )
            return await access.enters()
        self._not_agreed(ObservationKind.GUESSING, Act.GUESS)
        return True

    async def _lasting(self, access: Access) -> None:
        document, profile, diary = self.document, self.profile, self.diary
        if document.shown is None:
            return
        lasting = Lasting(
            access=access, diary=diary, table=document.shown, folder=profile.folder,
            setting=document.setting if self.consent.to(Act.SETTING) else None,
        )  # fmt: skip
        await self._try(ObservationKind.DELETION, lasting.mark())
        earlier = access.password
        if self._may(ObservationKind.CREDENTIAL_CHANGED, Act.CHANGE) and (
            document.change is not None and profile.new is not None
        ):
            self.tell("change of password")
            await self._try(
                ObservationKind.CREDENTIAL_CHANGED,
                logins.changed(access, diary, document.change, profile.new),
            )
            await access.enters()
        if self._may(ObservationKind.UPDATE_OFFERED, Act.UPDATE) and document.update is not None:
            self.tell("updates")
            await self._try(
                ObservationKind.UPDATE_OFFERED, updated(lasting, document.update, self.hands)
            )
        for act, table, what in (
            (Act.POWER_CYCLE, document.power, Cut.POWER),
            (Act.NETWORK_CUT, document.network, Cut.NETWORK),
        ):
            if self._may(ObservationKind.POWER_CYCLE, act) and table is not None:
                self.tell(f"loss of {what}")
                before = earlier if earlier != access.password else self._default(access)
                await self._try(
                    ObservationKind.POWER_CYCLE, cut(lasting, table, what, self.hands, before)
                )
        if self._may(ObservationKind.DELETION, Act.DELETE) and document.delete is not None:
            self.tell("deletion")
            first = document.first_use if self.consent.to(Act.SET_UP) else None
            await self._try(
                ObservationKind.DELETION,
                deleted(lasting, document.delete, self.hands, first, profile.code),
            )

    def _default(self, access: Access) -> str:
        """The first default of the list for this user; "" where no password may be tried."""
        may = self.consent.to(Act.GUESS)
        return in_order(access.login.user)[0][1].password if may else ""

    # ---- what is left ----------------------------------------------------------------------------

    async def _try(self, kind: ObservationKind, asking: Awaitable[None]) -> None:
        try:
            await asking
        except (SilentDeviceError, ConnectionRefusedError) as error:
            self._left(kind, WhyNot.NO_ANSWER, str(error))

    def _may(self, kind: ObservationKind, act: Act) -> bool:
        if self.consent.to(act):
            return True
        self._not_agreed(kind, act)
        return False

    def _not_agreed(self, kind: ObservationKind, act: Act) -> None:
        self._left(kind, WhyNot.NOT_ALLOWED, f'[agreed] acts has no "{act.value}"')

    def _left(self, kind: ObservationKind, why: WhyNot, detail: str) -> None:
        self.diary.not_done(kind, why, detail)


_INSIDE = (
    ObservationKind.GUESSING,
    ObservationKind.CREDENTIAL_CHANGED,
    ObservationKind.UPDATE_OFFERED,
    ObservationKind.POWER_CYCLE,
    ObservationKind.DELETION,
)
"""What the owner must be logged in for."""
_NEED_LOGIN = (ObservationKind.DEFAULT_CREDENTIALS, ObservationKind.FIRST_USE, *_INSIDE)
