"""What a match says to a person."""

from __future__ import annotations

from sekisho.terms.texts import Text

NUMBER = Text("登録番号", "registration number")
MAKER = Text("事業者名", "maker")
MODEL = Text("型番", "model number")
VERSION = Text("バージョン", "version")
PRODUCT = Text("製品名", "product name")

NUMBER_ALONE = Text(
    "登録番号だけで照合しました。型番を記入して確かめてください。",
    "Matched by the registration number alone; give the model number to confirm it.",
)
NO_NUMBER_STATED = Text("登録番号は照合していません。", "The registration number was not compared.")
NUMBER_UNCONFIRMED = Text(
    "リストの行に登録番号がなく、記入された番号は確認できません。",
    "The row on the list prints no number, so the stated number is not confirmed.",
)
NO_MAKER_STATED = Text("メーカー名は照合していません。", "The maker was not compared.")
NO_MODEL_STATED = Text(
    "シリーズ全体のラベルとして、製品名で照合しました。型番を記入してください。",
    "Matched by the name of a series that the label covers as a whole; give the model number.",
)
MODEL_NOT_LISTED = Text(
    "型番はリストに個別には載っておらず、シリーズ全体のラベルとして照合しました。",
    "The model number is not listed by itself; the label covers the whole series.",
)
VERSION_NOT_STATED = Text(
    "ラベルはバージョン {versions} を対象としています。機器のバージョンを確かめてください。",
    "The label names the version {versions}; confirm the device's version.",
)
VERSION_NOT_LISTED = Text(
    "リストにバージョンの記載がなく、記入されたバージョンは照合していません。",
    "The list names no version, so the stated version was not compared.",
)
VERSION_RANGE = Text(
    "リストのバージョンは範囲で書かれているため、機器のバージョンが含まれるかを確かめてください。",
    "The list gives a range of versions; confirm that the device's version is within it.",
)
ROW_WITHOUT_MODELS = Text(
    "登録番号はありますが、その行に型番がなく、記入された型番が含まれるか分かりません。",
    "The number is on the list, but its row names no model, so the stated model is not confirmed.",
)
LIST_NAMES_NO_MAKER = Text(
    "型番はありますが、その行に事業者名がありません。",
    "The model number is on the list, but its row names no maker.",
)
GIVE_MAKER = Text(
    "型番は一致しますが、メーカー名が記入されていません。メーカー名を記入してください。",
    "The model number is on the list, but the device states no maker; give the maker.",
)
PRODUCT_NAME_ONLY = Text(
    "製品名だけでは判断できません。登録番号・型番・有効期限を確かめてください。",
    "A product name settles nothing; give the registration number, model and expiry.",
)
SIMILAR = Text(
    "似た製品がリストにあります。同じ製品かを確かめてください。",
    "The list has similar products; confirm whether one of them is this device.",
)
