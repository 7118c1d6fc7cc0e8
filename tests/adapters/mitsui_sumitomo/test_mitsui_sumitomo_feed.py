"""The agency's maturity data: whole files, changes, and every way in which a line can be broken (WIRE.md §17)."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import insurers.mitsui_sumitomo
from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance_feed import read_feed
from insurers.errors import AccessDenied, Drifted, Expired, Unavailable
from insurers.feed import FeedAccess, FeedKind, FeedPage, FeedRecord, FlawKind
from insurers.http import BREAKER_FAILURES, InsurerHTTP, session
from insurers.identity import AgencyCode, InsurerCode, PolicyNumber, SuccessorNumber
from insurers.mitsui_sumitomo.feed import Feed, file_page
from insurers.mitsui_sumitomo.sandbox.house import HOUSE
from insurers.mitsui_sumitomo.wire import manki
from insurers.money import Yen
from insurers.person import PersonName
from insurers.policy import PolicyStatus
from insurers.sandbox import AGENCY_POLICIES, TOKYO, Address, Fault, TestClock
from tests.adapters.mitsui_sumitomo.conftest import Control

MS = InsurerCode("mitsui_sumitomo")
SAKURA = FeedAccess(insurer=MS, agency=AgencyCode("S1001"), secret="sandbox-S1001")
HINODE = FeedAccess(insurer=MS, agency=AgencyCode("H2002"), secret="sandbox-H2002")

WIRE = (Path(insurers.mitsui_sumitomo.__file__).parent / "WIRE.md").read_text(encoding="utf-8")

HEADER = b"1MANKIS1001202611200600001".ljust(26) + b"00000001".ljust(292) + b"\r\n"
TRAILER = b"900000001".ljust(318) + b"\r\n"

# How a line is broken, and what is said of it.
BROKEN = {
    "MIJIKAI": (FlawKind.TRUNCATED, None),
    "NAGAI": (FlawKind.WRONG_COLUMN, None),
    "RETSU": (FlawKind.WRONG_COLUMN, "年間保険料"),
    "CODE": (FlawKind.UNKNOWN_CODE, "契約状態"),
    "MOJI": (FlawKind.UNDECODABLE, "契約者名"),
    "HIZUKE": (FlawKind.IMPOSSIBLE_DATE, "保険満期"),
    "CHOFUKU": (FlawKind.DUPLICATE_NUMBER, "証券番号"),
    "DAIRITEN": (FlawKind.WRONG_AGENCY, "代理店コード"),
}


async def book(insurer: Insurer, agency: FeedAccess = SAKURA) -> tuple[FeedKind, dict[str, FeedRecord]]:
    pages = await read_feed(insurer, agency)
    assert [] == [flaw for page in pages for flaw in page.flaws]
    return pages[0].kind, {record.number.text: record for page in pages for record in page.records}


def whole(sandbox: web.Application, agency: str = "S1001") -> bytes:
    file = sandbox[HOUSE].maturities.files[agency]
    return file.part(0, file.size())


def read_line(line: bytes) -> FeedPage:
    return file_page(HEADER + line + b"\r\n" + TRAILER, None, last=True)


def line(**columns: bytes) -> bytes:
    """A good line, but for what is given; each column is filled up to its width."""
    good = {
        "レコード区分": b"2",
        "異動区分": b"0",
        "代理店コード": b"S1001",
        "証券番号": b"0123456789",
        "契約状態": b"20",
        "保険始期": b"20260401",
        "保険満期": b"20270401",
        "契約者名": f"{'髙橋　花子':　<20}".encode("cp932"),
        "契約者カナ": "ﾀｶﾊｼ ﾊﾅｺ".encode("cp932"),
        "生年月日": b"19900228",
        "年間保険料": b"000050000",
        "次回保険料": b"000051230",
        "等級": b"20",
        "継続手続特約": b"1",
    }
    told = good | columns
    return b"".join(told.get(name, b"").ljust(width) for name, width in manki.COLUMNS.items())


def test_the_columns_are_those_of_the_wire() -> None:
    told = re.findall(r"^\| \d+ \| (\S+) \| (\d+) \| (\d+) \|", WIRE[WIRE.index("### 17.3") :], re.MULTILINE)

    assert [(name, str(width)) for name, width in manki.COLUMNS.items()] == [(name, width) for name, _, width in told]
    offsets = [int(offset) for _, offset, _ in told]
    assert offsets == [sum(list(manki.COLUMNS.values())[:place]) for place in range(len(offsets))]
    assert manki.LINE_BYTES == sum(manki.COLUMNS.values())


def test_a_line_says_all_that_it_holds() -> None:
    mixed = {
        "電話番号": b"080-0001-0002",
        "メールアドレス": b"hanako@example.jp",
        "車名": "サンプリオ".encode("cp932"),
        "登録番号": "見本 300 さ ・・12".encode("cp932"),
        "拠点コード": b"01",
        "募集人コード": b"101",
        "継続後証券番号": b"0912345678",
    }

    page = read_line(line(**mixed))

    assert () == page.flaws
    assert (
        FeedRecord(
            number=PolicyNumber("0123456789"),
            status=PolicyStatus.IN_FORCE,
            insurer_status="有効",
            starts_at=datetime(2026, 4, 1, 16, tzinfo=TOKYO),
            ends_at=datetime(2027, 4, 1, 16, tzinfo=TOKYO),
            holder=PersonName(family="髙橋", given="花子", family_kana="タカハシ", given_kana="ハナコ"),
            birth_date=date(1990, 2, 28),
            phone="08000010002",
            email="hanako@example.jp",
            vehicle="サンプリオ",
            plate="見本 300 さ ・・12",
            premium=Yen(50_000),
            next_premium=Yen(51_230),
            grade=20,
            auto_renewal=True,
            branch="01",
            solicitor="101",
            successor=SuccessorNumber("0912345678"),
        ),
    ) == page.records


@pytest.mark.parametrize(
    ("column", "told", "kind"),
    [
        ("レコード区分", b"3", FlawKind.UNKNOWN_CODE),
        ("異動区分", b"1", FlawKind.UNKNOWN_CODE),
        ("代理店コード", b"H2002", FlawKind.WRONG_AGENCY),
        ("証券番号", b"01234 6789", FlawKind.WRONG_COLUMN),
        ("契約状態", b"60", FlawKind.UNKNOWN_CODE),
        ("保険始期", b"2026-4-1", FlawKind.WRONG_COLUMN),
        ("保険始期", b"        ", FlawKind.WRONG_COLUMN),
        ("保険満期", b"20270229", FlawKind.IMPOSSIBLE_DATE),
        ("保険満期", b"20260401", FlawKind.IMPOSSIBLE_DATE),
        ("保険満期", b"99991231", FlawKind.IMPOSSIBLE_DATE),
        ("保険始期", b"18990401", FlawKind.IMPOSSIBLE_DATE),
        ("契約者名", b"HANAKO", FlawKind.WRONG_COLUMN),
        ("契約者名", "　".encode("cp932") * 20, FlawKind.WRONG_COLUMN),
        ("契約者名", b"\x81" + b" " * 39, FlawKind.UNDECODABLE),
        ("契約者名", b"\xf0\x40".ljust(40), FlawKind.UNDECODABLE),
        ("契約者カナ", "タカハシ".encode("cp932"), FlawKind.WRONG_COLUMN),
        ("契約者カナ", b"\xfd", FlawKind.UNDECODABLE),
        ("生年月日", b"19900230", FlawKind.IMPOSSIBLE_DATE),
        ("電話番号", b"080-OOO1-0002", FlawKind.WRONG_COLUMN),
        ("メールアドレス", "花@example.jp".encode("cp932"), FlawKind.WRONG_COLUMN),
        ("年間保険料", b"   50,000", FlawKind.WRONG_COLUMN),
        ("年間保険料", b"         ", FlawKind.WRONG_COLUMN),
        ("次回保険料", b"-00050000", FlawKind.WRONG_COLUMN),
        ("等級", b"21", FlawKind.UNKNOWN_CODE),
        ("継続手続特約", b"2", FlawKind.UNKNOWN_CODE),
        ("継続後証券番号", b"91", FlawKind.WRONG_COLUMN),
        ("予備", b"x", FlawKind.WRONG_COLUMN),
    ],
)
def test_whatever_does_not_fit_its_column_is_told_and_never_guessed(column: str, told: bytes, kind: FlawKind) -> None:
    page = read_line(line(**{column: told}))

    assert [(2, kind, column)] == [(flaw.line, flaw.kind, flaw.column) for flaw in page.flaws]
    assert () == page.records
    assert (1, 1, None) == (page.read, page.total, page.after)


async def test_every_broken_line_is_told_and_every_other_one_is_in(
    insurer: Insurer, sandbox: web.Application, control: Control
) -> None:
    _, before = await book(insurer)
    # The one that stands twice comes first, so that no line behind it is elsewhere than it seems.
    numbers = dict(zip(BROKEN, ["0200000011", "0200000012", "0200000013", *list(before)[40:60:4]], strict=True))
    for how, number in numbers.items():
        await control("manki/kowashi", {"shokenNo": [number], "kowashikata": how})
    await control("manki/kensu", {"dairitenCode": "S1001"})
    await control("manki/sakusei", {"zenken": True})

    pages = await read_feed(insurer, SAKURA)

    told = {record.number.text: record for page in pages for record in page.records}
    lost = {number for how, number in numbers.items() if how != "CHOFUKU"}
    assert {number: record for number, record in before.items() if number not in lost} == told
    raw = whole(sandbox).split(b"\r\n")
    flaws = [flaw for page in pages for flaw in page.flaws]
    assert sorted(flaw.line for flaw in flaws) == [flaw.line for flaw in flaws]
    assert {*BROKEN.values(), (FlawKind.WRONG_COUNT, "件数")} == {(flaw.kind, flaw.column) for flaw in flaws}
    for flaw in flaws:
        where = raw[flaw.line - 1]
        (how,) = [how for how, said in BROKEN.items() if said == (flaw.kind, flaw.column)] or ["KENSU"]
        assert where.startswith(b"9") if how == "KENSU" else numbers[how].encode() in where


async def test_an_agency_hears_everything_once_and_then_what_changed(
    insurer: Insurer, clock: TestClock, control: Control
) -> None:
    kind, known = await book(insurer)
    assert FeedKind.FULL is kind
    clock.set(datetime(2026, 11, 21, 5, 59, tzinfo=TOKYO))
    assert (FeedKind.FULL, known) == await book(insurer)
    await control("keizoku", {"shokenNo": "0987654321"})
    await control("ryoritsu", {"shokenNo": "0123456789", "permille": 1100})
    await control("manki/henko", {"shokenNo": ["0500000001"], "henko": {"電話番号": "090-0009-9999", "等級": 1}})
    await control("manki/henko", {"shokenNo": ["0510000003"], "henko": {"契約者名": "𠮷田　花子"}})
    await control("manki/ido", {"shokenNo": ["0500000002", "0200000001"], "dairitenCode": "H2002"})
    await control("manki/ido", {"shokenNo": ["0510000003"], "dairitenCode": "S1001"})
    await control("manki/ido", {"shokenNo": ["0500000005"], "dairitenCode": None})
    clock.set(datetime(2026, 11, 21, 6, tzinfo=TOKYO))

    kind, changed = await book(insurer)

    assert FeedKind.CHANGES is kind
    assert SuccessorNumber(next(number for number in changed if number not in known and number[0:2] == "09")) == (
        changed["0987654321"].successor
    )
    assert changed["0123456789"].next_premium != known["0123456789"].next_premium
    assert ("09000099999", 1) == (changed["0500000001"].phone, changed["0500000001"].grade)
    assert "〓田" == changed["0510000003"].holder.family
    assert {"0500000002", "0200000001", "0500000005"} == {
        number for number, record in changed.items() if record.removed
    }
    _, neighbours = await book(insurer, HINODE)
    assert {"0500000002", "0200000001"} == neighbours.keys() - {f"051{n:07d}" for n in range(12)}
    assert "0510000003" not in neighbours


async def test_a_whole_file_and_the_changes_since_are_the_next_whole_file(
    insurer: Insurer, clock: TestClock, sandbox: web.Application, control: Control
) -> None:
    sandbox[AGENCY_POLICIES](6_000)
    _, known = await book(insurer)
    clock.set(datetime(2026, 11, 24, 6, 30, tzinfo=TOKYO))
    await control("manki/ido", {"shokenNo": ["0500000002"], "dairitenCode": None})
    await control("manki/sakusei", {"zenken": False})
    kind, changed = await book(insurer)
    assert FeedKind.CHANGES is kind
    assert 4 < len(changed) < 40

    await control("manki/sakusei", {"zenken": True})
    kind, now = await book(insurer)

    assert FeedKind.FULL is kind
    gone = {number for number, record in changed.items() if record.removed}
    assert {"0500000002"} == gone
    assert {number: record for number, record in (known | changed).items() if number not in gone} == now


async def test_a_file_that_was_not_received_to_its_end_is_no_ground_for_changes(
    insurer: Insurer, clock: TestClock
) -> None:
    first = await insurer.feed(SAKURA, None)
    assert first.records
    assert first.after is not None
    clock.advance(timedelta(days=1))

    # The 21st is a Saturday; the day's file is whole again, and so is a Sunday's, whatever was received.
    kinds = [(await book(insurer))[0]]
    clock.advance(timedelta(days=1))
    kinds.append((await book(insurer))[0])
    clock.advance(timedelta(days=1))
    kinds.append((await book(insurer))[0])

    assert [FeedKind.FULL, FeedKind.FULL, FeedKind.CHANGES] == kinds
    with pytest.raises(Expired):
        await insurer.feed(SAKURA, first.after)


async def test_a_customer_reads_of_a_policy_what_the_agency_reads(insurer: Insurer, access: Access) -> None:
    _, known = await book(insurer)
    policies = await insurer.policies(access)

    assert policies
    for number, policy in policies.items():
        told = known[number.text]
        assert (policy.status, policy.starts_at, policy.ends_at) == (told.status, told.starts_at, told.ends_at)
        assert policy.holder == told.holder
        assert policy.premium is not None
        assert policy.vehicle is not None
        assert (policy.premium.total, policy.vehicle.plate) == (told.premium, told.plate)
        assert policy.agency is not None
        assert SAKURA.agency == policy.agency.code


async def test_pages_are_parts_of_the_days_file(insurer: Insurer, address: Address, sandbox: web.Application) -> None:
    pages = await read_feed(insurer, SAKURA)
    async with session() as client:
        feed = Feed(InsurerHTTP(MS, client, address.url), part_bytes=2_000)
        small = [await feed.page(SAKURA, None)]
        while small[-1].after is not None:
            small.append(await feed.page(SAKURA, small[-1].after))

    assert 2 == len(pages)
    assert pages[0].after is not None
    assert whole(sandbox)[int(pages[0].after.partition(" ")[0]) :].startswith(b"9")
    # What is asked for behind these is the trailer alone, by which the rest is received.
    assert [page.after is not None and page is small[-2] for page in small] == [page.receipt for page in small]
    # Six lines are whole in 2,000 bytes, and the trailer comes alone.
    assert -(-(pages[0].read + 1) // 6) + 1 == len(small)
    assert pages[0].records == tuple(record for page in small for record in page.records)
    assert pages[0].lines == tuple(line for page in small for line in page.lines)


async def test_where_a_part_ends_before_the_trailer_asking_on_is_a_receipt_too(
    address: Address, sandbox: web.Application
) -> None:
    data = len(whole(sandbox)) - manki.TRAILER_BYTES
    async with session() as client:
        page = await Feed(InsurerHTTP(MS, client, address.url), part_bytes=data).page(SAKURA, None)

    assert page.receipt
    assert page.read == page.total


async def test_changes_say_from_which_whole_file_they_count(insurer: Insurer, clock: TestClock) -> None:
    first = await read_feed(insurer, SAKURA)
    clock.advance(timedelta(days=1))
    pages = await read_feed(insurer, SAKURA)

    assert {None} == {page.since for page in first}
    assert {(FeedKind.CHANGES, first[0].as_of)} == {(page.kind, page.since) for page in pages}


@pytest.mark.parametrize(
    ("broken", "number"),
    [
        (line(年間保険料=b"x"), "0123456789"),
        (line()[:60], "0123456789"),
        (line()[:16], None),
        (line(代理店コード=b"H2002"), None),
        (line(証券番号=b"01234 6789"), None),
    ],
)
def test_whose_line_is_broken_is_told_where_that_can_be_read_and_shown_to_nobody(
    broken: bytes, number: str | None
) -> None:
    (flaw,) = read_line(broken).flaws

    assert number == (flaw.number and flaw.number.text)
    assert "0123456789" not in f"{flaw!r} {flaw}"


async def test_trouble_with_the_agencies_door_is_none_with_the_customers(
    insurer: Insurer, access: Access, faults: Callable[..., None]
) -> None:
    faults(manki.PATH, Fault.BUSY, times=2 * BREAKER_FAILURES)
    for _ in range(BREAKER_FAILURES):
        with pytest.raises(Unavailable):
            await insurer.feed(SAKURA, None)

    assert await insurer.policies(access)


async def test_nobody_else_reads_it_and_nobody_goes_on_in_anothers(
    insurer: Insurer, faults: Callable[..., None]
) -> None:
    first = await insurer.feed(SAKURA, None)

    for stranger in (
        FeedAccess(insurer=MS, agency=HINODE.agency, secret=SAKURA.secret),
        FeedAccess(insurer=MS, agency=AgencyCode("Z0000"), secret="sandbox-Z0000"),
        FeedAccess(insurer=InsurerCode("paper"), agency=SAKURA.agency, secret=SAKURA.secret),
    ):
        with pytest.raises(AccessDenied):
            await insurer.feed(stranger, None)
    with pytest.raises(Expired):
        await insurer.feed(HINODE, first.after)
    faults(manki.PATH, Fault.GIBBERISH)
    with pytest.raises(Drifted):
        await insurer.feed(SAKURA, None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\r\n",
        HEADER[:-20] + b"\r\n",
        HEADER.replace(b"MANKI", b"JIKO "),
        HEADER.replace(b"20261120", b"20261320"),
        b"2" * 318 + b"\r\n",
        b"x" * 70_000,
    ],
)
def test_what_is_no_such_file_is_not_read(content: bytes) -> None:
    with pytest.raises(Drifted):
        file_page(content, None, last=True)


def test_a_file_that_ends_before_its_trailer_says_so() -> None:
    page = file_page(HEADER + line() + b"\r\n" + line()[:50], None, last=True)

    assert 1 == len(page.records)
    assert [(3, FlawKind.TRUNCATED), (4, FlawKind.TRUNCATED)] == [(flaw.line, flaw.kind) for flaw in page.flaws]
    assert page.after is None


def test_a_lost_line_end_takes_no_line_but_its_own_two() -> None:
    twice = b"".join(line(証券番号=f"000000000{n}".encode()) + (b"\r\n" if n != 1 else b"") for n in range(4))

    page = file_page(HEADER + twice + TRAILER, None, last=True)

    assert ["0000000000", "0000000003"] == [record.number.text for record in page.records]
    assert [(3, FlawKind.WRONG_COLUMN), (5, FlawKind.WRONG_COUNT)] == [(flaw.line, flaw.kind) for flaw in page.flaws]


@settings(max_examples=20, deadline=None)
@given(sizes=st.lists(st.integers(min_value=1, max_value=1_500), min_size=1, max_size=9))
def test_however_a_file_is_cut_it_says_the_same(sizes: list[int]) -> None:
    lines = [line(証券番号=f"00000000{n:02d}".encode()) for n in range(12)]
    lines[3], lines[7], lines[8] = lines[3][:77], lines[7] + b"  ", lines[6]
    content = HEADER.replace(b"00000001", b"00000012") + b"\r\n".join([*lines, TRAILER.replace(b"01 ", b"12 ")])
    at_once = file_page(content, None, last=True)
    pages: list[FeedPage] = []
    after: str | None = None
    reach, offset = len(HEADER), 0
    for size in cycle(sizes):
        reach += size
        chunk = content[offset : offset + reach]
        pages.append(file_page(chunk, after, last=offset + len(chunk) == len(content)))
        if (after := pages[-1].after) is None:
            break
        came = int(after.partition(" ")[0])
        reach, offset = (0 if came > offset else reach), came

    assert 3 == len(at_once.flaws)
    assert at_once == replace(
        pages[-1],
        records=tuple(record for page in pages for record in page.records),
        lines=tuple(line for page in pages for line in page.lines),
        flaws=tuple(flaw for page in pages for flaw in page.flaws),
    )


def test_no_record_and_no_page_shows_itself() -> None:
    page = read_line(line())

    assert "髙橋" not in repr((page, page.records[0], SAKURA))
    assert SAKURA.secret not in repr(SAKURA)
