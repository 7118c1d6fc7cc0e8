"""What the customer wants in the words that the customer confirms (意向確認)."""

from collections.abc import Mapping

from insurers import amounts
from insurers.fit import reach
from insurers.intention import Intention, MustHave, Priority
from insurers.labels import label
from insurers.text import Text

PRIORITIES: Mapping[Priority, Text] = {
    Priority.LOW_PREMIUM: Text("保険料が安いこと", "a low premium"),
    Priority.OWN_DAMAGE: Text(
        "車両保険の対象が広く、自己負担が少ないこと", "own-damage cover that reaches far and leaves little to bear"
    ),
    Priority.LIABILITY: Text("相手への賠償の補償額が大きいこと", "high limits towards others"),
    Priority.PERSONAL_INJURY: Text("人身傷害の補償が手厚いこと", "far-reaching cover of personal injury"),
    Priority.KEEP_CURRENT_COVER: Text("現在の補償を減らさないこと", "keeping the present covers"),
}


def statement(intention: Intention) -> Text:
    """Say all of it in one sentence each, most wanted first, so that nothing is confirmed that was not read."""
    wanted = [wish(must) for must in intention.must_have]
    ranks = [PRIORITIES[priority] for priority in dict.fromkeys(intention.priorities)]
    budget = amounts.yen(intention.budget) if intention.budget else None
    return Text(
        f"必要な補償は、{'、'.join(each.ja for each in wanted) or '特に指定しません'}。"
        f"ご予算は、{f'ご契約1件の1保険期間につき{budget.ja}以内' if budget else '特に指定しません'}。"
        f"重視することは、{'、'.join(f'{at}.{each.ja}' for at, each in enumerate(ranks, 1)) or '特に指定しません'}。"
        "以上が私の意向であることを確認しました。",
        f"Covers that I need: {'; '.join(each.en for each in wanted) or 'none in particular'}. "
        f"Budget: {f'up to {budget.en} for one term of each policy' if budget else 'none'}. "
        f"What matters to me: {'; '.join(f'{at}. {each.en}' for at, each in enumerate(ranks, 1)) or 'nothing named'}. "
        "I confirm that this is what I want.",
    )


def wish(must: MustHave) -> Text:
    """Name one cover that is wanted, and how it is wanted."""
    name = label(must.kind)
    how = [
        *([label(must.variant)] if must.variant else []),
        *([reach(must)] if must.unlimited or must.at_least else []),
        *(label(peril) for peril in must.perils),
    ]
    if not how:
        return name
    return Text(
        f"{name.ja}（{'・'.join(each.ja for each in how)}）", f"{name.en} ({', '.join(each.en for each in how)})"
    )
