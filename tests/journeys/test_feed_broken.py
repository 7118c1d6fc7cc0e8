"""A feed with every kind of broken line: each good row is in the book, and each bad one is listed with its reason."""

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import msgspec
import pytest

from gateway import store as stores
from gateway.settings import Settings
from gateway.store import Store
from gateway.vault import Keyring
from insurers.book import FeedRun, RunState
from insurers.feed import Flaw, FlawKind
from insurers.identity import InsurerCode
from tests.api.agencies import agencies_at_work
from tests.api.conftest import Town
from tests.journeys.feed_source import DAILY
from tests.journeys.insurer import by_turns

__all__ = ["agencies_at_work"]

# A method, a path at the sandbox's control port, and whatever that takes.
Order = tuple[str, str, Mapping[str, object]]

ORDERS = msgspec.json.decode(
    (Path(__file__).parent / "feed_orders.json").read_bytes(), type=dict[str, dict[str, list[Order]]]
)

UNREAD = {
    FlawKind.TRUNCATED,
    FlawKind.WRONG_COLUMN,
    FlawKind.UNKNOWN_CODE,
    FlawKind.UNDECODABLE,
    FlawKind.IMPOSSIBLE_DATE,
}


@pytest.fixture
async def kept(town: Town, settings: Settings) -> AsyncIterator[Store]:
    assert settings.vault_keys is not None
    keyring = Keyring.parse(settings.vault_keys.get_secret_value())
    async with stores.opened(settings.database_url.get_secret_value(), keyring=keyring) as opened:
        yield opened


async def ordered(town: Town, code: InsurerCode, orders: Sequence[Order]) -> None:
    _, address = town.houses[code]
    for method, path, body in orders:
        async with town.http.request(method, f"{address.control_url}/_control/{path}", json=body) as answer:
            assert answer.ok, await answer.text()


async def read(town: Town, kept: Store, code: InsurerCode) -> tuple[FeedRun, Sequence[Flaw]]:
    while await town.gateway.worker.chores.turn():
        pass
    async with kept.reading() as work:
        run = (await work.feeds.latest("sakura"))[code][0]
        return run, await work.feeds.flaws(run.id, first=100, after=-1)


@by_turns
async def test_every_good_row_is_in_and_every_bad_one_is_listed(town: Town, kept: Store, code: InsurerCode) -> None:
    await ordered(town, code, ORDERS[code]["broken"])
    broken, flaws = await read(town, kept, code)
    await ordered(town, code, ORDERS[code]["mended"])
    town.clock.advance(DAILY)
    mended, none = await read(town, kept, code)

    assert (RunState.DONE, RunState.DONE) == (broken.state, mended.state)
    assert UNREAD | {FlawKind.DUPLICATE_NUMBER} == {flaw.kind for flaw in flaws}
    # Whose these lines are could be read, so nobody else may be gone for them.
    assert 0 == broken.unread
    assert all(flaw.line > 0 and flaw.reason.ja and flaw.reason.en for flaw in flaws)
    assert len(flaws) == len({flaw.line for flaw in flaws})
    # What was bad is the only thing that was missing.
    assert ([], broken.added, len(UNREAD)) == (none, mended.unchanged + mended.changed, mended.added)
