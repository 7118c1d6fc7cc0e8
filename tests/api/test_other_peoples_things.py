"""What is no id, another person's number and an address that has run out are what does not exist; see `policy.md`."""

from datetime import timedelta

import pytest

from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend

# What every answer of a document has, whatever it is.
KEPT_BY_NOBODY = ("Cache-Control", "X-Content-Type-Options")

A_QUARTER_AND_A_SECOND = timedelta(minutes=15, seconds=1)

NO_IDS = ["", "x", "MTIz", "あ", "UG9saWN5OjAxMjM0NTY3ODk", "A" * 200]


@pytest.mark.parametrize("id_", NO_IDS)
async def test_an_id_that_is_none_is_null(taro: Frontend, id_: str) -> None:
    asked = """query ($id: ID!) { node(id: $id) { id } renewal(id: $id) { id } registration(id: $id) { id }
      policy(by: { id: $id }) { id } insurer(by: { id: $id }) { code }
      comparePlans(input: { renewalIds: [$id] }) { id } ofPlans: comparePlans(input: { planIds: [$id] }) { id } }"""

    answer = await taro.raw(asked, {"id": id_})

    assert "errors" not in answer
    assert {None} == set(answer["data"].values())


async def test_what_is_no_id_is_null_in_its_place_among_others(town: Town, taro: Frontend) -> None:
    asked = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    known = (await taro.begin(CODES[0]))["id"]
    ids = [known, *NO_IDS, known]

    assert [{"id": known}, *[None] * len(NO_IDS), {"id": known}] == (await taro.raw(asked, {"ids": ids}))["data"][
        "nodes"
    ]
    assert [None] * len(ids) == (await town.nobody().raw(asked, {"ids": ids}))["data"]["nodes"]


async def test_an_id_that_is_spelt_in_another_way_is_none(taro: Frontend) -> None:
    asked = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    known = (await taro.begin(CODES[0]))["id"]
    respelt = [known + "=", known + "==", known[:4] + "!!!!" + known[4:], known + " ", known + "\n", known[:-1] + "="]

    found = (await taro.raw(asked, {"ids": [known, *respelt]}))["data"]["nodes"]

    assert [{"id": known}, *[None] * len(respelt)] == found


async def test_an_id_of_another_kind_is_null(taro: Frontend) -> None:
    asked = "query ($id: ID!) { renewal(id: $id) { id } comparison(id: $id) { id } policy(by: {id: $id}) { id } }"
    known = (await taro.begin(CODES[0]))["id"]

    assert {"renewal": None, "comparison": None, "policy": None} == (await taro.raw(asked, {"id": known}))["data"]


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
    async with town.http.head(url) as answer:
        # How long it is, nobody has asked its insurer.
        assert (200, None) == (answer.status, answer.headers.get("Content-Length"))

    altered = url[:-3] + ("AAA" if not url.endswith("AAA") else "BBB")
    for wrong in (altered, url.rsplit("/", 1)[0] + "/x"):
        async with town.http.get(wrong, headers=sayuri.headers) as answer:
            assert 404 == answer.status
            assert ("no-store", "nosniff") == tuple(answer.headers[name] for name in KEPT_BY_NOBODY)

    town.clock.advance(A_QUARTER_AND_A_SECOND)
    async with town.http.get(url) as answer:
        assert 404 == answer.status


async def test_a_document_of_an_account_that_was_unlinked_is_shut(town: Town, registered_everywhere: Frontend) -> None:
    asked = "{ viewer { customer { links { id } } } policies { edges { node { documents { url } } } } }"
    data = (await registered_everywhere.raw(asked))["data"]
    for link in data["viewer"]["customer"]["links"]:
        await registered_everywhere.mutate("InsurerLinkDelete", linkId=link["id"])

    for edge in data["policies"]["edges"]:
        for document in edge["node"]["documents"]:
            async with town.http.get(document["url"]) as answer:
                assert (403, True) == (answer.status, (await answer.json())["errors"] != [])
