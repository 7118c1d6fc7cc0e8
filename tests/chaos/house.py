"""An insurer's sandbox in a process of its own, over its control door."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import aiohttp
import msgspec
from msgspec import Struct

from insurers.identity import InsurerCode
from insurers.sandbox import Accepted, Fault, Resident
from tests.journeys.insurer import PLACES


class Taken(Struct, frozen=True):
    """How often a fault befell whoever called there."""

    path: str
    fault: Fault
    times: int


class House:
    """
    Its crowd moves in once; a trial takes residents from it as it goes.

    A sandbox lives as long as the trial, so that what it signed is counted by the only one who knows.
    """

    def __init__(self, code: InsurerCode, http: aiohttp.ClientSession, url: str, control_url: str) -> None:
        self.code = code
        self.url = url
        self.button = PLACES[code].button
        self._http = http
        self._control_url = control_url
        self._residents: list[Resident] = []
        self._moving_in = asyncio.Lock()

    async def advance(self, by: timedelta) -> None:
        await self._ask("PUT", "clock", {"advance_seconds": by.total_seconds()})

    async def resident(self, batch: int) -> Resident:
        """Answer one who has not been here yet; when all have, a *batch* more move in."""
        async with self._moving_in:
            if not self._residents:
                told = await self._ask("POST", "crowd", {"count": batch})
                self._residents = msgspec.convert(told["residents"], list[Resident])
            return self._residents.pop()

    async def ledger(self) -> Sequence[Accepted]:
        return msgspec.convert((await self._ask("GET", "ledger"))["accepted"], list[Accepted])

    async def calls(self) -> Counter[str]:
        """Answer how often each route was called, as `POST /path`."""
        return Counter(await self._ask("GET", "requests"))

    async def presses(self) -> int:
        return (await self.calls())[f"POST {self.button}"]

    async def order(self, path: str, fault: Fault, *, times: int = 1, seconds: float = 0.0) -> None:
        await self._ask("POST", "faults", {"path": path, "fault": fault, "times": times, "seconds": seconds})

    async def calm(self) -> None:
        """Take back the faults that have not come."""
        await self._ask("DELETE", "faults")

    async def taken(self) -> Sequence[Taken]:
        return msgspec.convert((await self._ask("GET", "faults"))["taken"], list[Taken])

    # JSON of that door is whatever was asked for.
    async def _ask(self, method: str, what: str, body: dict[str, Any] | None = None) -> Any:
        async with self._http.request(method, f"{self._control_url}/_control/{what}", json=body) as answer:
            if answer.status >= 400:
                raise RuntimeError(f"{method} {what} at {self.code}: {answer.status} {await answer.text()}")
            return await answer.json() if answer.content_type == "application/json" else None
