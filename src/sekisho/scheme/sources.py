"""Where the facts about the scheme come from; each source is written once."""

from __future__ import annotations

from datetime import date

from sekisho.terms.certainty import Certainty
from sekisho.terms.citation import Citation
from sekisho.terms.texts import Text

METI_START = Citation(
    title=Text("経済産業省: JC-STARの運用開始", "METI: JC-STAR starts"),
    url="https://www.meti.go.jp/english/press/2025/0325_006.html",
    page="",
    certainty=Certainty.PRIMARY,
    learned=date(2025, 3, 25),
)
IPA_APPLICATION = Citation(
    title=Text("IPA: 適合ラベルの申請", "IPA: application for a label"),
    url="https://www.ipa.go.jp/security/jc-star/shinsei/index.html",
    page="",
    certainty=Certainty.PRIMARY,
    learned=date(2026, 7, 31),
)
IPA_PSTI = Citation(
    title=Text("IPA: 英国PSTI法適合製品の申請", "IPA: application for PSTI-conforming products"),
    url="https://www.ipa.go.jp/security/jc-star/shinsei/psti.html",
    page="",
    certainty=Certainty.PRIMARY,
    learned=date(2026, 1, 1),
)
IPA_LEVEL_3 = Citation(
    title=Text("IPA: ★3の要件とガイド", "IPA: ★3 requirements and guide"),
    url="https://www.ipa.go.jp/security/jc-star/tekigou-kizyun-guide/label3/index.html",
    page="",
    certainty=Certainty.SECONDARY,
    learned=date(2026, 6, 12),
)
LEVEL_3_DRAFT = Citation(
    title=Text("@IT: ★3基準案の意見募集", "@IT: call for comments on the ★3 draft"),
    url="https://atmarkit.itmedia.co.jp/ait/articles/2512/11/news061.html",
    page="",
    certainty=Certainty.SECONDARY,
    learned=date(2025, 12, 11),
)
UNITIS = Citation(
    title=Text(
        "ユニティス: JC-STARの現状(2026年9月更新)", "unitis: state of JC-STAR (September 2026)"
    ),
    url="https://unitis.jp/articles/18754/",
    page="",
    certainty=Certainty.SECONDARY,
    learned=date(2026, 9, 30),
)
SCIENCEX = Citation(
    title=Text("ScienceX コラム(2026年7月版)", "ScienceX column (edition of July 2026)"),
    url="https://www.scix.co.jp/column-jcstar",
    page="",
    certainty=Certainty.SECONDARY,
    learned=date(2026, 7, 1),
)
NTT_DOCOMO = Citation(
    title=Text("NTTドコモビジネス: JC-STARアシスト", "NTT docomo Business: JC-STAR Assist"),
    url="https://www.ntt.com/business/services/dds/jcs.html",
    page="S1.1-01 … -06",
    certainty=Certainty.SECONDARY,
    learned=date(2026, 7, 1),
)
ATMARK = Citation(
    title=Text(
        "アットマークテクノ: JC-STAR★1開発ガイド v1.0.0",
        "Atmark Techno: JC-STAR ★1 development guide v1.0.0",
    ),
    url="https://manual.atmark-techno.com/armadillo-640/armadillo-base-os-jc-star1-guide_ja-1.0.0",
    page="",
    certainty=Certainty.SECONDARY,
    learned=date(2026, 7, 1),
)
NTT_DATA = Citation(
    title=Text("NTTデータ: ★1適合基準の解説", "NTT Data: the ★1 criteria explained"),
    url="https://zenn.dev/nttdata_tech/articles/2c6a0ff5ab935d",
    page="",
    certainty=Certainty.SECONDARY,
    learned=date(2026, 7, 1),
)
UK_RULES = Citation(
    title=Text(
        "英国規則 SI 2025/1267(JC-STARとCLSの承認)", "UK SI 2025/1267 recognises JC-STAR and CLS"
    ),
    url="http://policy-wire.co.uk/uk-psti-regulations-recognise-japan-jc-star-singapore-cls",
    page="",
    certainty=Certainty.SECONDARY,
    learned=date(2025, 12, 4),
)
SINGAPORE = Citation(
    title=Text(
        "Brightsight: シンガポールと日本の協力", "Brightsight: Singapore's partnership with Japan"
    ),
    url="https://www.brightsight.com/news/post/singapore-expands-iot-cybersecurity-partnerships-with-japan-and-south-korea-to-support-cross-border",
    page="",
    certainty=Certainty.SECONDARY,
    learned=date(2026, 7, 1),
)
