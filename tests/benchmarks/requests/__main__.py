"""What GraphQL costs here, beside an endpoint by hand and plain Strawberry: `python -m tests.benchmarks.requests`."""

import argparse
import asyncio
import gc
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec
import typer
import uvicorn

from gateway import telemetry
from gateway.settings import LogFormat
from tests.benchmarks.requests import field, load, measuring, report
from tests.benchmarks.requests.contenders import FLOOR, FORGETFUL_FLOOR, FORGETFUL_GATEWAY, GATEWAY, contenders
from tests.benchmarks.requests.inside import HEAD, Asked, Told
from tests.benchmarks.requests.measuring import FULL, QUICK, USUAL, Plan


async def run_inside(folder: Path, names: Sequence[str], *, anew: bool) -> None:
    ours, by_hand = (FORGETFUL_GATEWAY, FORGETFUL_FLOOR) if anew else (GATEWAY, FLOOR)
    async with field.opened(folder, [GATEWAY, FLOOR, ours, by_hand], crowd=QUICK.crowd, names=names) as opened:
        asked = {
            question.name: [
                Asked(one.token, question.body(GATEWAY, one), question.body(FLOOR, one)) for one in question.asked
            ]
            for question in opened.questions
            # What changes something wants another key each time.
            if question.name != "q5"
        }
        told = Told(gateway=opened.places[ours.name], floor=opened.places[by_hand.name], asked=asked)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.benchmarks.requests.inside"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            preexec_fn=partial(os.sched_setaffinity, 0, {field.CORE}),
        )
        rows, _ = await process.communicate(msgspec.json.encode(told))
        typer.echo(report.table(HEAD, msgspec.json.decode(rows, type=list[list[str]])))


async def run(folder: Path, plan: Plan, names: Sequence[str], functions: int) -> None:
    everybody = contenders(quick=plan is QUICK)
    async with field.opened(folder, everybody, crowd=plan.crowd, names=names) as opened:
        # What the town left behind is not looked through again while somebody is measured.
        gc.collect()
        gc.freeze()
        figures = await measuring.measured(opened, everybody, plan)
        looks = await measuring.looked(opened, GATEWAY, plan.seconds[USUAL])
        typer.echo("\n\n".join(report.page(opened, everybody, plan, figures, looks)))
        for name, look in looks.items() if functions else ():
            typer.echo(f"\n{name}\n{report.functions(look, functions)}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.requests", description=__doc__)
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help="q1, q2, …; without one, all of them")
    parser.add_argument("--quick", action="store_true", help="in less than a minute, and less exactly")
    parser.add_argument("--inside", action="store_true", help="the gateway and the floor in one process, and no more")
    parser.add_argument("--anew", action="store_true", help="with --inside: with nothing remembered")
    parser.add_argument("--functions", type=int, default=0, metavar="N", help="also tell the N that take most time")
    wanted = parser.parse_args()
    if not wanted.inside:
        load.generator()
    os.sched_setaffinity(0, {field.OTHER_CORE})
    # The town in which people and policies begin has nothing to say beside the page.
    telemetry.set_up(LogFormat.CONSOLE, level=logging.WARNING)
    with (
        tempfile.TemporaryDirectory(prefix="tabane-") as folder,
        asyncio.Runner(loop_factory=uvicorn.Config("", log_config=None).get_loop_factory()) as runner,
    ):
        if wanted.inside:
            runner.run(run_inside(Path(folder), wanted.questions, anew=wanted.anew))
        else:
            runner.run(run(Path(folder), QUICK if wanted.quick else FULL, wanted.questions, wanted.functions))


if __name__ == "__main__":
    main()
