"""The cover that a customer has today, as a plan among plans: what every offer is held against."""

import msgspec

from insurers.comparison import CURRENT
from insurers.errors import Drifted
from insurers.plan import Conditions, Plan
from insurers.policy import Policy

# Plans are called by what insurers call them, and that is Japanese.
NAME = "現在のご契約"


def current_cover(policy: Policy) -> Plan:
    """
    Answer the present contract as a plan, which costs what its term costs.

    Raises:
        Drifted: the insurer does not tell what its own contract costs.
    """
    if policy.premium is None:
        raise Drifted(policy.ref.insurer)
    return Plan(
        insurer=policy.ref.insurer,
        code=CURRENT,
        name=NAME,
        position=0,
        premium=policy.premium,
        # Nothing of a contract that runs can be chosen.
        coverages=tuple(msgspec.structs.replace(cover, options=()) for cover in policy.coverages),
        quoted_at=policy.starts_at,
        same_as_current=True,
        conditions=_conditions(policy),
        grade=policy.grade,
    )


def _conditions(policy: Policy) -> Conditions | None:
    scope, car = policy.driver_scope, policy.vehicle
    if scope is None or car is None:
        return None
    return Conditions(
        limitation=scope.limitation,
        age_condition=scope.age_condition,
        use=car.use,
        insurer_limitation=scope.insurer_limitation,
        insurer_age_condition=scope.insurer_age_condition,
        insurer_use=car.insurer_use or "",
    )
