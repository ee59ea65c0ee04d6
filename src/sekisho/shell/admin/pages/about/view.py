"""What this product is: model, version, serial number, support, and where vulnerabilities are reported."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from sekisho import __version__
from sekisho.gate.product import NOT_STATED, declared
from sekisho.shell.admin.frame import Shown
from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context

WORDS = {
    "title": Text("この製品について", "About this product"),
    "declared": Text(
        "型番・製造番号・サポート期間・連絡先は、この製品の提供者が述べたものです。述べていないものは「記載なし」です。",
        "Model, serial number, support period and contact are declared by whoever publishes this "
        'product; what is not declared is "not stated".',
    ),
    "report": Text("脆弱性の届出", "Reporting a vulnerability"),
    "report_said": Text("届出先", "Report to"),
}
_FACTS = (
    ("model", Text("型番", "Model")),
    ("hardware", Text("機器", "Machine")),
    ("serial", Text("製造番号", "Serial number")),
    ("publisher", Text("提供者", "Publisher")),
    ("support_until", Text("セキュリティ更新の最終日", "Security updates until")),
    ("policy", Text("脆弱性開示ポリシー", "Disclosure policy")),
    ("updates", Text("更新の公開場所", "Updates are published at")),
)
_VERSION = Text("ソフトウェアの版(ゲート)", "Software version (gate)")
_PAGES = Text("ソフトウェアの版(管理画面)", "Software version (pages)")
_INTERPRETER = Text("Python", "Python")
_SITE = Text("サイト", "Site")
_UNKNOWN = Text("ゲートに接続できません", "the gate cannot be reached")


async def get(context: Context) -> Answer:
    """The page."""
    status = await context.office.gate.status()
    product = context.office.papers.product
    said = declared(product)
    facts = [(word, said[name]) for name, word in _FACTS]
    facts[1:1] = [
        (_VERSION, _UNKNOWN if status is None else same(f"sekisho {status['program']}")),
        (_PAGES, same(f"sekisho {__version__}")),
    ]
    facts += [
        (_SITE, _UNKNOWN if status is None else same(str(status["site"]))),
        (_INTERPRETER, same(platform.python_version())),
    ]
    values = {
        "words": WORDS,
        "facts": facts,
        "contact": product.contact,
        "not_stated": NOT_STATED,
    }
    return Shown(template="pages/about/about.html", values=values)
