"""A customer compares across insurers, says what is wanted, sees why, knows what is lost, and goes on."""

import pytest

from tests.api.comparing import deed, do, other, settled, shared, started
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, Json, codes


@pytest.fixture
def address_of_database(postgresql_url: str) -> str:
    """The story runs on PostgreSQL; what else is told of comparing runs on SQLite."""
    return postgresql_url


async def test_customers_compare_across_insurers_and_renew_what_they_chose(
    town: Town, taro: Frontend, sayuri: Frontend
) -> None:
    for person in (taro, sayuri):
        for code in CODES:
            await person.register(code)

    for person, code in zip((taro, sayuri), CODES, strict=True):
        asked = await started(person, code, person.person["policies"][code][0])
        assert {"ANSWERED", "CONSENT_NEEDED"} == {each["state"] for each in asked["inquiries"]}
        (told,) = asked["disclosures"]
        assert told["statement"]
        assert told["lines"]

        await shared(person, asked, other(code))
        whole = await settled(person, asked)
        assert set(CODES) == {plan["insurer"]["code"] for plan in whole["offers"]}
        assert {"OK"} == {provider["state"] for provider in whole["providers"]}
        assert None is whole["considered"]

        wanted = {"mustHave": [{"key": "BODILY_INJURY_LIABILITY", "unlimited": True}], "priorities": ["LOW_PREMIUM"]}
        said = (await deed(person, "ComparisonIntentionSet", comparisonId=whole["id"], intention=wanted))["comparison"]
        assert said["intention"]["statement"]
        in_order_of_premium(said["considered"])

        lossy = next(plan for plan in said["offers"] if plan["lossesHash"])
        unread = await deed(person, "ComparisonPlanChoose", planId=lossy["id"])
        assert ["LOSSES_NOT_ACKNOWLEDGED"] == codes(unread)
        assert (lossy["losses"], lossy["lossesHash"]) == (
            unread["errors"][0]["losses"],
            unread["errors"][0]["lossesHash"],
        )
        assert [] == unread["comparison"]["choices"]

        plan = next(plan for plan in said["offers"] if plan["insurer"]["code"] == code)
        choice = {"planId": plan["id"], "acknowledgedLosses": plan["lossesHash"], "idempotencyKey": f"choose-{code}"}
        done = await deed(person, "ComparisonPlanChoose", **choice)
        again = await deed(person, "ComparisonPlanChoose", **choice)
        assert ([], False, True) == (codes(done), done["replayed"], again["replayed"])
        (chosen,) = done["comparison"]["choices"]
        assert (plan["id"], plan["lossesHash"]) == (chosen["plan"]["id"], chosen["acknowledgedLosses"])
        assert ["CONTINUE_RENEWAL"] == [action["kind"] for action in done["comparison"]["nextActions"]][:1]

        ready = await person.follow(await person.read(chosen["renewal"]))
        submitted = await person.submit(ready)
        assert ([], "ACCEPTED") == (codes(submitted), submitted["renewal"]["status"])
        reload = await do(person, "ComparisonRead", id=whole["id"])
        assert [chosen] == [kept | {"renewal": chosen["renewal"]} for kept in reload["choices"]]
        # The car has its next term: no other plan is offered beside it (P-1).
        assert [] == reload["nextActions"]
        entries = reload["evidence"]["entries"]
        assert {"CROSS_INSURER_DATA_SHARING", "INTENTION_CONFIRMED"} <= {entry.get("kind") for entry in entries}
        assert {"REQUESTED", "ASKED", "ANSWERED", "CHOSEN"} <= {entry.get("event") for entry in entries}


def in_order_of_premium(considered: Json) -> None:
    placed = [plan for plan in considered["plans"] if plan["position"] is not None]
    assert placed
    assert sorted(plan["position"] for plan in placed) == [plan["position"] for plan in placed]
    assert all(plan["reasons"] for plan in considered["plans"])
    assert considered["rules"]
    assert set(considered["rules"] + considered["proposals"]) <= set(considered["record"])
    assert considered["proposals"]
    for fit in ("MEETS", "UNCERTAIN"):
        premiums = [plan["plan"]["premium"]["total"] for plan in placed if plan["fit"] == fit]
        assert sorted(premiums) == premiums
