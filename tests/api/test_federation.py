"""The gateway as a subgraph: what a router composes from, and what it is told of whose objects."""

from pathlib import Path

import graphql
import pytest
from graphql import GraphQLObjectType

import schema
from schema.federation import MOST_ENTITIES
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, Json

pytestmark = pytest.mark.asyncio(loop_scope="module")

SUBGRAPH = Path(schema.__file__).with_name("schema.subgraph.graphql").read_text(encoding="utf-8")

ENTITIES = """query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Insurer { id code }
    ... on Policy { id number }
    ... on InsurerLink { id state }
    ... on Customer { id name { family } }
  }
}"""


async def asked(person: Frontend, *representations: object) -> list[Json | None]:
    answer = await person.raw(ENTITIES, {"representations": list(representations)})
    assert "errors" not in answer, answer
    return list(answer["data"]["_entities"])


async def test_a_router_is_told_the_published_subgraph(village: Town) -> None:
    answer = await village.nobody().raw("{ _service { sdl } }")

    assert SUBGRAPH == answer["data"]["_service"]["sdl"]


async def test_every_node_is_an_entity_and_nothing_else() -> None:
    document = graphql.parse(SUBGRAPH)
    keyed = {
        part.name.value
        for part in document.definitions
        if isinstance(part, graphql.ObjectTypeDefinitionNode)
        and any("key" == said.name.value for said in part.directives or ())
    }
    told = graphql.build_schema(schema.sdl())
    node = told.get_type("Node")
    assert isinstance(node, graphql.GraphQLInterfaceType)
    (union,) = (
        part
        for part in document.definitions
        if isinstance(part, graphql.UnionTypeDefinitionNode) and "_Entity" == part.name.value
    )

    assert {one.name for one in told.get_possible_types(node)} == keyed
    assert keyed == {one.name.value for one in union.types or ()}


async def test_clients_are_not_shown_what_is_a_routers() -> None:
    told = graphql.build_schema(schema.sdl())

    assert not [name for name in told.type_map if name.startswith("_") and not name.startswith("__")]
    assert isinstance(told.query_type, GraphQLObjectType)
    assert not [name for name in told.query_type.fields if name.startswith("_")]


async def test_entities_come_in_order_as_whoever_asks_may_see_them(village: Town, villager: Frontend) -> None:
    code = CODES[0]
    policy, insurer = (
        await villager.policy_id(code),
        (await villager.raw(INSURER, {"code": code}))["data"]["insurer"]["id"],
    )
    customer = (await villager.raw("{ viewer { customer { id links { id } } } }"))["data"]["viewer"]["customer"]
    wanted = [
        {"__typename": "Policy", "id": policy},
        {"__typename": "Insurer", "id": insurer},
        {"__typename": "Customer", "id": customer["id"]},
        {"__typename": "InsurerLink", "id": customer["links"][0]["id"]},
    ]

    for person, seen in (
        (villager, ["Policy", "Insurer", "Customer", "InsurerLink"]),
        (village.customer("sayuri"), [None, "Insurer", None, None]),
        (village.nobody(), [None, "Insurer", None, None]),
    ):
        told = await asked(person, *wanted)
        assert seen == [one and one["__typename"] for one in told]
        assert [one["id"] for one, name in zip(wanted, seen, strict=True) if name] == [one["id"] for one in told if one]


async def test_what_is_no_representation_of_anything_is_null(village: Town, villager: Frontend) -> None:
    policy = await villager.policy_id(CODES[0])

    told = await asked(
        villager,
        {"__typename": "Renewal", "id": policy},
        {"__typename": "NoSuchType", "id": policy},
        {"__typename": "Query", "id": policy},
        {"__typename": "Policy", "id": "no id"},
        {"__typename": "Policy", "id": {"$ne": ""}},
        {"__typename": "Policy"},
        {"id": policy},
        {},
        "Policy",
        7,
        [policy],
    )

    assert [None] * 11 == told


async def test_more_than_a_page_of_entities_is_refused(village: Town) -> None:
    answer = await village.nobody().raw(ENTITIES, {"representations": [{}] * (MOST_ENTITIES + 1)})

    assert "BAD_USER_INPUT" == answer["errors"][0]["extensions"]["code"]


INSURER = "query ($code: String!) { insurer(by: { code: $code }) { id } }"
