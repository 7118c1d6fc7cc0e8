"""
Speak to a running gateway as frontends do: `make clients`, or `python -m tests.clients [SUITE ...]`.

With `--open` nothing is run: the town stays open, and what its clients have to know is printed for a shell.
"""

import argparse
import asyncio
import logging
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway import serving, telemetry
from gateway.settings import LogFormat
from schema.execution.compiled import Compiled
from tests.clients import town
from tests.clients.checks import Outcome, Verdict
from tests.clients.running import install, run_suite
from tests.clients.suites import SUITES, Profile, Suite

CONSOLE = Console(highlight=False, soft_wrap=True)

# The end of what a suite said, where it failed.
LAST_LINES = 80


async def _ran(suites: Sequence[Suite], folder: Path) -> list[Outcome]:
    running = asyncio.current_task()
    assert running is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    outcomes = []
    async with AsyncExitStack() as stack:
        towns = {}
        for profile in {suite.profile for suite in suites}:
            towns[profile] = await stack.enter_async_context(town.opened(profile, folder / profile))
        for suite in suites:
            outcome = await run_suite(suite, await town.environment(towns[suite.profile], suite.name))
            _tell(outcome)
            outcomes.append(outcome)
    return outcomes


def _tell(outcome: Outcome) -> None:
    for check in outcome.checks:
        if check.verdict is not Verdict.PASSED:
            CONSOLE.print(f"{outcome.suite.name}: {check.verdict}: {escape(check.name)}")
    for run in outcome.runs:
        if run.status and not outcome.good:
            CONSOLE.print(escape("\n".join(run.output.splitlines()[-LAST_LINES:])))


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table("client", "checks", "passed", "awaited", "seconds")
    for column in table.columns[1:]:
        column.justify = "right"
    for outcome in outcomes:
        counts = (len(outcome.checks), outcome.count(Verdict.PASSED), outcome.count(Verdict.AWAITED))
        style = None if outcome.good else "red"
        table.add_row(outcome.suite.name, *map(str, counts), f"{outcome.seconds:.1f}", style=style)
    return table


async def _stay_open(folder: Path) -> None:
    with serving.hearing() as word:
        async with town.opened(Profile.OPEN, folder) as here:
            for name, value in (await town.environment(here, "by hand")).items():
                CONSOLE.print(f"export {name}={shlex.quote(value)}", markup=False)
            await word.stop.wait()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.clients", description="Speak to a gateway as frontends do.")
    names = [suite.folder for suite in SUITES]
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"only these: {', '.join(names)}")
    parser.add_argument("--open", action="store_true", help="keep the town open, and run nothing")
    asked = parser.parse_args()
    if unknown := set(asked.suites) - set(names):
        parser.error(f"there is no suite {', '.join(sorted(unknown))}")
    return asked


def main() -> int:
    asked = _asked()
    telemetry.set_up(LogFormat.CONSOLE, level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="tabane-clients-") as temporary:
        folder = Path(temporary)
        if asked.open:
            asyncio.run(_stay_open(folder))
            return 0
        if not (shutil.which("node") and shutil.which("npm")):
            CONSOLE.print("not run: no Node")
            return 0
        suites = [suite for suite in SUITES if not asked.suites or suite.folder in asked.suites]
        if failed := asyncio.run(install(suites)):
            CONSOLE.print(escape(failed.output))
            return 1
        try:
            outcomes = asyncio.run(_ran(suites, folder))
        except (KeyboardInterrupt, asyncio.CancelledError):
            CONSOLE.print("Broken off; everything that was started is ended.")
            return 130
    CONSOLE.print(_table(outcomes))
    CONSOLE.print(f"{Compiled.plans.run_compiled:,} operations were compiled.")
    return 0 if all(outcome.good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
