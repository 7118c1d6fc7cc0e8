"""What every adapter promises, kept by this one."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta

import pytest
from aiohttp import web

import insurers.sompo
from insurers.account import Access
from insurers.adapter import Applicant, Insurer
from insurers.conformance import Conformance, Moment, Order, Trouble, Wait
from insurers.feed import FeedAccess
from insurers.identity import AgencyCode, InsurerCode
from insurers.sandbox import AGENCY_POLICIES, Address, Fault, TestClock
from tests.adapters.sompo.conftest import Control, SignIn

PATHS = {Moment.READ: "/keiyaku/syokai", Moment.WALK: "/koukai/juyou", Moment.APPLY: "/koukai/moshikomi"}


class TestSompo(Conformance):
    @pytest.fixture
    async def another(self, address: Address, clock: TestClock) -> AsyncIterator[Insurer]:
        async with insurers.sompo.connect(base_url=address.url, clock=clock) as insurer:
            yield insurer

    @pytest.fixture
    async def neighbours(self, sign_in: SignIn) -> Sequence[Access]:
        return [await sign_in(name) for name in ("any_corporate_policyholder", "sj_auto_renewal_rider")]

    @pytest.fixture
    def wait(self, clock: TestClock) -> Wait:
        async def passing(time: timedelta) -> None:
            clock.advance(time)

        return passing

    @pytest.fixture
    def trouble(self, plan_fault: Callable[..., None]) -> Trouble:
        async def order(moment: Moment, fault: Fault, *, times: int = 1) -> None:
            plan_fault(PATHS[moment], fault, times=times)

        return order

    @pytest.fixture
    def method(self) -> str:
        return "provisional"

    @pytest.fixture
    def stranger(self, applicant: Callable[..., Applicant]) -> Applicant:
        return applicant("taro", birth_date="1975-01-02")

    @pytest.fixture
    def agency(self, sandbox: web.Application) -> FeedAccess:
        # Nine tenths of them are this agency's, and a page holds two thousand.
        sandbox[AGENCY_POLICIES](2_300)
        return FeedAccess(insurer=InsurerCode("sompo"), agency=AgencyCode("H2002"), secret="sandbox-H2002")

    @pytest.fixture
    def spoil(self, control: Control) -> Order:
        async def order() -> None:
            broken = dict.fromkeys(("truncated", "unknown_code", "undecodable", "impossible_date"), 1)
            await control("agency-changes", {"agency": "H2002", "broken": broken})

        return order

    @pytest.fixture
    def outdate(self, clock: TestClock) -> Order:
        async def order() -> None:
            clock.advance(timedelta(hours=24))

        return order

    @pytest.fixture
    def at_hand(self) -> bytes | None:
        """The list is read from the insurer; nobody has it as a file."""
        return None
