"""A town in which everything that is asked has come to be; it is closed before anything is measured."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from msgspec import Struct

from gateway.demo import MORNING
from gateway.development import DEMONSTRATION_AGENT, Town, development
from gateway.settings import Given, read
from insurers.identity import InsurerCode
from insurers.sandbox import TestClock

# Ten cars over all insurers: a household, or a small firm's owner.
CARS = 10
HOUSEHOLD, SINGLE = "住人 十台", "住人 一台"

LOOKS = 300
BETWEEN_LOOKS_SECONDS = 0.1

LINK = """mutation ($input: InsurerLinkCreateInput!) {
  insurerLinkCreate(input: $input) { link { state } errors { message } } }"""
START = """mutation ($input: RenewalStartInput!) {
  renewalStart(input: $input) { renewal { id plans { id } } errors { message } } }"""
BOOK = "{ book { providers { state } renewals(first: 1) { edges { node { id } } } agents { id } } }"

# GraphQL answers are whatever was asked for.
Answer = dict[str, Any]


class People(Struct, frozen=True, kw_only=True):
    """Who asks: their tokens, and what they have."""

    tokens: Mapping[str, str]
    numbers: Mapping[str, Mapping[InsurerCode, list[str]]]
    renewal: str
    entry: str
    colleague: str


class Client:
    def __init__(self, http: aiohttp.ClientSession, town: Town) -> None:
        self._http = http
        self._town = town

    async def ask(self, document: str, token: str, **variables: object) -> Answer:
        """
        Answer the value of the only root field.

        Raises:
            AssertionError: it was refused.
        """
        async with self._http.post(
            f"{self._town.gateway_url}/graphql",
            json={"query": document, "variables": variables},
            headers={"Authorization": f"Bearer {token}"},
        ) as response:
            answer = await response.json()
        assert "errors" not in answer, answer["errors"]
        (value,) = answer["data"].values()
        assert not value.get("errors"), value["errors"]
        return dict(value)

    async def settle(self, token: str, cars: int) -> Mapping[InsurerCode, list[str]]:
        """Let somebody have so many cars at every insurer, and an account there; answer the policies' numbers."""
        held = {}
        for code, house in self._town.sandboxes.items():
            async with self._http.post(
                f"{house.control_url}/_control/crowd", json={"count": 1, "policies": cars}
            ) as answer:
                (resident,) = (await answer.json())["residents"]
            account = {"userId": resident["user_id"], "password": resident["password"]}
            done = await self.ask(LINK, token, input={"insurer": {"code": code}, **account, **_key()})
            assert done["link"]["state"] == "LINKED"
            held[code] = resident["numbers"]
        return held

    async def start(self, token: str, code: InsurerCode, number: str) -> Answer:
        policy = {"number": {"insurer": {"code": code}, "number": number}}
        done = await self.ask(START, token, input={"policy": policy, **_key()})
        return dict(done["renewal"])

    async def books_read(self, token: str) -> Answer:
        """
        Answer the book once the worker has read every feed.

        Raises:
            TimeoutError: it did not.
        """
        for _ in range(LOOKS):
            book = await self.ask(BOOK, token)
            if all(provider["state"] == "FRESH" for provider in book["providers"]):
                return book
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
        raise TimeoutError("the books of the agencies were not read")


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Town, People]]:
    """Open a town in which it is a Friday morning, and let people come to have what is asked for."""
    settings = read(Given, data_folder=folder, environment="test", cost_per_minute=0, cost_per_minute_for_nobody=0)
    async with development(settings, clock=TestClock(MORNING)) as town, aiohttp.ClientSession() as http:
        client = Client(http, town)
        tokens = {name: town.issuer.mint(name) for name in (HOUSEHOLD, SINGLE)}
        tokens[DEMONSTRATION_AGENT] = town.issuer.mint(agent=DEMONSTRATION_AGENT)
        numbers = {
            HOUSEHOLD: await client.settle(tokens[HOUSEHOLD], CARS // len(town.sandboxes)),
            SINGLE: await client.settle(tokens[SINGLE], 1),
        }
        renewals = [
            await client.start(tokens[HOUSEHOLD], code, number)
            for code, held in numbers[HOUSEHOLD].items()
            for number in held
        ]
        book = await client.books_read(tokens[DEMONSTRATION_AGENT])
        yield (
            town,
            People(
                tokens=tokens,
                numbers=numbers,
                renewal=renewals[-1]["id"],
                entry=book["renewals"]["edges"][0]["node"]["id"],
                colleague=book["agents"][-1]["id"],
            ),
        )


def _key() -> dict[str, str]:
    return {"idempotencyKey": str(uuid4())}
