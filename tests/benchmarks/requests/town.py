"""A town in which everything that is asked has come to be; it is closed before anything is measured."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from msgspec import Struct

from gateway.demo import MORNING
from gateway.development import Town, development
from gateway.settings import Given, Settings, read
from insurers.identity import InsurerCode
from insurers.sandbox import TestClock
from tests.benchmarks.requests.heirs import inherited

# Ten cars over all insurers: a household, or a small firm's owner.
CARS = 10

# Who sees the whole book of a development agency.
AGENT = "店長 一郎"

LOOKS = 300
BETWEEN_LOOKS_SECONDS = 0.1

LINK = """mutation ($input: InsurerLinkCreateInput!) {
  insurerLinkCreate(input: $input) { link { state } errors { message } } }"""
START = """mutation ($input: RenewalStartInput!) {
  renewalStart(input: $input) { renewal { id } errors { message } } }"""
BOOK = "{ book { providers { state } renewals(first: 1) { edges { node { id } } } agents { id role } } }"


class Customer(Struct, frozen=True, kw_only=True):
    """Somebody with accounts and policies at insurers, and their token."""

    name: str
    token: str
    numbers: Mapping[InsurerCode, Sequence[str]]


class People(Struct, frozen=True, kw_only=True):
    """Who asks: households of ten cars, each with a renewal to look at, people of one car, and an agent."""

    households: Sequence[Customer]
    renewals: Sequence[str]
    singles: Sequence[Customer]
    agent: str
    entry: str
    colleague: str


class Client:
    def __init__(self, http: aiohttp.ClientSession, town: Town) -> None:
        self._http = http
        self._town = town

    async def ask(self, document: str, token: str, **variables: object) -> dict[str, Any]:
        """
        Answer the value of the only root field, which is whatever was asked for.

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

    async def settled(self, name: str, count: int, cars: int, *, at: Sequence[InsurerCode]) -> Sequence[Customer]:
        """Let so many move in, each with so many cars and an account at each of these insurers."""
        names = [f"{name} {number}" for number in range(count)]
        customers = [Customer(name=name, token=self._town.issuer.mint(name), numbers={}) for name in names]
        held: list[dict[InsurerCode, Sequence[str]]] = [{} for _ in customers]
        for code in at:
            house = self._town.sandboxes[code]
            wanted = {"count": count, "policies": cars}
            async with self._http.post(f"{house.control_url}/_control/crowd", json=wanted) as answer:
                residents = (await answer.json())["residents"]
            for customer, resident, numbers in zip(customers, residents, held, strict=True):
                account = {"userId": resident["user_id"], "password": resident["password"]}
                done = await self.ask(LINK, customer.token, input={"insurer": {"code": code}, **account, **_key()})
                assert done["link"]["state"] == "LINKED"
                numbers[code] = resident["numbers"]
        return [
            Customer(name=customer.name, token=customer.token, numbers=numbers)
            for customer, numbers in zip(customers, held, strict=True)
        ]

    async def renewing(self, customer: Customer) -> None:
        """Start the renewal of every policy."""
        for code, numbers in customer.numbers.items():
            for number in numbers:
                policy = {"number": {"insurer": {"code": code}, "number": number}}
                await self.ask(START, customer.token, input={"policy": policy, **_key()})

    async def book_read(self, token: str) -> dict[str, Any]:
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
async def opened(folder: Path, crowd: int) -> AsyncIterator[tuple[Town, People]]:
    """Open a town in which it is a Friday morning; let so many of each kind come to have what is asked for."""
    settings = read(Given, data_folder=folder, environment="test", cost_per_minute=0, cost_per_minute_for_nobody=0)
    async with development(settings, clock=TestClock(MORNING)) as town, aiohttp.ClientSession() as http:
        yield town, await _settled(Client(http, town), settings, town, crowd)


async def _settled(client: Client, settings: Settings, town: Town, crowd: int) -> People:
    codes = list(town.sandboxes)
    households = await client.settled("住人", crowd, CARS // len(codes), at=codes)
    singles = await client.settled("一台", crowd, 1, at=codes[:1])
    await client.renewing(households[0])
    agent = town.issuer.mint(agent=AGENT)
    book = await client.book_read(agent)
    return People(
        households=households,
        renewals=await inherited(settings, town.issuer.issuer, [(one.name, one.numbers) for one in households]),
        singles=singles,
        agent=agent,
        entry=book["renewals"]["edges"][0]["node"]["id"],
        # Whoever works at one office cannot be given what belongs to another.
        colleague=next(agent["id"] for agent in book["agents"] if agent["role"] == "MANAGER"),
    )


def _key() -> dict[str, str]:
    return {"idempotencyKey": str(uuid4())}
