"""The words in which a customer lets an agency act, and takes it back."""

from collections.abc import Collection, Mapping
from datetime import datetime

from insurers.agency import ConsentScope
from insurers.hours import TOKYO
from insurers.text import Text

SCOPES: Mapping[ConsentScope, Text] = {
    ConsentScope.READ_POLICIES: Text(
        "ご契約・見積り・比較・更新手続き・書類・履歴の閲覧",
        "See policies, quotes, comparisons, renewals, documents and their history",
    ),
    ConsentScope.PREPARE_RENEWAL: Text(
        "更新手続きと比較の準備（開始・プランの選択・入力・取りやめ）",
        "Prepare renewals and comparisons: begin, choose plans, fill in, give up",
    ),
    ConsentScope.SUBMIT_RENEWAL: Text(
        "ご本人が確認を終えた更新申込みの送信と、送信前の取下げ",
        "Send an application that the customer has confirmed, and take it back before it is sent",
    ),
}

GRANTED = Text("同意します", "I agree")
REVOKED = Text("同意を取り消します", "I take it back")
REPLACED = Text("新しい同意に置き換えました", "Replaced by a newer consent")


def in_order(scopes: Collection[ConsentScope]) -> list[ConsentScope]:
    """From what lets an agency do least to what lets it do most."""
    return [scope for scope in SCOPES if scope in scopes]


def statement(agency: str, scopes: Collection[ConsentScope], expires_at: datetime | None) -> Text:
    """Answer what a customer agrees to, word for word; *agency* is its name."""
    wanted = in_order(scopes)
    ja = "".join(f"\n・{SCOPES[scope].ja}" for scope in wanted)
    en = "".join(f"\n- {SCOPES[scope].en}" for scope in wanted)
    until_ja, until_en = _until(expires_at)
    return Text(
        f"{agency}が、私に代わって次のことを行うことに同意します。{ja}\n{until_ja}この同意は、いつでもすぐに取り消せます。"
        "重要事項の確認、告知、申込みの意思確認は、私本人だけが行います。",
        f"I let {agency} do this for me:{en}\n{until_en}I can take this back at any time, at once. Confirming "
        "important matters, declarations and the wish to apply stays with me alone.",
    )


def _until(expires_at: datetime | None) -> tuple[str, str]:
    if expires_at is None:
        return "期限はありません。", "It has no end. "
    there = expires_at.astimezone(TOKYO)
    return (
        f"期限は{there.year}年{there.month}月{there.day}日{there:%H:%M}です。",
        f"It ends at {there:%Y-%m-%d %H:%M} in Tokyo. ",
    )
