"""Policies read, a renewal begun, refused, watched and given up, with a client whose every answer has a type."""

import asyncio
import json
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import pytest
from __generated__ import (
    GraphQLClientHttpError,
    InsurerLinkCreateInput,
    InsurerRef,
    LinkState,
    PoliciesPoliciesEdgesNode,
    PolicyRef,
    RenewalCancelInput,
    RenewalPlanSelectInput,
    RenewalStartInput,
    RenewalStatus,
    SelectPlanRenewalPlanSelect,
    SelectPlanRenewalPlanSelectErrorsConflictError,
    StartRenewalRenewalStartRenewal,
    Tabane,
    UserErrorCode,
    WatchRenewalRenewalUpdated,
)

URL = os.environ["TABANE_URL"]
CUSTOMERS = json.loads(os.environ["TABANE_CUSTOMERS"])
A_WHILE_SECONDS = 20
UNAUTHORIZED = 401


async def test_policies_are_read_page_by_page() -> None:
    customer = CUSTOMERS[0]
    async with connected(customer["token"]) as tabane:
        for account in customer["accounts"]:
            await linked(tabane, account)

        held = [policy async for policy in policies(tabane, at_once=1)]

        assert sorted(number for account in customer["accounts"] for number in account["policies"]) == sorted(
            policy.number for policy in held
        )
        # Scalars are Python's own: a moment has its zone, and yen are whole.
        assert all(policy.ends_at > datetime(2026, 1, 1, tzinfo=UTC) for policy in held)
        assert all(policy.premium is None or isinstance(policy.premium.total, int) for policy in held)


async def test_a_renewal_is_watched_and_an_error_is_of_the_type_that_says_what_to_go_on_with() -> None:
    customer = CUSTOMERS[1]
    async with connected(customer["token"]) as tabane:
        await linked(tabane, customer["accounts"][0])
        (policy, *_) = [policy async for policy in policies(tabane, at_once=20)]
        renewal = await started(tabane, policy)

        (error,) = (await selected(tabane, renewal, version=renewal.version - 1)).errors
        assert isinstance(error, SelectPlanRenewalPlanSelectErrorsConflictError)
        assert renewal.version == error.current_version

        seen = []
        async with asyncio.timeout(A_WHILE_SECONDS), aclosing(watched(tabane, renewal)) as updates:
            async for now in updates:
                seen.append(now.status)
                if now.status is not RenewalStatus.IN_PROGRESS:
                    break
                # How it stands comes at once, and the rest after every change.
                await cancelled(tabane, renewal)
        assert [RenewalStatus.IN_PROGRESS, RenewalStatus.WITHDRAWN] == seen


async def test_a_wrong_password_is_data_and_nobody_is_an_error() -> None:
    account = CUSTOMERS[2]["accounts"][0] | {"password": "not this one"}
    async with connected(CUSTOMERS[2]["token"]) as tabane:
        refused = await tabane.link(login(account))
        assert [UserErrorCode.CREDENTIALS_REJECTED] == [error.code for error in refused.errors]

    async with connected("not a token") as tabane:
        with pytest.raises(GraphQLClientHttpError) as caught:
            await tabane.policies(first=1)
    assert UNAUTHORIZED == caught.value.status_code


@asynccontextmanager
async def connected(token: str) -> AsyncIterator[Tabane]:
    bearer = {"Authorization": f"Bearer {token}"}
    async with Tabane(
        url=URL,
        headers={**bearer, "Accept-Language": "en"},
        ws_url=URL.replace("http", "ws", 1),
        ws_connection_init_payload=bearer,
    ) as tabane:
        yield tabane


def login(account: Any) -> InsurerLinkCreateInput:
    return InsurerLinkCreateInput(
        insurer=InsurerRef(code=account["insurer"]),
        user_id=account["userId"],
        password=account["password"],
        idempotency_key=str(uuid4()),
    )


async def linked(tabane: Tabane, account: Any) -> None:
    payload = await tabane.link(login(account))
    assert [] == payload.errors
    assert payload.link
    assert LinkState.LINKED is payload.link.state


async def policies(tabane: Tabane, at_once: int) -> AsyncIterator[PoliciesPoliciesEdgesNode]:
    after = None
    while True:
        page = await tabane.policies(at_once, after)
        assert page
        for edge in page.edges:
            yield edge.node
        if not page.page_info.has_next_page:
            return
        after = page.page_info.end_cursor


async def started(tabane: Tabane, policy: PoliciesPoliciesEdgesNode) -> StartRenewalRenewalStartRenewal:
    payload = await tabane.start_renewal(
        RenewalStartInput(policy=PolicyRef(id=policy.id), idempotency_key=str(uuid4()))
    )
    assert [] == payload.errors
    assert payload.renewal
    return payload.renewal


def watched(
    tabane: Tabane, renewal: StartRenewalRenewalStartRenewal
) -> AsyncGenerator[WatchRenewalRenewalUpdated, None]:
    # The client calls it less than it is: a generator, which takes the socket with it when it is closed.
    return cast(AsyncGenerator[WatchRenewalRenewalUpdated, None], tabane.watch_renewal(renewal.id))


async def selected(
    tabane: Tabane, renewal: StartRenewalRenewalStartRenewal, version: int
) -> SelectPlanRenewalPlanSelect:
    return await tabane.select_plan(
        RenewalPlanSelectInput(
            renewal_id=renewal.id,
            plan_id=renewal.plans[0].id,
            expected_version=version,
            idempotency_key=str(uuid4()),
        )
    )


async def cancelled(tabane: Tabane, renewal: StartRenewalRenewalStartRenewal) -> None:
    payload = await tabane.cancel_renewal(RenewalCancelInput(renewal_id=renewal.id, idempotency_key=str(uuid4())))
    assert [] == payload.errors
