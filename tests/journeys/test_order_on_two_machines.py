"""One order that reaches two machines: who looked on ends first, and is not believed for ever."""

import asyncio
from pathlib import Path

import pytest

from gateway.settings import Settings, read
from insurers.identity import InsurerCode
from insurers.sandbox import Fault, TestClock
from tests.api.conftest import Houses, each_insurer, open_town
from tests.api.frontend import codes, key
from tests.journeys.insurer import AnInsurer
from tests.journeys.slow_post import SlowPost

# Long enough for the other machine to answer, and short enough to wait for.
THINKING_SECONDS = 0.6


@pytest.fixture
def settings(tmp_path: Path, address_of_database: str) -> Settings:
    return read(
        data_folder=tmp_path / "data",
        database_url=address_of_database,
        environment="test",
        # Both believe the same tokens, so that one customer is the same person at each.
        token_issuer="http://issuer.example",
        graphiql=False,
    )


@pytest.mark.parametrize("address_of_database", ["postgresql"], indirect=True)
@each_insurer
async def test_what_the_insurer_answered_is_told_again_and_not_what_was_seen_before_it_did(
    settings: Settings, clock: TestClock, letterbox: SlowPost, houses: Houses, code: str
) -> None:
    insurer, order = AnInsurer(InsurerCode(code), *houses[InsurerCode(code)]), key()
    async with (
        open_town(settings, clock, letterbox, houses) as one,
        open_town(settings, clock, letterbox, houses) as other,
    ):
        here, there = one.customer("taro"), other.customer("taro")
        await here.register(code)
        ready = await here.ready(code)
        insurer.order(insurer.places.button, Fault.SILENCE, seconds=THINKING_SECONDS)

        pressing = asyncio.create_task(here.submit(ready, idempotencyKey=order))
        await insurer.called(insurer.places.button)
        seen = await there.submit(ready, idempotencyKey=order)
        assert not pressing.done()
        pressed = await pressing
        later = [await each.submit(ready, idempotencyKey=order) for each in (here, there)]

    assert ("SUBMITTING", []) == (seen["renewal"]["status"], codes(seen))
    assert ("UNCONFIRMED", ["OUTCOME_UNKNOWN"]) == (pressed["renewal"]["status"], codes(pressed))
    for told in later:
        assert (["OUTCOME_UNKNOWN"], True) == (codes(told), told["replayed"])
        assert pressed["renewal"] == told["renewal"]
    assert 1 == insurer.presses
