"""What a confirmation was about, read from the full text that stands in it."""

from collections.abc import Collection
from typing import Any

import msgspec

from gateway.evidence import flaw
from gateway.evidence.bundle import Standing
from insurers.answers import Value
from insurers.canonical import sha256
from insurers.consent import Consent, ConsentKind
from insurers.identity import InsurerCode, PlanCode, PolicyRef
from insurers.money import Yen

# `Proposal.agreed`: the contract, the plan's fingerprint, the documents, what was answered, and the words above the
# insurer's button.
REVIEW = msgspec.json.Decoder(tuple[PolicyRef, str, list[tuple[str, str]], list[tuple[str, Value]], str])

# `Plan.bought`: whose it is, which, for how much, how that is paid, and its covers, which are not looked into here.
PLAN = msgspec.json.Decoder(tuple[InsurerCode, PlanCode, Yen, str, list[Any]])


def check(place: int, consent: Consent, about: Standing) -> None:
    """
    Pass if the texts fit their fingerprints, and tell what the consent itself tells of them.

    Raises:
        Flaw: they do not, or they are about another contract than the bundle is.
    """
    _fits(place, consent)
    try:
        _plan(place, consent, (about.insurer,))
        _review(place, consent, about)
    except msgspec.MsgspecError:
        raise flaw.subject_altered(place) from None


def check_compared(place: int, consent: Consent, insurers: Collection[str]) -> None:
    """
    Pass if the same holds in a comparison of these *insurers*, in which nothing is reviewed.

    Raises:
        Flaw: it does not, or another insurer's plan is in it.
    """
    _fits(place, consent)
    try:
        _plan(place, consent, insurers)
    except msgspec.MsgspecError:
        raise flaw.subject_altered(place) from None


def _fits(place: int, consent: Consent) -> None:
    for full, known in ((consent.plan, consent.plan_fingerprint), (consent.review, consent.review_fingerprint)):
        if full is not None and sha256(full) != known:
            raise flaw.subject_altered(place)


def _plan(place: int, consent: Consent, insurers: Collection[str]) -> None:
    if consent.plan is None:
        return
    insurer, _, premium, *_ = PLAN.decode(consent.plan)
    if premium != consent.premium:
        raise flaw.subject_altered(place)
    if insurer not in insurers:
        raise flaw.other_contract(place)


def _review(place: int, consent: Consent, about: Standing) -> None:
    if consent.review is None:
        return
    ref, plan, *_, statement = REVIEW.decode(consent.review)
    if plan != consent.plan_fingerprint or (consent.kind is ConsentKind.APPLICATION and statement != consent.statement):
        raise flaw.subject_altered(place)
    if (ref.insurer, str(ref.number)) != (about.insurer, about.policy_number):
        raise flaw.other_contract(place)
