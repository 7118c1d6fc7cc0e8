"""Every connection of the schema clamps what it is asked for, and begins anew at a cursor that is none of its own."""

from collections.abc import Iterator, Mapping

import graphql
import pytest
import pytest_asyncio
from graphql import GraphQLObjectType

from schema.connection import MOST
from tests.api import booking
from tests.api.agencies import MANAGER, agent_alone
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, Json

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZES = {-5: 1, 0: 1, MOST + 1: MOST, 2**31 - 1: MOST}

# A parent of connections: who sees one, and how it is reached.
PARENTS = {
    "Query": ("member", "%s"),
    "Viewer": ("member", "viewer { %s }"),
    "Customer": ("member", "viewer { customer { %s } }"),
    "Renewal": ("member", "renewal(id: $renewal) { %s }"),
    "Registration": ("member", "registration(id: $registration) { %s }"),
    "Book": ("manager", "book { %s }"),
    "BookEntry": ("manager", "node(id: $entry) { ... on BookEntry { %s } }"),
    "BookFeedRun": ("manager", "book { providers { done { %s } } }"),
    "Webhook": ("manager", "node(id: $webhook) { ... on Webhook { %s } }"),
}

WEBHOOK = "mutation ($input: WebhookCreateInput!) { webhookCreate(input: $input) { webhook { id } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(village: Town) -> Mapping[str, Frontend]:
    await booking.fill_books(village)
    member = village.customer("taro")
    await village.settle(member, CODES[0])
    return {"member": member, "manager": agent_alone(village, MANAGER)}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ids(people: Mapping[str, Frontend]) -> Mapping[str, str]:
    member, manager = people["member"], people["manager"]
    told = {"url": "https://example.com/told", "kinds": ["FEED_READ"], "idempotencyKey": "one"}
    entries = await manager.raw("{ book { renewals(first: 1) { edges { node { id } } } } }")
    return {
        "renewal": (await member.start(CODES[0]))["id"],
        "registration": (await member.begin(CODES[0]))["id"],
        "entry": entries["data"]["book"]["renewals"]["edges"][0]["node"]["id"],
        "webhook": (await manager.raw(WEBHOOK, {"input": told}))["data"]["webhookCreate"]["webhook"]["id"],
    }


def connections() -> Iterator[tuple[str, str]]:
    """Answer every field that is a connection, with the type that has it."""
    for kind in booking.published().type_map.values():
        if isinstance(kind, GraphQLObjectType):
            for name, field in kind.fields.items():
                if graphql.get_named_type(field.type).name.endswith("Connection"):
                    yield kind.name, name


async def pages(
    people: Mapping[str, Frontend], ids: Mapping[str, str], place: tuple[str, str], **said: object
) -> list[Json]:
    """Answer the pages that come: of a feed's flaws, one for each insurer."""
    parent, name = place
    who, way = PARENTS[parent]
    used = {one: id_ for one, id_ in ids.items() if f"${one}" in way}
    taken = "".join(f", ${one}: ID!" for one in used)
    facts = f"edges {{ cursor node {{ known: {_key(place)} }} }} pageInfo {{ hasNextPage hasPreviousPage endCursor }}"
    page = f"{name}(first: $first, after: $after) {{ {facts} }}"
    document = f"query ($first: Int!, $after: String{taken}) {{ {way % page} }}"
    answer = await people[who].raw(document, {"first": 20, "after": None, **used, **said})
    assert "errors" not in answer, (place, said, answer)
    return list(_found(answer["data"], name))


def _key(place: tuple[str, str]) -> str:
    """Answer by which field what is on a page is told apart."""
    connection = graphql.get_named_type(_fields(place[0])[place[1]].type).name
    node = graphql.get_named_type(_fields(connection.removesuffix("Connection") + "Edge")["node"].type)
    assert isinstance(node, GraphQLObjectType)
    return next(name for name in ("id", "messageId", "line") if name in node.fields)


def _fields(type_: str) -> Mapping[str, graphql.GraphQLField]:
    kind = booking.published().type_map[type_]
    assert isinstance(kind, GraphQLObjectType)
    fields: Mapping[str, graphql.GraphQLField] = kind.fields
    return fields


def _found(value: object, name: str) -> Iterator[Json]:
    if isinstance(value, list):
        for one in value:
            yield from _found(one, name)
    elif isinstance(value, dict):
        if name in value:
            yield value[name]
        else:
            for one in value.values():
                yield from _found(one, name)


async def test_every_connection_clamps_its_size(people: Mapping[str, Frontend], ids: Mapping[str, str]) -> None:
    clamped = set()
    for place in connections():
        for asked, size in SIZES.items():
            for page in await pages(people, ids, place, first=asked):
                assert len(page["edges"]) <= size, (place, asked)
                assert len(page["edges"]) == size or not page["pageInfo"]["hasNextPage"], (place, asked)
                if page["pageInfo"]["hasNextPage"]:
                    clamped.add((place, size))

    # Somewhere there was more than a page may hold.
    assert {size for _, size in clamped} == set(SIZES.values())


async def test_every_connection_begins_anew_at_a_strange_cursor(
    people: Mapping[str, Frontend], ids: Mapping[str, str]
) -> None:
    begun = {place: await pages(people, ids, place) for place in connections()}
    ends = {place: [page["pageInfo"]["endCursor"] for page in read] for place, read in begun.items()}
    # The policies of a customer are those of the viewer, in the same order.
    same = {("Customer", "policies"), ("Query", "policies")}
    for place, first in begun.items():
        assert first, place
        another = [end for other, of in ends.items() for end in of if end and other != place and {other, place} != same]
        for strange in ("", "no cursor", "カーソル", "AAAA", ids["renewal"], "0" * 5000, *another):
            anew = await pages(people, ids, place, after=strange)
            assert [known(page) for page in first] == [known(page) for page in anew], (place, strange)
            assert not any(page["pageInfo"]["hasPreviousPage"] for page in [*first, *anew]), (place, strange)


async def test_every_connection_goes_on_behind_a_cursor_of_its_own(
    people: Mapping[str, Frontend], ids: Mapping[str, str]
) -> None:
    went_on = set()
    for place in connections():
        for at, page in enumerate(await pages(people, ids, place, first=1)):
            if end := page["pageInfo"]["endCursor"]:
                further = (await pages(people, ids, place, first=1, after=end))[at]
                assert known(page) != known(further), place
                assert further["pageInfo"]["hasPreviousPage"], place
                went_on.add(place)

    # One of each kind: cut where things are kept by a key of more than one column, by an id, and from a list in hand.
    assert {("Book", "renewals"), ("Book", "customers"), ("Registration", "events"), ("Query", "policies")} <= went_on


def known(page: Json) -> list[object]:
    return [edge["node"]["known"] for edge in page["edges"]]


async def test_every_connection_takes_the_same_arguments_and_answers_the_same_facts() -> None:
    for type_, name in connections():
        arguments = _fields(type_)[name].args
        assert ("Int!", "String") == (str(arguments["first"].type), str(arguments["after"].type)), (type_, name)
        usual = arguments["first"].default
        assert usual, (type_, name)
        assert usual.literal, (type_, name)
        assert 1 <= int(graphql.print_ast(usual.literal)) <= MOST, (type_, name)
