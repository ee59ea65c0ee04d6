"""What is said about labels: one constant per finding and per remedy."""

from __future__ import annotations

from sekisho.terms.texts import Text

NUMBER = Text("登録番号", "registration number")
LEVEL = Text("レベル(★)", "level (★)")
EXPIRY = Text("有効期限", "expiry date")

VALID = Text(
    "登録番号 {number} のラベルは {since}{expires} まで有効で、{day} はその期間内です。",
    "Label {number} is valid {since}{expires}; {day} lies within.",
)
SINCE = Text("{issued} から ", "from {issued} to ")
SEEN_SINCE = Text("(発行日不明、{seen} のリストに掲載) ", "(issue date unknown, listed {seen}) to ")

STALE = Text(
    "ただし根拠のリストは {date} 時点で、{days} 日前のものです。",
    "But the list it rests on is of {date}, {days} days old.",
)
STALE_REMEDY = Text(
    "最新の適合ラベル取得製品リストを取得して register import してください"
    "(古さを承知で使うなら --accept-stale)。",
    "Fetch the list again and import it (or use --accept-stale knowing its age).",
)
CONFLICT = Text(
    "{field}が一致しません: サイトファイルは「{stated}」、リストは「{listed}」です。",
    'The {field} disagrees: the site file says "{stated}", the list says "{listed}".',
)
CONFLICT_REMEDY = Text(
    "銘板とメーカー回答を確認し、正しい方に直してください。",
    "Check the nameplate and the maker's answer, and correct whichever is wrong.",
)
ON_EXCERPT = Text(
    "根拠は第三者が写した {date} 時点の抜粋です。",
    "It rests on the excerpt of {date} as copied by a third party.",
)
CANDIDATES_REMEDY = Text(
    "メーカーに登録番号・対象型番・有効期限を確認し、"
    "site.toml の label と model に記入してください。",
    "Ask the maker for number, models covered and expiry, and state label and model in the "
    "site file.",
)
GONE = Text(
    "{seen} のリストには載っていたが、{date} のリストにありません。"
    "掲載がないことは取消しを意味しません。",
    "It stood on the list of {seen} and is not on that of {date}. Vanished is not revoked.",
)
GONE_REMEDY = Text(
    "メーカーと IPA の製品情報ページで現在の状態を確認してください。",
    "Ask the maker, and look at IPA's page of the registration, for its present state.",
)
UNNAMED = Text(
    "メーカー・型番・登録番号のいずれも書かれておらず、照合できません。",
    "No maker, model or number is stated, so there is nothing to look up.",
)
UNNAMED_REMEDY = Text(
    "site.toml に maker と model、分かれば label を記入してください。",
    "State maker and model in the site file, and label where it is known.",
)
NOT_ON_EXCERPT = Text(
    "{date} 時点の抜粋に見当たりません。抜粋にないことは、リストにないことを意味しません。",
    "Not on the excerpt of {date}. Absence from an excerpt does not mean absence from the list.",
)
NOT_ON_EXCERPT_REMEDY = Text(
    "IPA の適合ラベル取得製品リスト全体を取得して register import し、"
    "メーカーに登録番号を尋ねてください。",
    "Fetch IPA's whole list and import it, and ask the maker for the registration number.",
)
NOT_ON_STALE = Text(
    "{date} のリストにありませんが、リストは {days} 日前のものです。",
    "Not on the list of {date}, but that list is {days} days old.",
)
NOT_ON_LIST = Text("{date} のリストにありません。", "Not on the list of {date}.")
NOT_ON_LIST_REMEDY = Text(
    "メーカーに取得予定と時期を書面で確認するか、リストに載っている製品に替えてください。",
    "Get the maker's plan and date in writing, or change to a product on the list.",
)
LEVEL_LOW = Text(
    "ラベルは ★{has} で、★{wants} 以上が必要です。", "It is ★{has}; ★{wants} is asked for."
)
LEVEL_LOW_REMEDY = Text(
    "★{wants} 以上のラベルを持つ製品に替えてください。",
    "Change to a product labelled ★{wants} or higher.",
)
STATUS_BAD = Text("リストの状態は「{word}」です。", 'Its status on the list is "{word}".')
STATUS_BAD_REMEDY = Text(
    "メーカーに理由を確認し、有効なラベルを持つ製品に替えてください。",
    "Ask the maker why, and change to a product with a valid label.",
)
PENDING = Text(
    "リストの状態は「{word}」です。延長手続き中のラベルを各制度が有効と扱うかは確認できていません。",
    'Its status is "{word}". Whether the programmes accept a label while its extension is '
    "pending is not known.",
)
PENDING_REMEDY = Text(
    "延長の結果を待つか、提出先に扱いを照会してください。",
    "Wait for the extension, or ask the office that will receive the papers.",
)
STATUS_UNKNOWN = Text(
    "リストの状態「{word}」の意味が分かりません。",
    'The meaning of the status "{word}" on the list is not known.',
)
STATUS_UNKNOWN_REMEDY = Text(
    "IPA の製品情報ページで状態を確認してください。",
    "Look the status up on IPA's page of the product.",
)
ROW_INCOMPLETE = Text(
    "{date} のリストの行に{missing}がありません。",
    "The row on the list of {date} lacks: {missing}.",
)
EXCERPT_INCOMPLETE = Text(
    "第三者が写した {date} 時点の抜粋にあるが、{missing}が分かりません。",
    "On the excerpt of {date} as copied by a third party; not given: {missing}.",
)
INCOMPLETE_REMEDY = Text(
    "登録番号・型番・有効期限をメーカーに確認し、IPA のリスト全体で照合し直してください。",
    "Get number, model and expiry from the maker, and check again against IPA's whole list.",
)
DATES_CONTRADICT = Text(
    "発行日 {issued} が有効期限 {expires} より後になっています。",
    "The issue date {issued} is after the expiry {expires}.",
)
DATES_REMEDY = Text(
    "IPA の製品情報ページで発行日と有効期限を確認してください。",
    "Check issue and expiry dates on IPA's page of the product.",
)
BOUGHT_WHILE_VALID = Text(
    "ラベルは {expires} で終わるが、購入日 {bought} には有効だった。"
    "有効なうちに買った機器の扱いは確認できていません。",
    "The label ends on {expires}; it was valid when the device was bought on {bought}. How "
    "programmes treat that is not known.",
)
BOUGHT_REMEDY = Text(
    "提出先に扱いを照会し、メーカーに延長を求めてください。",
    "Ask the office that will receive the papers, and ask the maker to extend.",
)
ENDED = Text(
    "ラベルは {expires} までで、{day} には有効ではありません(延長されない限り)。",
    "The label ends on {expires} and is not valid on {day}, unless it is extended.",
)
ENDED_REMEDY = Text(
    "{day} より前にラベルを延長するようメーカーに求めてください。",
    "Have the maker extend the label before {day}.",
)
NOT_YET = Text(
    "ラベルの発行は {issued} で、{day} にはまだありません。",
    "The label was issued on {issued}; on {day} it does not exist yet.",
)
NOT_YET_REMEDY = Text(
    "日付を見直すか、その日に有効なラベルを持つ製品に替えてください。",
    "Move the date, or change to a product whose label is valid on it.",
)
EXPIRED_EARLY = Text(
    "状態は「{word}」ですが、有効期限は {expires} とあり、リストの日付より後です。",
    'The status is "{word}", but the expiry {expires} is later than the list itself.',
)
VERSION_DECIDES = Text(
    "同じ型番にバージョンの異なる複数のラベルがあり、答えが分かれます。",
    "Several labels cover this model in different versions, and they answer differently.",
)
VERSION_REMEDY = Text(
    "サイトファイルに version(ファームウェア)か label(登録番号)を書いてください。",
    "State version (firmware) or label (registration number) in the site file.",
)
ISSUE_UNKNOWN = Text(
    "発行日が不明で、リストに現れるのは {seen} から。{day} に有効だったかは言えません。",
    "The issue date is unknown and the lists show it from {seen}; nothing can be said of {day}.",
)
LONGER_THAN_CAP = Text(
    "発行 {issued} から最長2年は {cap} までだが、期限は {expires} とある。延長の記録がありません。",
    "Issued {issued}, it could last to {cap} at most; the list says {expires}, and no extension "
    "has been seen.",
)
