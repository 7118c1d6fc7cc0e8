"""The main job, end to end, by a frontend that knows no insurer."""

import pytest

from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend


@pytest.fixture
def address_of_database(database_url: str) -> str:
    """The main job runs on SQLite and on PostgreSQL."""
    return database_url


async def test_a_customer_registers_reads_compares_and_renews_everywhere(town: Town, taro: Frontend) -> None:
    for code in CODES:
        registration = await taro.register(code)
        assert "COMPLETED" == registration["status"], registration
        assert "LINKED" == registration["link"]["state"]

    found = await taro.policies(first=100)
    assert {"OK"} == {provider["state"] for provider in found["providers"]}
    assert set(CODES) == {edge["node"]["insurer"]["code"] for edge in found["edges"]}
    assert 4 == found["totalCount"]

    renewals = [await taro.start(code) for code in CODES]
    compared = (await taro.raw(COMPARE, {"renewals": [renewal["id"] for renewal in renewals]}))["data"]["comparePlans"]
    assert len(compared["offers"]) == sum(len(renewal["plans"]) for renewal in renewals)
    assert {len(row["cells"]) for row in compared["matrix"]} == {len(compared["offers"])}
    assert any(row["differs"] for row in compared["matrix"])

    for renewal in renewals:
        ready = await taro.follow(renewal)
        assert "READY" == ready["status"], ready
        assert "BINDABLE" == ready["review"]["premium"]["nature"]

        done = await taro.submit(ready)

        assert [] == done["errors"]
        assert "ACCEPTED" == done["renewal"]["status"]
        number = done["renewal"]["result"]["newPolicyNumber"]
        again = await taro.read(ready)
        assert number == again["result"]["newPolicyNumber"]
        policies = await taro.policies(first=100)
        assert number in {edge["node"]["successorNumber"] for edge in policies["edges"]}


COMPARE = """query ($renewals: [ID!]!) { comparePlans(input: { renewalIds: $renewals }) {
  reference { id } offers { id insurer { code } premium { total nature } }
  matrix { key label differs cells { verdict reason } } providers { state } } }"""
