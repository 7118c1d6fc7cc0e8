"""A renewal that was begun before the present cover was kept is no way past what its plans lose (P-8)."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from gateway.settings import Settings
from insurers.losses import fingerprint
from insurers.renewal import Renewal, RenewalState
from insurers.sandbox import Fault
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, Json, key
from tests.journeys.comparing import Machine, asker, done, fields, let_act, machine, refs, there
from tests.journeys.insurer import AnInsurer


@pytest.fixture
async def office(town: Town, settings: Settings) -> AsyncIterator[Machine]:
    async with machine(town, settings) as opened:
        yield opened


async def begun_earlier(office: Machine, renewal: Renewal, state: RenewalState = RenewalState.READY) -> Renewal:
    """The renewal as an earlier version of this program would have left it."""
    async with office.store.work() as work:
        was = there(await work.renewals.get(renewal.id)).version
        earlier = msgspec.structs.replace(renewal, state=state, current=None, acknowledged=(), version=was + 1)
        await work.renewals.save(earlier, was=was, due_at=renewal.updated_at)
    return earlier


async def losing(taro: Frontend, renewal: Json) -> Json:
    """Edit the first plan until it loses something, choose it, and answer everything else."""
    for cover in renewal["plans"][0]["coverages"]:
        for option in (option for option in cover["options"] if not option["selected"]):
            change = {"key": cover["key"], "option": option["value"]}
            renewal = (await taro.requote(renewal, renewal["plans"][0], change, resetFirst=True))["renewal"]
            if renewal["plans"][0]["lossesHash"]:
                return await taro.follow((await taro.choose(renewal, renewal["plans"][0]))["renewal"])
    raise AssertionError("no edit loses anything")


@pytest.mark.parametrize("code", CODES[:1])
async def test_what_was_reviewed_before_its_losses_were_told_is_not_sent_and_not_chosen_again_unread(
    town: Town, settings: Settings, office: Machine, taro: Frontend, insurer: AnInsurer
) -> None:
    await taro.register(insurer.code)
    assert "READY" == (await losing(taro, await taro.start(insurer.code)))["status"]
    who, (ref, *_), desk = await asker(town, settings, taro), refs(taro, insurer.code), office.desks.renewals
    reviewed = (await desk.latest(who, [ref]))[ref]
    review, plan = there(reviewed.review_hash), there(reviewed.plan)
    unpressed = (RenewalState.IN_PROGRESS, None, reviewed.current)

    await begun_earlier(office, reviewed, RenewalState.QUEUED)
    assert 1 == await town.gateway.worker.turn()
    queued = there(await desk.get(who, reviewed.id))
    assert unpressed == (queued.state, queued.selected, queued.current)

    earlier = await begun_earlier(office, reviewed)
    town.trouble(insurer.code, Fault.BUSY)
    unasked = await desk.submit(who, earlier.id, review, version=earlier.version, key=key())
    town.relieve()
    unread = await desk.submit(who, earlier.id, review, version=earlier.version, key=key())
    drafted = there(unread.thing)
    agent = await let_act(office, who)
    agents = await desk.select(agent, earlier.id, plan.code, version=drafted.version, key=key())
    lost = fingerprint(reviewed.losses(plan))
    read = await desk.select(who, earlier.id, plan.code, version=drafted.version, key=key(), acknowledged=lost)

    assert {"": "provider_unavailable"} == fields(unasked)
    assert {"acknowledgedLosses": "losses_not_acknowledged"} == fields(unread)
    assert unpressed == (drafted.state, drafted.selected, drafted.current)
    assert {"acknowledgedLosses": "customer_only"} == fields(agents)
    assert (plan.code, reviewed.acknowledged) == (done(read).selected, done(read).acknowledged)
    assert 0 == insurer.presses


@pytest.mark.parametrize("code", CODES[:1])
async def test_an_earlier_review_that_loses_nothing_goes_on_as_it_stands(
    town: Town, settings: Settings, office: Machine, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    who, (ref, *_), desk = await asker(town, settings, taro), refs(taro, insurer.code), office.desks.renewals
    reviewed = (await desk.latest(who, [ref]))[ref]
    earlier = await begun_earlier(office, reviewed)

    sent = done(await desk.submit(who, earlier.id, there(earlier.review_hash), version=earlier.version, key=key()))

    assert () == reviewed.losses(there(reviewed.plan))
    assert (RenewalState.ACCEPTED, reviewed.current) == (sent.state, sent.current)
