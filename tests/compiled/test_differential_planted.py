"""Bugs that are planted into copies of the compiler are found by the generated cases."""

import pytest

from tests.compiled.differential.planted import BUGS, ENOUGH, Bug, cases_until_found


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: Bug) -> None:
    needed = cases_until_found(bug)

    assert needed is not None, f"{ENOUGH} cases have not found: {bug.name}"
