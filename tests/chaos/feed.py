"""
Kill -9 in the middle of a sync: `python -m tests.chaos.feed --rows 100000 --kills 10`.

A feed is read into an empty book, and the next day's into that one; processes that read are killed at random. Then
the book is held against the feed row by row, and everything that was counted is counted again.
"""

import argparse
import asyncio
import random
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import kill
from pathlib import Path
from subprocess import PIPE, Popen

from msgspec import Struct
from sqlalchemy import func, select

# Importing it makes a place for PostgreSQL's lock, as every run of tests has one.
import tests.conftest
from gateway import store as stores
from gateway.store import book_tables as tables
from gateway.store import engines
from gateway.vault import Keyring, fresh_key
from insurers.book import ChangeKind, FeedRun, RunState
from tests.chaos.doomed_sync import AGENCY, CODE, NEW_PART, is_changed, is_gone, told
from tests.journeys.feed_book import rows as rows_of
from tests.journeys.feed_source import agency
from tests.store.databases import postgresql_migrated, sqlite_migrated

__all__ = ["tests"]

ROOT = Path(__file__).parents[2]

# A kill comes up to so long after some pages were told of, so that it meets whatever is done then.
DELAY_SECONDS = 0.05


class Trial(Struct, frozen=True, kw_only=True):
    """`kills` are divided between the two days."""

    url: str
    rows: int
    per_page: int
    kills: int
    seed: int


class Proved(Struct, kw_only=True):
    killed: int = 0
    present: int = 0
    gone: int = 0
    changes: int = 0


class Wrong(AssertionError):
    """The book is not the feed."""


class Nursery:
    """Brings forth processes that read, and kills them."""

    def __init__(self, process: Popen[str]) -> None:
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._say, self._heard = process.stdin, process.stdout

    def tell(self, line: str) -> None:
        self._say.write(f"{line}\n")
        self._say.flush()

    def lived(self, day: int, *, until: int | None, delay: float) -> bool:
        """Let a process read that day's feed, and kill it when it has read so many; answer whether it was killed."""
        self.tell(str(day))
        pid = int(self._word("born"))
        for line in self._heard:
            word, figure = line.split()
            if word == "ended":
                if int(figure) not in (0, -signal.SIGKILL):
                    raise Wrong(f"a process ended with {figure}")
                return int(figure) != 0
            if until is not None and (int(figure) < 0 or int(figure) >= until):
                time.sleep(delay)
                # It may have come to its end meanwhile, which is what is heard of it next.
                with suppress(ProcessLookupError):
                    kill(pid, signal.SIGKILL)
                until = None
        raise Wrong("a process was not heard of again")

    def _word(self, wanted: str) -> str:
        word, figure = self._heard.readline().split()
        assert wanted == word
        return figure


@contextmanager
def nursery(trial: Trial, keys: str) -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.chaos.doomed_sync", trial.url, str(trial.rows), str(trial.per_page)]
    with Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as process:
        opened = Nursery(process)
        opened.tell(keys)
        try:
            yield opened
        finally:
            opened.tell("")


async def run(trial: Trial) -> Proved:
    """
    Raises:
        Wrong: something was lost, is there twice, or was counted wrongly.
    """
    keys, proved = fresh_key(), Proved()
    chance = random.Random(trial.seed)  # noqa: S311 (it hides nothing)
    keyring = Keyring.parse(keys)
    async with stores.opened(trial.url, keyring=keyring) as store, store.work() as work:
        await work.agencies.replace([agency(CODE)], [])
    with nursery(trial, keys) as processes:
        for day in (0, 1):
            kills = (trial.kills + 1 - day) // 2
            # The last of all is to be met while it is marked who is gone, which begins when everything was read.
            moments = sorted(chance.uniform(0, trial.rows * 1.02) for _ in range(kills))
            for moment in [*moments, None]:
                until = None if moment is None else int(moment)
                delay = chance.uniform(0, DELAY_SECONDS)
                killed = await asyncio.to_thread(processes.lived, day, until=until, delay=delay)
                over = await _whole(trial, keyring)
                proved.killed += killed
                # Who was killed on the way out had done, and another would read it all again.
                if over > day:
                    break
            await _compared(trial, keyring, day, proved)
    return proved


async def _whole(trial: Trial, keyring: Keyring) -> int:
    """
    Whatever was killed: each page is in the book with its counts, or not at all.

    Answer how many readings are done.
    """
    async with stores.opened(trial.url, keyring=keyring) as store, engines.opened(trial.url) as databases:
        runs = await _runs(store, databases)
        async with databases.reader.connect() as connection:
            there = (await connection.execute(select(func.count()).select_from(tables.book_known))).scalar_one()
    if there != sum(run.added for run in runs):
        raise Wrong(f"{there} entries are there, and {sum(run.added for run in runs)} were counted")
    return sum(run.state is RunState.DONE for run in runs)


async def _runs(store: stores.Store, databases: engines.Engines) -> list[FeedRun]:
    """Answer all readings, in their order."""
    async with databases.reader.connect() as connection:
        ids = (await connection.execute(select(tables.feed_runs.c.id).order_by(tables.feed_runs.c.number))).scalars()
        async with store.reading() as work:
            return [run for id_ in ids if (run := await work.feeds.get(id_)) is not None]


async def _compared(trial: Trial, keyring: Keyring, day: int, proved: Proved) -> None:
    wanted = {record.number.text: record for record in told(trial.rows, day)}
    async with stores.opened(trial.url, keyring=keyring) as store, engines.opened(trial.url) as databases:
        there = await rows_of(databases.reader, keyring, AGENCY)
        run = (await _runs(store, databases))[-1]
        async with databases.reader.connect() as connection:
            kinds = Counter((await connection.execute(select(tables.book_changes.c.kind))).scalars())
            counted = (await connection.execute(select(func.sum(tables.book_totals.c.entries)))).scalar_one()
    present = {number: row.record for number, row in there.items() if not row.gone}
    if wanted != present:
        lost, more = wanted.keys() - present.keys(), present.keys() - wanted.keys()
        other = sum(wanted[number] != present[number] for number in wanted.keys() & present.keys())
        raise Wrong(f"{len(lost)} rows are lost, {len(more)} too many, {other} not as the feed has them")
    expected = _expected(trial.rows, day)
    found = [run.state, run.read, run.added, run.changed, run.unchanged, run.vanished, run.flawed]
    if expected != found:
        raise Wrong(f"the reading counted {found} and not {expected}")
    if (run.vanished, len(wanted)) != (len(there) - len(present), counted):
        raise Wrong(f"{len(there) - len(present)} are gone, and {counted} stand in the totals")
    if kinds != Counter({ChangeKind.CHANGED: run.changed, ChangeKind.VANISHED: run.vanished}):
        raise Wrong(f"changes were kept twice, or not at all: {kinds}")
    proved.present, proved.gone, proved.changes = len(present), run.vanished, run.changed + run.vanished


def _expected(rows: int, day: int) -> list[object]:
    """State, read, added, changed, unchanged, vanished, flawed."""
    if not day:
        return [RunState.DONE, rows, rows, 0, 0, 0, 0]
    added, gone = rows // NEW_PART, sum(is_gone(n, rows) for n in range(rows))
    changed = sum(is_changed(n, rows) and not is_gone(n, rows) for n in range(rows))
    return [RunState.DONE, rows - gone + added, added, changed, rows - gone - changed, gone, 0]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.feed", description="Kill processes while they sync.")
    parser.add_argument("--rows", type=int, default=100_000, help="how many (default %(default)s)")
    parser.add_argument("--per-page", type=int, default=1_000, help="rows in a page (default %(default)s)")
    parser.add_argument("--kills", type=int, default=10, help="on each database (default %(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="when (default: at other moments each time)")
    given = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    folder = Path(tempfile.mkdtemp(prefix="tabane-chaos-"))
    for name, url in {"sqlite": sqlite_migrated(folder), "postgresql": postgresql_migrated()}.items():
        trial = Trial(url=url, rows=given.rows, per_page=given.per_page, kills=given.kills, seed=seed)
        began = time.monotonic()
        try:
            proved = asyncio.run(run(trial))
        except Wrong as wrong:
            _say(f"{name}, seed {seed}: {wrong}")
            return 1
        _say(
            f"{name}: {proved.killed} of {given.kills} kills hit, seed {seed}, {time.monotonic() - began:.0f} s. "
            f"The book equals the feed row by row: {proved.present:,} present, {proved.gone:,} gone, "
            f"{proved.changes:,} changes kept once."
        )
    shutil.rmtree(folder)
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
