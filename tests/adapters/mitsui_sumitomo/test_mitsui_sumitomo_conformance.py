"""What every adapter promises, kept by this one."""

from collections.abc import Callable

import pytest

from insurers.account import Access
from insurers.adapter import Applicant, Insurer
from insurers.conformance import Conformance, Moment, Trouble, complete
from insurers.identity import PolicyNumber
from insurers.plan import PlanQuery
from insurers.renewal import Draft
from insurers.sandbox import Fault

PATHS = {Moment.READ: "/portal/keiyaku/0123456789", Moment.APPLY: "/eg1/moshikomi"}


class TestMitsuiSumitomo(Conformance):
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
