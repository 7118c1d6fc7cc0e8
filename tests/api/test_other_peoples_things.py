"""Another person's things are, to whoever asks, what things that do not exist are: null, or NOT_FOUND."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json, key
from tests.api.live import connected

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"

A_QUARTER_AND_A_SECOND = timedelta(minutes=15, seconds=1)

NO_IDS = ["", "x", "MTIz", "あ", "UG9saWN5OjAxMjM0NTY3ODk", "A" * 200]


@pytest.fixture
async def things(town: Town, registered_everywhere: Frontend) -> Mapping[str, str]:
    """An id of each kind of thing, all of them Taro's."""
    code = CODES[0]
    begun = await registered_everywhere.begin(code)
    waiting = await registered_everywhere.follow_registration(begun, until=begun["steps"][-1]["key"])
    assert waiting["challenge"], "a registration that waits for something"
    renewal = await registered_everywhere.start(code)
    later = await registered_everywhere.follow(renewal, until="APPLICATION")
    seen = (await registered_everywhere.raw(EVERYTHING, {"renewal": renewal["id"]}))["data"]
    assert "READY" == (await registered_everywhere.follow(later))["status"]
    return {
        "Policy": await registered_everywhere.policy_id(code),
        "Renewal": renewal["id"],
        "Registration": waiting["id"],
        "Challenge": waiting["challenge"]["id"],
        "Plan": renewal["plans"][0]["id"],
        "InsurerLink": seen["viewer"]["customer"]["links"][0]["id"],
        "Customer": seen["viewer"]["customer"]["id"],
        "Comparison": seen["comparePlans"]["id"],
        "Document": seen["policies"]["edges"][0]["node"]["documents"][0]["id"],
        "Document of a renewal": next(
            need["document"]["id"]
            for step in seen["renewal"]["steps"]
            for need in step["requirements"]
            if "document" in need
        ),
    }


EVERYTHING = """query ($renewal: ID!) {
  viewer { customer { id links { id } } }
  policies { edges { node { documents { id } } } }
  comparePlans(input: { renewalIds: [$renewal] }) { id }
  renewal(id: $renewal) { steps { requirements { ... on DocumentRequirement { document { id } } } } }
}"""


async def test_everything_has_an_id_by_which_its_owner_finds_it_and_nobody_else_does(
    town: Town, registered_everywhere: Frontend, sayuri: Frontend, things: Mapping[str, str]
) -> None:
    for code in CODES:
        await sayuri.register(code)

    for kind, id_ in things.items():
        own, others, nobodys = [
            (await asker.raw(NODE, {"id": id_}))["data"]["node"]
            for asker in (registered_everywhere, sayuri, town.nobody())
        ]

        assert {"__typename": kind.split(" ")[0], "id": id_} == own
        assert others is None, kind
        assert nobodys is None, kind


async def test_many_at_once_are_null_in_their_places(
    sayuri: Frontend, registered_everywhere: Frontend, things: Mapping[str, str]
) -> None:
    asked = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    ids = [*things.values(), *NO_IDS]

    others = (await sayuri.raw(asked, {"ids": ids}))["data"]["nodes"]
    own = (await registered_everywhere.raw(asked, {"ids": ids}))["data"]["nodes"]

    assert [None] * len(ids) == others
    assert [*({"id": id_} for id_ in things.values()), *([None] * len(NO_IDS))] == own


@pytest.mark.parametrize("id_", NO_IDS)
async def test_an_id_that_is_none_is_null(taro: Frontend, id_: str) -> None:
    asked = """query ($id: ID!) { node(id: $id) { id } renewal(id: $id) { id } registration(id: $id) { id }
      policy(by: { id: $id }) { id } insurer(by: { id: $id }) { code }
      comparePlans(input: { renewalIds: [$id] }) { id } ofPlans: comparePlans(input: { planIds: [$id] }) { id } }"""

    answer = await taro.raw(asked, {"id": id_})

    assert "errors" not in answer
    assert {None} == set(answer["data"].values())


async def test_an_id_of_another_kind_is_null(registered_everywhere: Frontend, things: Mapping[str, str]) -> None:
    asked = (
        "query ($a: ID!, $b: ID!) { renewal(id: $a) { id } registration(id: $b) { id } policy(by: {id: $b}) { id } }"
    )

    data = (await registered_everywhere.raw(asked, {"a": things["Registration"], "b": things["Renewal"]}))["data"]

    assert {"renewal": None, "registration": None, "policy": None} == data


@each_insurer
async def test_an_unknown_policy_and_another_persons_are_the_same_null(
    town: Town, registered_everywhere: Frontend, sayuri: Frontend, code: str
) -> None:
    await sayuri.register(code)
    asked = """query ($code: String!, $number: PolicyNumber!) {
      policy(by: { number: { insurer: { code: $code }, number: $number } }) { number } }"""
    own, hers = (INSURERS[code]["numbers"][person] for person in ("taro", "sayuri"))

    answers = [
        await sayuri.raw(asked, {"code": code, "number": number}) for number in (hers, own, INSURERS[code]["nobody's"])
    ]

    assert [{"data": {"policy": {"number": hers}}}, {"data": {"policy": None}}, {"data": {"policy": None}}] == answers


async def test_nobody_acts_on_another_persons_things(sayuri: Frontend, things: Mapping[str, str]) -> None:
    renewal, registration, plan = things["Renewal"], things["Registration"], things["Plan"]
    version: Json = {"expectedVersion": 1}
    inputs: dict[str, Json] = {
        "RegistrationStepAnswer": {"flowId": registration, "stepId": "x", "answers": [], **version},
        "RegistrationMessageResend": {"registrationId": registration},
        "RegistrationCancel": {"registrationId": registration},
        "ChallengeAnswer": {"challengeId": things["Challenge"], "answer": "1234"},
        "InsurerLinkDelete": {"linkId": things["InsurerLink"]},
        "RenewalStart": {"policy": {"id": things["Policy"]}},
        "RenewalPlanSelect": {"renewalId": renewal, "planId": plan, **version},
        "RenewalRequote": {"renewalId": renewal, "planId": plan, "changes": [], **version},
        "RenewalStepAnswer": {"flowId": renewal, "stepId": "x", "answers": [], **version},
        "RenewalSubmit": {"renewalId": renewal, "reviewHash": "x", **version},
        "RenewalCancel": {"renewalId": renewal},
    }

    for name, said in inputs.items():
        done = await sayuri.do(name, input={"idempotencyKey": key(), **said})

        assert ["NOT_FOUND"] == [error["code"] for error in done["errors"]], name
        assert {None} == {done.get(field) for field in ("registration", "renewal", "link", "deletedLinkId")}, name


@pytest.mark.parametrize("kind", ["Renewal", "Registration"])
async def test_nobody_watches_another_persons_things(sayuri: Frontend, things: Mapping[str, str], kind: str) -> None:
    watching = f"subscription ($id: ID!) {{ {kind.lower()}Updated(id: $id) {{ id version }} }}"

    for id_ in (things[kind], "x"):
        async with connected(sayuri) as live:
            await live.subscribe(watching, id=id_)

            assert {"type": "complete", "id": "1"} == await live.hear()


async def test_a_document_opens_by_its_address_alone_and_only_for_a_quarter_of_an_hour(
    town: Town, registered_everywhere: Frontend, sayuri: Frontend
) -> None:
    asked = "{ policies { edges { node { documents { url } } } } }"
    edges = (await registered_everywhere.raw(asked))["data"]["policies"]["edges"]
    url = edges[0]["node"]["documents"][0]["url"]

    async with town.http.get(url) as answer:
        assert 200 == answer.status
        assert "no-store" == answer.headers["Cache-Control"]
        assert (await answer.read()).startswith(b"%PDF")

    altered = url[:-3] + ("AAA" if not url.endswith("AAA") else "BBB")
    for wrong in (altered, url.rsplit("/", 1)[0] + "/x"):
        async with town.http.get(wrong, headers=sayuri.headers) as answer:
            assert 404 == answer.status

    town.clock.advance(A_QUARTER_AND_A_SECOND)
    async with town.http.get(url) as answer:
        assert 404 == answer.status


async def test_a_document_of_an_account_that_was_unlinked_is_gone(town: Town, registered_everywhere: Frontend) -> None:
    asked = "{ viewer { customer { links { id } } } policies { edges { node { documents { url } } } } }"
    data = (await registered_everywhere.raw(asked))["data"]
    for link in data["viewer"]["customer"]["links"]:
        await registered_everywhere.mutate("InsurerLinkDelete", linkId=link["id"])

    for edge in data["policies"]["edges"]:
        for document in edge["node"]["documents"]:
            async with town.http.get(document["url"]) as answer:
                assert 404 == answer.status
