"""One insurer's sandbox, as a test of a journey disturbs it and looks at it."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from msgspec import Struct

from insurers.identity import InsurerCode
from insurers.panel import find
from insurers.sandbox import FAULTS, REQUESTS, RESET, Address, Fault
from tests.api.frontend import Frontend


class Change(Struct, frozen=True):
    """What to order at the control port, so that something moves behind the customer's back."""

    path: str
    body: Mapping[str, Any]  # Whatever that order takes.


class Places(Struct, frozen=True, kw_only=True):
    """
    Where things happen at an insurer, as its WIRE.md names them.

    `sends` is the call that sends a registration's mail, `opens` the last one of a registration,
    `door` a call on the way to the button, and `button` the button. `corrects` is the key of a condition
    that its customer may correct, where there is one.
    """

    sends: str
    opens: str
    door: str
    button: str
    corrects: str | None
    premium: Change
    document: Change


PLACES = msgspec.json.decode((Path(__file__).parent / "places.json").read_bytes(), type=dict[str, Places])

# Stands for the number of whichever policy a change is about.
NUMBER = "NUMBER"

PATIENCE_SECONDS = 60

on_both_databases = pytest.mark.parametrize("address_of_database", ["sqlite", "postgresql"], indirect=True)

# Every insurer and both databases, and not each with each: for tests that take long.
by_turns = pytest.mark.parametrize(
    ("code", "address_of_database"), list(zip(PLACES, cycle(["sqlite", "postgresql"]), strict=False)), indirect=True
)


class AnInsurer:
    def __init__(self, code: InsurerCode, app: web.Application, address: Address) -> None:
        self.code = code
        self.places = PLACES[code]
        self.address = address
        self._app = app

    def order(self, path: str, fault: Fault, *, times: int = 1, seconds: float = 0.0) -> None:
        self._app[FAULTS].plan(path, fault, times=times, seconds=seconds)

    def calm(self) -> None:
        """Take back the faults that have not come."""
        self._app[FAULTS].planned.clear()

    def forget(self) -> None:
        """Begin again, as on the first day."""
        self.calm()
        self._app[RESET]()

    def count_anew(self) -> None:
        self._app[REQUESTS].clear()

    def calls(self, path: str) -> int:
        return self._app[REQUESTS][f"POST {path}"]

    @property
    def settles_within(self) -> timedelta:
        """How long the insurer may need until its records show what it did."""
        return find(self.code).MANIFEST.settles_within

    @property
    def presses(self) -> int:
        """How often the button was pressed, whatever came of it."""
        return self.calls(self.places.button)

    async def called(self, path: str) -> None:
        """Wait until somebody calls there, asking the sandbox itself again and again."""
        async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession(self.address.control_url) as control:
            while True:
                async with control.get("/_control/requests") as response:
                    if f"POST {path}" in json.loads(await response.text()):
                        return

    async def successors(self, customer: Frontend) -> list[str]:
        """The numbers of all terms that the insurer began since, each of which it lists as a policy, too."""
        found = (await customer.policies(first=100))["edges"]
        policies = [edge["node"] for edge in found if edge["node"]["insurer"]["code"] == self.code]
        successors = [policy["successorNumber"] for policy in policies if policy["successorNumber"]]
        known = customer.person["policies"][self.code]
        assert sorted([*known, *successors]) == sorted(policy["number"] for policy in policies)
        return successors

    async def change(self, change: Change, customer: Frontend) -> None:
        """Order it, for the first policy of this customer where it is about one."""
        (number, *_) = customer.person["policies"][self.code]
        body = {key: number if told == NUMBER else told for key, told in change.body.items()}
        async with (
            aiohttp.ClientSession(self.address.control_url) as control,
            control.post(change.path, json=body) as response,
        ):
            assert response.status < 300, await response.text()
