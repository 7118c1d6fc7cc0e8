"""What every adapter promises, kept by this one."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta

import pytest
from aiohttp import web

import insurers.mitsui_sumitomo
from insurers.account import Access
from insurers.adapter import Applicant, Insurer
from insurers.conformance import Conformance, Moment, Order, Trouble, Wait, complete
from insurers.feed import FeedAccess
from insurers.identity import AgencyCode, PolicyNumber
from insurers.mitsui_sumitomo.sandbox.house import HOUSE
from insurers.plan import PlanQuery
from insurers.renewal import Draft
from insurers.sandbox import Address, Fault, TestClock
from tests.adapters.mitsui_sumitomo.conftest import Control, Register, persona
from tests.adapters.mitsui_sumitomo.walking import signed_in

PATHS = {
    Moment.READ: "/portal/keiyaku/0123456789",
    Moment.WALK: "/eg1/saishu-kakunin",
    Moment.APPLY: "/eg1/moshikomi",
}


class TestMitsuiSumitomo(Conformance):
    @pytest.fixture
    async def another(self, address: Address, clock: TestClock) -> AsyncIterator[Insurer]:
        async with insurers.mitsui_sumitomo.connect(base_url=address.url, clock=clock) as insurer:
            yield insurer

    @pytest.fixture
    async def neighbours(self, insurer: Insurer, register: Register) -> Sequence[Access]:
        rider = persona("ms_auto_renewal_rider")["torokuZumi"]["userId"]
        return [await register("ms_agency_only"), (await signed_in(insurer, rider)).access]

    @pytest.fixture
    def wait(self, clock: TestClock) -> Wait:
        async def passing(time: timedelta) -> None:
            clock.advance(time)

        return passing

    @pytest.fixture
    async def draft(self, insurer: Insurer, access: Access, known: PolicyNumber) -> Draft:
        plans = await insurer.plans(access, PlanQuery(number=known))
        return complete(known, plans[0], await insurer.script(access, known))

    @pytest.fixture
    def trouble(self, faults: Callable[..., None]) -> Trouble:
        async def order(moment: Moment, fault: Fault, *, times: int = 1) -> None:
            faults(PATHS[moment], fault, times=times)

        return order

    @pytest.fixture
    def method(self) -> str:
        return "link_and_keyword"

    @pytest.fixture
    def stranger(self, applicant: Callable[..., Applicant]) -> Applicant:
        return applicant("taro", birth_date="1975-01-02")

    @pytest.fixture
    def agency(self, insurer: Insurer) -> FeedAccess:
        return FeedAccess(insurer=insurer.manifest.code, agency=AgencyCode("S1001"), secret="sandbox-S1001")

    @pytest.fixture
    def spoil(self, control: Control) -> Order:
        async def order() -> None:
            for number, how in (("0123456789", "MOJI"), ("0500000007", "MIJIKAI"), ("0500000023", "CODE")):
                await control("manki/kowashi", {"shokenNo": [number], "kowashikata": how})
            await control("manki/sakusei", {"zenken": True})

        return order

    @pytest.fixture
    def outdate(self, control: Control) -> Order:
        async def order() -> None:
            await control("manki/sakusei", {"zenken": True})

        return order

    @pytest.fixture
    def at_hand(self, sandbox: web.Application) -> bytes:
        file = sandbox[HOUSE].maturities.files["S1001"]
        return file.part(0, file.size())
