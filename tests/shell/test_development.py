"""A town: everything in one process, found and not named, on one clock."""

from collections.abc import AsyncIterator
from datetime import datetime

import aiohttp
import pytest

from gateway import serving, settings
from gateway.development import Ports, Town, builder, development, sandboxes
from gateway.settings import Given, Settings
from gateway.tokens import NotInProduction
from gateway.vault import fresh_key
from insurers import panel
from insurers.identity import InsurerCode
from insurers.panel import UnknownInsurer
from insurers.sandbox import TestClock

WHO = "{ viewer { displayName } insurers { edges { node { code } } } }"


@pytest.fixture
def read() -> Settings:
    return settings.read(Given)


@pytest.fixture
async def town(read: Settings, clock: TestClock) -> AsyncIterator[Town]:
    async with development(read, fresh=True, clock=clock) as town:
        yield town


async def ask(town: Town, query: str, token: str | None = None) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(headers=headers) as client,
        client.post(f"{town.gateway_url}/graphql", json={"query": query}) as answer,
    ):
        said: dict[str, object] = await answer.json()
        return said


def test_insurers_are_found_in_order() -> None:
    found = panel.discover()

    assert 2 <= len(found)
    assert sorted(found) == list(found)


def test_every_insurer_brings_a_sandbox() -> None:
    assert set(panel.discover()) == set(sandboxes())


def test_nobody_builds_the_sandbox_of_a_stranger() -> None:
    with pytest.raises(UnknownInsurer):
        builder(InsurerCode("nobody"))


async def test_the_gateway_knows_every_insurer_and_who_asks(town: Town) -> None:
    said = await ask(town, WHO, town.issuer.mint("三住 太郎"))

    assert {
        "viewer": {"displayName": "三住 太郎"},
        "insurers": {"edges": [{"node": {"code": code}} for code in panel.discover()]},
    } == said["data"]


async def test_it_is_ready(town: Town) -> None:
    async with aiohttp.ClientSession() as client, client.get(f"{town.gateway_url}/health/ready") as answer:
        assert 200 == answer.status


async def test_everybody_has_the_same_time_and_it_can_be_moved(town: Town) -> None:
    monday = datetime.fromisoformat("2026-11-23T03:00:00+09:00")
    doors = [f"{house.control_url}/_control/clock" for house in town.sandboxes.values()]

    async with aiohttp.ClientSession() as client:
        async with client.put(doors[0], json={"now": monday.isoformat()}):
            pass
        told = []
        for door in doors:
            async with client.get(door) as answer:
                told.append((await answer.json())["now"])

    assert [monday.isoformat()] * len(doors) == told
    assert monday == town.clock()


async def test_moving_the_clock_ends_no_token(town: Town) -> None:
    token = town.issuer.mint("三住 太郎")
    town.clock.set(datetime.fromisoformat("2027-03-01T10:00:00+09:00"))

    said = await ask(town, "{ viewer { displayName } }", token)

    assert {"viewer": {"displayName": "三住 太郎"}} == said["data"]


async def test_only_the_insurers_that_were_asked_for_live_here() -> None:
    only = panel.discover()[-1]

    async with development(settings.read(Given, insurers=only), fresh=True) as town:
        assert [only] == list(town.sandboxes)


async def test_tokens_outlive_a_town(read: Settings) -> None:
    issuer = "http://127.0.0.1:8000"
    fixed = settings.read(Given, token_issuer=issuer)
    async with development(fixed, fresh=True) as town:
        token = town.issuer.mint("三住 太郎")

    async with development(fixed, fresh=True) as town:
        said = await ask(town, "{ viewer { displayName } }", token)

    assert {"viewer": {"displayName": "三住 太郎"}} == said["data"]


async def test_there_is_no_town_in_production() -> None:
    live = settings.read(
        Given, environment="production", vault_keys=fresh_key(), token_issuer="x", token_jwks="keys.json"
    )

    with pytest.raises(NotInProduction):
        await development(live).__aenter__()


async def test_a_taken_port_closes_what_was_open(read: Settings) -> None:
    with serving.listen("127.0.0.1", 0) as door:
        taken = door.getsockname()[1]
        with pytest.raises(OSError, match=str(taken)):
            await development(read, fresh=True, ports=Ports(gateway=taken, mailbox=0, smtp=0, sandboxes=0)).__aenter__()


def test_sandboxes_take_two_ports_in_a_row() -> None:
    assert [(8101, 8102), (8103, 8104)] == [Ports().sandbox(place) for place in range(2)]
