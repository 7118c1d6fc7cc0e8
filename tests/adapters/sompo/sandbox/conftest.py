"""A customer in front of Sompo's sandbox, over a real socket. It reads WIRE.md once more, for itself."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import aiohttp
import pytest

from insurers.sandbox import TOKYO, Address, Letter, TestClock, World, serve
from insurers.sompo.sandbox import build

PASSWORD = "Himawari2026"
MEMBERS_PASSWORD = "Mihon2026"  # personas.json
TARO = {
    "MAIL": "taro@example.jp",
    "PASSWORD": PASSWORD,
    "SEI": "三住",
    "MEI": "太郎",
    "SEINEN_YMD": "S50.01.01",
    "YUBIN_NO": "1010099",
    "JYUSYO": "東京都千代田区神田見本町3-9",
    "TEL_NO": "090-1234-5678",
    "MANKI_MAIL": "1",
}
TICKS: Mapping[str, Mapping[str, str]] = {
    "jizen": {"KAKUNIN_01": "1"},
    "kihon": {"KAKUNIN_02": "1", "POPUP_OK": "1", "KAKUNIN_03": "1"},
    "hosyou": {"KAKUNIN_04": "1"},
    "syousai": {"KAKUNIN_05": "1", "MENKYO_KOUSIN_YM": "R10.02", "SAIJYAKUNEN_YMD": "S52.03.03"},
    "kettei": {"KAKUNIN_06": "1"},
    "siharai": {"KAKUNIN_07": "1"},
    "juyou": {"KAKUNIN_08": "1", "KAKUNIN_09": "1", "KOKUTI_GAITOU": "0", "TUUTI_GAITOU": "0"},
}
STEPS = tuple(TICKS)


@dataclass
class Answer:
    """The first line, and the records behind it."""

    first: dict[str, str]
    records: list[dict[str, str]]

    @property
    def code(self) -> str:
        return self.first["KEKKA_CD"]

    def __getitem__(self, name: str) -> str:
        return self.first[name]

    def of(self, kind: str, **like: str) -> list[dict[str, str]]:
        """Answer the records of one kind in which *like* holds."""
        return [record for record in self.records if like.items() | {("REC", kind)} <= record.items()]


class Tray:
    """Where the sandbox's mails land."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.is_shut = False

    async def deliver(self, letter: Letter) -> None:
        if self.is_shut:
            raise ConnectionRefusedError
        self.letters.append(letter)

    @property
    def link(self) -> str:
        found = re.search(r"http\S+", self.letters[-1].text)
        assert found
        return found.group()

    @property
    def key(self) -> str:
        return parse_qs(urlsplit(self.link).query)["KAGI"][0]

    @property
    def passcode(self) -> str:
        found = re.search(r"ワンタイムパスワード：(\d+)", self.letters[-1].text)
        assert found
        return found.group(1)


@dataclass
class Walk:
    """A renewal procedure under way, with what it will confirm."""

    number: str
    procedure: str
    quote: dict[str, str]
    paper: dict[str, str]


@dataclass
class Customer:
    """Somebody with a form, an account perhaps, and a letter box."""

    http: aiohttp.ClientSession
    doors: Address
    clock: TestClock
    tray: Tray
    token: str = field(default="")

    async def post(self, path: str, body: bytes) -> tuple[str, bytes]:
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=Shift_JIS"}
        async with self.http.post(self.doors.url + path, data=body, headers=headers) as answer:
            assert 200 == answer.status
            return answer.headers["Content-Type"], await answer.read()

    async def ask(self, path: str, *records: Mapping[str, str], **fields: str) -> Answer:
        lines = [{"KAIIN_TOKEN": self.token, **fields}, *records]
        body = "".join(urlencode(line, encoding="shift_jis") + "\r\n" for line in lines)
        _, told = await self.post(path, body.encode("ascii"))
        return read(told)

    async def control(self, method: str, door: str, /, **asked: Any) -> None:  # Any: whatever JSON carries
        async with self.http.request(method, self.doors.control_url + door, json=asked) as answer:
            assert answer.ok

    async def provisional(self, *numbers: str, **fields: str) -> Answer:
        """Walk a registration up to 仮登録, or to the first refusal."""
        rules = await self.ask("/touroku/kiyaku")
        agreed = await self.ask("/touroku/doui", KIYAKU_BAN=rules["KIYAKU_BAN"], DOUI="1")
        reception = agreed["UKETUKE_NO"]
        entered = await self.ask("/touroku/nyuryoku", *keiyaku(*numbers), UKETUKE_NO=reception, **{**TARO, **fields})
        return await self.ask("/touroku/kakutei", UKETUKE_NO=reception) if entered.code == "00" else entered

    async def register(self, *numbers: str, **fields: str) -> Answer:
        provisional = await self.provisional(*numbers, **fields)
        assert "00" == provisional.code
        done = await self.ask("/touroku/hontouroku", KAGI=self.tray.key, PASSWORD=PASSWORD, SINRAI_TANMATU="0")
        self.token = done["KAIIN_TOKEN"]
        return done

    async def sign_in(self, mail: str, password: str = MEMBERS_PASSWORD) -> Answer:
        asked = await self.ask("/login/ninsyo", MAIL=mail, PASSWORD=password)
        answer = await self.ask("/login/otp", OTP_NO=asked["OTP_NO"], OTP=self.tray.passcode, SINRAI_TANMATU="0")
        self.token = answer["KAIIN_TOKEN"]
        return answer

    async def quotes(self, number: str, plan: str = "", **changes: str) -> Answer:
        """Ask for quotes; changes are named `c31="20"`."""
        lines = [{"REC": "HENKOU", "HOSYOU_CD": code[1:], "SENTAKU_CD": choice} for code, choice in changes.items()]
        return await self.ask("/koukai/sisan", *lines, SYOKEN_NO=number, PLAN_CD=plan)

    async def begin(self, number: str, plan: str = "02") -> Walk:
        (policy,) = (await self.ask("/keiyaku/syokai", *keiyaku(number))).of("KEIYAKU")
        (quote,) = (await self.quotes(number, plan)).of("PLAN")
        (paper,) = (await self.ask("/koukai/tejyun", SYOKEN_NO=number)).of("SYORUI", SYORUI_SYU="10")
        begun = await self.ask("/koukai/kaisi", SYOKEN_NO=number, SIKI_YMD=policy["SIKI_YMD"])
        assert "00" == begun.code
        return Walk(number, begun["TETUZUKI_NO"], quote, paper)

    async def step(self, walk: Walk, name: str, **fields: str) -> Answer:
        """Send one step as it should be, except for *fields*."""
        own = {
            "hosyou": {"SISAN_NO": walk.quote["SISAN_NO"]},
            "juyou": {"SYORUI_NO": walk.paper["SYORUI_NO"], "SHA256": walk.paper["SHA256"]},
        }
        return await self.ask(
            f"/koukai/{name}", TETUZUKI_NO=walk.procedure, **{**TICKS[name], **own.get(name, {}), **fields}
        )

    async def walk(self, number: str, until: str = "", plan: str = "02") -> Walk:
        """Walk a renewal up to the step *until*, or up to the button."""
        walk = await self.begin(number, plan)
        for name in STEPS:
            if name == until:
                break
            if name == "juyou":
                await self.open_paper(walk)
            assert "00" == (await self.step(walk, name)).code, name
        return walk

    async def open_paper(self, walk: Walk) -> bytes:
        fields = {"KAIIN_TOKEN": self.token, "SYORUI_NO": walk.paper["SYORUI_NO"], "TETUZUKI_NO": walk.procedure}
        kind, content = await self.post("/syorui/syutoku", urlencode(fields).encode("ascii"))
        assert "application/pdf" == kind
        return content

    def button(self, walk: Walk, **fields: str) -> dict[str, str]:
        """Answer what the button sends."""
        confirmed = {
            "KAIIN_TOKEN": self.token,
            "TETUZUKI_NO": walk.procedure,
            "ANNAI_CD": "10",
            "SISAN_NO": walk.quote["SISAN_NO"],
            "HOKENRYO": walk.quote["HOKENRYO"],
            "SYORUI_NO": walk.paper["SYORUI_NO"],
            "SHA256": walk.paper["SHA256"],
        }
        return {**confirmed, **fields}

    async def apply(self, walk: Walk, **fields: str) -> Answer:
        return await self.ask("/koukai/moshikomi", **self.button(walk, **fields))

    async def renewal(self, number: str) -> dict[str, str]:
        (found,) = (await self.ask("/koukai/itiran", *keiyaku(number))).of("KOUSIN")
        return found


def keiyaku(*numbers: str) -> list[dict[str, str]]:
    return [{"REC": "KEIYAKU", "SYOKEN_NO": number} for number in numbers]


def read(body: bytes) -> Answer:
    lines = [
        dict(parse_qsl(line, keep_blank_values=True, strict_parsing=True, encoding="shift_jis", errors="strict"))
        for line in body.decode("ascii").split("\r\n")
        if line
    ]
    return Answer(lines[0], lines[1:])


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2026, 11, 21, 10, tzinfo=TOKYO), frozen=True)


@pytest.fixture
async def customer(clock: TestClock) -> AsyncIterator[Customer]:
    """Nobody yet: not registered, not signed in."""
    tray = Tray()
    app = build(World(clock=clock, postman=tray))
    async with serve(app) as doors, aiohttp.ClientSession() as http:
        yield Customer(http, doors, clock, tray)


@pytest.fixture
async def taro(customer: Customer) -> Customer:
    """Registered with both cars, and signed in."""
    await customer.register("A123456789", "A123456790")
    return customer
