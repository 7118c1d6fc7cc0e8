"""Customers who renew at a gateway that keeps dying under their hands, and who know no insurer."""

import asyncio
import random
from collections import Counter

import aiohttp

from insurers.sandbox import Resident
from tests.api.frontend import Frontend, Json
from tests.chaos.house import House
from tests.chaos.told import Told
from tests.chaos.town import Town

# Where a renewal is still on its way; elsewhere it has come to an end, or waits for somebody else.
IN_HAND = frozenset({"IN_PROGRESS", "READY"})
SENT = frozenset({"QUEUED", "SUBMITTING", "UNCONFIRMED"})

# How soon a customer tries again when something failed, and how soon one looks again at what was sent.
AGAIN_SECONDS = 0.5
LOOK_SECONDS = 4.0
# A gateway that was killed is back in seconds; who finds nobody at either door for so long gives up.
KNOCKS = 120


class NotNow(Exception):
    """Something failed on the way, or is not there yet; a little later it may be."""


class Customer(Frontend):
    """
    One resident, who repeats an order with its key at the other door when a connection breaks.

    Every answer is written down before anything is made of it.
    """

    def __init__(self, town: Town, house: House, resident: Resident, told: Told, troubles: Counter[str]) -> None:
        token = town.issuer.mint(f"住民 {house.code}-{resident.numbers[0]}")
        super().__init__(town.http, town.doors[0], token, "taro", ())
        self.person = self.person | {
            "mail": resident.user_id,
            "password": resident.password,
            "policies": {house.code: list(resident.numbers)},
        }
        self.house = house
        self.renewal: Json | None = None
        self._doors = random.sample(town.doors, len(town.doors))
        self._told = told
        self._troubles = troubles

    async def raw(self, document: str, variables: Json | None = None, operation: str | None = None) -> Json:
        body = {"query": document, "variables": variables or {}, "operationName": operation}
        for knock in range(KNOCKS):
            door = self._doors[knock % len(self._doors)]
            try:
                async with self.http.post(f"{door}/graphql", json=body, headers=self.headers) as response:
                    answer: Json = await response.json(content_type=None)
            except (aiohttp.ClientError, TimeoutError):
                self._troubles["connection broken"] += 1
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                self._told.hear(answer, door)
                return answer
        raise TimeoutError("no gateway answers")

    async def _value(self, need: Json, flow: Json) -> Json | None:
        if need["__typename"] == "DocumentRequirement":
            return await self.opened(need, flow)
        return await super()._value(need, flow)

    async def opened(self, need: Json, flow: Json) -> Json:
        """Open a document at whichever door is open."""
        path = "/" + need["document"]["url"].split("/", 3)[3]
        for door in self._doors:
            try:
                async with self.http.get(door + path) as response:
                    if response.status == 200 and (await response.read()).startswith(b"%PDF"):
                        return {"documentOpened": need["document"]["id"]}
                    self._troubles[f"document {response.status}"] += 1
            except (aiohttp.ClientError, TimeoutError):
                self._troubles["connection broken"] += 1
        raise NotNow

    async def send(self) -> None:
        """Sign in, begin a renewal, and go on to where it is sent."""
        await self._link()
        while self.renewal is None:
            self.renewal = await self._begun()
        while self.renewal["status"] in IN_HAND:
            self.renewal = await self._moved(self.renewal)

    async def see_it_through(self) -> None:
        """Look at what was sent until it has come to its end; what comes back is sent again."""
        assert self.renewal is not None
        while self.renewal["status"] in IN_HAND | SENT:
            if self.renewal["status"] in SENT:
                await asyncio.sleep(LOOK_SECONDS)
                self.renewal = await self.read(self.renewal)
            else:
                self.renewal = await self._moved(self.renewal)

    async def _link(self) -> None:
        account = {"userId": self.person["mail"], "password": self.person["password"]}
        while True:
            done = await self.mutate("InsurerLinkCreate", insurer={"code": self.house.code}, **account)
            if not self._troubled("link", done) and done["link"]["state"] == "LINKED":
                return
            await asyncio.sleep(AGAIN_SECONDS)

    async def _begun(self) -> Json | None:
        found = await self.policies(first=100)
        numbers = self.person["policies"][self.house.code]
        ids = [edge["node"]["id"] for edge in found["edges"] if edge["node"]["number"] == numbers[0]]
        if not ids:
            self._troubles.update(f"list {provider['code'] or provider['state']}" for provider in found["providers"])
            await asyncio.sleep(AGAIN_SECONDS)
            return None
        done = await self.mutate("RenewalStart", policy={"id": ids[0]})
        if self._troubled("start", done):
            await asyncio.sleep(AGAIN_SECONDS)
        return done["renewal"]  # type: ignore[no-any-return]  # Whatever was asked for.

    async def _moved(self, renewal: Json) -> Json:
        """Answer the open step, or send; after any trouble wait, and look at what there is."""
        try:
            return await self._done(renewal)
        except NotNow:
            await asyncio.sleep(AGAIN_SECONDS)
            return await self.read(renewal)

    async def _done(self, renewal: Json) -> Json:
        if renewal["status"] == "READY":
            done = await self.submit(renewal)
        elif _is_ready_for_answers(renewal):
            done = await self.answer("RenewalStepAnswer", renewal, renewal["currentStep"])
        else:
            raise NotNow
        if self._troubled("send" if renewal["status"] == "READY" else "answer", done):
            raise NotNow
        return done["renewal"]  # type: ignore[no-any-return]  # Whatever was asked for.

    def _troubled(self, what: str, done: Json) -> bool:
        self._troubles.update(f"{what} {error['code']}" for error in done["errors"])
        return bool(done["errors"])


def _is_ready_for_answers(renewal: Json) -> bool:
    """The last step is about what was rehearsed, which may not be there yet."""
    step = renewal["currentStep"]
    return step is not None and (step["kind"] != "APPLICATION" or renewal["review"] is not None)
