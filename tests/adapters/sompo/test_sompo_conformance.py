"""What every adapter promises, kept by this one."""

from collections.abc import Callable

import pytest

from insurers.adapter import Applicant
from insurers.conformance import Conformance, Moment, Trouble
from insurers.sandbox import Fault

PATHS = {Moment.READ: "/keiyaku/syokai", Moment.APPLY: "/koukai/moshikomi"}


class TestSompo(Conformance):
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
