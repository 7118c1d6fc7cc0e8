"""What is owed to an agency's systems is told at least once, signed, for a day at most."""

import json
from datetime import timedelta

import pytest
from msgspec import structs
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from gateway.application import node_ids
from gateway.store import Store
from gateway.telling.deliveries import A_DAY, WAITS, Deliveries
from gateway.telling.signing import fresh_secret
from gateway.telling.webhooks import WebhookDesk
from gateway.vault import Keyring
from insurers.agency import Agency, AgentRole
from insurers.contact import Contact
from insurers.sandbox import TestClock
from insurers.telling import DeliveryState, EventKind, Webhook, WebhookState
from insurers.text import Text
from schema.problems import ProblemCode
from tests.telling.conftest import ASKER, MANAGER, Receiver, happen


@pytest.fixture
async def webhook(desk: WebhookDesk, receiver: Receiver) -> Webhook:
    done = await desk.create(MANAGER, ASKER, receiver.url, [EventKind.RENEWAL_CHANGED], key="w")
    assert done.thing is not None
    return done.thing


async def standing(store: Store, webhook: Webhook) -> Webhook:
    async with store.reading() as work:
        found = await work.webhooks.get(webhook.id)
    assert found is not None
    return found


async def test_a_message_is_signed_names_a_node_and_is_told_once(
    store: Store, keyring: Keyring, clock: TestClock, deliveries: Deliveries, webhook: Webhook, receiver: Receiver
) -> None:
    await happen(store, clock)
    await happen(store, clock, EventKind.FEED_READ)
    assert clock() == await deliveries.due()
    assert [1, 0] == [await deliveries.turn(), await deliveries.turn()]
    [(headers, body)] = receiver.heard
    said = Verifier(webhook.secret).verify(body, headers)
    assert ("renewal.changed", "ACCEPTED") == (said["type"], said["data"]["status"])
    assert ("7",) == node_ids(keyring).parts(said["data"]["id"], "BookEntry")
    assert await deliveries.due() is None


async def test_after_a_rotation_both_secrets_verify_and_later_only_the_new_one(
    store: Store, clock: TestClock, desk: WebhookDesk, deliveries: Deliveries, webhook: Webhook, receiver: Receiver
) -> None:
    done = await desk.rotate(MANAGER, ASKER, webhook.id, overlap_hours=1, key="r")
    assert done.thing is not None
    for advance in (timedelta(), timedelta(hours=1)):
        clock.advance(advance)
        await happen(store, clock)
        await deliveries.turn()
    during, after = ((headers["webhook-signature"], headers, body) for headers, body in receiver.heard)
    assert [2, 1] == [len(signatures.split()) for signatures, _, _ in (during, after)]
    for secret in (webhook.secret, done.thing.secret):
        assert Verifier(secret).verify(during[2], during[1])
    with pytest.raises(WebhookVerificationError):
        Verifier(fresh_secret()).verify(during[2], during[1])


async def test_what_is_not_taken_is_tried_again_for_a_day_and_then_the_address_is_dead(
    store: Store, clock: TestClock, desk: WebhookDesk, deliveries: Deliveries, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answers += [500] * (len(WAITS) + 1)
    await happen(store, clock)
    began = clock()
    while (due := await deliveries.due()) is not None:
        clock.set(due)
        await deliveries.turn()
    assert (len(WAITS) + 1, A_DAY) == (len(receiver.heard), clock() - began)
    assert 1 == len({headers["webhook-id"] for headers, _ in receiver.heard})
    dead = await standing(store, webhook)
    assert (WebhookState.DEAD, began, clock()) == (dead.state, dead.failing_since, dead.ended_at)
    await happen(store, clock)
    assert await deliveries.due() is None
    [delivery], _ = await desk.deliveries(MANAGER, webhook.id, first=20, before=None)
    assert (DeliveryState.FAILED, 500) == (delivery.state, delivery.status)


async def test_one_that_takes_something_again_is_not_counted_as_failing(
    store: Store, clock: TestClock, deliveries: Deliveries, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answers += [503]
    await happen(store, clock)
    await deliveries.turn()
    assert clock() == (await standing(store, webhook)).failing_since
    clock.advance(WAITS[0])
    await deliveries.turn()
    assert (await standing(store, webhook)).failing_since is None


async def test_one_that_says_it_is_gone_is_switched_off_at_once(
    store: Store, clock: TestClock, deliveries: Deliveries, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answers += [410]
    await happen(store, clock)
    await deliveries.turn()
    assert WebhookState.DEAD is (await standing(store, webhook)).state
    assert await deliveries.due() is None


async def test_a_redirection_is_not_followed(
    store: Store, clock: TestClock, deliveries: Deliveries, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answers += [307]
    await happen(store, clock)
    await deliveries.turn()
    assert 1 == len(receiver.heard)
    assert clock() + WAITS[0] == await deliveries.due()


async def test_switched_on_again_it_is_told_by_a_replay_what_it_missed_with_the_same_ids(
    store: Store, clock: TestClock, desk: WebhookDesk, deliveries: Deliveries, webhook: Webhook, receiver: Receiver
) -> None:
    await happen(store, clock)
    await deliveries.turn()
    cursor = int(json.loads(receiver.heard[0][1])["cursor"])
    await desk.switch(MANAGER, ASKER, webhook.id, on=False, key="off")
    for _ in range(3):
        await happen(store, clock)
    await desk.switch(MANAGER, ASKER, webhook.id, on=True, key="on")
    assert await deliveries.due() is None
    await desk.replay(MANAGER, ASKER, webhook.id, after=cursor, key="again")
    await deliveries.turn()
    assert [4, 4] == [len(receiver.heard), len({headers["webhook-id"] for headers, _ in receiver.heard})]


async def test_an_agency_that_was_taken_out_is_told_nothing_more(
    store: Store, clock: TestClock, deliveries: Deliveries, webhook: Webhook, receiver: Receiver
) -> None:
    contact = Contact(label=Text("代表", "Office"))
    for agencies in ([Agency(id="sakura", name="さくら保険サービス", contact=contact)], []):
        await happen(store, clock)
        async with store.work() as work:
            await work.agencies.replace(agencies, [])
    await happen(store, clock)

    assert 2 == await deliveries.turn()
    assert not receiver.heard
    assert await deliveries.due() is None


async def test_a_message_whose_sender_died_is_sent_by_another_when_the_lease_is_over(
    store: Store, clock: TestClock, deliveries: Deliveries, webhook: Webhook, receiver: Receiver
) -> None:
    await happen(store, clock)
    async with store.work() as work:
        [owed] = await work.webhooks.claim(clock(), lease_seconds=60, places=10, probes=1)
    assert 0 == await deliveries.turn()
    assert owed.lease.until == await deliveries.due()
    clock.set(owed.lease.until)
    assert 1 == await deliveries.turn()
    assert 1 == len(receiver.heard)


async def test_only_a_manager_of_the_same_agency_has_webhooks(
    desk: WebhookDesk, webhook: Webhook, receiver: Receiver
) -> None:
    for other in (structs.replace(MANAGER, agency="hinode"), structs.replace(MANAGER, role=AgentRole.AGENT)):
        assert [] == list(await desk.webhooks(other))
        done = await desk.rotate(other, ASKER, webhook.id, overlap_hours=1, key=other.agency + other.role)
        assert [ProblemCode.NOT_FOUND] == [problem.code for problem in done.problems]
    done = await desk.create(
        structs.replace(MANAGER, role=AgentRole.AGENT), ASKER, receiver.url, [EventKind.FEED_READ], key="no"
    )
    assert [ProblemCode.NOT_ELIGIBLE] == [problem.code for problem in done.problems]


async def test_the_same_order_makes_one_webhook(desk: WebhookDesk, webhook: Webhook, receiver: Receiver) -> None:
    again = await desk.create(MANAGER, ASKER, receiver.url, [EventKind.RENEWAL_CHANGED], key="w")
    assert (webhook, True) == (again.thing, again.replayed)
