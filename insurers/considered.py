"""
What was considered for a customer, in which order and why (比較推奨, domain 5.1).

The customer's intention filters and orders, by rules that are stated. Nothing else does.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import product, zip_longest

from msgspec import Struct

from insurers.comparison import ComparedPolicy, Offer
from insurers.fit import Fit, Lack, fit, lacks, within
from insurers.identity import PolicyRef
from insurers.intention import Intention
from insurers.measured import Measured
from insurers.ranking import Rule, Silence, ranked, rules
from insurers.text import Text


class Considered(Struct, frozen=True, kw_only=True):
    """
    One plan, whether it is what was asked for, and why it stands where it stands.

    `position` counts from 1 among the plans for the same policy that are not out; equals share it,
    and what is out has none. `measured` is all of the plan that was looked at.
    """

    offer: Offer
    fit: Fit
    position: int | None
    reasons: tuple[Text, ...]
    measured: Measured


def stated(intention: Intention) -> tuple[Text, ...]:
    """Say by which rules plans are filtered and ordered, the first most."""
    filters = intention.must_have or intention.budget is not None
    return (*([_FILTER] if filters else []), _RUN_OUT_LAST, *(rule.stated for rule in rules(intention.priorities)))


_FILTER = Text(
    "必要な補償とご予算に合わないプランを除き、満たすか確認できないプランは後に置く",
    "what lacks a wanted cover or exceeds the budget is out, and what may do so stands behind the rest",
)
_RUN_OUT_LAST = Text(
    "有効期限の切れた見積もりは、まだ有効な見積もりの後に置く",
    "a quote that has run out stands behind those that stand",
)


class _Candidate(Struct, frozen=True, kw_only=True):
    offer: Offer
    measured: Measured
    lacks: tuple[Lack, ...]

    @property
    def fit(self) -> Fit:
        return fit(self.lacks)


class _Place(Struct, frozen=True, kw_only=True):
    """Equals, and why they stand before the next ones: for a rule, or for what is known of them."""

    candidates: tuple[_Candidate, ...]
    rule: Rule | None
    silences: tuple[Silence, ...]


def considered(
    offers: Sequence[Offer], policies: Sequence[ComparedPolicy], intention: Intention, at: datetime
) -> tuple[Considered, ...]:
    """
    Filter and order *offers* for *policies* by *intention*, each policy's on its own, as things stand *at* a moment.

    Answers policy by policy, as they come, the plans in order and then those that are out.
    """
    known = {policy.ref: policy for policy in policies}
    by_policy: dict[PolicyRef, list[_Candidate]] = {}
    for offer in offers:
        ref = offer.inquiry.policy
        measured = Measured.of(offer.plan, known[ref], at)
        candidate = _Candidate(offer=offer, measured=measured, lacks=lacks(measured, intention))
        by_policy.setdefault(ref, []).append(candidate)
    return tuple(each for candidates in by_policy.values() for each in _of_one_policy(candidates, intention))


def _of_one_policy(candidates: Sequence[_Candidate], intention: Intention) -> Iterator[Considered]:
    places = [
        place
        for stands, judged in product((True, False), (Fit.MEETS, Fit.UNCERTAIN))
        for place in _places(
            [each for each in candidates if (each.measured.stands, each.fit) == (stands, judged)],
            rules(intention.priorities),
        )
    ]
    position = 1
    for place, behind in zip_longest(places, places[1:]):
        for candidate in place.candidates:
            reasons = (*_silences(place), *_equality(place), *_precedence(candidate, place, behind))
            yield _seen(candidate, position, (*_fitness(candidate, intention), *reasons))
        position += len(place.candidates)
    for candidate in candidates:
        if candidate.fit is Fit.FAILS:
            yield _seen(candidate, None, tuple(_fitness(candidate, intention)))


def _places(candidates: Sequence[_Candidate], by: Sequence[Rule]) -> list[_Place]:
    return [
        _Place(
            candidates=tuple(candidates[at] for at in place.plans),
            rule=place.rule,
            silences=place.silences,
        )
        for place in ranked([each.measured for each in candidates], by)
    ]


def _seen(candidate: _Candidate, position: int | None, reasons: tuple[Text, ...]) -> Considered:
    return Considered(
        offer=candidate.offer,
        fit=candidate.fit,
        position=position,
        reasons=reasons,
        measured=candidate.measured,
    )


def _fitness(candidate: _Candidate, intention: Intention) -> Iterator[Text]:
    if not candidate.measured.stands:
        yield _RUN_OUT
    yield from (lack.words for lack in candidate.lacks)
    if candidate.fit is Fit.MEETS and intention.must_have:
        yield Text("必要な補償がすべて含まれています。", "It has every cover that is wanted.")
    yield from within(candidate.measured, intention)


_RUN_OUT = Text(
    "この見積もりは有効期限が切れています。もう一度見積もりを依頼してください。",
    "This quote has run out: ask for another.",
)


def _silences(place: _Place) -> Iterator[Text]:
    for silence in place.silences:
        stated, untold = silence.rule.stated, silence.untold
        yield Text(
            f"「{stated.ja}」では優劣を付けていないプランがあります。"
            f"示されていない項目があるためです（{'、'.join(each.ja for each in untold)}）。",
            f"By this rule not all could be ordered: {stated.en}. It is not stated for all: "
            f"{', '.join(each.en for each in untold)}.",
        )


def _equality(place: _Place) -> Iterator[Text]:
    if len(place.candidates) > 1:
        yield Text(
            "同じ順位のプランとは、どの基準でも差がないか、優劣を付けられません。",
            "Nothing that was looked at orders it and the others at the same position.",
        )


def _precedence(candidate: _Candidate, place: _Place, behind: _Place | None) -> Iterator[Text]:
    if behind is None:
        return
    next_ = behind.candidates[0].measured
    if place.rule:
        why = place.rule.why(candidate.measured, next_)
    else:
        why = _KNOWN if candidate.measured.stands is next_.stands else _STANDS
    yield Text(f"次の順位のプランより前にあるのは、{why.ja}です。", f"It stands before the next one because {why.en}.")


_STANDS = Text(
    "この見積もりがまだ有効で、次のものは有効期限が切れているため", "its quote stands, and the next has run out"
)

# The last of those that are known to be what was asked for stands before the first of which that is not known.
_KNOWN = Text(
    "ご希望の条件をすべて満たすことが確認できているため",
    "it is known to be all that is wanted, and of the next that is not",
)
