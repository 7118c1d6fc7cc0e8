"""
Run generated operations through the compiler and through graphql-core, and end badly where they differ.

`python -m tests.compiled.differential --cases 20000` looks from seed 1 on; `--again FILE` runs a case that was printed;
`--planted` looks for bugs that are planted into copies of the compiler.
"""

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.compiled.differential.case import Case
from tests.compiled.differential.hunting import LEAST_COMPILED, Found, Tally, compared, hunted
from tests.compiled.differential.planted import BUGS, ENOUGH, cases_until_found

# Cases to one seed: the more in one, the longer hypothesis looks for one that it had not.
BY_SEED = 500


def main() -> int:
    """Answer 1 where an answer differs, or where too few operations were compiled for that to prove anything."""
    asked = argparse.ArgumentParser(prog="python -m tests.compiled.differential")
    asked.add_argument("--cases", type=int, default=20_000)
    asked.add_argument("--seed", type=int, default=1, help="the first one")
    asked.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--again", type=Path, help="a file with one case, as it was printed")
    asked.add_argument("--planted", action="store_true", help="see that planted bugs are found")
    options = asked.parse_args()
    if options.planted:
        return look_for_planted(options.processes)
    if options.again is not None:
        found = compared(Case.read(options.again.read_text()))
        say(found.told() if found else "no difference")
        return 1 if found else 0
    return look(options.cases, options.seed, options.processes)


def look(cases: int, seed: int, processes: int) -> int:
    began, tally, differing = time.monotonic(), Tally(), list[Found]()
    seeds = [(number, min(BY_SEED, cases - done)) for number, done in enumerate(range(0, cases, BY_SEED), seed)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(hunted, *each) for each in seeds]):
            found, counted = done.result()
            tally.add(counted)
            if found is not None:
                differing.append(found)
                say("", found.told(), "")
            say(f"{tally.counted['cases']:,} of {cases:,} cases, {len(differing)} differences")
    say(*told(tally, time.monotonic() - began), f"{len(differing)} differences")
    return 1 if differing or tally.compiled < LEAST_COMPILED else 0


def look_for_planted(processes: int) -> int:
    missed = 0
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        for bug, needed in zip(BUGS, pool.map(cases_until_found, BUGS), strict=True):
            say(f"{bug.name}: {f'found by {needed:,} cases' if needed else f'not found by {ENOUGH:,} cases'}")
            missed += needed is None
    say(f"{len(BUGS) - missed} of {len(BUGS)} planted bugs were found")
    return 1 if missed else 0


def told(tally: Tally, seconds: float) -> list[str]:
    counted = tally.counted
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in tally.reasons.most_common() if count)
    happened = ", ".join(f"{counted[each]:,} {each}" for each in ("operations", "calls", "errors"))
    ways = f"{counted['compiled']:,} compiled, {counted['handed over']:,} handed over ({reasons or 'none'})"
    return [
        f"{counted['cases']:,} cases in {seconds:.0f} seconds: {happened}",
        f"{tally.compiled:.0%} compiled of at least {LEAST_COMPILED:.0%}: {ways}",
    ]


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
