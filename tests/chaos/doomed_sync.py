"""
Processes that read a feed as a worker does, each until it has come to the end or somebody kills it.

    python -m tests.chaos.doomed_sync URL ROWS PER_PAGE

It reads its keyring from the first line of its input, and from each line after that a day. For each it brings
forth a process that reads that day's feed and says how far it is after each commit, and says itself `born PID` before
that and `ended STATUS` after it.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from gateway import store as stores
from gateway.journeys.feeds import Feeds
from gateway.journeys.patience import Patience
from gateway.store.feeds import Running
from gateway.vault import Keyring
from insurers.book import FeedRun
from insurers.feed import FeedRecord
from insurers.identity import InsurerCode
from insurers.money import Yen
from insurers.panel import Panel
from tests.journeys.feed_source import DAILY, MADE_AT, PaperFeed, as_insurer, now, policy

CODE, AGENCY = InsurerCode("paper"), "sakura"

# Whoever dies is replaced as soon as this is out.
LEASE = timedelta(seconds=0.4)
LOOK_SECONDS = 0.02

# Few enough that there is much to be killed in.
PAGES_AT_ONCE = 4

CHANGED_EVERY, GONE_EVERY, NEW_PART = 20, 50, 100


def told(rows: int, day: int) -> Iterator[FeedRecord]:
    """Answer what the feed of that day holds: on the second one some policies changed, some are gone, some are new."""
    if not day:
        yield from map(policy, range(rows))
        return
    for n in range(rows + rows // NEW_PART):
        if is_gone(n, rows):
            continue
        yield replace(policy(n), premium=Yen(1), branch="09") if is_changed(n, rows) else policy(n)


def is_gone(n: int, rows: int) -> bool:
    return n < rows and n % GONE_EVERY == 0


def is_changed(n: int, rows: int) -> bool:
    return n < rows and n % CHANGED_EVERY == 1


async def read(url: str, keys: str, rows: int, per_page: int, day: int) -> None:
    keyring = Keyring.parse(keys)
    feed = PaperFeed(CODE, list(told(rows, day)), per_page=per_page)
    feed.as_of = MADE_AT + day * DAILY

    def clock() -> datetime:
        return now() + day * DAILY

    async with stores.opened(url, keyring=keyring) as store:
        panel, patience = Panel({CODE: as_insurer(feed)}), Patience(LEASE * 100)
        feeds = Feeds(store, panel, clock, keyring, patience, lease=LEASE, at_once=PAGES_AT_ONCE * per_page)
        await feeds.course.read(await _claimed(feeds), most=sys.maxsize, heard=_how_far)


async def _claimed(feeds: Feeds) -> Running:
    """Wait until whoever was killed has lost its lease."""
    await feeds.ordered(AGENCY, CODE)
    # Who is dead tells nobody when the lease is out.
    while (running := await feeds.claimed(CODE)) is None:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
    return running


def _how_far(run: FeedRun) -> None:
    _say(f"read {run.read if run.swept is None else -1}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(url: str, rows: str, per_page: str) -> None:
    keys = sys.stdin.readline().strip()
    while day := sys.stdin.readline().strip():
        if child := os.fork():
            _say(f"born {child}")
            _, status = os.waitpid(child, 0)
            _say(f"ended {os.waitstatus_to_exitcode(status)}")
        else:
            asyncio.run(read(url, keys, int(rows), int(per_page), int(day)))
            os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
