"""The adapter, the insurer's sandbox on a real socket, and customers who read their mail."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

import insurers.mitsui_sumitomo
from insurers.account import Access, Active, Answer, Asks
from insurers.adapter import Applicant, Insurer
from insurers.exchange import Exchange
from insurers.identity import PolicyNumber
from insurers.mitsui_sumitomo.sandbox import build
from insurers.sandbox import FAULTS, REQUESTS, TOKYO, Address, Fault, Letter, TestClock, World, serve

# A Friday; every persona's contracts count from here.
TODAY = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)

PERSONAS = Path(insurers.mitsui_sumitomo.__file__).parent / "sandbox" / "personas.json"

Control = Callable[..., Awaitable[None]]
Register = Callable[[str], Awaitable[Access]]


@dataclass
class Letterbox:
    """Keeps the insurer's mails."""

    letters: list[Letter] = field(default_factory=list)

    async def deliver(self, letter: Letter) -> None:
        self.letters.append(letter)

    def link(self) -> str:
        """The URL in the latest mail."""
        found = re.search(r"https?://\S+/portal/SI\?cd=\S+", self.letters[-1].text)
        assert found
        return found[0]


@pytest.fixture
def clock() -> TestClock:
    return TestClock(TODAY, frozen=True)


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def sandbox(clock: TestClock, letterbox: Letterbox) -> web.Application:
    return build(World(clock=clock, postman=letterbox))


@pytest.fixture
async def address(sandbox: web.Application) -> AsyncIterator[Address]:
    async with serve(sandbox) as address:
        yield address


@pytest.fixture
def told() -> list[Exchange]:
    return []


@pytest.fixture
async def insurer(address: Address, clock: TestClock, told: list[Exchange]) -> AsyncIterator[Insurer]:
    async with insurers.mitsui_sumitomo.connect(base_url=address.url, clock=clock, listener=told.append) as insurer:
        yield insurer


@pytest.fixture
def faults(sandbox: web.Application) -> Callable[..., None]:
    def plan(path: str, fault: Fault, *, times: int = 1) -> None:
        sandbox[FAULTS].plan(path, fault, times=times)

    return plan


@pytest.fixture
def requests(sandbox: web.Application, access: Access) -> Callable[[], Counter[str]]:
    """How often each call was asked since the account was opened."""
    counted = sandbox[REQUESTS]
    before = counted.copy()
    return lambda: counted - before


@pytest.fixture
async def control(address: Address) -> AsyncIterator[Control]:
    async with aiohttp.ClientSession() as session:

        async def order(path: str, body: object = None) -> None:
            async with session.post(f"{address.control_url}/_control/{path}", json=body) as answer:
                assert answer.status < 400, await answer.text()

        yield order


def persona(code: str) -> dict[str, Any]:
    """A persona as `personas.json` has it; JSON of many shapes, so its type is left open."""
    everyone: list[dict[str, Any]] = json.loads(PERSONAS.read_text(encoding="utf-8"))["personas"]
    return next(one for one in everyone if one["code"] == code)


@pytest.fixture
def applicant() -> Callable[..., Applicant]:
    def fill_in(code: str, **changes: str) -> Applicant:
        """The registration form as this persona fills it in."""
        one = persona(code)
        holder = one["keiyakusha"]
        values = {
            "family_name": holder["shimei"]["sei"],
            "given_name": holder["shimei"]["mei"],
            "family_kana": holder["kana"]["sei"],
            "given_kana": holder["kana"]["mei"],
            "birth_date": holder["seinengappi"],
            "email": f"{code}@example.jp",
            "employee_number": one.get("shainNo") or "",
            "chosen_keyword": "Abc123",
            "terms": "true",
            "entries_confirmed": "true",
        }
        return Applicant(values=values | changes)

    return fill_in


@pytest.fixture
def register(insurer: Insurer, letterbox: Letterbox, applicant: Callable[..., Applicant]) -> Register:
    async def registered(code: str) -> Access:
        answered: Asks | Active = await insurer.begin_registration("link_and_keyword", applicant(code))
        for values in (
            {"link": letterbox.link()},
            {"keyword": "Abc123"},
            {
                "user_id": f"{code}@example.jp",
                "password": "Tabane-2026",
                "mail_wanted": "false",
                "credentials_confirmed": "true",
            },
        ):
            assert isinstance(answered, Asks)
            answered = await insurer.answer(answered.challenge, Answer(values=values))
        assert isinstance(answered, Active)
        return answered.access

    return registered


@pytest.fixture
async def access(register: Register) -> Access:
    return await register("taro")


@pytest.fixture
def known() -> PolicyNumber:
    return PolicyNumber.parse("0123456789")


@pytest.fixture
def unknown() -> PolicyNumber:
    return PolicyNumber.parse("0987654321")
