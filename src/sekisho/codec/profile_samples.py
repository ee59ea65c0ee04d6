"""Whether a profile's worked samples agree with its scales and signs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sekisho.codec.meanings import SIGNED, UNIT, Unit
from sekisho.codec.registers import UnfitError
from sekisho.site.faults import Fault
from sekisho.terms.quantity import Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.codec.points import Point
    from sekisho.codec.profile_document import PointTable, ProfileDocument, SampleTable
    from sekisho.codec.profile_draft import Draft
    from sekisho.site.locate import Path

LEAST_SAMPLES = 2


def _sampled(table: PointTable) -> bool:
    """Whether two samples are asked for: where a scale or a sign could be wrong in a harmful way."""
    changed = table.scale != 1 or table.scale_factor is not None or table.offset != 0
    measured = UNIT[table.meaning] is not Unit.NONE
    return table.meaning in SIGNED or (measured and (table.keeping is not None or changed))


def sample_faults(
    path: Path, table: PointTable, draft: Draft, document: ProfileDocument
) -> Iterator[Fault]:
    """Samples that are missing, one-sided, or disagree with the point."""
    if _sampled(table) and len(table.samples) < LEAST_SAMPLES:
        yield Fault(
            (*path, "samples"),
            Text("{meaning} には計算例が2つ要ります。", "{meaning} needs two worked samples.").fill(
                meaning=table.meaning
            ),
            Text(
                "例: samples = [{{ words = [500], value = 50_000 }}, "
                "{{ words = [65036], value = -50_000 }}]",
                "Write, for example: samples = [{{ words = [500], value = 50_000 }}, "
                "{{ words = [65036], value = -50_000 }}]",
            ).fill(),
        )
    if table.meaning in SIGNED and len(table.samples) >= LEAST_SAMPLES:
        values = [s.value for s in table.samples]
        if not min(values) < 0 < max(values):
            yield Fault(
                (*path, "samples"),
                Text(
                    "計算例に、放電・送電(正)と充電・受電(負)の両方が要ります。",
                    "The samples must show export (positive) and import (negative).",
                ),
                Text("向きの違う例を1つ足してください。", "Add one of the other direction."),
            )
    rated = document.device.rated_kw
    for n, sample in enumerate(table.samples):
        yield from _sample_fault((*path, "samples", n), draft, sample, rated)


def _sample_fault(
    path: Path, draft: Draft, sample: SampleTable, rated_kw: float | None
) -> Iterator[Fault]:
    stated = sample.rated_kw if sample.rated_kw is not None else rated_kw
    rated = None if stated is None else Watts(round(stated * 1000))
    if draft.factor is not None and sample.factor is None:
        yield Fault(
            path,
            Text(
                "倍率レジスターを使う点の計算例には factor が要ります。",
                "A sample of a point with scale_factor needs factor.",
            ),
            Text("例: factor = -1", "Write, for example: factor = -1"),
        )
        return
    point = draft.settled(sample.factor or 0, rated)
    if point is None:
        if draft.unit is Unit.PERCENT_OF_RATING:
            yield Fault(
                path,
                Text("%rated の計算例に定格がありません。", "A sample in %rated has no rating."),
                Text("例: rated_kw = 500", "Write, for example: rated_kw = 500"),
            )
        return
    yield from _disagreement(path, point, sample)


def _disagreement(path: Path, point: Point, sample: SampleTable) -> Iterator[Fault]:
    found = point.value(sample.words)
    agrees = isinstance(found, int | float) and math.isclose(
        found, sample.value, rel_tol=1e-9, abs_tol=1e-9
    )
    if not agrees:
        yield Fault(
            path,
            Text(
                "計算例が合いません。{words} は {found} になり、{value} ではありません。",
                "The sample disagrees: {words} gives {found}, not {value}.",
            ).fill(
                words=list(sample.words),
                found=Text("なし", "nothing") if found is None else f"{found:_.10g}",
                value=f"{sample.value:_.10g}",
            ),
            Text(
                "kind、order、scale、sign、unit のどれかが違います。資料と比べてください。",
                "kind, order, scale, sign or unit is wrong; compare them with the documents.",
            ),
        )
        return
    if point.keeping is None:
        return
    try:
        words = point.words(
            int(sample.value) if sample.value == int(sample.value) else sample.value
        )
    except UnfitError:
        words = ()
    if words != sample.words:
        yield Fault(
            path,
            Text(
                "{value} を書くと {words} になり、計算例の {sample} と違います。",
                "Writing {value} gives {words}, not the sample's {sample}.",
            ).fill(value=f"{sample.value:_.10g}", words=list(words), sample=list(sample.words)),
            Text(
                "レジスターがちょうど表せる値を例にしてください。",
                "Take a value that the register holds exactly.",
            ),
        )
