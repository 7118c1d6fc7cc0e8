"""An agency's list of contracts, asked for by hand (WIRE.md §14)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.adapters.sompo.sandbox.conftest import Customer

FIRST = ["KEKKA_CD", "KEKKA_BUN", "SYORI_NITIJI", "DAIRITEN_CD", "SAKUSEI_NITIJI", "ZEN_KENSUU", "KENSUU", "TUZUKI"]
RECORD = [
    "REC",
    "SYOKEN_NO",
    "DAIRITEN_CD",
    "KEIYAKU_JYOTAI",
    "SIKI_YMD",
    "SIKI_JI",
    "MANKI_YMD",
    "MANKI_JI",
    "KEIYAKUSYA_SEI",
    "KEIYAKUSYA_MEI",
    "KEIYAKUSYA_SEI_KANA",
    "KEIYAKUSYA_MEI_KANA",
    "SEINEN_YMD",
    "TEL_NO",
    "MAIL",
    "SYAMEI",
    "TOROKU_NO",
    "HOKENRYO",
    "JIKI_HOKENRYO",
    "TOUKYU",
    "ANSIN_KOUSIN",
    "KYOTEN_CD",
    "BOSYUNIN_CD",
    "KOUKAIGO_SYOKEN_NO",
]
ASKED = {"DAIRITEN_CD": "H2002", "DAIRITEN_KAGI": "sandbox-H2002", "KENSUU": "5", "TUZUKI": ""}


class Told(NamedTuple):
    status: int
    headers: Mapping[str, str]
    first: Mapping[str, str]
    records: list[dict[str, str]]


async def ask(customer: Customer, **fields: str) -> Told:
    body = urlencode(ASKED | fields, encoding="shift_jis").encode("ascii") + b"\r\n"
    async with customer.http.post(f"{customer.doors.url}/dairiten/itiran", data=body) as answer:
        first, *rest = (await answer.read()).split(b"\r\n")
        return Told(
            answer.status,
            answer.headers.copy(),
            dict(parse_qsl(first.decode("ascii"), keep_blank_values=True, encoding="shift_jis")),
            [dict(field.split("=") for field in line.decode("cp932").split("&")) for line in rest if line],
        )


async def test_a_list_goes_on_behind_the_last_number_until_it_ends(customer: Customer) -> None:
    told = [await ask(customer)]
    while going_on := told[-1].first["TUZUKI"]:
        told.append(await ask(customer, TUZUKI=going_on))

    records = [record for page in told for record in page.records]
    assert [FIRST] * 3 == [list(page.first) for page in told]
    assert [("12", "5"), ("12", "5"), ("12", "2")] == [(one.first["ZEN_KENSUU"], one.first["KENSUU"]) for one in told]
    assert [f"T2{n:08}" for n in range(12)] == [record["SYOKEN_NO"] for record in records]
    assert all(RECORD == list(record) for record in records)
    assert "text/plain; charset=Windows-31J" == told[0].headers["Content-Type"]


@pytest.mark.parametrize(
    ("code", "beside", "fields"),
    [
        ("10", "KENSUU", {"KENSUU": "2001"}),
        ("10", "DAIRITEN_CD,TUZUKI", {"DAIRITEN_CD": "", "TUZUKI": "a b"}),
        ("85", None, {"DAIRITEN_KAGI": "sandbox-S1001"}),
        ("85", None, {"DAIRITEN_CD": "X9999"}),
        ("86", None, {"TUZUKI": "AAAA"}),
        ("86", None, {"TUZUKI": "A"}),
    ],
)
async def test_what_is_asked_wrongly_is_refused(
    customer: Customer, code: str, beside: str | None, fields: Mapping[str, str]
) -> None:
    told = await ask(customer, **fields)

    assert (200, code, beside) == (told.status, told.first["KEKKA_CD"], told.first.get("KOUMOKU"))


async def test_whoever_asks_too_often_is_told_when_to_come_back(customer: Customer) -> None:
    answers = [await ask(customer) for _ in range(11)]
    customer.clock.advance(timedelta(seconds=3))
    later = [await ask(customer) for _ in range(4)]

    assert [200] * 10 + [429] == [told.status for told in answers]
    assert "1" == answers[-1].headers["Retry-After"]
    assert [200, 200, 200, 429] == [told.status for told in later]

    await customer.control("PUT", "/_control/agency-limit", pages_a_minute=6, pages_at_once=1)
    assert [200, 429] == [(await ask(customer)).status, (await ask(customer)).status]
    assert "10" == (await ask(customer)).headers["Retry-After"]


async def test_a_tenth_of_what_is_ordered_is_the_first_agencys(customer: Customer) -> None:
    await customer.control("PUT", "/_control/agency-policies", count=1_005)

    first = await ask(customer, DAIRITEN_CD="S1001", DAIRITEN_KAGI="sandbox-S1001", KENSUU="2000")
    assert 100 == sum(record["SYOKEN_NO"].startswith("T") for record in first.records)
    assert "905" == (await ask(customer)).first["ZEN_KENSUU"]


@pytest.mark.parametrize(
    ("method", "door", "asked"),
    [
        ("POST", "agency-changes", {"agency": "X9999", "removed": 1}),
        ("POST", "agency-changes", {"agency": "S1001", "broken": {"otherwise": 1}}),
        ("PUT", "agency-limit", {"pages_a_minute": "many"}),
        ("PUT", "agency-policies", {"count": "many"}),
    ],
)
async def test_an_order_that_makes_no_sense_is_told_what_would(
    customer: Customer, method: str, door: str, asked: object
) -> None:
    async with customer.http.request(method, f"{customer.doors.control_url}/_control/{door}", json=asked) as answer:
        assert 400 == answer.status
        assert "Give {" in await answer.text()
