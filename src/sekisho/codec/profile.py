"""A device profile: the map of a device without SunSpec, written by a person and checked.

`read_profile` reads it strictly, with every problem at once. `Profile.walk` is run at each
connection: it asks for the scale factors and the rating, and ends with the device map.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sekisho.codec.batch import ScaleWord
from sekisho.codec.device_map import DeviceMap, Watchdog
from sekisho.codec.meanings import Meaning
from sekisho.codec.profile_check import faults_in
from sekisho.codec.profile_document import FORMS, ProfileDocument
from sekisho.codec.profile_draft import draft_of
from sekisho.codec.registers import Kind, decode
from sekisho.site.parsing import located, parsed
from sekisho.site.shape import validated
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.quantity import Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from sekisho.codec.meanings import DeviceRole
    from sekisho.codec.points import Point, Span
    from sekisho.codec.profile_document import WatchdogTable
    from sekisho.codec.profile_draft import Draft
    from sekisho.site.faults import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile that was read and found to make sense."""

    name: str
    role: DeviceRole
    title: str
    source: str
    invented: bool
    rated: Watts | None
    most_words: int
    drafts: tuple[Draft, ...]
    watchdog: Watchdog | None
    no_watchdog: str | None = None
    """Why a PCS has none, as the profile says."""
    _spans: tuple[Span, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spans = dict.fromkeys(d.factor for d in self.drafts if d.factor is not None)
        object.__setattr__(self, "_spans", tuple(spans))

    def walk(
        self, where: str, rated: Watts | None = None
    ) -> Generator[Span, Sequence[int] | None, DeviceMap]:
        """What is read at each connection, and then the device map.

        It yields the spans that it wants read, and is sent the words, or None where the device
        refuses the address.

        Args:
            where: the device, for messages.
            rated: its rated power as the site file has it, where neither it nor the profile
                tells it.

        Raises:
            WorldError: a scale factor or the rating cannot be read.
        """
        scales: dict[Span, ScaleWord] = {}
        powers: dict[Span, int] = {}
        for span in self._spans:
            words = yield span
            power = None if words is None else decode(Kind.SUNSSF, words)
            if not isinstance(power, int) or words is None:
                raise _unreadable(where, span)
            powers[span], scales[span] = power, ScaleWord(span, words[0])
        rating = self.rated or rated
        told = self._rating(powers)
        if told is not None:
            words = yield told.span
            value = None if words is None else told.value(words)
            if isinstance(value, int) and value > 0:
                rating = Watts(value)
        return self.device_map(powers, rating, where, tuple(scales.values()))

    def _rating(self, powers: dict[Span, int]) -> Point | None:
        for draft in self.drafts:
            if draft.point.meaning is Meaning.RATED_POWER:
                return draft.settled(powers[draft.factor] if draft.factor else 0, None)
        return None

    def device_map(
        self,
        powers: dict[Span, int],
        rated: Watts | None,
        where: str,
        scales: tuple[ScaleWord, ...] = (),
    ) -> DeviceMap:
        """The device map, its scale factors and rating known.

        Raises:
            WorldError: a point is in percent of a rating that nobody tells.
        """
        points: list[Point] = []
        for draft in self.drafts:
            point = draft.settled(powers[draft.factor] if draft.factor else 0, rated)
            if point is None:
                raise _unrated(where)
            points.append(point)
        return DeviceMap(
            role=self.role,
            source=self.name,
            points=tuple(points),
            scales=scales,
            rated=rated,
            watchdog=self.watchdog,
            most_words=self.most_words,
        )


def read_profile(text: str, where: str) -> Profile:
    """The profile that a file describes.

    Args:
        text: the file's content.
        where: the file's name, for messages.

    Raises:
        InputError: everything that is wrong, each with its line and what to write instead.
    """
    faults: list[Fault] = []
    document = validated(ProfileDocument, parsed(text, where), faults, FORMS)
    drafts = () if document is None else tuple(draft_of(p, document) for p in document.point)
    if document is not None:
        faults += faults_in(document, drafts)
    if faults or document is None:
        raise InputError(*located(faults, text, where))
    head = document.device
    return Profile(
        name=where,
        role=head.role,
        title=head.title,
        source=head.source,
        invented=head.invented,
        rated=None if head.rated_kw is None else Watts(round(head.rated_kw * 1000)),
        most_words=head.most_words,
        drafts=drafts,
        watchdog=_watchdog(document.watchdog),
        no_watchdog=None if document.watchdog is None else document.watchdog.absent,
    )


def _watchdog(table: WatchdogTable | None) -> Watchdog | None:
    if table is None or table.absent is not None:
        return None
    fallback = table.fixed_fallback_kw
    return Watchdog(
        refresh=table.refresh,
        least_s=table.least_s,
        most_s=table.most_s,
        fixed_s=table.fixed_s,
        fixed_fallback=None if fallback is None else Watts(round(fallback * 1000)),
    )


def _unreadable(where: str, span: Span) -> WorldError:
    return WorldError(
        Problem(
            where,
            Text(
                "倍率レジスター({space} {address})が読めません。",
                "The scale factor at {space} {address} cannot be read.",
            ).fill(space=span.space, address=span.address),
            Text(
                "プロファイルの scale_factor の番地を確かめてください。",
                "Check the address of scale_factor in the profile.",
            ),
        )
    )


def _unrated(where: str) -> WorldError:
    return WorldError(
        Problem(
            where,
            Text(
                "%rated の点がありますが、定格出力が分かりません。",
                "A point is in %rated, and nobody tells the rated power.",
            ),
            Text(
                "プロファイルの [device] に rated_kw を書いてください。",
                "Write rated_kw in [device] of the profile.",
            ),
        )
    )
