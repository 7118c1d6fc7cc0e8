"""The agencies' door, by hand, and files that nobody keeps (WIRE.md §17)."""

from __future__ import annotations

import random
from base64 import b64encode
from time import process_time
from typing import TYPE_CHECKING

import pytest

from insurers.mitsui_sumitomo.sandbox import build
from insurers.mitsui_sumitomo.sandbox.house import HOUSE
from insurers.mitsui_sumitomo.sandbox.maturity_book import Break
from insurers.mitsui_sumitomo.sandbox.maturity_files import File
from insurers.sandbox import AGENCY_POLICIES, World
from tests.adapters.mitsui_sumitomo.sandbox.conftest import Letterbox

if TYPE_CHECKING:
    from insurers.sandbox import TestClock
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer, Heard

PATH = "/dairiten/manki-data"


def known(agency: str = "S1001", secret: str = "sandbox-S1001") -> str:
    return f"Basic {b64encode(f'{agency}:{secret}'.encode()).decode()}"


async def fetch(customer: Customer, wanted: str, **headers: str) -> Heard:
    return await customer.call("GET", PATH, Authorization=known(), Range=wanted, **headers)


async def test_the_door_knows_agencies_parts_and_which_file_it_is(customer: Customer) -> None:
    head = await fetch(customer, "bytes=0-319")

    assert 206 == head.status
    assert head.raw.startswith(b"1MANKIS1001202611200600001")
    assert head.raw.endswith(b" \r\n")
    size = int(head.headers["Content-Range"].removeprefix("bytes 0-319/"))
    assert 0 == size % 320
    etag = head.headers["ETag"]
    assert 206 == (await fetch(customer, "bytes=320-639", If_Match=etag)).status
    assert 412 == (await fetch(customer, "bytes=320-639", If_Match='"another"')).status
    assert 416 == (await fetch(customer, f"bytes={size}-{size}")).status
    assert 400 == (await fetch(customer, "bytes=7-")).status
    assert 401 == (await customer.get(PATH)).status
    for stranger in (known("S1001", "sandbox-H2002"), known("Z0000", "sandbox-Z0000"), "Bearer x", "Basic !"):
        heard = await customer.call("GET", PATH, Authorization=stranger, Range="bytes=0-319")
        assert (401, b"") == (heard.status, heard.raw)


async def test_agencies_come_at_hours_when_customers_cannot(customer: Customer, clock: TestClock) -> None:
    # A Monday at three, when the portal is shut; Sunday's file still lies ready.
    clock.set(clock().replace(day=23, hour=3))

    heard = await fetch(customer, "bytes=0-319")

    assert (206, b"20261122060000") == (heard.status, heard.raw[11:25])


async def test_orders_for_what_is_not_there_are_refused(customer: Customer) -> None:
    for path, body, status in (
        ("manki/henko", {"shokenNo": ["0500000024"], "henko": {}}, 404),
        ("manki/henko", {"shokenNo": ["0500000001"], "henko": {"体重": 1}}, 400),
        ("manki/kowashi", {"shokenNo": ["0500000001"], "kowashikata": "YABURI"}, 400),
        ("manki/ido", {"shokenNo": ["9999999999"], "dairitenCode": None}, 404),
    ):
        async with customer.session.post(f"{customer.address.control_url}/_control/{path}", json=body) as answer:
            assert status == answer.status, path


@pytest.fixture
def file(clock: TestClock) -> File:
    """A file with lines of every width in it."""
    sandbox = build(World(clock=clock, postman=Letterbox()))
    sandbox[AGENCY_POLICIES](1_000)
    maturities = sandbox[HOUSE].maturities
    for n, how in enumerate(Break):
        maturities.orders.breaks[f"051{n * 7:07d}"] = how
    maturities.orders.moved |= {"0510000050": None, "0510000051": "S1001"}
    maturities.make(clock(), full=True)
    return maturities.files["H2002"]


def test_any_part_is_the_part_of_the_whole(file: File) -> None:
    size = file.size()
    whole = file.part(0, size)
    chance = random.Random(6)  # noqa: S311 - Chance is for choosing bytes.

    assert size == len(whole)
    assert 900 - 2 + 1 + 2 == whole.count(b"\r\n")
    assert whole[file.trailer_at() :].startswith(b"900000899")
    for _ in range(300):
        start = chance.randrange(size)
        stop = min(start + chance.randrange(1, 3_000), size)
        assert whole[start:stop] == file.part(start, stop)


def test_a_million_policies_are_kept_by_nobody(clock: TestClock) -> None:
    sandbox = build(World(clock=clock, postman=Letterbox()))
    began = process_time()
    sandbox[AGENCY_POLICIES](1_000_000)
    file = sandbox[HOUSE].maturities.files["H2002"]

    last = file.part(file.trailer_at() - 320_000, file.size())

    assert 1_001 == last.count(b"\r\n")
    assert 900_002 * 320 == file.size()
    assert last.startswith(b"20H20020510899000")
    assert process_time() - began < 1
