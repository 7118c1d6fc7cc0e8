"""How Sompo's sandbox travels: lines, Shift_JIS, result codes, eras, five at once."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import aiohttp
import pytest

from insurers.sandbox import TOKYO, Letter, TestClock, World, serve
from insurers.sompo.sandbox import build, dates
from insurers.sompo.sandbox.replies import KEKKA

if TYPE_CHECKING:
    from .conftest import Customer

WIRE = files("insurers.sompo").joinpath("WIRE.md").read_text(encoding="utf-8")
LOGIN = b"MAIL=otp%40example.jp&PASSWORD=Mihon2026"


def test_the_first_line_says_whose_invention_this_is() -> None:
    assert "this project's invention" in WIRE.splitlines()[0]


def test_every_code_that_the_sandbox_says_is_listed_and_the_other_way_round() -> None:
    listed = dict(re.findall(r"^\| `(\d\d)` \| ([^|]+) \|", WIRE.split("# 3 ")[0], re.MULTILINE))

    assert listed == KEKKA


def test_every_path_is_written_down() -> None:
    app = build(World(clock=TestClock(), postman=Nobody()))

    assert [] == [
        route.resource.canonical
        for route in app.router.routes()
        if route.resource and route.resource.canonical not in WIRE
    ]


class Nobody:
    """A post that takes everything and brings it nowhere."""

    async def deliver(self, letter: Letter) -> None:
        del letter


async def test_an_answer_is_ascii_lines_of_shift_jis(customer: "Customer") -> None:
    kind, body = await customer.post("/login/ninsyo", LOGIN)

    assert "text/plain; charset=Shift_JIS" == kind
    assert body.isascii()
    assert body.endswith(b"\r\n")
    assert body.startswith(b"KEKKA_CD=41&KEKKA_BUN=%83%8F%83%93")


@pytest.mark.parametrize(
    "value",
    [
        b"%E4%B8%89%E4%BD%8F",  # 三住 in UTF-8
        b"%FB%FC",  # 髙 in CP932
        b"%87%40",  # ① in CP932
        b"%26%2339640%3B",  # &#39640;, as a browser would send 髙
        b"%26%23x9ad9%3B",
        b"\x8eO",  # 三, not percent-encoded
    ],
)
async def test_a_character_outside_shift_jis_is_refused(customer: "Customer", value: bytes) -> None:
    _, body = await customer.post("/login/ninsyo", LOGIN + b"&SEI=" + value)

    assert body.startswith(b"KEKKA_CD=12&")
    assert [] == customer.tray.letters


@pytest.mark.parametrize("body", [b"nonsense", b"MAIL=a\r\nnonsense"])
async def test_what_is_no_form_is_refused(customer: "Customer", body: bytes) -> None:
    assert b"KEKKA_CD=10&" in (await customer.post("/login/ninsyo", body))[1]


@pytest.mark.parametrize("eol", [b"\r\n", b"\n"])
async def test_both_line_ends_are_understood(taro: "Customer", eol: bytes) -> None:
    lines = [b"KAIIN_TOKEN=" + taro.token.encode(), b"REC=KEIYAKU&SYOKEN_NO=A123456789", b""]

    _, body = await taro.post("/keiyaku/syokai", eol.join(lines))

    assert b"KENSUU=1\r\n" in body


class Bell:
    """A post that is closed until it is rung."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self.waiting = asyncio.Semaphore(0)

    async def deliver(self, letter: Letter) -> None:
        del letter
        self.waiting.release()
        await self.rung.wait()


@pytest.fixture
async def bell() -> AsyncIterator[tuple[Bell, str]]:
    post = Bell()
    app = build(World(clock=TestClock(datetime(2026, 11, 21, 10, tzinfo=TOKYO), frozen=True), postman=post))
    async with serve(app) as doors:
        yield post, doors.url


async def test_a_sixth_request_at_once_is_sent_away(bell: tuple[Bell, str]) -> None:
    post, url = bell
    async with aiohttp.ClientSession() as http:

        async def ask() -> bytes:
            async with http.post(f"{url}/login/ninsyo", data=LOGIN) as answer:
                return await answer.read()

        five = [asyncio.create_task(ask()) for _ in range(5)]
        for _ in five:
            await post.waiting.acquire()
        sixth = await ask()
        post.rung.set()
        heard = await asyncio.gather(*five)
        afterwards = await ask()

    assert sixth.startswith(b"KEKKA_CD=91&")
    assert all(body.startswith(b"KEKKA_CD=41&") for body in [*heard, afterwards])


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(1975, 1, 1), "S50.01.01"),
        (date(1989, 1, 7), "S64.01.07"),
        (date(1989, 1, 8), "H01.01.08"),
        (date(2019, 4, 30), "H31.04.30"),
        (date(2019, 5, 1), "R01.05.01"),
        (date(1926, 12, 25), "S01.12.25"),
        (date(1926, 12, 24), "T15.12.24"),
    ],
)
def test_eras_turn_on_their_day(day: date, written: str) -> None:
    assert written == dates.era_day(day)
    assert day == dates.read_era_day(written)


@pytest.mark.parametrize(
    "text", ["S64.01.08", "H01.01.07", "H31.05.01", "R00.01.01", "S50.02.29", "S50.1.1", "X50.01.01"]
)
def test_a_day_of_no_era_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        dates.read_era_day(text)


@pytest.mark.parametrize(
    ("text", "month"), [("R10.02", date(2028, 2, 1)), ("S64.01", date(1989, 1, 1)), ("H01.01", date(1989, 1, 1))]
)
def test_a_month_may_belong_to_two_eras(text: str, month: date) -> None:
    assert month == dates.read_era_month(text)
