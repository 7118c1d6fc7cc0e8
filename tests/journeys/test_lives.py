"""Some simulated lives in every run; `make lives` lets thousands happen. See tests/lives/README.md."""

import pytest

from tests.lives.planted import hunted
from tests.lives.town import lived

# The rest of them are hunted where the thousands live, by `make lives`.
QUICKEST = ("the_answer_goes_before_the_commit", "the_unconfirmed_age_into_failure")


def test_every_life_keeps_the_promises() -> None:
    course = lived(1, lives=6)

    assert course.broken is None, "\n".join([*course.lines[-40:], "make lives SEED=1"])
    assert course.counted["takes"] > 0


def test_a_seed_is_a_course_of_events() -> None:
    first, again = lived(3, lives=2), lived(3, lives=2)

    assert first.lines == again.lines
    assert first.steps == again.steps
    assert lived(4, lives=2).lines != first.lines


@pytest.mark.parametrize("bug", QUICKEST)
def test_a_planted_bug_is_found(bug: str) -> None:
    assert hunted(bug).is_found
