"""Trouble on the way to Sompo's button, and at it: before, nothing was signed; there, nobody knows."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import aiohttp
import pytest
from aiohttp import web

import insurers.sompo
from insurers.account import Access
from insurers.adapter import Insurer
from insurers.errors import (
    AccessDenied,
    Drifted,
    ErrorCode,
    Expired,
    InsurerError,
    NotOnline,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.exchange import Exchange
from insurers.http import within
from insurers.identity import PolicyNumber
from insurers.renewal import Draft
from insurers.sandbox import FAULTS, LEDGER, REQUESTS, TOKYO, Address, Fault, TestClock, serve
from insurers.sompo.sandbox import AT_ONCE, CALLERS
from insurers.sompo.sandbox.replies import KEKKA
from tests.adapters.sompo.conftest import Complete, Order, SignIn

KEY = UUID(int=7)
BUTTON = "/koukai/moshikomi"
ON_THE_WAY = (
    "/login/tanmatu",
    "/koukai/tejyun",
    "/koukai/sisan",
    "/koukai/itiran",
    "/koukai/kaisi",
    "/koukai/jizen",
    "/koukai/kihon",
    "/koukai/hosyou",
    "/koukai/syousai",
    "/koukai/kettei",
    "/koukai/siharai",
    "/syorui/syutoku",
    "/koukai/juyou",
)


@pytest.mark.parametrize(
    ("fault", "kinds"),
    [
        (Fault.SILENCE, (Unavailable,)),
        (Fault.BUSY, (Unavailable,)),
        (Fault.GIBBERISH, (Drifted,)),
    ],
)
async def test_trouble_at_any_step_before_the_button_says_that_nothing_was_signed(
    insurer: Insurer,
    access: Access,
    draft: Draft,
    sandbox: web.Application,
    address: Address,
    clock: TestClock,
    fault: Fault,
    kinds: tuple[type[InsurerError], ...],
) -> None:
    proposal = await insurer.rehearse(access, draft)
    for path in ON_THE_WAY:
        sandbox[FAULTS].plan(path, fault, times=9)

        # Another gateway for each, because one that has met with so much trouble rests.
        async with insurers.sompo.connect(base_url=address.url, clock=clock) as another:
            with pytest.raises(kinds):
                await another.apply(access, proposal, KEY)

        sandbox[FAULTS].planned.clear()
    assert 0 == sandbox[REQUESTS][f"POST {BUTTON}"]
    assert await insurer.outcome(access, proposal, KEY) is None


@pytest.mark.parametrize(
    ("fault", "signed"), [(Fault.SILENCE, True), (Fault.LOST, False), (Fault.GIBBERISH, True)], ids=str
)
async def test_what_nobody_understood_at_the_button_is_unconfirmed_and_pressed_once(
    insurer: Insurer, access: Access, draft: Draft, sandbox: web.Application, fault: Fault, signed: bool
) -> None:
    proposal = await insurer.rehearse(access, draft)
    sandbox[FAULTS].plan(BUTTON, fault)

    with pytest.raises(Unconfirmed):
        await insurer.apply(access, proposal, KEY)

    assert 1 == sandbox[REQUESTS][f"POST {BUTTON}"]
    assert signed == bool(await insurer.outcome(access, proposal, KEY)) == bool(sandbox[LEDGER]())


Instead = Callable[[web.Response], web.Response]


def forging(field: str, other: str) -> Instead:
    def forged(heard: web.Response) -> web.Response:
        assert isinstance(heard.body, bytes)
        return web.Response(body=re.sub(rf"\b{field}=\w*", f"{field}={other}", heard.body.decode()).encode())

    return forged


@asynccontextmanager
async def front(address: Address, instead: Instead, path: str = BUTTON) -> AsyncIterator[str]:
    """What stands in front of the service: it passes everything on, and answers one path in its own way."""
    async with aiohttp.ClientSession() as behind:

        async def pass_on(request: web.Request) -> web.Response:
            async with behind.post(address.url + request.path, data=await request.read()) as answer:
                body, kind = await answer.read(), answer.headers["Content-Type"]
            heard = web.Response(body=body, headers={"Content-Type": kind})
            return instead(heard) if request.path == path else heard

        app = web.Application()
        app.router.add_post("/{path:.*}", pass_on)
        async with serve(app) as door:
            yield door.url


@pytest.mark.parametrize("status", [200, 302, 404, 429, 500, 502])
async def test_only_503_promises_that_nothing_was_done(
    insurer: Insurer, access: Access, draft: Draft, address: Address, clock: TestClock, status: int
) -> None:
    """WIRE.md 1.2. A white page (SJ-ERR-01) is no answer either, and does no harm."""
    proposal = await insurer.rehearse(access, draft)

    def blank(_: web.Response) -> web.Response:
        return web.Response(status=status, headers={"Location": "/"})

    async with front(address, blank) as url, insurers.sompo.connect(base_url=url, clock=clock) as behind:
        with pytest.raises(Unconfirmed):
            await behind.apply(access, proposal, KEY)

    assert await insurer.outcome(access, proposal, KEY)


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("HOKENRYO", "1"),
        ("SYOKEN_NO", "A123456790"),
        ("KOUKAIGO_SYOKEN_NO", "A123456789"),
        ("KOUKAIGO_SYOKEN_NO", ""),
        ("UKETUKE_NITIJI", "20261120100000&SINSETU=1"),
        ("KEKKA_CD", "01"),
    ],
)
async def test_a_receipt_that_is_not_for_what_was_agreed_to_is_unconfirmed(
    insurer: Insurer, access: Access, draft: Draft, address: Address, clock: TestClock, field: str, other: str
) -> None:
    proposal = await insurer.rehearse(access, draft)
    async with (
        front(address, forging(field, other)) as url,
        insurers.sompo.connect(base_url=url, clock=clock) as behind,
    ):
        with pytest.raises(Unconfirmed):
            await behind.apply(access, proposal, KEY)

    assert await insurer.outcome(access, proposal, KEY)


@pytest.mark.parametrize(
    ("path", "field", "other"),
    [
        ("/koukai/itiran", "KOUKAIGO_SYOKEN_NO", ""),
        ("/koukai/itiran", "KENSUU", "2"),
        ("/keiyaku/syokai", "HOKENRYO", "many"),
    ],
)
async def test_what_became_of_it_is_not_read_from_an_answer_outside_the_wire(
    insurer: Insurer,
    access: Access,
    draft: Draft,
    address: Address,
    clock: TestClock,
    path: str,
    field: str,
    other: str,
) -> None:
    proposal = await insurer.rehearse(access, draft)
    await insurer.apply(access, proposal, KEY)

    strange = front(address, forging(field, other), path)
    async with strange as url, insurers.sompo.connect(base_url=url, clock=clock) as behind:
        with pytest.raises(Drifted):
            await behind.outcome(access, proposal, KEY)


async def test_busy_at_the_button_has_signed_nothing_and_is_not_pressed_again(
    insurer: Insurer, access: Access, draft: Draft, plan_fault: Order, requests: Counter[str]
) -> None:
    proposal = await insurer.rehearse(access, draft)
    plan_fault(BUTTON, Fault.BUSY)

    with pytest.raises(Unavailable):
        await insurer.apply(access, proposal, KEY)

    assert 1 == requests[f"POST {BUTTON}"]
    assert await insurer.outcome(access, proposal, KEY) is None


def answering(code: str) -> web.Application:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(body=f"KEKKA_CD={code}&KEKKA_BUN=&SYORI_NITIJI=20261121184500\r\n".encode())

    app = web.Application()
    app.router.add_post("/{path:.*}", refuse)
    return app


async def test_a_code_without_what_stands_beside_it_is_none_of_the_wire(clock: TestClock, access: Access) -> None:
    """Such an answer says nothing, so whoever wrote something must not rely on its code."""
    beside = {"10", "24", "28", "33", "41", "42", "44", "53", "54", "56", "57", "60", "61", "63", "72"}
    for code in ("00", "99", *sorted(beside & set(KEKKA))):
        async with serve(answering(code)) as door, insurers.sompo.connect(base_url=door.url, clock=clock) as insurer:
            with pytest.raises(Drifted):
                await insurer.policies(access)


class Interference:
    """Does something, once, right after the gateway was answered on a path for the *turn*-th time."""

    def __init__(self) -> None:
        self.heard: Counter[str] = Counter()
        self.plans: dict[tuple[str, int], Callable[[], None]] = {}

    def __call__(self, exchange: Exchange) -> None:
        self.heard[exchange.operation] += 1
        if deed := self.plans.pop((exchange.operation, self.heard[exchange.operation]), None):
            deed()

    def plan(self, path: str, turn: int, deed: Callable[[], None]) -> None:
        self.plans[path, turn] = deed


@pytest.fixture
def interference() -> Interference:
    return Interference()


@pytest.fixture
async def disturbed(address: Address, clock: TestClock, interference: Interference) -> AsyncIterator[Insurer]:
    """Another gateway, in which *interference* may be planned."""
    async with insurers.sompo.connect(base_url=address.url, clock=clock, listener=interference) as insurer:
        yield insurer


@pytest.mark.parametrize("path", ["/koukai/kaisi", "/koukai/syousai", "/koukai/siharai"])
async def test_a_session_that_dies_in_the_middle_is_walked_again_in_a_fresh_one(
    disturbed: Insurer,
    interference: Interference,
    access: Access,
    draft: Draft,
    clock: TestClock,
    sandbox: web.Application,
    path: str,
) -> None:
    """Thirty minutes idle (WIRE.md 4.3), and the procedure is dead with its session."""
    interference.plan(path, 1, lambda: clock.advance(timedelta(minutes=30)))

    proposal = await disturbed.rehearse(access, draft)

    assert draft == proposal.draft
    assert (2, 2) == (interference.heard["/login/tanmatu"], interference.heard["/koukai/kaisi"])
    assert 0 == sandbox[REQUESTS][f"POST {BUTTON}"]


async def test_a_session_that_dies_before_the_button_is_walked_again_and_signed_once(
    disturbed: Insurer,
    interference: Interference,
    access: Access,
    draft: Draft,
    clock: TestClock,
    sandbox: web.Application,
) -> None:
    proposal = await disturbed.rehearse(access, draft)
    interference.plan("/koukai/juyou", 2, lambda: clock.advance(timedelta(minutes=30)))

    successor = await disturbed.apply(access, proposal, KEY)

    assert [str(successor)] == [accepted.successor for accepted in sandbox[LEDGER]()]


async def test_a_step_whose_answer_is_lost_costs_no_other_session(
    insurer: Insurer, access: Access, draft: Draft, plan_fault: Order, requests: Counter[str]
) -> None:
    requests.clear()
    plan_fault("/koukai/kettei", Fault.SILENCE)

    assert draft == (await insurer.rehearse(access, draft)).draft

    assert (1, 2) == (requests["POST /login/tanmatu"], requests["POST /koukai/kaisi"])


async def test_a_step_whose_answer_is_lost_twice_is_no_reason_to_sign_in_again(
    disturbed: Insurer, interference: Interference, sign_in: SignIn, completed: Complete, plan_fault: Order
) -> None:
    access = await sign_in("sj_otp", trust_device=False)
    draft = await completed(access, PolicyNumber.parse("C100000001"))
    plan_fault("/koukai/kihon", Fault.SILENCE)
    interference.plan("/koukai/jizen", 2, lambda: plan_fault("/koukai/kihon", Fault.SILENCE))

    with pytest.raises(Unavailable) as lost:
        await disturbed.rehearse(access, draft)

    assert (ErrorCode.SESSION_TIMEOUT, False) == (lost.value.code, isinstance(lost.value, Expired | AccessDenied))
    assert draft == (await disturbed.rehearse(access, draft)).draft


async def test_who_finds_no_place_free_asks_again_after_a_moment(
    disturbed: Insurer, interference: Interference, access: Access, draft: Draft, sandbox: web.Application
) -> None:
    """Others ask from the same address (WIRE.md 1.4)."""
    callers = sandbox[CALLERS]

    def crowded() -> None:
        callers["127.0.0.1"] += AT_ONCE

    def at_ease() -> None:
        callers["127.0.0.1"] -= AT_ONCE

    for path in ("/login/tanmatu", "/koukai/kaisi", "/koukai/siharai"):
        interference.plan(path, 1, crowded)
    for path in ("/koukai/tejyun", "/koukai/jizen", "/syorui/syutoku"):
        interference.plan(path, 2, at_ease)

    proposal = await disturbed.rehearse(access, draft)

    assert draft == proposal.draft
    assert (3, 3, 3) == tuple(
        interference.heard[path] for path in ("/koukai/tejyun", "/koukai/jizen", "/syorui/syutoku")
    )


async def test_who_finds_no_place_free_at_the_button_has_signed_nothing(
    disturbed: Insurer, interference: Interference, access: Access, draft: Draft, sandbox: web.Application
) -> None:
    proposal = await disturbed.rehearse(access, draft)
    interference.plan("/koukai/juyou", 2, lambda: sandbox[CALLERS].update({"127.0.0.1": AT_ONCE}))

    with pytest.raises(Unavailable) as refused:
        await disturbed.apply(access, proposal, KEY)

    assert (ErrorCode.RATE_LIMITED, 1) == (refused.value.code, interference.heard[BUTTON])
    assert () == sandbox[LEDGER]()


async def test_a_callers_deadline_before_the_button_says_that_nothing_was_signed(
    insurer: Insurer, access: Access, draft: Draft, sandbox: web.Application
) -> None:
    """It falls into a pause between two tries, where nobody but the adapter knows that the button was not reached."""
    proposal = await insurer.rehearse(access, draft)
    sandbox[CALLERS]["127.0.0.1"] = AT_ONCE

    with pytest.raises(Unavailable):
        async with within(0.3):
            await insurer.apply(access, proposal, KEY)

    assert () == sandbox[LEDGER]()


async def test_a_refusal_at_the_button_is_an_answer(
    disturbed: Insurer, interference: Interference, access: Access, draft: Draft, clock: TestClock
) -> None:
    """Maturity comes between the last step and the button: 61, with whom to ask."""
    clock.set(datetime(2027, 1, 4, 15, 59, tzinfo=TOKYO))
    proposal = await disturbed.rehearse(access, draft)
    interference.plan("/koukai/juyou", 2, lambda: clock.advance(timedelta(minutes=1)))

    with pytest.raises(NotOnline) as refused:
        await disturbed.apply(access, proposal, KEY)

    assert isinstance(refused.value, Rejected)
    assert refused.value.reason.contact
