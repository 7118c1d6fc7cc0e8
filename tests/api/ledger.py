"""What an insurer really took, counted at the insurer: a promise is measured here and nowhere else."""

from collections.abc import Sequence

from insurers.identity import InsurerCode
from insurers.sandbox import LEDGER, Accepted
from tests.api.conftest import Town


def taken(town: Town, insurer: str) -> Sequence[Accepted]:
    """Answer every application that the insurer ever took."""
    return town.houses[InsurerCode(insurer)][0][LEDGER]()


def successors(town: Town, insurer: str) -> list[str]:
    return [one.successor for one in taken(town, insurer)]
