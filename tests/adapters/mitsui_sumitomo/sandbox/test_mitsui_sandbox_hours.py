"""Two services with hours of their own: MS-HRS-01, MS-HRS-03/04, D1, D2."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from insurers.sandbox import TOKYO, TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer


# 2026-11-22 is a Sunday, the 23rd a Monday.
@pytest.mark.parametrize(
    ("moment", "portal", "eg1", "next_portal", "next_eg1"),
    [
        ("2026-11-20T06:59", None, "EG1", None, "2026-11-20 07:00"),
        ("2026-11-20T07:00", None, None, None, None),
        ("2026-11-21T02:29", None, None, None, None),
        ("2026-11-21T02:30", None, "EG1", None, "2026-11-21 07:00"),
        ("2026-11-23T01:59", None, None, None, None),
        ("2026-11-23T02:00", "PORTAL", "PORTAL", "2026-11-23 04:00", "2026-11-23 07:00"),
        # Sunday 26:01: e-G1 would run until 26:30, but stands on the portal.
        ("2026-11-23T02:01", "PORTAL", "PORTAL", "2026-11-23 04:00", "2026-11-23 07:00"),
        ("2026-11-23T03:59", "PORTAL", "PORTAL", "2026-11-23 04:00", "2026-11-23 07:00"),
        ("2026-11-23T04:00", None, "EG1", None, "2026-11-23 07:00"),
    ],
)
async def test_each_service_keeps_its_hours(
    customer: Customer,
    clock: TestClock,
    moment: str,
    portal: str | None,
    eg1: str | None,
    next_portal: str | None,
    next_eg1: str | None,
) -> None:
    clock.set(datetime.fromisoformat(moment).replace(tzinfo=TOKYO))

    at_portal = await customer.get("/portal/keiyaku")
    at_eg1 = await customer.get("/eg1/plan")

    assert (portal, next_portal) == (at_portal.body.get("service"), at_portal.body.get("saikaiNichiji"))
    assert (eg1, next_eg1) == (at_eg1.body.get("service"), at_eg1.body.get("saikaiNichiji"))
    assert ((503, "closed") if portal else (401, "not-logged-in")) == at_portal.said
    assert ((503, "closed") if eg1 else (401, "not-logged-in")) == at_eg1.said


async def test_a_visit_does_not_outlive_sunday_twenty_six_hundred(taro: Customer, clock: TestClock) -> None:
    clock.set(datetime(2026, 11, 23, 1, 30, tzinfo=TOKYO))
    await taro.log_in_easily()
    await taro.enter("0123456789")

    clock.set(datetime(2026, 11, 23, 2, 1, tzinfo=TOKYO))

    assert (503, "closed") == (await taro.get("/eg1/plan")).said


async def test_a_closed_portal_tells_a_browser_in_words(customer: Customer, clock: TestClock) -> None:
    clock.set(datetime(2026, 11, 23, 2, 1, tzinfo=TOKYO))

    page = await customer.get("/portal/SI?cd=x")

    assert 503 == page.status
    assert "2026-11-23 04:00" in page.raw.decode()


async def test_the_control_port_moves_the_clock(customer: Customer, clock: TestClock) -> None:
    before = clock()

    await customer.control("clock", {"advance_seconds": 3600}, method="PUT")

    assert timedelta(hours=1) == clock() - before
