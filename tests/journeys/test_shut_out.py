"""An application needs its way in at the insurer until it is settled."""

from insurers.sandbox import Fault
from tests.api.comparing import deed
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import AnInsurer

LINKS = "{ viewer { customer { links { id insurer { code } } } } }"

DOCUMENTS = """
query ($id: ID!) {
  renewal(id: $id) { steps { requirements { ... on DocumentRequirement { document { url } } } } }
}
"""


async def unlinked(customer: Frontend, insurer: AnInsurer) -> Json:
    found = (await customer.raw(LINKS))["data"]["viewer"]["customer"]["links"]
    (link,) = [link["id"] for link in found if link["insurer"]["code"] == insurer.code]
    return await customer.mutate("InsurerLinkDelete", linkId=link)


async def test_an_account_is_not_unlinked_while_an_application_there_is_unconfirmed(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.SILENCE)
    await taro.submit(ready)

    refused = await unlinked(taro, insurer)

    assert refused["deletedLinkId"] is None
    assert [("STEP_LOCKED", ["linkId"])] == [(error["code"], error["field"]) for error in refused["errors"]]

    town.clock.advance(insurer.settles_within)
    await town.gateway.worker.turn()
    assert "ACCEPTED" == (await taro.read(ready))["status"]
    assert [] == (await unlinked(taro, insurer))["errors"]


async def test_a_draft_keeps_nobody_from_unlinking(taro: Frontend, insurer: AnInsurer, ready: Json) -> None:
    assert [] == (await unlinked(taro, insurer))["errors"]

    told = await taro.submit(ready)

    assert "QUEUED" == told["renewal"]["status"]
    assert "CREDENTIALS_REJECTED" == told["renewal"]["trouble"]["code"]
    assert "LINK_ACCOUNT" == told["renewal"]["nextActions"][0]["kind"]
    assert 0 == insurer.presses


async def test_a_draft_whose_account_was_unlinked_says_that_a_sign_in_is_missing(
    town: Town, taro: Frontend, insurer: AnInsurer
) -> None:
    await town.settle(taro, insurer.code)
    renewal = await taro.start(insurer.code)
    edit = next(
        (plan, {"key": cover["key"], "option": option["value"]})
        for plan in renewal["plans"]
        for cover in plan["coverages"]
        for option in cover["options"]
        if not option["selected"]
    )
    steps = (await taro.raw(DOCUMENTS, {"id": renewal["id"]}))["data"]["renewal"]["steps"]
    urls = [need["document"]["url"] for step in steps for need in step["requirements"] if need]
    await unlinked(taro, insurer)

    requoted = await taro.requote(renewal, *edit)
    async with taro.http.get(urls[0], headers={"Accept-Language": "en"}) as answer:
        opened = await answer.json()

    # No other change would help, so none is named.
    assert [("CREDENTIALS_REJECTED", None)] == [(error["code"], error["field"]) for error in requoted["errors"]]
    assert [(403, "CREDENTIALS_REJECTED", "The insurer wants a sign-in. Link the account there again.")] == [
        (answer.status, error["extensions"]["code"], error["message"]) for error in opened["errors"]
    ]


async def test_nothing_is_begun_where_no_account_is_linked_and_that_is_said(
    town: Town, taro: Frontend, insurer: AnInsurer
) -> None:
    await town.settle(taro, insurer.code)
    policy = await taro.policy_id(insurer.code)
    await unlinked(taro, insurer)

    begun = await taro.mutate("RenewalStart", policy={"id": policy})
    compared = await deed(taro, "ComparisonStart", policies=[{"id": policy}])

    assert (None, None) == (begun["renewal"], compared["comparison"])
    assert [("CREDENTIALS_REJECTED", ["policy"]), ("CREDENTIALS_REJECTED", ["policies", "0"])] == [
        (error["code"], error["field"]) for done in (begun, compared) for error in done["errors"]
    ]


async def test_what_waited_for_a_sign_in_is_sent_as_soon_as_it_is_there(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    await unlinked(taro, insurer)
    await taro.submit(ready)
    assert 0 == await town.gateway.worker.turn()

    await taro.sign_in(insurer.code)

    assert 1 == await town.gateway.worker.turn()
    assert "ACCEPTED" == (await taro.read(ready))["status"]
    assert 1 == insurer.presses


async def test_an_application_that_nobody_confirmed_is_told_beside_the_renewal(
    taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.SILENCE)

    first = await taro.submit(ready)
    again = await taro.submit(ready)

    for told in (first, again):
        assert ["OUTCOME_UNKNOWN"] == [error["code"] for error in told["errors"]]
        assert [False] == [error["outcomeKnown"] for error in told["errors"]]
    assert 1 == insurer.presses
