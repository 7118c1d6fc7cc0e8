"""
Real kills: `make chaos SECONDS=60 RENEWALS=500 SEED=1`, or `python -m tests.chaos --help`.

The seed decides who is killed when and which fault befalls what. Processes and the network take their own time,
so a seed repeats the trouble and not every instruction.
"""

import argparse
import asyncio
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path

# Importing it makes a place for PostgreSQL's lock, as every run of tests has one.
import tests.conftest
from tests.chaos import report, town
from tests.chaos.planted import BUGS
from tests.chaos.trial import Count, Plan, TooSlow, Trial
from tests.store.databases import postgresql_migrated

__all__ = ["tests"]


async def _tried(plan: Plan, folder: Path, database_url: str, bug: str | None) -> Count:
    trial = asyncio.current_task()
    assert trial is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, trial.cancel)
    async with town.opened(folder, database_url, bug=bug) as here:
        return await Trial(here, plan).run()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Kill processes while a crowd renews.")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long at least (default %(default)s)")
    parser.add_argument("--renewals", type=int, default=500, help="how many at least (default %(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="what befalls whom (default: another one each time)")
    parser.add_argument("--bug", choices=BUGS, help="plant one, to see it found")
    given = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    plan = Plan(seconds=given.seconds, renewals=given.renewals, seed=seed)

    folder = Path(tempfile.mkdtemp(prefix="tabane-chaos-"))
    _say(f"{plan.renewals} renewals, {plan.seconds:.0f} seconds, seed {plan.seed}; logs in {folder}")
    try:
        count = asyncio.run(_tried(plan, folder, postgresql_migrated(), given.bug))
    except TooSlow as error:
        _say(f"This machine is too busy for a trial: {error}.")
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        _say("Broken off; every process of the trial is ended.")
        return 130
    _say(report.table(count))
    _say(report.line(plan, count))
    if count.violations:
        _say(*report.complaint(count.violations, folder))
        return 1
    shutil.rmtree(folder)
    return 0


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
