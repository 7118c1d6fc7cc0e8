"""A sandbox on a real socket, and a customer with a browser's patience who knows WIRE.md by heart."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
import pytest

from insurers.mitsui_sumitomo.sandbox import build, personas
from insurers.sandbox import TOKYO, Address, Letter, TestClock, World, serve

# A Friday; every persona's contracts count from here.
TODAY = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)

PASSWORD = "Tabane-2026"

# The answers to ①–④ that lead straight on.
STRAIGHT: Mapping[int, str] = {1: "GAITO_SURU", 2: "GAITO_NASHI", 3: "KAKUNIN_SHITA", 4: "KAKUNIN_SHITA"}


@dataclass(frozen=True)
class Heard:
    """An answer. The body is JSON of many shapes, so its type is left open."""

    status: int
    body: Any
    headers: Mapping[str, str]
    raw: bytes = field(repr=False)

    @property
    def code(self) -> str | None:
        return self.body.get("code") if isinstance(self.body, dict) else None

    @property
    def said(self) -> tuple[int, str | None]:
        return self.status, self.code


@dataclass
class Letterbox:
    letters: list[Letter] = field(default_factory=list)
    out_of_order: bool = False

    async def deliver(self, letter: Letter) -> None:
        if self.out_of_order:
            raise ConnectionRefusedError
        self.letters.append(letter)


class Customer:
    """One person with one cookie jar."""

    def __init__(self, address: Address, letterbox: Letterbox, session: aiohttp.ClientSession) -> None:
        self.address, self.letterbox, self.session = address, letterbox, session
        self.token = ""

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> Heard:
        async with self.session.request(
            method, f"{self.address.url}{path}", json=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
        ) as response:
            raw = await response.read()
            is_json = response.content_type.endswith("json")
            return Heard(response.status, json.loads(raw) if is_json else None, response.headers, raw)

    async def get(self, path: str) -> Heard:
        return await self.call("GET", path)

    async def post(self, path: str, body: object = None, **headers: str) -> Heard:
        return await self.call("POST", path, body, **headers)

    async def done(self, method: str, path: str, body: object = None) -> Any:
        """Call, expect no refusal, and answer the body."""
        heard = await self.call(method, path, body)
        assert heard.status < 400, heard
        return heard.body

    async def ask_control(self, path: str, body: object = None, method: str = "POST") -> Any:
        """Call the control port, and answer the body."""
        async with self.session.request(method, f"{self.address.control_url}/_control/{path}", json=body) as response:
            assert response.status < 400, await response.text()
            return await response.json()

    async def control(self, path: str, body: object = None, method: str = "POST") -> None:
        async with self.session.request(method, f"{self.address.control_url}/_control/{path}", json=body) as response:
            assert response.status < 400, await response.text()

    def form(self, code: str, **changes: object) -> dict[str, object]:
        """The registration form as this persona fills it in."""
        persona = next(one for one in personas.read().personas if one.code == code)
        holder = persona.keiyakusha
        return {
            "keiyakushaShimei": {"sei": holder.shimei.sei, "mei": holder.shimei.mei},
            "keiyakushaKana": {"sei": holder.kana.sei, "mei": holder.kana.mei},
            "seinengappi": holder.seinengappi.isoformat(),
            "mailAddress": f"{code}@example.jp",
            "keyword": "Abc123",
            "shainNo": persona.shain_no,
            "riyoKiyakuDoi": True,
            "riyoKiyakuHansu": "2026-04",
        } | changes

    async def ask_for_link(self, code: str, *, close: bool = True, **changes: object) -> str:
        """Send the form, and answer the code in the link of the mail."""
        number = (await self.done("POST", "/portal/toroku", self.form(code, **changes)))["torokuNo"]
        await self.done("POST", f"/portal/toroku/{number}/soshin")
        if close:
            await self.done("POST", f"/portal/toroku/{number}/tojiru")
        found = re.search(r"/portal/SI\?cd=(\S+)", self.letterbox.letters[-1].text)
        assert found
        return found[1]

    def named(self, code: str, **changes: object) -> dict[str, object]:
        """The form that asks for a policy number, as this persona fills it in."""
        persona = next(one for one in personas.read().personas if one.code == code)
        whole = self.form(code) | {"shokenNo": persona.keiyaku[0]["shokenNo"]} | changes
        return {name: told for name, told in whole.items() if name not in {"keyword", "shainNo", "mailAddress"}}

    async def temporary_password(self, code: str, **changes: object) -> str:
        """Ask for a temporary password, and read it in the mail."""
        filled = self.named(code, **changes) | {"mailAddress": f"{code}@example.jp"}
        number = (await self.done("POST", "/portal/toroku/shinki", filled))["torokuNo"]
        await self.done("POST", f"/portal/toroku/shinki/{number}/soshin")
        found = re.search(r"^仮パスワード:(\S+)$", self.letterbox.letters[-1].text, re.MULTILINE)
        assert found
        return found[1]

    async def log_in(self, user_id: str, password: str, *, easily: bool = True) -> Heard:
        await self.done("POST", "/portal/login/user-id", {"userId": user_id})
        heard = await self.post("/portal/login/password", {"password": password, "kantanLogin": easily})
        if heard.status == 200:
            self.token = heard.body.get("kantanLoginToken") or self.token
        return heard

    async def forget(self, mail_address: str, born: str) -> tuple[str, str]:
        """Ask for a reset; answers the keyword of the screen and the code in the link of the mail."""
        asked = {"mailAddress": mail_address, "seinengappi": born}
        keyword = (await self.done("POST", "/portal/saitoroku", asked))["keyword"]
        found = re.search(r"/portal/SS\?cd=(\S+)", self.letterbox.letters[-1].text)
        assert found
        return keyword, found[1]

    async def choose(self, user_id: str, password: str = PASSWORD, *, wants_mail: bool = False) -> Any:
        """User ID and password, and complete."""
        chosen = {"userId": user_id, "password": password, "passwordKakunin": password, "mailKibo": wants_mail}
        await self.done("POST", "/portal/toroku/id-password", chosen)
        completed = await self.done("POST", "/portal/toroku/kanryo", {"kantanLogin": True})
        self.token = completed["kantanLoginToken"]
        return completed

    async def write_in_line(self, line_user_id: str, text: str) -> str:
        told = await self.ask_control("line", {"lineUserId": line_user_id, "text": text})
        assert isinstance(told["henji"], str)
        return told["henji"]

    async def register(self, code: str) -> None:
        """Walk the whole registration; logged in afterwards."""
        await self.done("POST", "/portal/SI", {"cd": await self.ask_for_link(code)})
        await self.done("POST", "/portal/toroku/keyword", {"keyword": "Abc123"})
        await self.choose(f"{code}@example.jp")

    async def log_in_easily(self) -> None:
        await self.done("POST", "/portal/login/kantan", {"kantanLoginToken": self.token})

    async def enter(self, number: str) -> Any:
        """Hand over to e-G1."""
        ticket = await self.done("POST", f"/portal/keizoku/{number}/kaishi")
        return await self.done("POST", "/eg1/nyujo", {"kippu": ticket["kippu"]})

    async def plan(self, plan_number: int) -> Any:
        plans = (await self.done("GET", "/eg1/plan"))["plan"]
        return next(plan for plan in plans if plan["planNo"] == plan_number)

    async def confirm_conditions(self, **changes: object) -> Heard:
        return await self.post("/eg1/kyotsu-joken", {"kakunin": True, "henko": changes})

    async def decide(self, plan_number: int = 1) -> None:
        await self.confirm_conditions()
        plan = await self.plan(plan_number)
        await self.done("POST", f"/eg1/plan/{plan_number}/kettei", {"shisanHash": plan["shisanHash"]})

    async def answer_matters(self, given: Mapping[int, str] = STRAIGHT, *, read: bool = True) -> Heard:
        """Answer ①–④ straight, but for what is given."""
        answers = {**STRAIGHT, **given}
        paper = (await self.done("GET", "/eg1/juyo-jiko"))["shorui"]
        if read:
            await self.done("GET", paper["url"])
        kept = {name: paper[name] for name in ("shoruiId", "hansu", "sha256")} | {"kakuninHokan": True}
        told = [{"no": number, "kaito": code} for number, code in answers.items() if code]
        return await self.post("/eg1/juyo-jiko", {"kaito": told, "shorui": kept})

    async def fill_in(self, *, cars: int = 1) -> Heard:
        inputs = {"stepKakunin": [1, 2, 3, 4, 5], "shoyuDaisu": cars, "shokenKeishiki": "WEB_ETSURAN_NOMI"}
        return await self.post("/eg1/saishu-kakunin", inputs)

    async def walk_to_the_button(self, number: str, plan_number: int = 1) -> dict[str, object]:
        """Everything before the application; answers what the application has to name."""
        await self.enter(number)
        await self.decide(plan_number)
        assert (await self.answer_matters()).status == 200
        return order((await self.fill_in()).body)

    async def press(self, named: dict[str, object], key: str = "key-1") -> Heard:
        return await self.post("/eg1/moshikomi", named, Idempotency_Key=key)


def order(final: Any) -> dict[str, object]:
    """What the application names, read from the last screen."""
    paper = {name: final["shorui"][name] for name in ("shoruiId", "hansu", "sha256")}
    return {"shisanHash": final["shisanHash"], "shorui": paper, "doi": True, "doiBunHash": final["doiBunHash"]}


@pytest.fixture
def clock() -> TestClock:
    return TestClock(TODAY, frozen=True)


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
async def address(clock: TestClock, letterbox: Letterbox) -> AsyncIterator[Address]:
    async with serve(build(World(clock=clock, postman=letterbox))) as address:
        yield address


@pytest.fixture
async def customer(address: Address, letterbox: Letterbox) -> AsyncIterator[Customer]:
    # Cookies of a bare IP address are dropped by the default jar.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Customer(address, letterbox, session)


@pytest.fixture
async def other(address: Address, letterbox: Letterbox) -> AsyncIterator[Customer]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Customer(address, letterbox, session)


@pytest.fixture
async def taro(customer: Customer) -> Customer:
    await customer.register("taro")
    return customer
