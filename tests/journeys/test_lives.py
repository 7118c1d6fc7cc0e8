"""Some simulated lives in every run; `make lives` lets thousands happen. See tests/lives/README.md."""

from unittest.mock import patch

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gateway.worker import Worker
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


def test_a_worker_that_waits_too_long_for_the_database_works_on() -> None:
    turn = Worker.turn
    late = [PoolTimeout(), PoolTimeout()]

    async def slow(self: Worker) -> int:
        if late:
            raise late.pop()
        return await turn(self)

    with patch.object(Worker, "turn", slow):
        course = lived(1, lives=1, weather={"fault": 10})

    assert course.broken is None, course.broken
    assert 2 == course.counted["stumbles"]


def test_a_process_that_ends_by_itself_says_why() -> None:
    async def broken(self: Worker) -> int:
        raise RuntimeError("nobody expected this")

    with patch.object(Worker, "turn", broken):
        course = lived(1, lives=1, weather={"fault": 10})

    assert course.broken is not None
    assert course.broken.startswith("a process works until it is killed")
    assert "nobody expected this" in course.broken


@pytest.mark.parametrize("bug", QUICKEST)
def test_a_planted_bug_is_found(bug: str) -> None:
    assert hunted(bug).is_found
