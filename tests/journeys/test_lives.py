"""Some simulated lives in every run; `make lives` lets thousands happen. See tests/lives/README.md."""

import pytest

from tests.lives import bugs
from tests.lives.bugs import Bug
from tests.lives.fate import Weather
from tests.lives.town import lived

# How many worlds may pass before a planted bug shows, and how many lives each of them has.
WORLDS, LIVES = 30, 3

PLANTED: list[tuple[Bug, Weather]] = [
    (bugs.silence_is_taken_for_a_closed_door, {"fault": 40}),
    (bugs.whoever_lost_the_lease_writes_all_the_same, {"halt": 1_000, "fault": 60}),
    (bugs.a_tick_is_a_tick, {"change": 100}),
    (bugs.not_found_is_never_had, {"fault": 30}),
    (bugs.queued_is_shown_as_accepted, {"fault": 200}),
    (bugs.the_answer_goes_before_the_commit, {"crash": 500}),
    (bugs.nobody_looks_after_a_press, {"crash": 300, "fault": 30}),
    (bugs.the_unconfirmed_age_into_failure, {"fault": 30, "halt": 3_000}),
    (bugs.what_was_sent_can_be_taken_back, {"fault": 30}),
    (bugs.every_press_has_a_new_key, {"fault": 30}),
]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_life_keeps_the_promises(seed: int) -> None:
    course = lived(seed)

    assert course.broken is None, "\n".join([*course.lines[-40:], f"make lives SEED={seed}"])
    assert course.counted["takes"] > 0


def test_a_seed_is_a_course_of_events() -> None:
    first, again = lived(3, lives=3), lived(3, lives=3)

    assert first.lines == again.lines
    assert first.steps == again.steps
    assert lived(4, lives=3).lines != first.lines


@pytest.mark.parametrize(("bug", "weather"), PLANTED, ids=[bug.__name__ for bug, _ in PLANTED])
def test_a_planted_bug_is_found(bug: Bug, weather: Weather) -> None:
    for seed in range(1, WORLDS + 1):
        with bug():
            course = lived(seed, lives=LIVES, weather=weather)
        if course.broken is not None:
            break

    assert course.broken is not None
    # It is the bug that was found, and nothing else that is wrong in this world.
    assert lived(seed, lives=LIVES, weather=weather).broken is None
