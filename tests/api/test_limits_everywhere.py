"""The same limits hold on every way in: in one piece, in parts, as events, on a socket, and for live updates."""

import pytest

from schema.execution.passage import COST_OF_REFUSAL
from tests.api import oversized
from tests.api.arriving import APOLLO, APOLLO_SUBSCRIPTION, asked, events, parts
from tests.api.conftest import Town
from tests.api.frontend import Json
from tests.api.live import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

STALLING = oversized.doubling(22)
WATCHING = (
    oversized.doubling(22)
    .replace("{...F0}", "subscription{renewalUpdated(id:1){...F0}}")
    .replace("on Query", "on Renewal")
)

# Counted after it was read; too long to be read; without an end; and no document at all.
REFUSED = {
    STALLING: "OPERATION_TOO_EXPENSIVE",
    oversized.ENDLESS["in a field"]: "BAD_REQUEST",
    oversized.operations(900): "OPERATION_TOO_EXPENSIVE",
    "{": "BAD_REQUEST",
}


async def over(village: Town, road: str, document: str) -> Json:
    """Answer the first thing that is said on this road."""
    who = village.customer("taro")
    if road == "socket":
        async with connected(who) as live:
            await live.subscribe(document)
            said = await live.hear()
            return {"errors": said["payload"]}
    async with asked(who.http, who.url, road, document, None, **who.headers) as response:
        if response.content_type.endswith("json"):
            return await response.json()  # type: ignore[no-any-return]  # GraphQL answers are whatever was asked for.
        read = events if response.content_type == "text/event-stream" else parts
        first, *_ = [part async for part in read(response) if part]
        return first.get("payload", first)  # type: ignore[no-any-return]  # As above.


@pytest.mark.parametrize("road", ["application/json", APOLLO, APOLLO_SUBSCRIPTION, "text/event-stream", "socket"])
async def test_what_is_too_large_is_refused_on_every_road(village: Town, road: str) -> None:
    for document, code in REFUSED.items():
        said = await over(village, road, document)

        assert code == said["errors"][0]["extensions"]["code"], document[:40]
        assert not said.get("data")


@pytest.mark.parametrize("road", [APOLLO_SUBSCRIPTION, "text/event-stream", "socket"])
async def test_what_is_watched_is_counted_before_it_is_watched(village: Town, road: str) -> None:
    said = await over(village, road, WATCHING)

    assert ("OPERATION_TOO_EXPENSIVE", "fields") == tuple(
        said["errors"][0]["extensions"][name] for name in ("code", "metric")
    )


@pytest.mark.parametrize("road", ["application/json", APOLLO, "text/event-stream"])
async def test_what_it_cost_is_told_on_every_road(village: Town, road: str) -> None:
    paid, refused = (
        await over(village, road, "{ insurers(first: 3) { edges { node { code } } } }"),
        await over(village, road, "{"),
    )

    assert [7, COST_OF_REFUSAL] == [said["extensions"]["cost"]["cost"] for said in (paid, refused)]
