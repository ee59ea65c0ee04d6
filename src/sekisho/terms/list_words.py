"""What list columns are called that more than one reader must know: of lists of labels, of equipment lists."""

from __future__ import annotations

from typing import Final

MAKER_HEADERS: Final = """事業者名 事業者 申請者 申請者名 申請事業者 申請事業者名 会社名 会社 企業名 社名 法人名
    製造者 製造者名 製造事業者 製造業者 メーカー メーカ メーカー名 メーカ名 ベンダー ベンダ ベンダー名
    ベンダ名 供給者 供給者名 取得者 取得事業者 取得事業者名 取得企業 登録事業者 登録事業者名 提供者
    ラベル取得者 事業者名称 company companyname maker makername manufacturer vendor vendorname
    supplier applicant applicantname company_ja company_en registrant 英語社名 英文社名"""
"""Whose product it is. A list of labels says 事業者名 where an equipment list says メーカー."""

EXPIRY_HEADERS: Final = """有効期限 有効期限日 満了日 有効期間満了日 有効期間 ラベル有効期限 適合ラベル有効期限
    有効期限満了日 期限 有効期間至 有効期間終了 有効期間終了日 expires expiry expirydate
    expirationdate expiration validuntil validto validthrough dateofexpiry"""
"""Until when a label holds. Beside a registration number it tells a list of labels from one of equipment."""
