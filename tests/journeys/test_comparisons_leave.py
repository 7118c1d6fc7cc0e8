"""A no, or a narrower yes, stops whatever an insurer is being asked, and all that it was told is in the evidence."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from gateway.journeys.editing import MOST_DIFFERENCES
from gateway.journeys.leave import Withdrawn
from gateway.settings import Settings
from insurers.comparison import Comparison, Inquiry, InquiryState
from insurers.consent import Consent
from insurers.coverage import CoverageChange
from insurers.plan import Plan
from insurers.sandbox import RECEIVED, Fault
from schema.ports import Asker, Done
from tests.api.conftest import Town
from tests.api.frontend import key
from tests.journeys.comparing import Machine, done, fields, machine, part, there
from tests.journeys.insurer import AnInsurer
from tests.journeys.sharing import OTHER, SLOW_SECONDS, begun, office, received, share, shown, who

__all__ = ["begun", "office", "who"]

S = InquiryState


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

    entries = await office.evidence(begun.id)
    assert "withdrawn" == await _told(desk.differences(who, answered.id, plan.code, ()))
    assert entries == await office.evidence(begun.id)
    assert S.DECLINED is (await office.inquiry(answered.id)).state
    await office.audited(begun.id)


async def test_an_order_to_tell_is_carried_out_once_whatever_was_said_since(
    town: Town, office: Machine, who: Asker, begun: Comparison
) -> None:
    """The process that carried it out may have died before it could remember the order's key."""
    desk, told, order = office.desks.comparisons, shown(office, begun), key()

    async def grant() -> Done[Comparison]:
        return await desk.share(who, begun.id, OTHER, told.categories, told.fingerprint, granted=True, key=order)

    done(await grant())
    await desk.settled(who, part(begun, OTHER).id)
    done(await share(office, who, begun, granted=False))
    heard, entries = len(received(town)), await office.evidence(begun.id)
    async with office.store.work() as work:
        await work.keys.forget(town.clock() + timedelta(days=1))
    again = await grant()

    assert (S.DECLINED, True) == (part(done(again), OTHER).state, again.replayed)
    assert (heard, entries) == (len(received(town)), await office.evidence(begun.id))


async def test_a_no_is_taken_also_where_the_insurer_is_gone(
    town: Town, settings: Settings, office: Machine, who: Asker, begun: Comparison, answered: Inquiry
) -> None:
    left = replace(town, houses={code: house for code, house in town.houses.items() if code != OTHER})
    async with machine(left, settings) as without:
        desk = without.desks.comparisons
        again = await desk.share(who, begun.id, OTHER, answered.categories, "", granted=True, key=key())
        declined = await desk.share(who, begun.id, OTHER, (), "", granted=False, key=key())

    assert {"insurer": "not_found"} == fields(again)
    assert (S.DECLINED, None) == (part(done(declined), OTHER).state, part(done(declined), OTHER).agreed_at)
    yes, no = [entry for entry in await office.evidence(begun.id) if isinstance(entry, Consent)]
    assert (yes.statement, yes.shown, ()) == (no.statement, no.shown, no.categories)
    await office.audited(begun.id)


async def test_of_two_edits_at_once_none_is_lost_without_a_word(
    town: Town, office: Machine, who: Asker, begun: Comparison, answered: Inquiry
) -> None:
    desk, plan = office.desks.comparisons, answered.plans[0]
    insurer = AnInsurer(OTHER, *town.houses[OTHER])
    insurer.order(_last_path(town), Fault.SLOW, times=2, seconds=SLOW_SECONDS)
    edits = list({change.kind: change for change in changes(plan)}.values())[:2]

    tabs = await asyncio.gather(
        *(desk.requote(who, answered.id, plan.code, [edit], reset=False, key=key()) for edit in edits)
    )

    kept = [edit for edit, answer in zip(edits, tabs, strict=True) if not answer.problems]
    assert sorted([{}, {"planId": "quote_expired"}], key=len) == sorted(map(fields, tabs), key=len)
    assert tuple(kept) == there((await office.inquiry(answered.id)).plan(plan.code)).changes
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
