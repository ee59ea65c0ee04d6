"""The sixteen ★1 criteria, as a versioned set: ids, subjects, how each is evaluated.

The criteria document itself was not read: every part carries its own certainty, and what rests on
general knowledge alone (most mappings to EN 303 645, limits such as password lengths) is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.scheme.sources import ATMARK, IPA_PSTI, NTT_DATA, NTT_DOCOMO
from sekisho.terms.certainty import Certainty
from sekisho.terms.ids import CriterionId
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.terms.citation import Citation


class Method(StrEnum):
    """How a criterion is evaluated."""

    DOCUMENT = "document"
    """ドキュメント評価."""
    DEVICE = "device"
    """実機評価."""
    UNKNOWN = "unknown"


METHOD_TEXTS = {
    Method.DOCUMENT: Text("ドキュメント評価", "by document"),
    Method.DEVICE: Text("実機評価", "on the device"),
    Method.UNKNOWN: Text("不明", "not known"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion."""

    id: CriterionId
    subject: Text
    """In our own words."""
    certainty: Certainty
    """Of the subject."""
    source: Citation | None
    """None where the subject is unconfirmed."""
    method: Method
    method_certainty: Certainty
    en_303_645: tuple[str, ...] = ()
    """Provisions of ETSI EN 303 645 held equal; inferred wherever given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaSet:
    """One edition of the criteria."""

    document: str
    """The document's id, by which UK law pins it too."""
    edition: Text
    level: int
    criteria: tuple[Criterion, ...]
    source: Citation


def _criterion(
    number: int,
    ja: str,
    en: str,
    source: Citation | None,
    method: Method = Method.UNKNOWN,
    method_certainty: Certainty = Certainty.UNCONFIRMED,
    en_303_645: tuple[str, ...] = (),
) -> Criterion:
    return Criterion(
        id=CriterionId(f"S1.1-{number:02d}"),
        subject=Text(ja, en),
        certainty=Certainty.UNCONFIRMED if source is None else source.certainty,
        source=source,
        method=method,
        method_certainty=method_certainty,
        en_303_645=en_303_645,
    )


_READ = Certainty.SECONDARY
_GUESS = Certainty.INFERRED

STAR_1 = CriteriaSet(
    document="JST-CR-01-01-2024R1",
    edition=Text("2024年12月、1.1版", "December 2024, version 1.1"),
    level=1,
    source=NTT_DATA,
    criteria=(
        _criterion(
            1,
            "IP通信を介したアクセスの認証に基づくアクセス制御",
            "access over IP is under access control based on authentication",
            NTT_DOCOMO,
            Method.DOCUMENT,
            _READ,
        ),
        _criterion(
            2,
            "共通でないデフォルトパスワード",
            "no common default password",
            IPA_PSTI,
            Method.DOCUMENT,
            _READ,
            ("5.1-1", "5.1-2"),
        ),
        _criterion(
            3,
            "認証値の変更",
            "authentication values can be changed",
            NTT_DOCOMO,
            Method.DOCUMENT,
            _READ,
        ),
        _criterion(
            4,
            "総当たり攻撃を困難にする",
            "brute force against authentication is made hard",
            NTT_DOCOMO,
            Method.DEVICE,
            _READ,
        ),
        _criterion(
            5,
            "脆弱性開示ポリシーの公開",
            "a vulnerability disclosure policy is published",
            IPA_PSTI,
            Method.DOCUMENT,
            _READ,
            ("5.2-1",),
        ),
        _criterion(
            6,
            "ソフトウェアコンポーネントのアップデート",
            "software components can be updated",
            NTT_DOCOMO,
        ),
        _criterion(
            7,
            "アップデート手順の明示",
            "the procedure for updates is shown to the user",
            ATMARK,
            Method.DOCUMENT,
            _GUESS,
        ),
        _criterion(
            8,
            "アップデート前の完全性確認",
            "the integrity of an update is checked before it is applied",
            None,
        ),
        _criterion(
            9,
            "セキュリティアップデートの優先度・方針の文書化",
            "a policy for the priority and delivery of security updates",
            None,
        ),
        _criterion(
            10, "型番をユーザが認識できる", "the model number can be recognised by the user", ATMARK
        ),
        _criterion(11, "保存データの保護", "stored assets are protected", None),
        _criterion(
            12,
            "ネットワーク伝送時の盗聴からの保護",
            "assets on the network are protected from eavesdropping",
            ATMARK,
        ),
        _criterion(
            13,
            "不要なインタフェースの無効化と脆弱性検査",
            "unneeded interfaces are off, and a vulnerability scan is done",
            ATMARK,
            Method.DEVICE,
            _GUESS,
        ),
        _criterion(
            14,
            "停電・ネットワーク停止後の認証値とアップデートの維持",
            "authentication values and updates survive a loss of power or network",
            ATMARK,
            Method.DEVICE,
            _GUESS,
        ),
        _criterion(15, "データの削除", "the user can delete stored data", None),
        _criterion(
            16,
            "製品の情報提供",
            "information about the product is given to users",
            IPA_PSTI,
            Method.DOCUMENT,
            _GUESS,
            ("5.3-13",),
        ),
    ),
)

CRITERIA_SETS = (STAR_1,)
"""Every edition, newest last. A new edition is added, never edited into an old one."""
