"""
Which bugs are planted, in what weather, and whether the simulation finds them: a hunter that finds nothing is none.

Each is looked for in small worlds, one after the other, and the world that shows it must be whole without it.
"""

from typing import NamedTuple

from tests.lives import bugs
from tests.lives.bugs import Bug
from tests.lives.fate import Weather
from tests.lives.town import lived

# How many worlds may pass before a planted bug shows, and how many lives each of them has.
WORLDS, LIVES = 30, 3

PLANTED: dict[str, tuple[Bug, Weather]] = {
    bug.__name__: (bug, weather)
    for bug, weather in (
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
    )
}


class Hunt(NamedTuple):
    """The seed of the world in which a bug was found, and whether that world is whole without it."""

    bug: str
    seed: int | None
    whole_without: bool

    @property
    def is_found(self) -> bool:
        return self.seed is not None and self.whole_without


def hunted(name: str) -> Hunt:
    bug, weather = PLANTED[name]
    for seed in range(1, WORLDS + 1):
        with bug():
            broken = lived(seed, lives=LIVES, weather=weather).broken
        if broken is not None:
            return Hunt(name, seed, lived(seed, lives=LIVES, weather=weather).broken is None)
    return Hunt(name, None, True)
