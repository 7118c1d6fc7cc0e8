"""Covers held twice at the same time, over policies at any insurers (domain 2.5 [J12][J30], 4.2 row 19)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations

from msgspec import Struct

from insurers import amounts
from insurers.coverage import Coverage, CoverageKind, CoverageVariant
from insurers.identity import PolicyNumber, PolicyRef
from insurers.labels import label
from insurers.money import LimitKind
from insurers.person import Private
from insurers.policy import Policy, PolicyStatus
from insurers.text import Text
from insurers.verdict import Aspect, Verdict, compare


class Held(Private, frozen=True, kw_only=True):
    """One policy's cover, in its insurer's own terms."""

    policy: Policy
    coverage: Coverage


class Double(Private, frozen=True, kw_only=True):
    """
    One cover that several contracts give at the same time, from `since` on, each in its term of that moment.

    `why` it may be superfluous, in what the covers `differ` or may differ, and what to `check` before
    one is dropped.
    """

    kind: CoverageKind
    held: tuple[Held, ...]
    since: datetime
    why: Text
    differ: tuple[Text, ...]
    check: tuple[Text, ...]


def doubles(policies: Sequence[Policy], at: datetime) -> list[Double]:
    """Answer what is held twice at that moment or will be later, in the order of the kinds and of time."""
    return [double for kind in _WORDS for double in _of_kind(kind, policies, at)]


def _of_kind(kind: CoverageKind, policies: Sequence[Policy], at: datetime) -> Iterator[Double]:
    held = list({each.policy.ref: each for each in _held(kind, policies, at)}.values())
    contracts = _Contracts(policies)
    since: dict[frozenset[PolicyRef], tuple[datetime, tuple[Held, ...]]] = {}
    for moment in sorted({max(each.policy.starts_at, at) for each in held}):
        together = contracts.at_once(held, moment)
        since.setdefault(frozenset(together), (moment, tuple(together.values())))
    for contracts_held, (moment, terms) in since.items():
        if len(contracts_held) > 1 and not any(contracts_held < larger for larger in since):
            yield _double(kind, terms, moment)


class _Contracts:
    """Knows which policies are terms of one contract, which goes by its first."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self._before = {
            PolicyRef(policy.ref.insurer, PolicyNumber(policy.successor.text)): policy.ref
            for policy in policies
            if policy.successor
        }

    def at_once(self, held: Sequence[Held], moment: datetime) -> Mapping[PolicyRef, Held]:
        """Answer what is in force at *moment*: of each contract the term that began first."""
        terms: dict[PolicyRef, Held] = {}
        for each in held:
            if each.policy.starts_at <= moment < each.policy.ends_at:
                known = terms.setdefault(self._first(each.policy.ref), each)
                if each.policy.starts_at < known.policy.starts_at:
                    terms[self._first(each.policy.ref)] = each
        return terms

    def _first(self, ref: PolicyRef) -> PolicyRef:
        terms = [ref]
        while (before := self._before.get(terms[-1])) and before not in terms:
            terms.append(before)
        return terms[-1]


def _held(kind: CoverageKind, policies: Sequence[Policy], at: datetime) -> Iterator[Held]:
    for policy in policies:
        if policy.status in _OVER or policy.ends_at <= at:
            continue
        cover = next((each for each in policy.coverages if each.kind is kind and _is_had(each)), None)
        if cover is not None:
            yield Held(policy=policy, coverage=cover)


_OVER = frozenset({PolicyStatus.EXPIRED, PolicyStatus.CANCELLED})


def _is_had(cover: Coverage) -> bool:
    return cover.included and not (cover.limit and cover.limit.kind is LimitKind.NOT_COVERED)


def _double(kind: CoverageKind, held: tuple[Held, ...], since: datetime) -> Double:
    words = _WORDS[kind]
    motor_only = all(each.coverage.variant is CoverageVariant.MOTOR_ONLY for each in held)
    return Double(
        kind=kind,
        held=held,
        since=since,
        why=_OF_TWO_CARS if motor_only else words.why,
        differ=tuple(_differences(held)),
        check=(*words.check, *_BEFORE_ONE_IS_DROPPED),
    )


def _differences(held: Sequence[Held]) -> Iterator[Text]:
    for name, (aspects, tell) in _TOLD.items():
        said = {verdict for one, other in combinations(held, 2) for verdict in _judged(one, other, aspects)}
        if not said:
            continue
        told = [(_whose(one), tell(one.coverage)) for one in held]
        ja = "、".join(f"{whose.ja}は{value.ja}" for whose, value in told)
        en = "; ".join(f"{whose.en}: {value.en}" for whose, value in told)
        if said == {Verdict.UNKNOWN}:
            yield Text(f"{name.ja}が同じか確認できません：{ja}。", f"They may differ in {name.en}: {en}.")
        else:
            yield Text(f"{name.ja}が異なります：{ja}。", f"They differ in {name.en}: {en}.")


def _judged(one: Held, other: Held, aspects: Collection[Aspect]) -> Iterator[Verdict]:
    """Answer how two covers stand to each other in these, by what their words mean, as far as they are not alike."""
    same_insurer = one.policy.ref.insurer == other.policy.ref.insurer
    found = compare(one.coverage, other.coverage, same_insurer=same_insurer)
    return (finding.verdict for finding in found.findings if finding.aspect in aspects)


def _whose(held: Held) -> Text:
    label, number = held.coverage.insurer_label, held.policy.ref.number
    return Text(f"「{label}」（証券番号 {number}）", f"{label} (policy {number})")


def _limit(cover: Coverage) -> Text:
    return amounts.limit(cover.limit) if cover.limit else _NOT_STATED


def _variant(cover: Coverage) -> Text:
    if cover.insurer_variant:
        return Text(cover.insurer_variant, cover.insurer_variant)
    return label(cover.variant) if cover.variant else _NOT_STATED


_NOT_STATED = Text("示されていません", "not stated")

_LIMITS = frozenset({Aspect.LIMIT, Aspect.LIMIT_BASIS, Aspect.ABROAD})

_TOLD: Mapping[Text, tuple[Collection[Aspect], Callable[[Coverage], Text]]] = {
    Text("補償額", "how much is paid"): (_LIMITS, _limit),
    Text("種類", "type"): ({Aspect.VARIANT}, _variant),
}


class _Words(Struct, frozen=True):
    why: Text
    check: tuple[Text, ...]


_WHO = Text(
    "補償される方の範囲（同居のご家族、別居の未婚のお子さまなど）が、契約どうしで同じかご確認ください。",
    "Check that the same persons are covered: relatives who live together, unmarried children who live apart.",
)
_OF_TWO_CARS = Text(
    "いずれも自動車事故のみの弁護士費用です。ご家族の事故を、契約のお車に限らず補償する場合は、1台だけに付ければ足りることがあります。",
    "All of them pay a lawyer after motor accidents only. Where a policy covers the family in other cars than its own "
    "too, one car's may do for all.",
)
_WORDS: Mapping[CoverageKind, _Words] = {
    CoverageKind.PERSONAL_LIABILITY: _Words(
        Text(
            "日常生活での賠償は、ご本人とご家族をまとめて補償するのが一般的で、1家族に1つあれば足りることがあります。",
            "It usually covers the named insured and the whole family, so one for a household may do.",
        ),
        (
            _WHO,
            Text(
                "火災保険や傷害保険、クレジットカードに付いているものもご確認ください。",
                "Look also at fire and accident insurance and at credit cards, which may have it.",
            ),
        ),
    ),
    CoverageKind.LAWYER_COST: _Words(
        Text(
            "弁護士費用は、ご本人とご家族の事故をまとめて補償するのが一般的で、1家族に1つあれば足りることがあります。",
            "It usually covers accidents of the named insured and the family, so one for a household may do.",
        ),
        (
            _WHO,
            Text(
                "契約のお車以外に乗っているときや、歩行中の事故も対象かご確認ください。自動車事故のみのものは、お車ごとに必要なことがあります。",
                "Check whether accidents in other cars and on foot are covered. One for motor accidents only may be "
                "needed for each car.",
            ),
        ),
    ),
    CoverageKind.FAMILY_BIKE: _Words(
        Text(
            "ファミリーバイクは、ご家族が使う原動機付自転車をまとめて補償するのが一般的で、1家族に1つあれば足りることがあります。",
            "It usually covers all mopeds that the family rides, so one for a household may do.",
        ),
        (
            _WHO,
            Text(
                "人身傷害型と自損傷害型では、ライダーご自身のけがへの補償が異なります。手厚い方を残すかご検討ください。",
                "The personal injury type and the own accident type pay differently for the rider's own injuries: "
                "consider keeping the one that pays more.",
            ),
        ),
    ),
}
_BEFORE_ONE_IS_DROPPED = (
    Text(
        "実際の損害を超えて支払われることはありませんが、補償額を合わせて使えることがあります。1つにすると、残した契約の補償額が上限になります。",
        "No more than the loss is ever paid, but the limits may add up. With one only, its own limit is all there is.",
    ),
    Text(
        "特約は、付いているお車の契約が終わると一緒になくなります。最後の1つが続く契約に残ることを確かめてから外してください。",
        "A rider ends with the policy of its car. Before you drop one, make sure that the last one is in a policy "
        "that goes on.",
    ),
)
