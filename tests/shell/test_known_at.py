"""Later knowledge leaves the answer of an earlier `--known-at` byte-identical."""

import pytest

from sekisho.shell.cli.main import main
from tests.plants import EXAMPLES

LATER = """架空のリスト / made-up list
リスト日付: 2026-11-20
登録番号,事業者名,製品名,型番,レベル,状態,発行日,有効期限
MADE-UP-0001,株式会社白樺電機,系統用蓄電池PCS 白樺,SK-PCS-2500,★1,取消し,2026-07-01,2028-06-30
"""


@pytest.fixture
def store(tmp_path, monkeypatch):
    place = tmp_path / "register.sqlite"
    monkeypatch.setenv("SEKISHO_REGISTER", str(place))
    return place


def imported(path, learned_list_date):
    code = main(["register", "import", str(path), "--list-date", learned_list_date])
    assert code == 0


def answer(capsys, *words):
    capsys.readouterr()
    code = main(["assess", str(EXAMPLES / "all-labelled"), "--format", "json", *words])
    return code, capsys.readouterr().out


def test_a_list_learned_later_leaves_the_earlier_answer_byte_identical(store, tmp_path, capsys):
    earlier = ["--known-at", "2026-06-15"]
    first = answer(capsys, *earlier)
    later = tmp_path / "later.csv"
    later.write_text(LATER, encoding="utf-8")
    imported(later, "2026-11-20")
    assert answer(capsys, *earlier) == first
    # The list is seen from the day it was learned, which is the day of its import.
    assert answer(capsys, "--known-at", "2099-12-31") != first
