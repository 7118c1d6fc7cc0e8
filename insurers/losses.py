"""What a plan loses or narrows against the present cover; it is not chosen before that was acknowledged (P-8)."""

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from insurers.coverage import CoverageKind
from insurers.matrix import Cell, Column, ConditionCell, conditions, matrix
from insurers.plan import Plan
from insurers.text import Text
from insurers.verdict import Verdict

# DIFFERENT is narrower in some respect, and UNKNOWN may be: what nobody says is never taken for granted.
LOSSES = frozenset({Verdict.LOST, Verdict.WORSE, Verdict.DIFFERENT, Verdict.UNKNOWN})


class Loss(Struct, frozen=True, kw_only=True):
    """
    One line that is lost, narrowed, or cannot be told.

    `kind` is None for who may drive, from which age, and for what.
    """

    kind: CoverageKind | None
    label: Text
    verdict: Verdict
    reason: Text


def losses(plan: Plan, current: Plan) -> tuple[Loss, ...]:
    """Answer every line in which *plan* may cover less than *current*, and every condition that may be narrower."""
    columns = [Column(plan, current)]
    covers = [_loss(row.kind, row.label, cell) for row in matrix(columns) for cell in row.cells]
    scope = [_loss(None, row.label, cell) for row in conditions(columns) for cell in row.cells]
    return tuple(loss for loss in (*covers, *scope) if loss.verdict in LOSSES)


def _loss(kind: CoverageKind | None, label: Text, cell: Cell | ConditionCell) -> Loss:
    return Loss(kind=kind, label=label, verdict=cell.verdict, reason=cell.reason)


def fingerprint(found: Sequence[Loss]) -> str | None:
    """
    Answer what an acknowledgement of these, and of no others, names; None where there is nothing to acknowledge.

    It is over all that a customer reads of them, in the order in which it is read.
    """
    return hashlib.sha256(msgspec.json.encode(found)).hexdigest() if found else None
