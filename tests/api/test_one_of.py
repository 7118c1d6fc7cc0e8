"""References take exactly one of their fields, wherever a document writes them."""

from typing import Any

import pytest

from tests.api.conftest import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")

FRAGMENT = "fragment Read on Query { policy(by: { id: $id }) { id } }"
MAIN = "query Main($id: ID!) { ...Read }"
OTHER = "query Other { __typename }"

IN_ANY_ORDER = {
    "fragment first": f"{FRAGMENT} {MAIN}",
    "fragment last": f"{MAIN} {FRAGMENT}",
    "another operation before the fragment": f"{MAIN} {OTHER} {FRAGMENT}",
    "another operation that has no such variable last": f"{FRAGMENT} {MAIN} {OTHER}",
}

ONE_FIELD = "exactly one field must be specified"
NOT_NULLABLE = "but must be non-nullable to be used for OneOf Input Object 'PolicyRef'."

# How a document refers to a policy, with which variables, and what it is told.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("query Main { policy(by: { id: $id }) { id } }", {}, "Variable '$id' is not defined by operation 'Main'."),
    (f"query Main($id: ID) {{ ...Read }} {FRAGMENT}", {"id": "a"}, f"Variable '$id' is of type 'ID' {NOT_NULLABLE}"),
    (f"{FRAGMENT} query Main($id: ID) {{ ...Read }}", {"id": "a"}, f"Variable '$id' is of type 'ID' {NOT_NULLABLE}"),
    ('query Main($id: ID = "a") { policy(by: { id: $id }) { id } }', {}, NOT_NULLABLE),
    ("query Main { policy(by: {}) { id } }", {}, ONE_FIELD),
    ("query Main { policy(by: { id: null }) { id } }", {}, ONE_FIELD),
    ('query Main { policy(by: { id: "a", number: null }) { id } }', {}, ONE_FIELD),
    ("query Main($by: PolicyRef!) { policy(by: $by) { id } }", {"by": {}}, ONE_FIELD),
    ("query Main($by: PolicyRef!) { policy(by: $by) { id } }", {"by": {"id": None}}, "at .id: "),
    (
        "query Main($by: PolicyRef!) { policy(by: $by) { id } }",
        {"by": {"number": {"insurer": {}, "number": "X1"}}},
        "Variable '$by' has invalid value at .number.insurer: Within OneOf Input Object type 'InsurerRef'",
    ),
]


@pytest.mark.parametrize("document", IN_ANY_ORDER.values(), ids=IN_ANY_ORDER)
async def test_a_reference_stands_in_a_fragment_before_or_behind_its_operation(village: Town, document: str) -> None:
    answer = await village.nobody().raw(document, {"id": "nobody's"}, "Main")

    assert {"data": {"policy": None}} == answer


@pytest.mark.parametrize(("document", "variables", "told"), REFUSED)
async def test_what_is_not_exactly_one_field_is_refused_with_what_and_where(
    village: Town, document: str, variables: dict[str, Any], told: str
) -> None:
    answer = await village.nobody().raw(document, variables, "Main")

    assert "data" not in answer
    assert {"BAD_REQUEST"} == {error["extensions"]["code"] for error in answer["errors"]}
    assert any(told in error["message"] for error in answer["errors"]), answer["errors"]
