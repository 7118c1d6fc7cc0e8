"""Which policies can be compared: those that a next term can still follow."""

from datetime import datetime, timedelta

from insurers.policy import Policy, PolicyStatus
from insurers.text import Text
from schema.problems import Problem, ProblemCode

# For so long a late-renewal rider may still renew; a cover that ended before is nobody's present one.
COMPARED_AFTER_MATURITY = timedelta(days=30)


def incomparable(policy: Policy, *, now: datetime) -> Problem | None:
    """Answer why no plan can follow *policy*; None where one can. Whom to ask is its agency."""
    agency = policy.agency.contact if policy.agency else None
    for code, words, holds in (
        (ProblemCode.ALREADY_DONE, _RENEWED, policy.successor is not None or policy.status is PolicyStatus.RENEWED),
        (ProblemCode.NOT_ELIGIBLE, _CANCELLED, policy.status is PolicyStatus.CANCELLED),
        (ProblemCode.NOT_ELIGIBLE, _NOT_BEGUN, now < policy.starts_at),
        (ProblemCode.NOT_ELIGIBLE, _LAPSED, policy.ends_at + COMPARED_AFTER_MATURITY <= now),
    ):
        if holds:
            return Problem(code=code, message=words, contacts=(agency,) if agency else (), insurer=policy.ref.insurer)
    return None


_RENEWED = Text(
    "このご契約には次の保険期間のご契約がすでにあるため、比較できません。"
    "次のご契約の変更は、取扱代理店へお問い合わせください。",
    "This policy has its next term already, so there is nothing to compare. To change that term, ask the agency.",
)
_CANCELLED = Text(
    "解約されたご契約は比較できません。現在のご契約をご指定ください。",
    "A policy that was cancelled cannot be compared. Name one that is in force.",
)
_NOT_BEGUN = Text(
    "このご契約の保険期間はまだ始まっていないため、比較できません。現在のご契約をご指定ください。",
    "The term of this policy has not begun, so it cannot be compared. Name the one that is in force.",
)
_LAPSED = Text(
    "満期日から30日を過ぎたご契約は比較できません。新しいご契約については、取扱代理店へお問い合わせください。",
    "This policy ended more than 30 days ago and cannot be compared. For a new contract, ask an agency.",
)
