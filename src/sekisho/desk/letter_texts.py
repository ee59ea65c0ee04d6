"""The words of the letters."""

from __future__ import annotations

from sekisho.terms.texts import Text

MAKER_UNKNOWN = Text("(メーカー未記入)", "(maker not stated)")
AGGREGATOR = Text("アグリゲーター", "aggregator")
NOT_STATED = Text("未記入", "not stated")

MAKER_TITLE = Text("JC-STAR 適合ラベルについての照会", "Enquiry about JC-STAR labels")
AGGREGATOR_TITLE = Text(
    "ゲートウェイ・EMS の JC-STAR 適合ラベルについての照会",
    "Enquiry about the JC-STAR labels of your gateway and EMS",
)
GREETING = Text("{to} 御中", "To {to}")
MAKER_WHY = Text(
    "当方は「{site}」の計画で貴社製品の採用を検討しています。系統連系の技術要件、補助金、"
    "オークション等が、IP で通信する制御系機器に JC-STAR ★1 以上の適合ラベルを求めるため、"
    "次の点をご回答ください。",
    'We are planning the project "{site}" with your products. The grid code, subsidies and '
    "auctions ask for JC-STAR labels (★1 or higher) on control equipment that communicates over IP, "
    "so please answer the following.",
)
AGGREGATOR_WHY = Text(
    "当方は「{site}」を貴社の制御下に置くことを検討しています。ERAB サイバーセキュリティ"
    "ガイドライン Ver3.0 は、新たに導入する IoT 製品に ★1 以上を求めています(R4・R6 は勧告、"
    "R5 は推奨)。次の点をご回答ください。",
    'We consider placing the project "{site}" under your control. The ERAB cybersecurity '
    "guideline Ver3.0 asks for ★1 or higher on newly introduced IoT products (R4 and R6: 勧告, must in "
    "practice; R5: 推奨, best effort). Please answer the following.",
)
DEVICES = Text("対象の機器", "Devices")
OPEN = Text("確認できていない点", "What is open")
ASKED_BY = Text("ラベルを求める規則: ", "Asked for by: ")
QUESTIONS = Text("お尋ねしたいこと", "Questions")
ANSWERS = Text("ご回答欄", "Your answers")

MAKER_QUESTIONS = (
    Text(
        "JC-STAR の手続きのどの段階にありますか(取得済み/申請し受理番号がある/計画あり/"
        "計画なし)。計画がある場合は時期もお願いします。",
        "Where does the product stand in the scheme: labelled, applied for (with an acceptance "
        "number), planned (when?), not planned?",
    ),
    Text(
        "取得済みの場合、登録番号、レベル(★)、発行日、有効期限。",
        "If labelled: registration number, level (★), issue date and expiry date.",
    ),
    Text(
        "ラベルの対象となる型番とファームウェアのバージョン。当方の型番は含まれますか。",
        "The models and firmware versions the label covers. Is our model among them?",
    ),
    Text(
        "セキュリティサポート(更新提供)の期間と、ラベルの延長の予定。",
        "The period of security support (updates), and whether you will extend the label.",
    ),
    Text(
        "脆弱性と JC-STAR について責任を持って回答する日本国内の法人・部署・連絡先。",
        "The entity in Japan, with department and contact, that answers for vulnerabilities and "
        "JC-STAR.",
    ),
)
AGGREGATOR_QUESTIONS = (
    Text(
        "貴社のゲートウェイと EMS の登録番号、対象型番・バージョン、有効期限。",
        "Registration number, models and versions covered, and expiry of your gateway and EMS.",
    ),
    Text(
        "ゲートウェイの機能をクラウドに置く場合、その扱い。",
        "If gateway functions run in a cloud: how they are treated.",
    ),
    Text(
        "接続できる PCS・BMS のメーカーと型番(複数メーカーの混在は可能ですか)。",
        "Makers and models of PCS and BMS you can connect. Can several makers be mixed?",
    ),
    Text(
        "参加できる市場と商品(一次調整力を含みますか。専用線は必要ですか)。",
        "Markets and products you can take part in. Is primary control among them, and does it "
        "need a dedicated line?",
    ),
    Text(
        "ゲートウェイが停止した場合の動作と、手動の代替手順。",
        "What happens when the gateway stops, and the manual fallback.",
    ),
)
PRIMARY_QUESTION = Text(
    "一次調整力(10MW 以上)のための専用線の手配者と時期。",
    "For primary control of 10 MW or more: who arranges the dedicated line, and when.",
)
DEVICE_HEADER = (
    Text("機器", "Device"),
    Text("役割", "Role"),
    Text("製品名", "Product"),
    Text("型番", "Model"),
    Text("バージョン", "Version"),
    Text("登録番号", "Label number"),
)
ANSWER_HEADER = (
    Text("機器", "Device"),
    Text("段階", "Stage"),
    Text("登録番号", "Label number"),
    Text("対象型番・版", "Models, versions"),
    Text("有効期限", "Expiry"),
    Text("サポート期間", "Support until"),
)
WORDING = Text(
    "IPA は、ラベル取得前に取得を予告する表示を認めていません。ご回答は当方の検討にのみ使い、"
    "製品の表示として公表しません。",
    "IPA does not allow a label to be advertised before it is obtained. Your answer is used for "
    "our planning alone and will not be published as a statement about the product.",
)
BASIS = Text(
    "照合に使ったリスト: 適合ラベル取得製品リスト {date} 時点。",
    "Looked up on the list of labelled products of {date}.",
)
BASIS_EXCERPT = Text(
    "照合に使ったリスト: {date} 時点の抜粋(第三者による写し)。載っていないことは未取得を意味"
    "しません。",
    "Looked up on an excerpt of {date} as copied by a third party. Not being on it does not mean "
    "that there is no label.",
)
FOOTER = Text("{site} / {day}", "{site} / {day}")
