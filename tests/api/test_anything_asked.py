"""
Whatever is asked of the schema: compiled code answers as graphql-core does, at once and live, parts come to the same as
one piece, and it is never our failure. `--hypothesis-profile=long` asks twenty times as much.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from copy import copy
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gateway import application, serving, tokens
from gateway.settings import Settings
from tests.api import anything, arriving, booking, crossed
from tests.api.agencies import MANAGER, agent_alone, let_act
from tests.api.conftest import Town
from tests.api.crossed import Things
from tests.api.frontend import Frontend, Json
from tests.api.live import connected
from tests.api.words import heard
from tests.compiled.differential.inputs import Words
from tests.compiled.differential.operations import Operation

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENTROPY = st.integers(0, 2**64 - 1)
WHO = st.sampled_from(("taro", "sayuri", "manager", "agent", "nobody"))

# The town is the same for every example; what one of them did is there for the next.
SHARED = HealthCheck.function_scoped_fixture

# A request's own, and what is sealed anew each time.
CHANGING = re.compile(r'(, )?"requestId": "\w+"|AQ[-\w]{30,}')

# Where nothing is named that is there: any node will do, there is none yet, or it would be taken out (`words.TELLERS`).
UNNAMED = {
    "BookChangeConnection.after",
    "BookNoteConnection.after",
    "ComparisonEvent.id",
    "FeedFlawConnection.after",
    "FlowEventConnection.after",
    "InsurerLinkCreateInput.userId",
    "InsurerLinkDeleteInput.linkId",
    "Node.id",
    "Node.ids",
    "ReminderConnection.after",
    "WebhookDeliveryConnection.after",
    "WebhookReplayInput.after",
}

# Whoever asks for the schema itself is answered by graphql-core.
OF_THE_SCHEMA = ("__schema", "__type(")


@pytest.fixture(scope="module")
def village_settings(village_settings: Settings) -> Settings:
    """However the other tests are run, here what is compiled stands beside what is not."""
    return village_settings.model_copy(update={"compiled": True})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def things(village: Town, village_settings: Settings) -> Things:
    """One thing of each kind; see `crossed`."""
    return await crossed.settled(village, village_settings)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asking(village: Town, things: Things) -> Mapping[str, Frontend]:
    """Customers to whom things belong, at one insurer and at two, those who act for them, and nobody."""
    taro, sayuri = village.customer("taro"), village.customer("sayuri")
    await village.settle(sayuri, crossed.PENDING)
    await sayuri.start(crossed.PENDING)
    await let_act(village, taro)
    agent = await let_act(village, sayuri)
    await booking.fill_books(village)
    manager = agent_alone(village, MANAGER)
    return {"taro": taro, "sayuri": sayuri, "agent": agent, "manager": manager, "nobody": village.nobody()}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def words(asking: Mapping[str, Frontend], things: Things) -> Words:
    return await heard([*asking.values()], things.there)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def uncompiled(village: Town, village_settings: Settings) -> AsyncIterator[str]:
    """Where another gateway over the same town answers by graphql-core alone."""
    chosen = village_settings.model_copy(update={"public_url": village.url, "compiled": False})
    verifier, issuer = tokens.embedded(chosen, lambda: datetime.now(UTC))
    addresses = {code: address.url for code, (_, address) in village.houses.items()}
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(
            application.opened(chosen, clock=village.clock, addresses=addresses, verifier=verifier, issuer=issuer)
        )
        yield await stack.enter_async_context(serving.serve(gateway.app, grace_seconds=1))


async def answer(frontend: Frontend, url: str, operation: Operation) -> Json:
    """Ask, and be told how it was run."""
    body = {
        "query": operation.document,
        "variables": operation.variables,
        "operationName": operation.name,
        "extensions": {"explain": True},
    }
    async with frontend.http.post(f"{url}/graphql", json=body, headers=frontend.headers) as response:
        told: Json = await response.json()
    return told


async def put_together(frontend: Frontend, url: str, operation: Operation) -> Json | None:
    """Ask for parts, and answer the data that they come to; None where there is only one piece."""
    body = {"query": operation.document, "variables": operation.variables, "operationName": operation.name}
    heads = frontend.headers | {"Accept": arriving.APOLLO}
    async with frontend.http.post(f"{url}/graphql", json=body, headers=heads) as response:
        if not response.content_type.startswith("multipart/"):
            return None
        return arriving.by_ids([part async for part in arriving.parts(response)])


async def told_first(frontend: Frontend, url: str, operation: Operation) -> Json:
    """Watch, and answer what is told first: how things stand, an error, or the end."""
    there = copy(frontend)
    there.url = url
    async with connected(there) as live:
        await live.subscribe(operation.document, **operation.variables)
        return await live.hear()


def way(told: Json) -> str | None:
    execution: dict[str, Any] = told.get("extensions", {}).pop("execution", {})
    return execution.get("way")


def said(told: Json | None) -> str:
    return CHANGING.sub("", json.dumps(told, ensure_ascii=False))


async def test_every_place_for_a_name_has_names_of_what_is_there(words: Words) -> None:
    names = {place: said for place, said in words.at.items() if place.endswith(("Id", "Ids", ".id", ".ids", ".after"))}

    assert UNNAMED == {place for place, said in names.items() if not said}


@given(entropy=ENTROPY, who=WHO)
@settings(suppress_health_check=[SHARED])
async def test_any_question_is_answered_the_same_compiled_or_not(
    village: Town, uncompiled: str, asking: Mapping[str, Frontend], words: Words, entropy: int, who: str
) -> None:
    operation = anything.drawn(entropy, words)
    assume("mutation Main" not in operation.document)

    compiled = await answer(asking[who], village.url, operation)
    plain = await answer(asking[who], uncompiled, operation)

    ways = way(compiled), way(plain)
    assert said(plain) == said(compiled), operation
    if "data" in plain and not any(word in operation.document for word in OF_THE_SCHEMA):
        assert ("compiled", "handed over") == ways, operation


@given(entropy=ENTROPY, who=WHO)
@settings(suppress_health_check=[SHARED])
async def test_whatever_is_watched_stands_the_same_compiled_or_not(
    village: Town, uncompiled: str, asking: Mapping[str, Frontend], words: Words, entropy: int, who: str
) -> None:
    operation = anything.watched(entropy, words)

    compiled = said(await told_first(asking[who], village.url, operation))

    assert said(await told_first(asking[who], uncompiled, operation)) == compiled, operation
    assert "INTERNAL" not in compiled, operation


@given(entropy=ENTROPY, who=WHO)
@settings(suppress_health_check=[SHARED])
async def test_the_parts_of_an_answer_are_the_answer(
    village: Town, asking: Mapping[str, Frontend], words: Words, entropy: int, who: str
) -> None:
    operation = anything.drawn(entropy, words, in_parts=True)

    parts = await put_together(asking[who], village.url, operation)
    assume(parts is not None)
    whole = await answer(asking[who], village.url, operation)

    # An error takes less of what is answered in parts.
    assert "errors" in whole or json.loads(said(whole["data"])) == json.loads(said(parts)), operation


@given(entropy=ENTROPY, who=WHO)
@settings(suppress_health_check=[SHARED])
async def test_nothing_that_is_asked_or_done_is_our_failure(
    village: Town, asking: Mapping[str, Frontend], words: Words, entropy: int, who: str
) -> None:
    operation = anything.drawn(entropy, words)

    told = await answer(asking[who], village.url, operation)

    assert "INTERNAL" not in {error["extensions"]["code"] for error in told.get("errors", ())}, operation
