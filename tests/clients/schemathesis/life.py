"""Who asks, and about what: a customer with accounts, a renewal and a comparison, and an agent with a book."""

import json
import os
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import requests

CUSTOMER = json.loads(os.environ["TABANE_CUSTOMERS"])[0]
TOKENS: Mapping[str, str] = {"CUSTOMER": CUSTOMER["token"], "AGENT": os.environ["TABANE_AGENT_TOKEN"]}

INSURERS = "{ insurers { edges { node { id } } } }"
LINK = """mutation ($input: InsurerLinkCreateInput!) {
  insurerLinkCreate(input: $input) { link { id } errors { message } }
}"""
POLICIES = "{ policies { edges { node { id renewability { online } } } } }"
RENEW = """mutation ($input: RenewalStartInput!) {
  renewalStart(input: $input) { renewal { id currentStep { id } plans { id } } errors { message } }
}"""
COMPARE = """mutation ($input: ComparisonStartInput!) {
  comparisonStart(input: $input) { comparison { id } errors { message } }
}"""
BOOK = "{ book { id renewals(first: 3) { edges { node { id } } } } }"


def ids() -> list[str]:
    """Live it, and answer the ids of all that there then is."""
    linked = [
        order(LINK, insurer={"code": account["insurer"]}, userId=account["userId"], password=account["password"])
        for account in CUSTOMER["accounts"]
    ]
    held = [edge["node"] for edge in ask(POLICIES)["policies"]["edges"]]
    begun = order(RENEW, policy={"id": next(policy["id"] for policy in held if policy["renewability"]["online"])})
    compared = order(COMPARE, policies=[{"id": held[0]["id"]}])
    return list(_ids([ask(INSURERS), linked, held, begun, compared, ask(BOOK, of="AGENT")]))


def order(mutation: str, **entry: Any) -> Any:
    (payload,) = ask(mutation, {"input": {**entry, "idempotencyKey": str(uuid4())}}).values()
    assert not payload["errors"], payload["errors"]
    return payload


def ask(query: str, variables: Mapping[str, Any] | None = None, of: str = "CUSTOMER") -> Any:
    answer = requests.post(
        os.environ["TABANE_URL"],
        json={"query": query, "variables": variables},
        headers={"Authorization": f"Bearer {TOKENS[of]}"},
        timeout=30,
    ).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def _ids(told: Any) -> Any:
    if isinstance(told, list):
        for one in told:
            yield from _ids(one)
    elif isinstance(told, dict):
        if "id" in told:
            yield told["id"]
        yield from _ids(list(told.values()))
