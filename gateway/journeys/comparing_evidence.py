"""
What a comparison leaves as evidence: what the customer agreed to, who was asked and told what, and what came of it.

Every deed adds to the comparison's chain in the transaction that is open. Insurers answer at the
same time, so two transactions may want the same place in it; the later one takes the next.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from gateway.journeys import acting, reduction
from gateway.journeys.consenting import link
from gateway.store import OutOfSequence, Work
from insurers.comparison import Choice, Comparison, ComparisonEvent, Inquiry
from insurers.consent import Consent, ConsentKind, Entry, Shown
from insurers.disclosure import Disclosure
from insurers.evidence import Compared, Evidence, Quoted, told
from insurers.flow_event import SERVICE
from insurers.identity import InsurerCode, PolicyRef
from insurers.intention import Intention
from insurers.losses import Loss, fingerprint, losses
from insurers.plan import Plan
from insurers.risk import DataCategory
from insurers.text import Language, Text

E = ComparisonEvent

SUMMARIES = {
    E.REQUESTED: Text("プランの比較を始めました", "A comparison was asked for"),
    E.ASKED: Text("保険会社に見積りを依頼しました", "The insurer was asked for a quote"),
    E.ANSWERED: Text("保険会社が見積りを回答しました", "The insurer quoted"),
    E.FAILED: Text("保険会社から見積りを得られませんでした", "The insurer did not quote"),
    E.LATE: Text("時間内に回答がなく、引き続き待っています", "Its time is over, and it is still awaited"),
    E.CHANGED: Text(
        "ご契約の内容が変わっていたため、以前の同意と見積りのうち変わった内容によるものは使いません",
        "The policy was not what it had been: what was agreed and quoted about the parts that changed stands no more",
    ),
    E.CHOSEN: Text("お客さまがプランを選びました", "The customer chose a plan"),
}

AGREED = Text("同意します", "I agree")
DECLINED = Text("同意しません", "I do not agree")


async def requested(work: Work, comparison: Comparison) -> None:
    await _told(
        work,
        comparison,
        E.REQUESTED,
        at=comparison.requested_at,
        actor=acting.actor(),
        policies=tuple(policy.ref for policy in comparison.policies),
        covers=tuple(told(policy.current) for policy in comparison.policies),
        insurers=tuple(dict.fromkeys(inquiry.insurer for inquiry in comparison.inquiries)),
    )


async def asked(work: Work, comparison: Comparison, inquiry: Inquiry) -> None:
    """Tell that this insurer is asked, and what it is told of a contract that is not its own."""
    risk = comparison.policy(inquiry.policy).risk
    told = None if inquiry.is_own else tuple(sorted(risk.only(inquiry.categories).categories))
    await _came_of(work, comparison, inquiry, E.ASKED, actor=acting.actor(), categories=told)


async def answered(work: Work, comparison: Comparison, inquiry: Inquiry) -> None:
    await _came_of(work, comparison, inquiry, E.ANSWERED, plans=tuple(Quoted.of(plan) for plan in inquiry.plans))


async def failed(work: Work, comparison: Comparison, inquiry: Inquiry) -> None:
    setback = inquiry.setback
    await _came_of(
        work,
        comparison,
        inquiry,
        E.FAILED,
        setback=setback.kind if setback else None,
        setback_code=setback.code if setback else None,
    )


async def late(work: Work, comparison: Comparison, inquiry: Inquiry) -> None:
    await _came_of(work, comparison, inquiry, E.LATE)


async def changed(
    work: Work, comparison: Comparison, ref: PolicyRef, categories: Collection[DataCategory], *, at: datetime
) -> None:
    """Tell that a policy is not what it was, and what of it another insurer would be told otherwise by now."""
    await _told(
        work,
        comparison,
        E.CHANGED,
        at=at,
        actor=acting.actor(),
        policy=ref,
        covers=(told(comparison.policy(ref).current),),
        changed=tuple(sorted(categories)),
    )


async def chosen(work: Work, comparison: Comparison, inquiry: Inquiry, choice: Choice) -> None:
    """Tell what was chosen and what it loses, if only nothing; that was acknowledged before (`reduction_consent`)."""
    await _told(
        work,
        comparison,
        E.CHOSEN,
        at=choice.chosen_at,
        actor=acting.actor(),
        **_about(inquiry),
        choice=Quoted.of(choice.plan),
        bought=told(choice.plan),
        lost=losses(choice.plan, comparison.policy(inquiry.policy).current),
        losses=choice.acknowledged,
        renewal=choice.renewal,
    )


async def sharing_consent(
    work: Work,
    comparison: Comparison,
    disclosure: Disclosure,
    categories: Collection[DataCategory],
    *,
    order: str,
    at: datetime,
) -> None:
    """Keep that this insurer may be told these *categories* of what was shown."""
    language = acting.language()
    await _shared(
        work,
        comparison,
        disclosure.insurer,
        at,
        order=order,
        statement=disclosure.statement.to(language),
        answer=AGREED.to(language),
        shown=_lines(disclosure, categories, language),
        categories=tuple(sorted(category.value for category in categories)),
    )


async def sharing_refusal(
    work: Work,
    comparison: Comparison,
    insurer: InsurerCode,
    of: Consent | Disclosure | Text,
    *,
    order: str,
    at: datetime,
) -> None:
    """Keep that this insurer may be told nothing: neither what was agreed to, nor what was shown, nor anything."""
    language = acting.language()
    match of:
        case Consent():
            about: dict[str, Any] = {"statement": of.statement, "locale": of.locale, "shown": of.shown}
        case Disclosure():
            about = {"statement": of.statement.to(language), "shown": _lines(of, of.categories, language)}
        case Text():
            about = {"statement": of.to(language)}
    await _shared(work, comparison, insurer, at, order=order, answer=DECLINED.to(language), categories=(), **about)


def _lines(disclosure: Disclosure, categories: Collection[DataCategory], language: Language) -> tuple[Shown, ...]:
    return tuple(
        Shown(label=f"{line.policy.number} {line.label.to(language)}", value=line.value.to(language))
        for line in disclosure.lines
        if line.category in categories
    )


async def intention_consent(work: Work, comparison: Comparison, intention: Intention, *, at: datetime) -> None:
    """Keep what the customer wants, in the words that were confirmed."""
    await _agreed(
        work,
        comparison,
        at,
        kind=ConsentKind.INTENTION_CONFIRMED,
        requirement=ConsentKind.INTENTION_CONFIRMED.value,
        statement=intention.statement,
    )


async def reduction_consent(
    work: Work, comparison: Comparison, plan: Plan, lost: Sequence[Loss], *, at: datetime
) -> None:
    """Keep that the customer knows what *plan* loses or narrows, line by line."""
    await _agreed(
        work,
        comparison,
        at,
        kind=ConsentKind.COVER_REDUCTION,
        requirement=reduction.requirement(plan.code),
        statement=reduction.statement(lost, acting.language()),
        answer=fingerprint(lost),
        plan_fingerprint=plan.fingerprint,
        premium=plan.premium.total,
        plan=plan.bought.decode(),
    )


# The keywords are fields of an entry, whose constructor refuses any other name.
async def _shared(work: Work, comparison: Comparison, insurer: InsurerCode, at: datetime, **about: Any) -> None:
    kind = ConsentKind.CROSS_INSURER_DATA_SHARING
    await _agreed(work, comparison, at, kind=kind, requirement=f"{kind}:{insurer}", insurer=insurer, **about)


# As above.
async def _agreed(work: Work, comparison: Comparison, at: datetime, **about: Any) -> None:
    language: Language = acting.language()
    await _append(
        work,
        comparison.id,
        lambda last: Consent(
            **link(comparison.id, comparison.customer, last, at, acting.actor()),
            **{"locale": language, **about},
            language=language,
        ),
    )


async def _came_of(
    work: Work, comparison: Comparison, inquiry: Inquiry, event: E, *, actor: str = SERVICE, **about: Any
) -> None:
    await _told(work, comparison, event, at=inquiry.updated_at, actor=actor, **_about(inquiry), **about)


def _about(inquiry: Inquiry) -> dict[str, Any]:
    return {"inquiry": inquiry.id, "insurer": inquiry.insurer, "policy": inquiry.policy}


async def _told(work: Work, comparison: Comparison, event: E, *, at: datetime, actor: str, **about: Any) -> None:
    await _append(
        work,
        comparison.id,
        lambda last: Compared(
            **link(comparison.id, comparison.customer, last, at, actor),
            event=event,
            summary=SUMMARIES[event],
            **about,
        ),
    )


async def _append(work: Work, flow: str, entry: Callable[[Entry | None], Evidence]) -> None:
    """Hang an entry behind the last one, whoever has written that in the meantime."""
    while True:
        try:
            return await work.consents.append(entry(await work.consents.last(flow)))
        except OutOfSequence:
            # Another insurer's answer was written first. It is committed by now, and so the next look finds it.
            continue
