"""A no, or a narrower yes, stops whatever an insurer is being asked, and all that it was told is in the evidence."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any
from urllib.parse import parse_qs

import pytest

from gateway.journeys.editing import MOST_DIFFERENCES
from gateway.journeys.leave import Withdrawn
from gateway.settings import Settings
from insurers.comparison import Comparison, ComparisonEvent, Inquiry, InquiryState
from insurers.coverage import CoverageChange
from insurers.plan import Plan
from insurers.sandbox import RECEIVED, Fault
from schema.ports import Asker
from tests.api.conftest import Town
from tests.api.frontend import Frontend, key
from tests.journeys.comparing import Machine, asker, done, fields, machine, part, refs, there
from tests.journeys.insurer import AnInsurer
from tests.journeys.test_comparisons_sharing import OTHER, OWN, SLOW_SECONDS, received, share, shown

S = InquiryState
E = ComparisonEvent


@pytest.fixture
async def office(town: Town, settings: Settings) -> AsyncIterator[Machine]:
    async with machine(town, settings) as opened:
        yield opened


@pytest.fixture
async def who(town: Town, settings: Settings, taro: Frontend) -> Asker:
    await taro.register(OWN)
    return await asker(town, settings, taro)


@pytest.fixture
async def begun(office: Machine, who: Asker, taro: Frontend) -> Comparison:
    return done(await office.desks.comparisons.start(who, refs(taro, OWN)[:1], None, None, key=key()))


@pytest.fixture
async def answered(office: Machine, who: Asker, begun: Comparison) -> Inquiry:
    done(await share(office, who, begun))
    return there(await office.desks.comparisons.settled(who, part(begun, OTHER).id))


@pytest.mark.parametrize("address_of_database", ["postgresql"], indirect=True)
async def test_what_is_said_on_one_machine_stops_what_another_asks(
    town: Town, settings: Settings, office: Machine, who: Asker, begun: Comparison, answered: Inquiry
) -> None:
    desk, plan, insurer = office.desks.comparisons, answered.plans[0], AnInsurer(OTHER, *town.houses[OTHER])
    change, narrow, quoting = changes(plan)[0], shown(office, begun).needed, _last_path(town)
    wholly = _names(received(town))
    done(await desk.requote(who, answered.id, plan.code, [change], reset=False, key=key()))

    def slowed(times: int) -> None:
        insurer.calm()
        insurer.count_anew()
        insurer.order(quoting, Fault.SLOW, times=times, seconds=SLOW_SECONDS)

    async with machine(town, settings) as other:
        slowed(2)
        done(await desk.refresh(who, begun.id, [OTHER], key=key()))
        await insurer.called(quoting)
        heard = len(received(town))
        narrowed = part(done(await share(other, who, begun, categories=narrow)), OTHER)
        await other.desks.comparisons.settled(who, narrowed.id)
        told = _names(received(town)[heard:])
        insurer.calm()
        heard = len(received(town))
        done(await share(office, who, begun, categories=narrow))
        await desk.settled(who, answered.id)
        assert _names(received(town)[heard:]) == told < wholly

        for ask in (
            desk.differences(who, answered.id, plan.code, ()),
            desk.requote(who, answered.id, plan.code, [change], reset=False, key=key()),
        ):
            done(await share(office, who, begun, categories=narrow))
            await desk.settled(who, answered.id)
            slowed(MOST_DIFFERENCES)
            asking = asyncio.create_task(_told(ask))
            await insurer.called(quoting)
            done(await share(other, who, begun, granted=False))
            heard = len(received(town))
            assert "withdrawn" == await asking
            assert heard == len(received(town))
            insurer.calm()

    assert S.DECLINED is (await office.inquiry(answered.id)).state
    await office.audited(begun.id)


# Of either desk's answers, or none.
async def _told(asking: Awaitable[Any]) -> str:
    try:
        answer = await asking
    except Withdrawn:
        return "withdrawn"
    return "withdrawn" if {"insurer": "consent_required"} == fields(answer) else repr(answer)


def changes(plan: Plan) -> list[CoverageChange]:
    return [
        CoverageChange(kind=cover.kind, option=option.value)
        for cover in plan.coverages
        for option in cover.options
        if not option.selected
    ]


def _names(bodies: list[str]) -> set[str]:
    """What was told, by name, whatever the values."""
    return {name for body in bodies for name, values in parse_qs(body).items() if any(values)}


def _last_path(town: Town) -> str:
    return town.houses[OTHER][0][RECEIVED][-1].path
