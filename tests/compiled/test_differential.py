"""Generated operations over generated schemas are answered by the compiler as they are by graphql-core."""

from pathlib import Path

import pytest

from tests.compiled import differential
from tests.compiled.differential.case import Case
from tests.compiled.differential.hunting import LEAST_COMPILED, compared, hunted

FOUND = Path(*differential.__path__, "found.jsonl").read_text().splitlines()


# As many as tell that something is broken; `.ci/run` has thousands.
CASES = 300


def test_generated_operations_are_answered_as_graphql_core_answers_them() -> None:
    found, tally = hunted(seed=1, cases=CASES)

    assert found is None, found.told()
    assert CASES <= tally.counted["cases"]
    assert tally.compiled >= LEAST_COMPILED


@pytest.mark.parametrize("written", FOUND)
def test_what_differed_once_is_answered_the_same(written: str) -> None:
    found = compared(Case.read(written))

    assert found is None, found.told()
