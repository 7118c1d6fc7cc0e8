"""`tabane book status`"""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from rich import box
from rich.table import Table

from gateway import settings
from gateway.commands import book_words
from gateway.commands.book import console, opened
from gateway.commands.book_troubles import no_agency
from gateway.development import now
from gateway.settings import Settings
from gateway.store import Work
from insurers.book import FeedRun
from insurers.feed import Flaw
from insurers.hours import TOKYO
from insurers.identity import InsurerCode

# So many flaws of one reading are listed; a feed of something else has as many as lines.
MOST_FLAWS = 1_000

# A book this much older than its insurer's last word is said to be old.
STALE_AFTER = timedelta(days=2)


class Standing(Struct, frozen=True, kw_only=True):
    """How the book of an agency at one insurer stands: the last reading, the last that was done, and its flaws."""

    agency: str
    insurer: InsurerCode
    entries: int
    latest: FeedRun | None
    done: FeedRun | None
    flaws: Sequence[Flaw]


def show(*, agency: str | None, flaws: bool, as_json: bool) -> None:
    found = asyncio.run(_found(settings.read(), agency))
    if as_json:
        json.dump([_plain(standing, flaws=flaws) for standing in found], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    say = console()
    say.print(_table(found, now()))
    for standing in found:
        if standing.latest and (words := book_words.told(standing.latest)):
            say.print(f"{standing.agency} {standing.insurer}: {words.ja}\n  {words.en}", soft_wrap=True, markup=False)
        for flaw in standing.flaws if flaws else ():
            say.print(_line(standing, flaw), soft_wrap=True, markup=False)


async def _found(read: Settings, agency: str | None) -> Sequence[Standing]:
    async with opened(read) as kept, kept.reading() as work:
        known = [one for one in await work.agencies.all() if agency in (None, one.id)]
        if agency is not None and not known:
            raise no_agency(agency)
        return [await _standing(work, one.id, appointment.insurer) for one in known for appointment in one.appointments]


async def _standing(work: Work, agency: str, insurer: InsurerCode) -> Standing:
    latest, done = (await work.feeds.latest(agency)).get(insurer, (None, None))
    entries, _ = await work.book.unseen(agency, insurer, number=0)
    flaws = await work.feeds.flaws(latest.id, first=MOST_FLAWS, after=-1) if latest else ()
    return Standing(agency=agency, insurer=insurer, entries=entries, latest=latest, done=done, flaws=flaws)


def _table(found: Sequence[Standing], at: datetime) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("代理店\nAgency", "保険会社\nInsurer"):
        table.add_column(heading, no_wrap=True)
    table.add_column("契約\nEntries", justify="right", no_wrap=True, min_width=7)
    for heading in ("最終読取\nLast reading", "データ時点\nAs of"):
        table.add_column(heading, no_wrap=True)
    table.add_column("不備\nFlaws", justify="right", no_wrap=True, min_width=5)
    for standing in found:
        latest, done = standing.latest, standing.done
        table.add_row(
            standing.agency,
            standing.insurer,
            f"{standing.entries:,}",
            f"{latest.state} {_moment(latest.ended_at or latest.begun_at)}" if latest else "未読 never",
            _fresh(done.as_of, at) if done and done.as_of else "–",
            f"{latest.flawed:,}" if latest else "–",
        )
    return table


def _fresh(as_of: datetime, at: datetime) -> str:
    age = at - as_of
    days = f" ({age.days} 日前)" if age >= timedelta(days=1) else ""
    return f"[red]{_moment(as_of)}{days}[/]" if age > STALE_AFTER else f"{_moment(as_of)}{days}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(TOKYO):%m-%d %H:%M}"


def _line(standing: Standing, flaw: Flaw) -> str:
    column = f" [{flaw.column}]" if flaw.column else ""
    where = f"{standing.agency} {standing.insurer} {flaw.line}: {flaw.kind}{column}"
    return f"{where}\n  {flaw.reason.ja}\n  {flaw.reason.en}"


def _plain(standing: Standing, *, flaws: bool) -> dict[str, object]:
    told: dict[str, object] = {"agency": standing.agency, "insurer": standing.insurer, "entries": standing.entries}
    told |= {"latest": _run(standing.latest), "done": _run(standing.done)}
    if flaws:
        told["flaws"] = [
            {
                "line": flaw.line,
                "kind": flaw.kind,
                "column": flaw.column,
                "reason": {"ja": flaw.reason.ja, "en": flaw.reason.en},
            }
            for flaw in standing.flaws
        ]
    return told


# What of a reading is for others to read; how it goes on is its own affair.
_TOLD = (
    "id",
    "state",
    "kind",
    "source",
    "read",
    "total",
    "added",
    "changed",
    "unchanged",
    "vanished",
    "flawed",
    "words",
)
_MOMENTS = ("begun_at", "ended_at", "as_of", "due_at")


def _run(run: FeedRun | None) -> dict[str, object] | None:
    if run is None:
        return None
    moments = {name: at.isoformat() if (at := getattr(run, name)) else None for name in _MOMENTS}
    return {name: getattr(run, name) for name in _TOLD} | moments
