"""One town for all clients: who lives there, and what a client has to know of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from gateway.demo import MORNING
from gateway.development import DEMONSTRATION_AGENT, Town, development
from gateway.settings import Given, read
from insurers.sandbox import TestClock
from tests.clients.suites import SETTINGS, Profile
from tests.compiler import COMPILED

# Each test that renews has a customer of its own, with an account and a policy at every insurer.
CUSTOMERS = 4

# The worker reads every agency's feed once at the start.
LOOKS = 300
BETWEEN_LOOKS_SECONDS = 0.1

BOOK = "{ book { providers { state entries } } }"


@asynccontextmanager
async def opened(profile: Profile, folder: Path) -> AsyncIterator[Town]:
    """
    Open a town in which it is a Friday morning, with its data in *folder*, and with every agency's book read.

    Raises:
        TimeoutError: the books were not read.
    """
    settings = read(Given, data_folder=folder, environment="test", compiled=COMPILED, **SETTINGS[profile])
    async with development(settings, clock=TestClock(MORNING)) as town:
        await _books_read(town)
        yield town


async def environment(town: Town, suite: str) -> Mapping[str, str]:
    """Answer what a suite's programs are told. Its customers are nobody else's."""
    async with aiohttp.ClientSession() as http:
        accounts = [await _accounts(http, town) for _ in range(CUSTOMERS)]
    people = [
        {"token": town.issuer.mint(f"{suite} {number}"), "accounts": held} for number, held in enumerate(accounts, 1)
    ]
    return {
        "TABANE_URL": f"{town.gateway_url}/graphql",
        "TABANE_AGENT_TOKEN": town.issuer.mint(agent=DEMONSTRATION_AGENT),
        "TABANE_CUSTOMERS": json.dumps(people),
    }


async def _accounts(http: aiohttp.ClientSession, town: Town) -> list[dict[str, Any]]:
    held = []
    for code, house in town.sandboxes.items():
        async with http.post(f"{house.control_url}/_control/crowd", json={"count": 1}) as answer:
            answer.raise_for_status()
            (resident,) = (await answer.json())["residents"]
        held.append(
            {
                "insurer": code,
                "userId": resident["user_id"],
                "password": resident["password"],
                "policies": resident["numbers"],
            }
        )
    return held


async def _books_read(town: Town) -> None:
    token = town.issuer.mint(agent=DEMONSTRATION_AGENT)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http:
        for _ in range(LOOKS):
            async with http.post(f"{town.gateway_url}/graphql", json={"query": BOOK}) as answer:
                providers = (await answer.json())["data"]["book"]["providers"]
            if all(provider["state"] == "FRESH" for provider in providers):
                return
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
    raise TimeoutError("the books of the agencies were not read")
