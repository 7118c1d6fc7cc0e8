"""What a plan loses or narrows against the present cover; it is not chosen before that was acknowledged (P-8)."""

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from insurers.coverage import CoverageKind
from insurers.matrix import matrix
from insurers.plan import Plan
from insurers.text import Text
from insurers.verdict import Verdict

# DIFFERENT is narrower in some respect, and UNKNOWN may be: what nobody says is never taken for granted.
LOSSES = frozenset({Verdict.LOST, Verdict.WORSE, Verdict.DIFFERENT, Verdict.UNKNOWN})


class Loss(Struct, frozen=True, kw_only=True):
    """One line that is lost, narrowed, or cannot be told. `insurer_label` is set where the kind is OTHER."""

    kind: CoverageKind
    insurer_label: str | None = None
    verdict: Verdict
    reason: Text


def losses(plan: Plan, current: Plan) -> tuple[Loss, ...]:
    """Answer every line in which *plan* may cover less than *current*."""
    return tuple(
        Loss(kind=row.kind, insurer_label=row.insurer_label, verdict=cell.verdict, reason=cell.reason)
        for row in matrix([plan], current)
        for cell in row.cells
        if cell.verdict in LOSSES
    )


def fingerprint(found: Sequence[Loss]) -> str | None:
    """Answer what an acknowledgement of these, and of no others, names; None where there is nothing to acknowledge."""
    return hashlib.sha256(msgspec.json.encode(found)).hexdigest() if found else None
