"""
Agents of the development agencies, and customers who let them act.

Tests whose town is to have the agencies, with feeds that the worker reads, import `agencies_at_work`.
"""

from typing import Any

import pytest

from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json

HANAKO, JIRO, MANAGER = "募集 花子", "支店 次郎", "店長 一郎"
SAKURA, HINODE = "さくら保険サービス", "ひので総合保険"
OTHERS_AGENT = "日の出 光"

EVERYTHING = ("READ_POLICIES", "PREPARE_RENEWAL", "SUBMIT_RENEWAL")


@pytest.fixture
def agencies_at_work() -> bool:
    return True


def agent_for(town: Town, customer: Frontend, name: str = HANAKO) -> Frontend:
    """An agent whose token says for which customer they act."""
    token = town.issuer.mint(customer.person["name"], agent=name)
    return Frontend(town.http, town.url, token, "taro", town.letterbox.letters)


def agent_alone(town: Town, name: str = HANAKO) -> Frontend:
    """An agent whose token names no customer."""
    return Frontend(town.http, town.url, town.issuer.mint(agent=name), "taro", town.letterbox.letters)


async def let_act(town: Town, customer: Frontend) -> Frontend:
    """An agent who acts for this customer, and may do whatever an agent may."""
    await consent(customer)
    return agent_for(town, customer)


async def agency_id(frontend: Frontend, name: str = SAKURA) -> str:
    answer = await frontend.raw("{ agencies { id name } }")
    return next(str(agency["id"]) for agency in answer["data"]["agencies"] if agency["name"] == name)


async def consent(customer: Frontend, *scopes: str, agency: str = SAKURA, **said: Any) -> Json:
    """Let an agency do this, or everything, for a customer; answer the consent."""
    said = {"agencyId": await agency_id(customer, agency), "scopes": list(scopes or EVERYTHING)} | said
    done = await customer.mutate("ConsentGrant", **said, statementHash=(await statement(customer, **said))["hash"])
    assert not done["errors"], done["errors"]
    granted: Json = done["consent"]
    return granted


async def statement(frontend: Frontend, **said: Any) -> Json:
    """Answer what a customer reads before such a consent, and its hash."""
    asked = """query ($scopes: [ConsentScope!]!, $expiresAt: DateTime) {
      agencies { id consentStatement(scopes: $scopes, expiresAt: $expiresAt) { text hash } } }"""
    answer = await frontend.raw(asked, {"scopes": said["scopes"], "expiresAt": said.get("expiresAt")})
    shown = {agency["id"]: agency["consentStatement"] for agency in answer["data"]["agencies"]}
    found: Json = shown[said["agencyId"]]
    return found


async def revoke(customer: Frontend, granted: Json) -> Json:
    return await customer.mutate("ConsentRevoke", consentId=granted["id"])
