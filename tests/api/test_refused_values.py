"""A value that a scalar refuses is told with its place in the document, as GraphQL's own scalars have it."""

import pytest

from tests.api.frontend import Frontend

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Each with a value that one of our scalars refuses, between marks.
DOCUMENTS = {
    "Date": "{ book { renewals(filter: { dueUntil: «5» }) { totalCount } } }",
    "DateTime": '{\n  policies(\n    filter: { endsBefore: «"tomorrow"» }\n  ) { totalCount }\n}',
    "Locale": '{ insurers(first: 1) { edges { node { name(locale: «"fr"») } } } }',
    "PolicyNumber": '{ policy(by: { number: { insurer: { code: "sea" }, number: «"!"» } }) { id } }',
    "Secret": 'mutation { challengeAnswer(input: { answer: «""» }) { errors { code } } }',
    "URL": 'mutation { webhookCreate(input: { url: «["a", "b"]» }) { errors { code } } }',
    "Yen": "{ book { renewals(filter: { premiumChangeFrom: «1.5» }) { totalCount } } }",
    "the same in a list": '{ policies(filter: { endsBefore: «["tomorrow"]» }) { totalCount } }',
}


def place(marked: str) -> dict[str, int]:
    """Answer where the mark of a document stands, counted from one."""
    before = marked.partition("«")[0]
    return {"line": before.count("\n") + 1, "column": len(before.rpartition("\n")[2]) + 1}


@pytest.mark.parametrize("marked", DOCUMENTS.values(), ids=DOCUMENTS)
async def test_a_refused_value_is_told_with_its_place(villager: Frontend, marked: str) -> None:
    told = await villager.raw(marked.replace("«", "").replace("»", ""))

    (refusal,) = (error for error in told["errors"] if "BAD_USER_INPUT" == error["extensions"]["code"])
    assert [place(marked)] == refusal["locations"]


async def test_a_refused_default_is_told_with_its_place(villager: Frontend) -> None:
    marked = 'query ($at: DateTime = «"tomorrow"») { policies(filter: { endsBefore: $at }) { totalCount } }'

    (refusal,) = (await villager.raw(marked.replace("«", "").replace("»", "")))["errors"]

    assert [place(marked)] == refusal["locations"]
