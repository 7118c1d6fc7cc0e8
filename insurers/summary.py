"""What was considered for a customer and what was not, and why the first plan is the first (提案理由, domain 5.1)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from insurers.comparison import Comparison, Inquiry, InquiryState
from insurers.considered import Considered, stated
from insurers.fit import Fit
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyRef
from insurers.setback import Setback, SetbackKind
from insurers.text import Text

Names = Mapping[InsurerCode, Text]


class Summary(Struct, frozen=True, kw_only=True):
    """
    Whose plans were looked at, whose were not and why, and by what they were filtered and ordered.

    `scope` says what is out of reach from here altogether. `proposals` give the reason for the first
    plan of each policy, as far as there is an intention to go by.
    """

    considered: tuple[Text, ...]
    not_considered: tuple[Text, ...]
    scope: Text
    rules: tuple[Text, ...]
    proposals: tuple[Text, ...]

    @property
    def record(self) -> tuple[Text, ...]:
        """All of it, as it is read from the beginning to the end."""
        return (*self.considered, *self.not_considered, self.scope, *self.rules, *self.proposals)


def summary(comparison: Comparison, seen: Sequence[Considered], names: Names) -> Summary:
    """*names* are those of all insurers that this gateway handles; *seen* is what `considered` answered."""
    return Summary(
        considered=tuple(_looked_at(comparison, names)),
        not_considered=tuple(_left_out(comparison, names)),
        scope=_scope(names),
        rules=stated(comparison.intention) if comparison.intention else (),
        proposals=tuple(_proposals(seen, names)),
    )


def _looked_at(comparison: Comparison, names: Names) -> Iterator[Text]:
    for inquiry in comparison.inquiries:
        if inquiry.plans:
            name, many = names[inquiry.insurer], len(inquiry.plans)
            yield Text(
                f"{name.ja}：証券番号{inquiry.policy.number}について{many}プラン",
                f"{name.en}: {many} plan{'s' if many > 1 else ''} for policy {inquiry.policy.number}",
            )


def _left_out(comparison: Comparison, names: Names) -> Iterator[Text]:
    for inquiry in comparison.inquiries:
        if not inquiry.plans:
            name, why = names[inquiry.insurer], absence(inquiry)
            yield Text(
                f"{name.ja}：証券番号{inquiry.policy.number}について、{why.ja}",
                f"{name.en}, for policy {inquiry.policy.number}: {why.en}",
            )
    asked = {inquiry.insurer for inquiry in comparison.inquiries}
    for code, name in names.items():
        if code not in asked:
            yield Text(f"{name.ja}：比較の対象に選ばれていません。", f"{name.en}: it was not chosen to be compared.")


def absence(inquiry: Inquiry) -> Text:
    """Say why an insurer shows no plan, and where it is known, when to ask again."""
    if inquiry.state is not InquiryState.FAILED or inquiry.setback is None:
        return _WITHOUT_PLANS[inquiry.state]
    return _told(inquiry.setback)


def _told(setback: Setback) -> Text:
    why = setback.reason or _SETBACKS[setback.kind]
    words = Text(f"（保険会社の説明：{setback.words}）", f' (in its own words: "{setback.words}")')
    again = _again(setback.again_at) if setback.again_at else Text("", "")
    own = words if setback.words else Text("", "")
    return Text(f"{why.ja}{own.ja}{again.ja}", f"{why.en}{own.en}{again.en}")


def _again(at: datetime) -> Text:
    local = at.astimezone(TOKYO)
    hour = f"{local.hour}:{local.minute:02}"
    return Text(
        f"{local.month}月{local.day}日 {hour}以降にもう一度お試しください。",
        f" Ask again from {local.date().isoformat()} {hour} on.",
    )


_WITHOUT_PLANS: Mapping[InquiryState, Text] = {
    InquiryState.CONSENT_NEEDED: Text(
        "契約内容を伝えることへの同意がまだないため、見積もりを依頼していません。",
        "no quote was asked for, because nothing may be told to it before you agree.",
    ),
    InquiryState.DECLINED: Text(
        "契約内容を伝えないことを選ばれたため、見積もりを依頼していません。",
        "no quote was asked for, because you chose that nothing be told to it.",
    ),
    InquiryState.ASKED: Text("回答を待っています。", "its answer is awaited."),
    InquiryState.LATE: Text(
        "時間内に回答がありませんでした。届きしだい加わります。",
        "it did not answer in time; its plans are added when they come.",
    ),
    InquiryState.ANSWERED: Text("提示できるプランがないとの回答でした。", "it answered that it has no plan to offer."),
    InquiryState.FAILED: Text("回答を得られませんでした。", "no answer was had from it."),
}

_SETBACKS: Mapping[SetbackKind, Text] = {
    SetbackKind.CLOSED: Text("受付時間外でした。", "it was closed."),
    SetbackKind.UNAVAILABLE: Text(
        "応答がありませんでした。時間をおいてもう一度お試しください。", "it did not respond; ask again in a while."
    ),
    SetbackKind.LATE: _WITHOUT_PLANS[InquiryState.LATE],
    SetbackKind.NOT_LINKED: Text(
        "アカウントが連携されていません。連携すると見積もりを依頼できます。",
        "no account there is linked; link one, and it can be asked.",
    ),
    SetbackKind.ACCESS_DENIED: Text(
        "アカウントにログインできませんでした。連携をやり直してください。",
        "it did not let us in; sign in to it again.",
    ),
    SetbackKind.NEEDS_CUSTOMER: Text(
        "ご本人の確認を求めています。確認を済ませてからもう一度お試しください。",
        "it asks you to confirm something first; do so and ask again.",
    ),
    SetbackKind.LOCKED: Text("お手続きが一時停止されています。", "it has locked this for a while."),
    SetbackKind.NOT_OFFERED: Text(
        "ほかの保険会社のご契約の見積もりを扱っていません。", "it does not quote for what another insurer covers."
    ),
    SetbackKind.REFUSED: Text(
        "この内容では見積もらないとの回答でした。", "it answered that it does not quote for this as it is."
    ),
    SetbackKind.ALREADY_RENEWED: Text(
        "次の保険期間のご契約がすでにあるとの回答でした。", "it answered that the contract has been renewed already."
    ),
    SetbackKind.TOO_EARLY: Text("更新手続きの受付開始前です。", "its renewal has not opened yet."),
    SetbackKind.AGENCY_ONLY: Text("取扱代理店でのみ見積もりできます。", "only an agency can have it quoted."),
    SetbackKind.DRIFTED: Text(
        "回答を読み取れませんでした。調査しています。", "its answer could not be read; we are looking into it."
    ),
}


def _scope(names: Names) -> Text:
    return Text(
        f"ここで比較できるのは{'、'.join(name.ja for name in names.values())}だけです。"
        "ほかの保険会社の商品は扱っておらず、比較に含まれていません。",
        f"Only these insurers can be compared here: {', '.join(name.en for name in names.values())}. "
        "Plans of any other insurer are not handled and were not considered.",
    )


def _proposals(seen: Sequence[Considered], names: Names) -> Iterator[Text]:
    for policy in dict.fromkeys(each.offer.inquiry.policy for each in seen):
        of_policy = [each for each in seen if each.offer.inquiry.policy == policy]
        firsts = [each for each in of_policy if each.position == 1]
        yield from (_proposal(first, names) for first in firsts if first.measured.stands)
        if not firsts:
            yield _nothing(policy)
        elif not firsts[0].measured.stands:
            yield _run_out(policy)


def _proposal(first: Considered, names: Names) -> Text:
    name, plan, ref = names[first.offer.inquiry.insurer], first.offer.plan, first.offer.inquiry.policy
    head = _CERTAIN if first.fit is Fit.MEETS else _POSSIBLE
    reasons = [Text("", ""), *first.reasons]
    return Text(
        f"証券番号{ref.number}：{name.ja}「{plan.name}」は、{head.ja}{''.join(each.ja for each in reasons)}",
        f"Policy {ref.number}: {name.en}, {plan.name}, {head.en}{' '.join(each.en for each in reasons)}",
    )


_CERTAIN = Text("ご意向に合うプランのうち最初に挙げるものです。", "is the first of those that are what you want.")
_POSSIBLE = Text(
    "ご意向に合うと確認できたものがないため、合う可能性があるプランのうち最初に挙げるものです。",
    "is the first of those that may be what you want; of none is it known.",
)


def _run_out(policy: PolicyRef) -> Text:
    """What stands comes first, so where the first has run out, all have."""
    return Text(
        f"証券番号{policy.number}：ご意向に合う見積もりは、すべて有効期限が切れています。もう一度見積もりを依頼してください。",
        f"Policy {policy.number}: every quote for what you want has run out. Ask for quotes again.",
    )


def _nothing(policy: PolicyRef) -> Text:
    return Text(
        f"証券番号{policy.number}：ご意向に合うプランはありませんでした。必要な補償かご予算を見直すと、選べるプランがあるかもしれません。",
        f"Policy {policy.number}: no plan is what you want. Look again at what must be covered, or at the budget.",
    )
