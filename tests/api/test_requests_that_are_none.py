"""What is no GraphQL request, or no good one, is told so; it is never our failure."""

import json
from typing import Any

import pytest

from tests.api.conftest import Town
from tests.api.frontend import Frontend

JSON = {"Content-Type": "application/json"}
BAD_REQUEST = 400
OUR_FAILURE = 500


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"null",
        b"5",
        b'"{ viewer { id } }"',
        b"[]",
        b"[1]",
        b'[{"query": "{ viewer { id } }"}]',
        b"{}",
        b'{"query": null}',
        b'{"query": 5}',
        b'{"query": ""}',
        b'{"query": ["{ viewer { id } }"]}',
        b'{"query": "{ viewer { id } }", "variables": "x"}',
        b'{"query": "{ viewer { id } }", "variables": [1]}',
        b'{"query": "{ viewer { id } }", "operationName": ["x"]}',
        b'{"query": "{ viewer { id } }", "operationName": {"x": 1}}',
        b'{"query": "{ viewer { id } }", "extensions": "x"}',
        b"\xff\xfe{}",
        b'{"query": "\xff"}',
        b'{"query": "{ viewer { id } }", "variables": ' + b"[" * 100_000,
        b'{"query": "{ viewer { id } }", "variables": {"n": ' + b"9" * 5000 + b"}}",
        b'{"query": "{ noSuchField_\\ud800 }"}',
        b'{"query": "query ($n: Int) { policies(first: $n) { totalCount } }", "variables": {"n": "\\ud800"}}',
    ],
)
async def test_a_body_that_is_no_request_is_refused_in_graphqls_shape(town: Town, body: bytes) -> None:
    async with town.http.post(f"{town.url}/graphql", data=body, headers=JSON) as answer:
        assert BAD_REQUEST <= answer.status < OUR_FAILURE
        errors = (await answer.json())["errors"]

    assert errors
    assert all(error["message"] for error in errors)


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_form_of_another_site_is_refused(town: Town, media: str) -> None:
    body = json.dumps({"query": "{ viewer { id } }"})

    async with town.http.post(f"{town.url}/graphql", data=body, headers={"Content-Type": media}) as answer:
        assert BAD_REQUEST <= answer.status < OUR_FAILURE


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "{ noSuchField }",
        "{ viewer }",
        "{ viewer { id { id } } }",
        "query ($a: NoSuchType) { viewer { id } }",
        "{ policies(first: 99999999999) { totalCount } }",
        f"{{ policies(first: {'9' * 5000}) {{ totalCount }} }}",
        f"query ($first: Int = -{'9' * 5000}) {{ policies(first: $first) {{ totalCount }} }}",
        f"{{ book {{ renewals(filter: {{ premiumChangeFrom: {'9' * 5000} }}) {{ totalCount }} }} }}",
        '{ policies(first: "1") { totalCount } }',
        "fragment F on Viewer { id }",
        "{ ...F } fragment F on Query { ...F }",
        "query A { viewer { id } } query B { viewer { id } }",
        "subscription { noSuchField }",
        "mutation { registrationCancel(input: {}) { replayed } }",
        "{ node(id: 5.5) { id } }",
        "{ insurer(by: {}) { code } }",
        '{ insurer(by: { code: "x", id: "y" }) { code } }',
        "{ viewer { " * 2000,
        "{ " + "viewer { id } " * 3000 + "}",
    ],
)
async def test_a_document_that_does_not_hold_is_told_why(taro: Frontend, document: str) -> None:
    answer = await taro.raw(document)

    assert answer.get("data") is None
    assert answer["errors"]
    assert all("INTERNAL" != error.get("extensions", {}).get("code") for error in answer["errors"])


async def test_of_several_operations_one_must_be_named(taro: Frontend) -> None:
    document = "query A { viewer { id } } query B { viewer { displayName } }"

    unnamed, misnamed, named = [await taro.raw(document, operation=name) for name in (None, "C", "B")]

    assert "OPERATION_NAME_REQUIRED" == unnamed["errors"][0]["extensions"]["code"]
    assert "operationName" in misnamed["errors"][0]["message"]
    assert {"viewer": {"displayName": "三住 太郎"}} == named["data"]


async def test_a_mutation_does_not_go_by_get(town: Town, taro: Frontend) -> None:
    asked = 'mutation { registrationCancel(input: { registrationId: "x", idempotencyKey: "k" }) { replayed } }'

    async with town.http.get(f"{town.url}/graphql", params={"query": asked}, headers=taro.headers) as answer:
        assert BAD_REQUEST <= answer.status < OUR_FAILURE


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"n": "１２３\u0000"}, "1 to 32"),
        ({"n": ""}, "1 to 32"),
        ({"n": "A" * 33}, "1 to 32"),
        ({"n": "あいう"}, "1 to 32"),
        ({"n": 5}, "string"),
        ({"n": None}, "not to be None"),
    ],
)
async def test_what_is_no_policy_number_at_all_is_refused_at_the_scalar(
    taro: Frontend, variables: dict[str, Any], words: str
) -> None:
    asked = 'query ($n: PolicyNumber!) { policy(by: { number: { insurer: { code: "x" }, number: $n } }) { id } }'

    answer = await taro.raw(asked, variables)

    assert answer.get("data") is None
    assert words in answer["errors"][0]["message"]
