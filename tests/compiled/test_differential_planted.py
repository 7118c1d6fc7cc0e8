"""Each bug can still be planted; `python -m tests.compiled.differential --planted` sees that it is found."""

import pytest

from tests.compiled.differential.planted import BUGS, Bug, planted


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_has_a_place_where_it_is_planted(bug: Bug) -> None:
    with planted(bug) as pair:
        assert pair is not None
