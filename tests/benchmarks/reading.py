"""
What one read costs in CPU, from the asker to the insurer's bytes and back, layer by layer.

    python -m tests.benchmarks.reading 2> log
"""

import argparse
import gc
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop
from rich.console import Console

from gateway import events, store
from gateway.documents import Tickets
from gateway.journeys.accounts import Accounts
from gateway.journeys.authority import Authority
from gateway.journeys.guarding import Guard
from gateway.journeys.knowing import Known
from gateway.journeys.mandated import MandatedReading
from gateway.journeys.orders import Orders
from gateway.journeys.patience import Patience
from gateway.journeys.reading import PanelReading
from gateway.journeys.recent_reading import RecentReading
from gateway.journeys.sheets import Sheets
from gateway.recent import Recent
from gateway.settings import LogFormat
from gateway.store import Store
from gateway.telemetry import Telemetry, set_up
from gateway.vault import Keyring
from insurers.account import Active, Credentials
from insurers.exchange import Exchange
from insurers.identity import InsurerCode, PolicyNumber
from insurers.panel import Panel, connected
from insurers.sandbox import TestClock
from schema.ports import Asker, Role
from tests.benchmarks.aside import FRIDAY, Around, House, aside
from tests.benchmarks.measuring import Step, cpu

ROUNDS = 7
TIMES = 150

WIDTH = 120
DEADLINE = timedelta(seconds=20)

ASKER = Asker(
    customer="c" * 36,
    actor="c" * 36,
    display_name="三住 太郎",
    actor_name="三住 太郎",
    name=None,
    roles=frozenset({Role.CUSTOMER}),
    expires_at=datetime(2099, 1, 1, tzinfo=UTC),
)


async def table(steps: dict[str, Step], asked: Counter[str]) -> list[str]:
    found: dict[str, list[float]] = {name: [] for name in steps}
    calls = {}
    for name, step in steps.items():
        await step()
        asked.clear()
        await step()
        calls[name] = asked.total()
    gc.freeze()
    for _ in range(ROUNDS):
        for name, step in steps.items():
            found[name].append(await cpu(step, TIMES))
    return [f"| {name} | {statistics.median(took):.0f} | {calls[name]} |" for name, took in found.items()]


class Reader:
    """The reading side of a gateway, with one customer who has an account at every insurer."""

    def __init__(self, kept: Store, panel: Panel, clock: TestClock, keyring: Keyring, bus: events.Bus) -> None:
        self.kept, self.panel, self.clock = kept, panel, clock
        patience = Patience(timedelta(seconds=120))
        self.accounts = Accounts(kept, panel, clock, Orders(kept, clock), Guard(clock), patience)
        tickets = Tickets(keyring, "http://localhost", clock)
        self.known = Known(kept, clock)
        remembered = Recent(clock, keeps=timedelta(minutes=1))
        sheets = Sheets(kept, self.accounts, remembered)
        bus.overhear(sheets.heard)
        straight = PanelReading(panel, sheets, tickets, self.known, deadline=DEADLINE)
        self.reading, self.repeated = (
            MandatedReading(
                RecentReading(straight, Recent(clock, keeps=keeps), deadline=DEADLINE), Authority(kept, clock), clock
            )
            for keeps in (timedelta(), timedelta(minutes=1))
        )

    async def let_in(self, code: InsurerCode, house: House) -> None:
        who = house.resident
        heard = await self.panel[code].sign_in(Credentials(user_id=who.user_id, password=who.password))
        assert isinstance(heard, Active), heard
        async with self.kept.work() as work:
            await self.accounts.opened(work, ASKER.customer, code, heard, None)

    async def steps(self, code: InsurerCode, numbers: list[PolicyNumber]) -> dict[str, Step]:
        key = await self.accounts.for_reading(ASKER.customer, code)
        assert key is not None
        access, insurer = key.access, self.panel[code]
        return {
            f"{code}: the insurer's policies, by its adapter": lambda: insurer.policies(access),
            f"{code}: the insurer's offers, by its adapter": lambda: insurer.renewal_offers(access, numbers),
            f"{code}: policies, as a loader asks": lambda: self.reading.policies(ASKER, code, None),
            f"{code}: offers, as a loader asks": lambda: self.reading.renewal_offers(ASKER, code, numbers),
            f"{code}: policies that were told a moment ago": lambda: self.repeated.policies(ASKER, code, None),
            f"{code}: the key, from the database": lambda: self.accounts.for_reading(ASKER.customer, code),
            f"{code}: whose these are": lambda: self.known.note(key, numbers, whole=True),
        }


@asynccontextmanager
async def reader(around: Around, url: str, heard: Callable[[Exchange], None]) -> AsyncIterator[Reader]:
    keyring, clock = Keyring.fresh(), TestClock(FRIDAY, frozen=True)
    async with (
        events.opened(url) as bus,
        store.opened(url, keyring=keyring, bus=bus, migrate=True) as kept,
        connected({code: house.url for code, house in around.houses.items()}, clock=clock, listener=heard) as panel,
    ):
        yield Reader(kept, panel, clock, keyring, bus)


async def run(folder: Path, tell: Callable[[str], object]) -> None:
    asked: Counter[str] = Counter()
    telemetry = Telemetry()
    # Into the file or the pipe that stands for a collector's.
    set_up(LogFormat.JSON)

    def heard(exchange: Exchange) -> None:
        asked[exchange.operation] += 1
        telemetry.heard(exchange)

    async with aside() as around, reader(around, f"sqlite:///{folder / 'kept.db'}", heard) as at:
        steps: dict[str, Step] = {"links, from the database": lambda: at.reading.links(ASKER)}
        for code, house in around.houses.items():
            await at.let_in(code, house)
            steps |= await at.steps(code, [PolicyNumber.parse(number) for number in house.resident.numbers])
        tell(f"Python {sys.version.split()[0]} ({sys.executable}), µs of CPU, medians of {ROUNDS} rounds\n")
        tell("| step | µs | calls |\n| --- | --: | --: |")
        tell("\n".join(await table(steps, asked)))


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(run(Path(folder), Console(width=WIDTH).print))


if __name__ == "__main__":
    main()
