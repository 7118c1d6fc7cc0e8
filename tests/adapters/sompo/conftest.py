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

import insurers.sompo
from insurers.account import ANSWER, Access, Active, Answer, Asks, Challenge, Credentials
from insurers.adapter import Applicant, Insurer
from insurers.answers import Value
from insurers.conformance import complete
from insurers.exchange import Exchange
from insurers.identity import PolicyNumber
from insurers.plan import PlanQuery
from insurers.renewal import Draft
from insurers.sandbox import FAULTS, REQUESTS, TOKYO, Address, Fault, Letter, TestClock, World, serve
from insurers.sompo.sandbox import build

# A Friday; every persona's contracts count from here.
TODAY = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)

PERSONAS = Path(insurers.sompo.__file__).parent / "sandbox" / "personas.json"

PASSWORD = "Himawari2026"
MEMBERS_PASSWORD = "Mihon2026"  # personas.json

Control = Callable[..., Awaitable[None]]
Order = Callable[..., None]
SignIn = Callable[..., Awaitable[Access]]
FillIn = Callable[..., Applicant]
Complete = Callable[[Access, PolicyNumber], Awaitable[Draft]]


@dataclass
class Letterbox:
    """Keeps the insurer's mails."""

    letters: list[Letter] = field(default_factory=list)

    async def deliver(self, letter: Letter) -> None:
        self.letters.append(letter)

    def link(self) -> str:
        """The URL in the latest mail."""
        return self._latest(r"https?://\S+")

    def passcode(self) -> str:
        return self._latest(r"(?<=ワンタイムパスワード：)\d+")

    def _latest(self, pattern: str) -> str:
        found = re.search(pattern, self.letters[-1].text)
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
    async with insurers.sompo.connect(base_url=address.url, clock=clock, listener=told.append) as insurer:
        yield insurer


@pytest.fixture
def plan_fault(sandbox: web.Application) -> Order:
    def order(path: str, fault: Fault, *, times: int = 1) -> None:
        sandbox[FAULTS].plan(path, fault, times=times)

    return order


@pytest.fixture
def requests(address: Address, sandbox: web.Application) -> Counter[str]:
    """How often each path was asked; clear it where counting begins."""
    return sandbox[REQUESTS]


@pytest.fixture
async def control(address: Address) -> AsyncIterator[Control]:
    async with aiohttp.ClientSession() as session:

        async def order(path: str, body: object = None) -> None:
            async with session.post(f"{address.control_url}/_control/{path}", json=body) as answer:
                assert answer.status < 400, await answer.text()

        yield order


def persona(name: str) -> dict[str, Any]:
    """A persona as `personas.json` has it; JSON of many shapes, so its type is left open."""
    everyone: list[dict[str, Any]] = json.loads(PERSONAS.read_text(encoding="utf-8"))["personas"]
    return next(one for one in everyone if one["name"] == name)


@pytest.fixture
def applicant() -> FillIn:
    def fill_in(name: str, **changes: Value) -> Applicant:
        """The registration form as this persona fills it in."""
        one = persona(name)
        person = one["person"]
        values: dict[str, Value] = {
            "terms_confirmed": "true",
            "family_name": person["family"],
            "given_name": person["given"],
            "birth_date": person["born"],
            "postal_code": person["postal_code"],
            "address": person["address"],
            "phone": person["phone"].replace("-", ""),
            "policy_numbers": tuple(contract["number"] for contract in one["contracts"])[:5],
            "maturity_mail": "true",
            "email": one["mail"],
            "password": PASSWORD,
            "entries_confirmed": "true",
        }
        return Applicant(values=values | changes)

    return fill_in


@pytest.fixture
async def asked_again(insurer: Insurer, letterbox: Letterbox, applicant: FillIn) -> Challenge:
    """Taro's registration, with the link brought and the password wanted again."""
    mailed = await insurer.begin_registration("provisional", applicant("taro"))
    assert isinstance(mailed, Asks)
    asks = await insurer.answer(mailed.challenge, Answer(values={"link": letterbox.link()}))
    assert isinstance(asks, Asks)
    return asks.challenge


@pytest.fixture
async def access(insurer: Insurer, asked_again: Challenge) -> Access:
    """Taro's, by a trusted device."""
    values = {"password_again": PASSWORD, "trusted_device": "true"}
    active = await insurer.answer(asked_again, Answer(values=values))
    assert isinstance(active, Active)
    return active.access


@pytest.fixture
def sign_in(insurer: Insurer, letterbox: Letterbox) -> SignIn:
    async def signed_in(name: str, *, trust_device: bool = True) -> Access:
        credentials = Credentials(user_id=persona(name)["mail"], password=MEMBERS_PASSWORD)
        asks = await insurer.sign_in(credentials)
        assert isinstance(asks, Asks)
        brought = Answer(values={ANSWER: letterbox.passcode()}, trust_device=trust_device)
        active = await insurer.answer(asks.challenge, brought)
        assert isinstance(active, Active)
        return active.access

    return signed_in


@pytest.fixture
def known() -> PolicyNumber:
    return PolicyNumber.parse("A123456789")


@pytest.fixture
def unknown() -> PolicyNumber:
    """Sayuri's."""
    return PolicyNumber.parse("B987654321")


@pytest.fixture
def completed(insurer: Insurer) -> Complete:
    async def draft(access: Access, number: PolicyNumber) -> Draft:
        plans = await insurer.plans(access, PlanQuery(number=number))
        return complete(number, plans[0], await insurer.script(access, number))

    return draft


@pytest.fixture
async def draft(completed: Complete, access: Access, known: PolicyNumber) -> Draft:
    return await completed(access, known)
