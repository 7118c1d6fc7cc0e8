"""The main job with gql: accounts linked, policies read, plans compared, renewed, and watched all the while."""

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest
from connection import Answer, Gateway, connected
from form import answers
from gql.transport.exceptions import TransportQueryError

CUSTOMERS = json.loads(os.environ["TABANE_CUSTOMERS"])
A_WHILE_SECONDS = 20


async def test_a_customer_links_accounts_reads_policies_compares_plans_and_renews() -> None:
    customer = CUSTOMERS[0]
    async with connected(customer["token"]) as gateway:
        for account in customer["accounts"]:
            assert "LINKED" == (await link(gateway, account))["link"]["state"]
        policies = await gateway.ask("Policies")
        assert {"OK"} == {provider["state"] for provider in policies["providers"]}

        renewals = [await started(gateway, edge["node"]) for edge in policies["edges"] if _online(edge["node"])]
        assert len(customer["accounts"]) == len(renewals)
        compared = await gateway.ask("ComparePlans", renewals=[renewal["id"] for renewal in renewals])
        plans = {plan["id"] for renewal in renewals for plan in renewal["plans"]}
        assert plans == {offer["id"] for offer in compared["offers"]}

        for renewal in renewals:
            accepted = await renewed(gateway, renewal)
            assert accepted["result"]["newPolicyNumber"]


async def test_a_renewal_is_watched_on_a_socket_while_it_is_worked_on() -> None:
    customer = CUSTOMERS[1]
    async with connected(customer["token"]) as gateway:
        await link(gateway, customer["accounts"][0])
        (policy, *_) = (await gateway.ask("Policies"))["edges"]
        renewal = await started(gateway, policy["node"])
        seen = []

        async with (
            asyncio.timeout(A_WHILE_SECONDS),
            aclosing(gateway.watch("WatchRenewal", id=renewal["id"])) as updates,
        ):
            async for now in updates:
                seen.append(now["version"])
                if len(seen) > 1:
                    break
                # How it stands comes at once, and the rest after every change.
                assert [] == (await answer(gateway, now))["errors"]

    assert sorted(set(seen)) == seen
    assert seen[0] == renewal["version"]


async def test_what_was_not_done_is_data_and_what_nobody_may_ask_is_an_error() -> None:
    customer = CUSTOMERS[2]
    async with connected(customer["token"]) as gateway:
        refused = await link(gateway, customer["accounts"][0] | {"password": "not this one"})
        assert ["CREDENTIALS_REJECTED"] == [error["code"] for error in refused["errors"]]
        assert refused["link"] is None or refused["link"]["state"] != "LINKED"

    async with connected("not a token") as gateway:
        with pytest.raises(TransportQueryError) as caught:
            await gateway.ask("Policies")
    assert caught.value.errors is not None
    assert "UNAUTHENTICATED" == caught.value.errors[0]["extensions"]["code"]


async def link(gateway: Gateway, account: Any) -> Answer:
    return await gateway.order(
        "Link",
        insurer={"code": account["insurer"]},
        userId=account["userId"],
        password=account["password"],
    )


def _online(policy: Any) -> bool:
    online: bool = policy["renewability"]["online"]
    return online


async def started(gateway: Gateway, policy: Any) -> Answer:
    payload = await gateway.order("StartRenewal", policy={"id": policy["id"]})
    assert [] == payload["errors"]
    return payload["renewal"]


async def renewed(gateway: Gateway, renewal: Any) -> Answer:
    """Answer one step after the other, and apply."""
    while renewal["status"] == "IN_PROGRESS":
        if renewal["currentStep"]["state"] == "WAITING":
            renewal = await _shown(gateway, renewal)
        payload = await answer(gateway, renewal)
        assert [] == payload["errors"]
        renewal = payload["renewal"]
    payload = await gateway.order(
        "Submit", renewalId=renewal["id"], expectedVersion=renewal["version"], reviewHash=renewal["reviewHash"]
    )
    assert [] == payload["errors"]
    return payload["renewal"]


async def answer(gateway: Gateway, renewal: Any) -> Answer:
    return await gateway.order(
        "AnswerStep",
        flowId=renewal["id"],
        stepId=renewal["currentStep"]["id"],
        expectedVersion=renewal["version"],
        answers=await answers(renewal),
    )


def watched(gateway: Gateway, renewal: Any) -> AsyncGenerator[Answer, None]:
    return gateway.watch("WatchRenewal", id=renewal["id"])


async def _shown(gateway: Gateway, renewal: Any) -> Answer:
    """Wait until the insurer has shown its last screen."""
    async with asyncio.timeout(A_WHILE_SECONDS), aclosing(watched(gateway, renewal)) as updates:
        async for now in updates:
            if now["reviewHash"]:
                return now
    raise AssertionError("the renewal ended before its last screen")
