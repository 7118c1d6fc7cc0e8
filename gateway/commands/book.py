"""`tabane book import` and `tabane book sync`"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from msgspec import Struct
from rich.console import Console

from gateway import events, settings, store, telemetry
from gateway.commands import book_troubles
from gateway.commands.book_progress import Following
from gateway.development import now
from gateway.journeys.feed_pages import FileAtHand
from gateway.journeys.feeds import Feeds
from gateway.journeys.patience import Patience
from gateway.settings import Settings
from gateway.store import Store
from gateway.vault import Keyring
from insurers.book import FeedRun, RunState
from insurers.identity import InsurerCode
from insurers.panel import Panel, connected, discover, find

# How often it is looked how far another process is.
LOOK_SECONDS = 0.5

# A file is read without a word to the insurer.
NOWHERE = "http://127.0.0.1:9"


class Wish(Struct, frozen=True, kw_only=True):
    """Without an agency or an insurer, all of them. *anew* begins what is halfway from its beginning."""

    agency: str | None = None
    insurer: InsurerCode | None = None
    anew: bool = False
    accepted: bool = False


def sync(wish: Wish) -> bool:
    """Read the feeds that are wished for; answer whether all went well."""
    read = settings.read()
    telemetry.set_up(read.log_format, level=logging.CRITICAL)
    return asyncio.run(synced(read, wish))


def import_file(file: Path, wish: Wish) -> bool:
    """Read a feed from a file at hand; answer whether it went well."""
    read = settings.read()
    telemetry.set_up(read.log_format, level=logging.CRITICAL)
    return asyncio.run(_imported(read, file, wish))


async def synced(read: Settings, wish: Wish) -> bool:
    codes = [wish.insurer] if wish.insurer else [*(read.insurers or discover())]
    async with opened(read) as kept:
        wanted = {code: await agencies(kept, wish, code) for code in codes if find(code).MANIFEST.feed is not None}
        wanted = {code: found for code, found in wanted.items() if found}
        if not wanted:
            raise book_troubles.nothing_to_read()
        async with connected(dict.fromkeys(wanted), clock=now) as panel:
            feeds = _feeds(read, kept, panel)
            with Following(console()) as following:
                # Insurers do not wait for each other; the agencies at one of them do.
                ended = await asyncio.gather(
                    *(_one_by_one(feeds, code, found, wish, following) for code, found in wanted.items())
                )
            await feeds.drain()
    return all(run.state is RunState.DONE for runs in ended for run in runs)


async def _one_by_one(
    feeds: Feeds, insurer: InsurerCode, found: Sequence[str], wish: Wish, following: Following
) -> Sequence[FeedRun]:
    return [await _followed(feeds, agency, insurer, wish, following) for agency in found]


async def _followed(feeds: Feeds, agency: str, insurer: InsurerCode, wish: Wish, following: Following) -> FeedRun:
    """Read a feed to its end, or look on where another process reads it."""
    run = await feeds.ordered(agency, insurer, anew=wish.anew, accepted=wish.accepted)
    while (run := await feeds.go_on(run, heard=following.heard)).state is RunState.RUNNING:
        following.heard(run)
        await asyncio.sleep(LOOK_SECONDS)
    following.ended(run)
    return run


async def _imported(read: Settings, file: Path, wish: Wish) -> bool:
    assert wish.agency is not None and wish.insurer is not None  # noqa: S101, PT018 (the command wants both)
    terms = find(wish.insurer).MANIFEST.feed
    if terms is None or not terms.importable:
        raise book_troubles.not_importable(wish.insurer)
    async with opened(read) as kept, connected({wish.insurer: NOWHERE}, clock=now) as panel:
        await agencies(kept, wish, wish.insurer)
        feeds, pages = _feeds(read, kept, panel), FileAtHand(panel[wish.insurer], wish.insurer, file)
        with Following(console()) as following:
            run = await feeds.imported(wish.agency, wish.insurer, pages, accepted=wish.accepted, heard=following.heard)
            if run is None:
                raise book_troubles.under_way(wish.agency, wish.insurer)
            following.ended(run)
        await feeds.drain()
    return run.state is RunState.DONE


async def agencies(kept: Store, wish: Wish, insurer: InsurerCode) -> Sequence[str]:
    """
    Answer the agencies that are wished for and sell there.

    Raises:
        NoBook: the one that is named does not, or is not known.
    """
    async with kept.reading() as work:
        known = {agency.id: agency for agency in await work.agencies.all()}
    if wish.agency is None:
        return [id_ for id_, agency in known.items() if agency.appointment(insurer) is not None]
    if wish.agency not in known:
        raise book_troubles.no_agency(wish.agency)
    if known[wish.agency].appointment(insurer) is not None:
        return [wish.agency]
    if wish.insurer is None:
        return []
    raise book_troubles.no_appointment(wish.agency, insurer)


def console() -> Console:
    return Console(highlight=False)


@asynccontextmanager
async def opened(read: Settings) -> AsyncIterator[Store]:
    """Open the gateway's database beside whoever else has it open; they hear of what is written."""
    settings.make_data_folder(read)
    url = read.database_url.get_secret_value()
    async with (
        events.opened(url) as bus,
        store.opened(url, keyring=_keyring(read), bus=bus, migrate=not read.production) as kept,
    ):
        yield kept


def _feeds(read: Settings, kept: Store, panel: Panel) -> Feeds:
    lease = timedelta(seconds=read.worker_lease_seconds)
    return Feeds(kept, panel, now, _keyring(read), Patience(lease), lease=lease)


def _keyring(read: Settings) -> Keyring:
    assert read.vault_keys is not None  # noqa: S101 (settings that were read have some)
    return Keyring.parse(read.vault_keys.get_secret_value())
