"""
What an answer of an insurer costs in CPU, and where that goes: the call, its wire, our words, the log and the metrics.

    python -m tests.benchmarks.answers
    python -m tests.benchmarks.answers --beside FOLDER

The second form measures another working tree by turns with this one, over the same sandboxes.
"""

import argparse
import asyncio
import gc
import os
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import uvloop
from msgspec import Struct
from rich.console import Console

from gateway.settings import LogFormat
from gateway.telemetry import Telemetry, set_up
from insurers.account import Access, Active, Credentials
from insurers.adapter import Insurer
from insurers.exchange import Exchange
from insurers.identity import InsurerCode, PolicyNumber
from insurers.panel import connected
from insurers.plan import PlanQuery
from insurers.sandbox import TestClock
from tests.benchmarks.aside import FRIDAY, Around, aside
from tests.benchmarks.measuring import Step, cpu
from tests.benchmarks.requests.stages import Sampler

TURNS = 3
ROUNDS = 5
TIMES = 60

HERE = Path(__file__).parents[2]

# By the file of the innermost function of Python's, below a tree or the libraries. The first that fits decides.
PARTS = {
    "reading the wire": r"insurers/\w+/wire/",
    "log and metrics": r"gateway/telemetry|prometheus_client/|structlog/",
    "the call": r"aiohttp/|yarl/|multidict/|purgatory/|insurers/(http|exchange)",
    "in our words": r"insurers/\w+/(mapping|covers|choices|times|renewability)|insurers/\w+\.py",
    "the adapter": r"insurers/",
}
REST = "event loop and sockets"


class Measured(Struct):
    """By step: how many calls it makes, its least CPU in µs, and that by part as it was seen."""

    calls: dict[str, int]
    least: dict[str, float]
    parts: dict[str, dict[str, float]]

    def take(self, other: "Measured") -> None:
        for step, took in other.least.items():
            if took < self.least.get(step, float("inf")):
                self.calls[step], self.least[step], self.parts[step] = other.calls[step], took, other.parts[step]

    def part(self, name: str) -> float:
        """Answer the µs of one call that go there."""
        return sum(parts.get(name, 0) for parts in self.parts.values()) / sum(self.calls.values())


async def seen(step: Step) -> dict[str, float]:
    """Look where the time of a step goes, in µs."""
    sampler, by_part = Sampler(), defaultdict[str, float](float)
    sampler.start()
    for _ in range(TIMES * ROUNDS):
        await step()
    for function, seconds in sampler.stop().functions.items():
        part = next((name for name, pattern in PARTS.items() if re.match(pattern, function)), REST)
        by_part[part] += seconds * 1e6 / (TIMES * ROUNDS)
    return by_part


def asking(insurer: Insurer, access: Access, numbers: Sequence[PolicyNumber]) -> Mapping[str, Step]:
    return {
        "policies": lambda: insurer.policies(access),
        "offers": lambda: insurer.renewal_offers(access, numbers),
        "plans": lambda: insurer.plans(access, PlanQuery(number=numbers[0])),
    }


@asynccontextmanager
async def steps(around: Around, heard: Callable[[Exchange], None]) -> AsyncIterator[Mapping[str, Step]]:
    """Open what a household of five cars asks of each insurer."""
    addresses: dict[InsurerCode, str | None] = {code: house.url for code, house in around.houses.items()}
    async with connected(addresses, clock=TestClock(FRIDAY, frozen=True), listener=heard) as panel:
        found: dict[str, Step] = {}
        for code, insurer in panel.items():
            who = around.houses[code].household
            active = await insurer.sign_in(Credentials(user_id=who.user_id, password=who.password))
            assert isinstance(active, Active), active
            numbers = [PolicyNumber.parse(number) for number in who.numbers]
            found |= {f"{code}: {name}": step for name, step in asking(insurer, active.access, numbers).items()}
        yield found


async def measure(around: Around) -> Measured:
    """Measure this process's tree; its log goes to stderr."""
    asked: Counter[str] = Counter()
    telemetry = Telemetry()
    set_up(LogFormat.JSON)

    def heard(exchange: Exchange) -> None:
        asked[exchange.operation] += 1
        telemetry.heard(exchange)

    found = Measured({}, {}, {})
    async with steps(around, heard) as each:
        for name, step in each.items():
            await step()
            asked.clear()
            await step()
            found.calls[name] = asked.total()
        gc.freeze()
        for name, step in each.items():
            found.least[name] = min([await cpu(step, TIMES) for _ in range(ROUNDS)])
            found.parts[name] = await seen(step)
    return found


async def elsewhere(tree: Path, around: Around) -> Measured:
    """Let a process of its own measure a tree by this very file."""
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, __file__, "--around", msgspec.json.encode(around).decode()),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree)},
        )
        said, _ = await process.communicate()
        if process.returncode:
            log.seek(0)
            raise RuntimeError(log.read().decode())
    return msgspec.json.decode(said, type=Measured)


def table(trees: Mapping[Path, Measured]) -> list[str]:
    measured = list(trees.values())
    heads = "".join(f" {tree.name} |" for tree in trees)
    lines = [f"| a step | calls |{heads}", f"| --- | --: |{' --: |' * len(trees)}"]
    for step, calls in measured[0].calls.items():
        lines.append(f"| {step} | {calls} |" + "".join(f" {one.least[step]:.0f} |" for one in measured))
    lines += ["", f"| a part of one call |{heads}", f"| --- |{' --: |' * len(trees)}"]
    lines += [f"| {part} |" + "".join(f" {one.part(part):.0f} |" for one in measured) for part in (*PARTS, REST)]
    return lines


async def run(trees: Sequence[Path], tell: Callable[[str], object]) -> None:
    found = {tree: Measured({}, {}, {}) for tree in trees}
    async with aside() as around:
        for _ in range(TURNS):
            for tree, measured in found.items():
                measured.take(await elsewhere(tree, around))
    tell(f"Python {sys.version.split()[0]}, µs of CPU, the least of {TURNS} turns of {ROUNDS} rounds of {TIMES}.\n")
    tell("\n".join(table(found)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beside", metavar="FOLDER", type=Path, action="append", default=[], help="another tree")
    parser.add_argument("--around", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.around:
        measured = uvloop.run(measure(msgspec.json.decode(asked.around, type=Around)))
        sys.stdout.write(msgspec.json.encode(measured).decode())
        return
    uvloop.run(run([*(folder.resolve() for folder in asked.beside), HERE], Console(width=120).print))


if __name__ == "__main__":
    main()
