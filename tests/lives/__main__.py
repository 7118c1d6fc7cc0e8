"""
Let thousands of lives happen, in as many worlds as that takes, and print the figures.

`python -m tests.lives --lives 2000` tries worlds from seed 1 on, after the hunts for every planted bug.
With `--seed` alone it lets one world happen again and prints everything that happened in it.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tests.lives.planted import PLANTED, Hunt, hunted
from tests.lives.town import LIVES, Course, lived

# What is counted of the chronicle, and what it is called.
TOLD = {
    "dies": "crashes",
    "halts": "halts",
    "will be": "faults",
    "changes": "changes",
    "jumps": "jumps",
    "takes": "accepted",
}

SOME_THOUSANDS = 2_000


def main() -> int:
    """Answer 1 where a promise was broken, or a planted bug was not found."""
    asked = argparse.ArgumentParser(prog="python -m tests.lives")
    asked.add_argument("--lives", type=int, help="how many in all (default 2000, or one world's)")
    asked.add_argument("--seed", type=int, help="the first world's; alone, the only one's")
    asked.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = asked.parse_args()
    alone = options.seed is not None and options.lives is None
    first, lives = options.seed or 1, options.lives or (LIVES if alone else SOME_THOUSANDS)
    began = time.monotonic()
    events: Counter[str] = Counter()
    states: Counter[str] = Counter()
    done = steps = broken = 0
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        hunts = pool.imap_unordered(hunted, () if alone else PLANTED)
        courses = pool.imap_unordered(lived, range(first, first + -(-lives // LIVES)))
        missed = [hunt for hunt in hunts if not hunt.is_found]
        for course in courses:
            done, steps = done + course.lives, steps + course.steps
            events, states = events + course.counted, states + course.states
            if course.broken is not None:
                broken += 1
                say(*failure(course))
            elif alone:
                say(*course.lines)
    figures = {**{word: events[kind] for kind, word in TOLD.items()}, "events": sum(events.values()), "steps": steps}
    say(
        f"{done:,} lives in {-(-lives // LIVES)} worlds, {time.monotonic() - began:.0f} seconds",
        ", ".join(f"{figure:,} {word}" for word, figure in figures.items()),
        "ended " + ", ".join(f"{state} {count}" for state, count in states.most_common()),
        f"promises broken in {broken} worlds" if broken else "every promise was kept",
        *([] if alone else [told(missed)]),
    )
    return 1 if broken or missed else 0


def told(missed: Sequence[Hunt]) -> str:
    if missed:
        return "planted and not found: " + ", ".join(hunt.bug for hunt in missed)
    return f"all {len(PLANTED)} planted bugs were found"


def failure(course: Course) -> list[str]:
    """What somebody needs who will look into it."""
    again = f"make lives SEED={course.seed}"
    return [*course.lines, "", f"seed {course.seed}: {course.broken}", f"see it again: {again}", ""]


def say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
