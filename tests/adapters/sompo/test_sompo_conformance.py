"""What every adapter promises, kept by this one."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta

import pytest

import insurers.sompo
from insurers.account import Access
from insurers.adapter import Applicant, Insurer
from insurers.conformance import Conformance, Moment, Trouble, Wait
from insurers.sandbox import Address, Fault, TestClock
from tests.adapters.sompo.conftest import SignIn

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
