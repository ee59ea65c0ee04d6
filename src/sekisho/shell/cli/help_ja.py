"""The help of every command in Japanese, by its English words.

Loaded only when somebody who reads Japanese asks for help. The English words are the key, so a test
can say which are missing and which are no longer used. Options' lines are kept short, because the
parser's layout breaks lines at spaces and Japanese has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sekisho.shell.cli.help_admin_ja import HELP_ADMIN_JA
from sekisho.shell.cli.help_keeping_ja import HELP_KEEPING_JA
from sekisho.shell.cli.help_lab_ja import HELP_LAB_JA
from sekisho.shell.cli.help_layout_ja import JapaneseContext
from sekisho.shell.cli.help_north_ja import HELP_NORTH_JA
from sekisho.shell.cli.help_probe_ja import HELP_PROBE_JA
from sekisho.shell.cli.help_proof_ja import HELP_PROOF_JA
from sekisho.shell.cli.help_surface_ja import HELP_SURFACE_JA
from sekisho.shell.cli.help_update_ja import HELP_UPDATE_JA

if TYPE_CHECKING:
    from typer._click.core import Command

HELP_JA: Final = {
    **HELP_KEEPING_JA,
    **HELP_ADMIN_JA,
    **HELP_LAB_JA,
    **HELP_NORTH_JA,
    **HELP_PROBE_JA,
    **HELP_PROOF_JA,
    **HELP_SURFACE_JA,
    **HELP_UPDATE_JA,
    "The checkpoint for grid-scale batteries: JC-STAR papers, gate and proof.": (
        "系統用蓄電池の関所。JC-STAR の書類、設備を守るゲート、機器の証拠を扱います。"
    ),
    "Print the version and exit.": "版を表示して終わります。",
    "Say whether a project's equipment satisfies every rule on the day that counts.\n\n"
    "Exit code: 0 met or nothing asked, 1 broken, 2 usage or input, 3 undetermined.": (
        "計画の機器が、基準となる日にすべての規則を満たすかを判定します。\n\n"
        "終了コード: 0 充足または対象外、1 不充足、2 使い方・入力の誤り、3 判定不能。"
    ),
    "Site files or folders.": "サイトファイル、またはそのフォルダー。",
    "Day that stands in for dates the site does not give (default: today in Japan).": (
        "書かれていない日付の代わりにする日(既定: 日本の今日)。"
    ),
    "Answer with what was known on that day (default: today in Japan).": (
        "その日までに知られたことで答えます(既定: 日本の今日)。"
    ),
    "A list (.xlsx, .csv) or a register database; else the own register, else the shipped "
    "excerpts.": "リスト(.xlsx .csv)か登録簿。既定は手元の登録簿、なければ同梱の抜粋。",
    "Text for people, JSON for programs.": "人には text、プログラムには json。",
    "Write there instead of printing.": "表示せずにそこへ書きます。",
    "Language of the output; else $SEKISHO_LANG, else the locale's (ja, en).": (
        "出力の言語。既定は $SEKISHO_LANG、次にロケール。"
    ),
    "Let open duties enter the verdict.": "未了の義務も判定に数えます。",
    "Let a list older than 60 days settle things.": "60日を超えて古いリストでも判定します。",
    "Show on which days each verdict changes, and by when each label must exist or be extended."
    "\n\nThe first day is --as-of. With --out NAME.svg the picture alone is written; .html and "
    ".pdf hold\npicture and tables.": (
        "判定が変わる日と、ラベルの取得・延長の期限を示します。\n\n"
        "最初の日は --as-of です。--out が .svg なら図だけ、.html と .pdf には図と表を書きます。"
    ),
    "A site file or its folder.": "サイトファイル、またはそのフォルダー。",
    "How far to look.": "何年先まで見るか。",
    "Change the plant on paper: what changes, what stays open, and what does not change.\n\n"
    "The site file is not touched. The exit code is that of the changed plant.": (
        "机上で設備を変え、何が変わり、何が残り、何が変わらないかを示します。\n\n"
        "サイトファイルは変えません。終了コードは変更後の判定です。"
    ),
    "Another product: 'pcs-1: maker=…, model=…, label=…'.": (
        "製品の入替え: 'pcs-1: maker=…, model=…, label=…'。"
    ),
    "A gateway in front: 'pcs-1: maker=…, model=…, label=…'.": (
        "前にゲートウェイ: 'pcs-1: maker=…, model=…, label=…'。"
    ),
    "A protocol converter in front: 'pcs-1: maker=…, model=…, label=…'.": (
        "前にプロトコル変換器: 'pcs-1: maker=…, model=…, label=…'。"
    ),
    "Another date: contract_application=2027-03-31.": (
        "日付の変更: contract_application=2027-03-31。"
    ),
    "Judge many sites over years: what breaks first, and the concentration of makers.\n\n"
    "The exit code is that of the worst site, judged as by assess. A table has one row per "
    "device;\nits columns are named as the keys of the site file (docs/how-to/portfolio.md).": (
        "多くのサイトを何年分も判定し、先に不充足になるものとメーカーの集中を示します。\n\n"
        "終了コードは assess と同じ判定で最も悪いサイトのもの。表は1行に1機器で、"
        "列名はサイトファイルのキーです(docs/how-to/portfolio.md)。"
    ),
    "A folder of site files, or one .csv or .xlsx table.": (
        "サイトファイルのフォルダー、または .csv か .xlsx の表。"
    ),
    "Write the evidence pack: label numbers, diagram, devices without IP, findings, sources, "
    "hashes.\n\nIt is not signed; the signed pack about one device is that of checklist.\n\n"
    "The tables of the site file about the gate never enter it. Exit code as for assess.": (
        "証跡一式(登録番号、構成図、非IP機器、判定、出典、ハッシュ)を書きます。\n\n"
        "署名はありません。一つの機器についての署名付きの証拠一式は checklist が書きます。\n\n"
        "サイトファイルのゲート用の表は決して入りません。終了コードは assess と同じです。"
    ),
    "Default: SITE-pack.zip here.": "既定: ここに サイト-pack.zip。",
    "Write a letter to each maker about each open point, or to the aggregator.\n\n"
    "Without --out the letters are printed as text.": (
        "確認できていない点を、各メーカーまたはアグリゲーターに尋ねる手紙を書きます。\n\n"
        "--out がなければ文字で表示します。"
    ),
    "Each maker, or the aggregator.": "各メーカー、またはアグリゲーター。",
    "How the letters are set.": "手紙の形式。",
    "Write one file per letter there.": "そのフォルダーに1通ずつ書きます。",
    "Write the answer for the investor (one page), the engineer (all detail) or the office.\n\n"
    "Exit code as for assess: 0 met or nothing asked, 1 broken, 2 usage or input, 3 "
    "undetermined.": (
        "投資家(1枚)、技術者(全詳細)、提出先向けの報告書を書きます。\n\n"
        "終了コードは assess と同じです。"
    ),
    "Who reads it; all writes one file for each.": "読み手。all は各1冊を書きます。",
    "One HTML file, or PDF pages.": "HTML 1ファイル、または PDF。",
    "A file, or a folder for SITE-READER files.": "ファイル、または書き込むフォルダー。",
    "Write, check and draw the site file.": "サイトファイルを作り、確かめ、描きます。",
    "Write a commented starter file; a file that is there already is kept.": (
        "説明付きのひな形を書きます。既にあるファイルは残します。"
    ),
    "File or folder to write into.": "書き込むファイルまたはフォルダー。",
    "List every problem of site files, and what they leave unknown.\n\n"
    "Where trust.json and bounds.json lie beside the file, every product that a key may be asked "
    "for\nand that could not be delivered is listed too.\n\n"
    "Exit code: 0 readable, 1 a product cannot be delivered, 2 at least one problem.": (
        "サイトファイルの問題と、不明のままの項目をすべて挙げます。\n\n"
        "同じフォルダーに trust.json と bounds.json があれば、鍵に許した商品のうち供出できないものも挙げます。\n\n"
        "終了コード: 0 読めた、1 供出できない商品がある、2 問題あり。"
    ),
    "Site files, or folders with a site.toml.": "サイトファイル、または site.toml のあるフォルダー。",
    "Draw the system diagram: from the cells to the cloud, with label numbers and states.": (
        "電池からクラウドまでのシステム構成図を、登録番号と状態を添えて描きます。"
    ),
    "Where to write (default: SITE-diagram.svg here).": (
        "書き込む先(既定: ここに サイト-diagram.svg)。"
    ),
    "Look the devices' labels up.": "機器のラベルを照合します。",
    "Make the draft of a site file from an equipment list in Japanese or English.\n\n"
    "Columns and cells that were not used are named; the draft says what is left to fill in.": (
        "日本語または英語の機器表から、サイトファイルの下書きを作ります。\n\n"
        "使わなかった列とセルを挙げ、埋めるべき所を下書きに示します。"
    ),
    "An equipment list (.xlsx, .csv).": "機器表(.xlsx .csv)。",
    "File or folder to write into instead of printing; never over another file.": (
        "表示せずに書き込む先。ほかのファイルには上書きしません。"
    ),
    "The lists of labelled products: import, search, compare.": (
        "適合ラベル取得製品リストを取り込み、探し、比べます。"
    ),
    "Say what the newest list changes for these sites.\n\n"
    "Exit code: 0 nothing worse, 1 something changed for the worse, 2 usage or input.": (
        "最新のリストがこれらのサイトに何をもたらすかを知らせます。\n\n"
        "終了コード: 0 悪化なし、1 悪化あり、2 使い方・入力の誤り。"
    ),
    "A new list, not yet imported (default: the newest imported).": (
        "まだ取り込んでいない新しいリスト(既定: 取り込んだ最新)。"
    ),
    "A site file or folder; give it once for each site.": (
        "サイトファイルかフォルダー。サイトの数だけ繰り返します。"
    ),
    "Also write the alerts there.": "知らせをそこにも書きます。",
    "Also send news to the addresses in an environment variable or a file.": (
        "環境変数かファイルにある宛先にも送ります。"
    ),
    "Write an iCalendar file: ends of labels, dates of rules, milestones of the sites.\n\n"
    "Without --site: every label that states its end, and every rule.": (
        "ラベルの期限、規則の日付、サイトの日程を iCalendar で書きます。\n\n"
        "--site がなければ、期限の分かるすべてのラベルとすべての規則です。"
    ),
    "Add a list to the register; what is there already is never changed.": (
        "リストを登録簿に加えます。既にあるものは決して変わりません。"
    ),
    "The list, .xlsx or .csv.": "リスト(.xlsx .csv)。",
    "Date of the list (default: in the file, else in its name, else today).": (
        "リストの日付(既定: ファイル内、名前、今日の順)。"
    ),
    'What unknown headers mean: [headers] "name" = "model".': (
        '知らない見出しの意味: [headers] "名" = "model"。'
    ),
    "The file is not the whole list.": "リスト全体ではなく抜粋です。",
    "The register database (default: $SEKISHO_REGISTER, else the user's data folder).": (
        "登録簿(既定: $SEKISHO_REGISTER、次に利用者のデータ領域)。"
    ),
    "List the lists that the register has.": "登録簿にあるリストを挙げます。",
    "Find labels by parts of number, maker, product, model or version.\n\n"
    "Exit code: 0 found, 1 nothing found.": (
        "番号・メーカー・製品名・型番・版の一部でラベルを探します。\n\n終了コード: 0 あり、1 なし。"
    ),
    "Show everything the list prints about a label: by its number, a model, or words.\n\n"
    "Exit code: 0 found, 1 nothing found.": (
        "番号・型番・語でラベルを選び、リストにあるすべてを示します。\n\n"
        "終了コード: 0 あり、1 なし。"
    ),
    "Say what changed between two lists (default: the newest and the one before).": (
        "2つのリストの違いを示します(既定: 最新とその前)。"
    ),
    "The running checkpoint between the cloud and the plant.": (
        "クラウドと設備の間で動く関所(ゲート)。"
    ),
    "A site file with the gate's tables, or its folder.": (
        "ゲートの表があるサイトファイル、またはそのフォルダー。"
    ),
    "The gate's state folder.": "ゲートの状態フォルダー。",
    "Public key of the site's authority.": "サイトの認証元の公開鍵。",
    "Seconds that each step is held.": "1段階を保つ秒数。",
    "Move the plant without asking.": "確認せずに設備を動かします。",
    "Move the plant by 1 % both ways and see that every reading moves with it.\n\n"
    "The gate must not be running. Without a good commissioning of the present configuration it "
    "takes\nno market command.\n\n"
    "Exit code: 0 all right, 1 a reading moved wrongly, 2 usage or input, 3 something was not "
    "seen.": (
        "設備を両方向に 1 % 動かし、すべての計測値が正しく動くことを確かめます(試運転)。\n\n"
        "ゲートを止めて実行します。今の設定での試運転が済むまで、ゲートは市場の指令を受け付けません。\n\n"
        "終了コード: 0 正常、1 動きの誤りあり、2 使い方・入力の誤り、3 読めないものがある。"
    ),
    "Connect to no device.": "機器に接続しません。",
    "Make a gate's state folder: its own keys and the request for its certificate.\n\n"
    "Keys are made here and never leave the folder; a folder that is there already is kept.": (
        "ゲートの状態フォルダー(自分の鍵と証明書の申請)を作ります。\n\n"
        "鍵はここで作られ、フォルダーの外に出ません。既にあるフォルダーは残します。"
    ),
    "Ask everything that should be right before the gate runs, and say every problem.\n\n"
    "Each device is connected to once and nothing is written to it.\n\n"
    "Exit code: 0 it can run, 1 something is wrong, 2 usage or input, 3 something could not be "
    "asked.": (
        "ゲートを動かす前に正しいはずのことをすべて尋ね、不備を残らず示します。\n\n"
        "各機器に一度ずつ接続し、何も書き込みません。\n\n"
        "終了コード: 0 動かせる、1 不備あり、2 使い方・入力の誤り、3 尋ねられないことがある。"
    ),
    "Write a structured log (JSON lines) to standard error.": (
        "構造化ログ(JSON)を標準エラーに書きます。"
    ),
    "Run the gate until it is asked to end (SIGTERM, Ctrl-C).\n\n"
    "One gate for each state folder; when it ends, the watchdog of each PCS brings that to rest unless\n"
    "the gate runs again before.": (
        "ゲートを、終了を求められる(SIGTERM、Ctrl-C)まで運転します。\n\n"
        "状態フォルダー1つにつきゲートは1つです。終了すると、再び運転しない限り各 PCS のウォッチドッグ"
        "が出力を止めます。"
    ),
    "Show what a running gate says of itself: power, links, orders, latches, alarms.\n\n"
    "Exit code: 0 running and calm, 1 something calls for a person, 3 not running.": (
        "動いているゲートの状態(電力・接続・指令・復帰待ち・警報)を示します。\n\n"
        "終了コード: 0 平常、1 人の対応が要る、3 動いていない。"
    ),
    "Seconds between two looks.": "見直す間隔(秒)。",
    "One picture as text, then end.": "1画面分を文字で示して終わります。",
    "Watch a running gate live: power against set-point, charge, frequency, links, decisions.\n\n"
    "q or Ctrl-C ends it. Where standard output is no terminal it prints one picture.\n\n"
    "Exit code: as for gate status.": (
        "動いているゲートを見続けます(電力と設定値、充電率、周波数、接続、決定)。\n\n"
        "q か Ctrl-C で終わります。標準出力が端末でなければ1画面分を示します。\n\n"
        "終了コード: gate status と同じです。"
    ),
    "Ask the running gate to reset its latches, as a person on the spot.\n\n"
    "The gate journals it. A stop that is still pressed or a cause that lasts latches again.": (
        "現地の人として、働いた保護の復帰をゲートに依頼します。\n\n"
        "ゲートはこれを記録します。停止が押されたままか原因が続けば、また働きます。"
    ),
    "List date, or a list file.": "リストの日付、またはリストのファイル。",
    "Read and verify what the gate wrote down.": "ゲートのジャーナルを読み、確かめます。",
    "A state folder, its gate.db, or an extract.": "状態フォルダー、その gate.db、または抜粋。",
    "The gate's public key (PEM); of a state folder its own gate.pub.": (
        "ゲートの公開鍵(PEM)。状態フォルダーならその gate.pub。"
    ),
    "From this time in Japan on: 2027-05-10, or 2027-05-10T13:00.": (
        "この日本時刻から: 2027-05-10、2027-05-10T13:00。"
    ),
    "Until before this time in Japan.": "この日本時刻の前まで。",
    "Only entries of this kind; may be given several times.": "この種類だけ。何度でも指定できます。",
    "Checkpoints kept somewhere else, one on each line.": (
        "別の場所で保管したチェックポイント(1行に1つ)。"
    ),
    "Say whether the journal is whole and as it was written.\n\n"
    "Exit code: 0 it holds, 1 it was changed, 2 it cannot be read, 3 nothing ties it to the gate.": (
        "ジャーナルが欠けず、書かれたままかを確かめます。\n\n"
        "終了コード: 0 書かれたまま、1 書換えあり、2 読めない、3 ゲートのものと示すものがない。"
    ),
    "The state folder.": "状態フォルダー。",
    "The volume: a file that is not there yet.": "巻の書き先。まだないファイル。",
    "Put the entries until now into a volume of their own; the gate must be stopped.\n\n"
    "The journal goes on after them, and its quota is free again.": (
        "これまでの記録を別の巻に移します。ゲートは止めておきます。\n\n"
        "ジャーナルは続きの番号から始まり、上限まで空きが戻ります。"
    ),
    "At most so many, the last ones.": "最後から最大この件数。",
    "Print entries in plain words, the oldest first.": "記録を分かる言葉で、古い順に表示します。",
    "Where to: .jsonl, or .html or .txt for people too.": (
        "書く先: .jsonl、人も読むなら .html か .txt。"
    ),
    "Write what happened in a time as one file that can be verified alone: the accident report.": (
        "ある期間の記録を、それだけで確かめられる1つのファイルに書きます(事故報告用)。"
    ),
    "Check and show profiles: maps of devices without SunSpec.": (
        "プロファイル(SunSpec のない機器のマップ)を確かめ、表示します。"
    ),
    "List every problem of profiles: form, overlaps, missing points, watchdog, samples, wear.\n\n"
    "Exit code: 0 each makes sense, 2 at least one problem.": (
        "プロファイルの問題(書式、重なり、足りない点、ウォッチドッグ、計算例、書込寿命)をすべて挙げます。\n\n"
        "終了コード: 0 すべて良い、2 問題あり。"
    ),
    "Files, or names of shipped profiles.": "ファイル、または同梱のプロファイルの名前。",
    "Print a shipped profile, to use it or to begin your own with it.": (
        "同梱のプロファイルを表示します。そのまま使うか、自分のものの下書きにします。"
    ),
    "A shipped profile; left out: list their names.": (
        "同梱のプロファイル。省くと名前を並べます。"
    ),
}


def in_japanese(command: Command) -> Command:
    """The command and all below it, with their help in Japanese."""
    command.context_class = JapaneseContext
    command.help = _said(command.help)
    command.short_help = _said(command.short_help)
    for parameter in command.params:
        if hasattr(parameter, "help"):
            parameter.help = _said(parameter.help)
    for below in getattr(command, "commands", {}).values():
        in_japanese(below)
    return command


def _said(english: str | None) -> str | None:
    return HELP_JA.get(english, english) if english is not None else None
