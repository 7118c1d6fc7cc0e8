"""An agency's list of contracts as the adapter reads it from the insurer's sandbox (WIRE.md §14)."""

from collections import Counter
from datetime import date, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from msgspec.structs import replace

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance_world import KEY
from insurers.errors import AccessDenied, ErrorCode, Expired, NotOffered, Unavailable
from insurers.feed import FeedAccess, FeedKind, FeedPage, FeedRecord, FlawKind
from insurers.http import BREAKER_FAILURES
from insurers.identity import AgencyCode, InsurerCode, PolicyNumber
from insurers.policy import PolicyStatus
from insurers.renewal import Draft
from insurers.sandbox import AGENCY_POLICIES, TOKYO, Address, Fault, TestClock
from insurers.sompo.mapping.listed import REASONS, Unfit, flaw, number_of, record
from insurers.sompo.sandbox.broken import LINES
from insurers.sompo.wire import itiran
from tests.adapters.sompo.conftest import Order

SAKURA = FeedAccess(insurer=InsurerCode("sompo"), agency=AgencyCode("S1001"), secret="sandbox-S1001")
HINODE = FeedAccess(insurer=InsurerCode("sompo"), agency=AgencyCode("H2002"), secret="sandbox-H2002")


async def every_page(insurer: Insurer, access: FeedAccess) -> list[FeedPage]:
    pages = [await insurer.feed(access, None)]
    while (after := pages[-1].after) is not None:
        pages.append(await insurer.feed(access, after))
    return pages


def by_number(pages: list[FeedPage]) -> dict[str, FeedRecord]:
    return {str(record.number): record for page in pages for record in page.records}


async def ordered(address: Address, door: str, method: str = "POST", **asked: object) -> dict[str, list[str]]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{address.control_url}/_control/{door}", json=asked) as answer,
    ):
        assert answer.ok
        return {} if answer.status == 204 else await answer.json()


async def test_a_page_tells_personas_and_townsfolk_with_everything_that_is_known(insurer: Insurer) -> None:
    (page,) = await every_page(insurer, SAKURA)

    told = by_number([page])
    taro, generated = told["A123456789"], told["T100000000"]
    assert (FeedKind.FULL, (), page.read) == (page.kind, page.flaws, page.total)
    assert tuple(range(1, page.read + 1)) == page.lines
    assert datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO) == page.as_of
    assert ("三住", "太郎", "ミスミ", "タロウ") == (
        taro.holder.family,
        taro.holder.given,
        taro.holder.family_kana,
        taro.holder.given_kana,
    )
    assert (date(1975, 1, 1), "09012345678", "横浜 501 さ 56-78") == (taro.birth_date, taro.phone, taro.plate)
    assert (PolicyStatus.IN_FORCE, datetime(2027, 1, 4, 16, tzinfo=TOKYO)) == (taro.status, taro.ends_at)
    assert ("01", "101", None, False) == (taro.branch, taro.solicitor, taro.successor, taro.removed)
    assert "B987654321" in told
    assert all((generated.premium, generated.next_premium, generated.grade, generated.email, generated.vehicle))
    assert 24 == sum(number.startswith("T") for number in told)


async def test_each_agency_reads_its_own_contracts_only(insurer: Insurer) -> None:
    sakura = by_number(await every_page(insurer, SAKURA))
    hinode = by_number(await every_page(insurer, HINODE))

    assert 12 == len(hinode)
    assert set() == sakura.keys() & hinode.keys()


@pytest.mark.parametrize(
    "access",
    [
        replace(SAKURA, secret="sandbox-H2002"),
        replace(SAKURA, agency=AgencyCode("X9999")),
        replace(SAKURA, insurer=InsurerCode("other")),
    ],
)
async def test_a_code_and_a_secret_that_are_not_right_together_open_nothing(
    insurer: Insurer, access: FeedAccess
) -> None:
    with pytest.raises(AccessDenied):
        await insurer.feed(access, None)


async def test_nobody_has_a_file_of_it(insurer: Insurer) -> None:
    with pytest.raises(NotOffered):
        insurer.feed_file(b"", None, last=True)


async def test_pages_tell_each_contract_that_stays_once_while_others_come_and_go(
    sandbox: web.Application, address: Address, insurer: Insurer
) -> None:
    sandbox[AGENCY_POLICIES](5_000)
    first = await insurer.feed(HINODE, None)
    gone = (await ordered(address, "agency-changes", agency="H2002", removed=300, added=7))["removed"]

    rest = []
    after = first.after
    while after is not None:
        rest.append(await insurer.feed(HINODE, after))
        after = rest[-1].after

    told = [str(record.number) for page in (first, *rest) for record in page.records]
    assert (2_000, 4_500) == (first.read, first.total)
    assert {first.as_of} == {page.as_of for page in rest}
    assert len(told) == len(set(told))
    assert {f"T2{n:08}" for n in range(4_507)} - set(gone) == set(told) - set(gone)
    assert first.after
    assert rest[0] == await insurer.feed(HINODE, first.after)


async def test_the_limit_says_how_long_to_wait_and_nothing_against_the_insurer(
    clock: TestClock, insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    for _ in range(10):
        await insurer.feed(HINODE, None)
    for _ in range(6):
        with pytest.raises(Unavailable) as limited:
            await insurer.feed(HINODE, None)

    assert (ErrorCode.RATE_LIMITED, timedelta(seconds=1)) == (limited.value.code, limited.value.retry_after)
    # A breaker would have opened for everybody.
    assert await insurer.policies(access, [known])
    await insurer.feed(SAKURA, None)
    clock.advance(timedelta(seconds=1))
    await insurer.feed(HINODE, None)


async def test_a_place_is_lost_after_a_day_in_another_agencys_hands_and_when_it_was_never_given(
    sandbox: web.Application, clock: TestClock, insurer: Insurer
) -> None:
    sandbox[AGENCY_POLICIES](30_000)
    after = (await insurer.feed(HINODE, None)).after
    assert after

    for access, place in ((SAKURA, after), (HINODE, "AAAA 2000 T200001999"), (HINODE, "nonsense")):
        with pytest.raises(Expired):
            await insurer.feed(access, place)
    clock.advance(timedelta(hours=23, minutes=59))
    await insurer.feed(HINODE, after)
    clock.advance(timedelta(minutes=1))
    with pytest.raises(Expired):
        await insurer.feed(HINODE, after)


BROKEN = {
    "truncated": (FlawKind.TRUNCATED, None),
    "wrong_column": (FlawKind.WRONG_COLUMN, "HOKENRYO"),
    "wrong_shape": (FlawKind.WRONG_COLUMN, "HOKENRYO"),
    "unknown_code": (FlawKind.UNKNOWN_CODE, "KEIYAKU_JYOTAI"),
    "undecodable": (FlawKind.UNDECODABLE, "KEIYAKUSYA_SEI"),
    "own_character": (FlawKind.UNDECODABLE, "KEIYAKUSYA_SEI"),
    "impossible_date": (FlawKind.IMPOSSIBLE_DATE, "MANKI_YMD"),
    "impossible_era_date": (FlawKind.IMPOSSIBLE_DATE, "SEINEN_YMD"),
    "duplicate_number": (FlawKind.DUPLICATE_NUMBER, "SYOKEN_NO"),
    "lost": (FlawKind.WRONG_COUNT, "KENSUU"),
    "wrong_agency": (FlawKind.WRONG_AGENCY, "DAIRITEN_CD"),
}


async def test_every_broken_line_is_told_with_its_place_and_reason_and_stops_nothing(
    address: Address, insurer: Insurer
) -> None:
    whole = by_number(await every_page(insurer, SAKURA))

    ordered_of = await ordered(address, "agency-changes", agency="S1001", broken=dict.fromkeys(BROKEN, 1))
    (page,) = await every_page(insurer, SAKURA)

    kinds = {number: kind for kind, (number,) in ordered_of.items()}
    at, expected = 0, []
    for number in sorted(whole):
        kind = kinds.get(number)
        # The second line of a number is to blame, and the first one counts.
        at += {None: 1, "duplicate_number": 2, "lost": 0}.get(kind, 1)
        if kind and kind != "lost":
            expected.append((at, *BROKEN[kind]))
    assert set(LINES) == set(BROKEN)
    assert at + 1 == page.read
    assert [*expected, (at + 1, *BROKEN["lost"])] == [(flaw.line, flaw.kind, flaw.column) for flaw in page.flaws]
    assert all(flaw.reason == REASONS[flaw.kind] for flaw in page.flaws)
    unread = kinds.keys() - {ordered_of["duplicate_number"][0]}
    assert {number: record for number, record in whole.items() if number not in unread} == by_number([page])

    await ordered(address, "agency-changes", agency="S1001", mended=True)
    assert whole == by_number(await every_page(insurer, SAKURA))


async def test_what_the_insurer_changes_shows(address: Address, insurer: Insurer) -> None:
    before = by_number(await every_page(insurer, SAKURA))

    changed = await ordered(address, "agency-changes", agency="S1001", premium=2, phone=2, plate=1, removed=1, added=1)
    after = by_number(await every_page(insurer, SAKURA))

    assert set(changed["removed"]) == before.keys() - after.keys()
    assert {"T100000024"} == after.keys() - before.keys()
    differ = Counter(
        (number, name)
        for number in before.keys() & after.keys()
        for name in FeedRecord.__struct_fields__
        if getattr(before[number], name) != getattr(after[number], name)
    )
    assert {name: set(changed[name]) for name in ("premium", "phone", "plate")} == {
        name: {number for number, field in differ if field == name} for name in ("premium", "phone", "plate")
    }


async def test_a_renewal_that_was_accepted_and_a_rider_that_renewed_show(
    clock: TestClock, insurer: Insurer, access: Access, draft: Draft
) -> None:
    successor = await insurer.apply(access, await insurer.rehearse(access, draft), KEY)
    clock.advance(timedelta(days=11))

    told = by_number(await every_page(insurer, SAKURA))

    assert (successor, None) == (told["A123456789"].successor, told["A123456789"].next_premium)
    assert (PolicyStatus.PENDING, told["A123456789"].ends_at) == (
        told[str(successor)].status,
        told[str(successor)].starts_at,
    )
    ridden = told["C800000001"]
    assert PolicyStatus.EXPIRED is ridden.status
    assert ridden.successor
    assert told[str(ridden.successor)].auto_renewal


async def test_a_million_contracts_are_begun_at_once(sandbox: web.Application, insurer: Insurer) -> None:
    sandbox[AGENCY_POLICIES](1_000_000)

    page = await insurer.feed(HINODE, None)

    assert (2_000, 900_000) == (len(page.records), page.total)


GOOD = dict.fromkeys(itiran.SHAPES, "") | {
    "SYOKEN_NO": "T100000000",
    "DAIRITEN_CD": "S1001",
    "KEIYAKU_JYOTAI": "20",
    "SIKI_YMD": "20260101",
    "SIKI_JI": "1600",
    "MANKI_YMD": "20270101",
    "MANKI_JI": "1600",
    "KEIYAKUSYA_SEI": "見本",
    "HOKENRYO": "57600",
    "TOUKYU": "15",
    "ANSIN_KOUSIN": "0",
}


def line(**values: str) -> str:
    return "REC=ITIRAN" + "".join(f"&{name}={value}" for name, value in (GOOD | values).items())


def test_a_value_may_hold_any_sign_and_most_may_be_empty() -> None:
    told = record(line(KEIYAKUSYA_SEI="A%26B%3DC%25商会").encode("cp932"), b"S1001")

    assert ("A&B=C%商会", "") == (told.holder.family, told.holder.given)
    assert [None] * 6 == [told.birth_date, told.phone, told.email, told.vehicle, told.plate, told.next_premium]


@pytest.mark.parametrize(
    ("text", "kind", "column"),
    [
        ("", FlawKind.TRUNCATED, None),
        ("RE", FlawKind.TRUNCATED, None),
        ("REC=ITI", FlawKind.TRUNCATED, None),
        (line()[: -len("=")], FlawKind.TRUNCATED, None),
        (line() + "&MOTTO=1", FlawKind.WRONG_COLUMN, None),
        (line().replace("ITIRAN", "KEIYAKU"), FlawKind.WRONG_COLUMN, None),
        ("<html>", FlawKind.WRONG_COLUMN, "REC"),
        (line(SYOKEN_NO="T１00000000"), FlawKind.WRONG_COLUMN, "SYOKEN_NO"),
        (line(KEIYAKUSYA_SEI_KANA="田中"), FlawKind.WRONG_COLUMN, "KEIYAKUSYA_SEI_KANA"),
        (line(MANKI_YMD="20260101"), FlawKind.IMPOSSIBLE_DATE, "MANKI_YMD"),
        (line(MANKI_YMD="99991231"), FlawKind.IMPOSSIBLE_DATE, "MANKI_YMD"),
        (line(SIKI_JI="2630"), FlawKind.IMPOSSIBLE_DATE, "SIKI_YMD"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_and_nothing_that_stood_there(
    text: str, kind: FlawKind, column: str | None
) -> None:
    with pytest.raises(Unfit) as unfit:
        record(text.encode("cp932"), b"S1001")

    assert (kind, column) == (unfit.value.kind, unfit.value.column)
    assert "見本" not in repr(unfit.value)


def test_whose_line_is_broken_is_told_where_that_can_be_read_and_shown_to_nobody() -> None:
    good = b"REC=ITIRAN&SYOKEN_NO=A123456789&DAIRITEN_CD=S1001&KEIYAKU_JYOTAI=99"

    assert PolicyNumber("A123456789") == number_of(good, b"S1001")
    assert number_of(good, b"H2002") is None
    assert number_of(good[:45], b"S1001") is None
    told = flaw(1, FlawKind.TRUNCATED, None, number_of(good, b"S1001"))
    assert "A123456789" not in f"{told!r} {told}"


async def test_trouble_with_agencies_lists_is_none_with_the_customers_pages(
    insurer: Insurer, access: Access, plan_fault: Order
) -> None:
    plan_fault(itiran.PATH, Fault.BUSY, times=2 * BREAKER_FAILURES)
    for _ in range(BREAKER_FAILURES):
        with pytest.raises(Unavailable):
            await insurer.feed(SAKURA, None)

    assert await insurer.policies(access)
