"""`@auth` and `@semanticNonNull` say what the server does: who is signed in, as what, and what comes with an error."""

import graphql
import pytest
import pytest_asyncio

from tests.api import booking, marked
from tests.api.agencies import agent_alone, agent_for
from tests.api.comparing import started
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, Json
from tests.api.inputs import anything
from tests.api.live import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

# How each question is asked that needs to be told of what, by the ids of `world`.
ARGUMENTS = {
    "node": "id: $insurer",
    "nodes": "ids: [$insurer]",
    "insurer": "by: { id: $insurer }",
    "policy": "by: { id: $policy }",
    "renewal": "id: $renewal",
    "registration": "id: $registration",
    "comparePlans": "input: { planIds: [$plan] }",
    "comparison": "id: $comparison",
    "premiumDifferences": "planId: $plan, changes: []",
    "enumLabels": 'enumName: "Role"',
    "agencyRequest": 'ticket: "none"',
}
# A ticket that works is told by a mail, elsewhere; a book is an agent's.
NOT_THE_CUSTOMERS = {"agencyRequest", "book"}

World = dict[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def member(village: Town) -> Frontend:
    """A customer with an account and one policy at one insurer."""
    frontend = village.customer("taro")
    await village.settle(frontend, CODES[0])
    return frontend


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(village: Town, member: Frontend) -> World:
    """Ids of one thing of each kind that is the member's."""
    code = CODES[0]
    renewal = await member.start(code)
    insurer = await member.raw("query ($code: String!) { insurer(by: { code: $code }) { id } }", {"code": code})
    return {
        "insurer": insurer["data"]["insurer"]["id"],
        "policy": await member.policy_id(code),
        "renewal": renewal["id"],
        "plan": renewal["plans"][0]["id"],
        "registration": (await member.begin(code))["id"],
        "comparison": (await started(member, code, member.person["policies"][code][0]))["id"],
    }


def questions() -> dict[str, graphql.GraphQLField]:
    query = booking.published().query_type
    assert query
    fields: dict[str, graphql.GraphQLField] = query.fields
    return fields


async def ask(person: Frontend, name: str, world: World) -> Json:
    said = f"({ARGUMENTS[name]})" if name in ARGUMENTS else ""
    used = {one: id_ for one, id_ in world.items() if f"${one}" in said}
    taken = ", ".join(f"${one}: ID!" for one in used)
    composite = graphql.is_composite_type(graphql.get_named_type(questions()[name].type))
    document = (
        f"query {f'({taken})' if taken else ''} {{ asked: {name}{said} {'{ __typename }' if composite else ''} }}"
    )
    return await person.raw(document, used)


def told(answer: Json) -> object:
    return (answer["data"] or {}).get("asked")


def code_of(answer: Json) -> str | None:
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None


async def test_whoever_is_not_signed_in_is_told_nothing_by_a_marked_question_and_by_every_other_whatever_it_knows(
    village: Town, member: Frontend, world: World
) -> None:
    for name in questions():
        nobodys, ours = await ask(village.nobody(), name, world), await ask(member, name, world)
        if "auth" in marked.directives()[f"Query.{name}"]:
            assert told(nobodys) in (None, []), name
            assert code_of(nobodys) in (None, "UNAUTHENTICATED"), name
            assert (told(ours) is not None) == (name not in NOT_THE_CUSTOMERS), name
        else:
            assert "errors" not in nobodys, name
            assert (told(nobodys) is not None) == (name != "viewer"), name
        assert "errors" not in ours, name


async def test_what_is_never_null_alone_is_null_with_an_error_and_leaves_the_rest_of_the_answer(
    village: Town, world: World
) -> None:
    places = marked.marked("semanticNonNull")

    assert places
    for place in places:
        type_, _, name = place.partition(".")
        assert "Query" == type_, "say here how this one comes to be null"
        assert not graphql.is_non_null_type(questions()[name].type), place
        answer = await ask(village.nobody(), name, world)
        assert {"asked": None} == answer["data"], place
        assert ["asked"] == answer["errors"][0]["path"], place


async def test_only_whom_a_deed_is_marked_for_may_do_it(village: Town, member: Frontend) -> None:
    writes = booking.published().mutation_type
    assert writes
    for name, field in writes.fields.items():
        said = marked.directives()[f"Mutation.{name}"]["auth"]
        value = anything(field.args["input"].type)
        document = f"mutation ($input: {field.args['input'].type}) {{ {name}(input: $input) {{ errors {{ code }} }} }}"

        answers = {
            who: code_of(await person.raw(document, {"input": value}))
            for who, person in (
                ("nobody", village.nobody()),
                ("customer", member),
                ("agent for the customer", agent_for(village, member)),
                ("agent", agent_alone(village)),
            )
        }

        assert "UNAUTHENTICATED" == answers["nobody"], name
        assert ("FORBIDDEN" == answers["customer"]) == ("roles: [AGENT]" in said), name
        assert ("FORBIDDEN" == answers["agent"]) == ("roles: [CUSTOMER]" in said), name
        assert ("FORBIDDEN" == answers["agent for the customer"]) == ("roles: [CUSTOMER]" in said), name


async def test_whoever_is_not_signed_in_is_told_nothing_by_any_subscription(village: Town, world: World) -> None:
    watched = booking.published().subscription_type
    assert watched
    async with connected(village.nobody()) as live:
        for name, field in watched.fields.items():
            assert "auth" in marked.directives()[f"Subscription.{name}"], name
            said = "(id: $id) { __typename }" if "id" in field.args else "{ __typename }"
            taken = "($id: ID!)" if "id" in field.args else ""
            id_ = world[name.removesuffix("Updated")] if "id" in field.args else ""
            await live.subscribe(f"subscription {taken} {{ {name}{said} }}", id=id_)
            heard = await live.hear()
            if "next" == heard["type"]:
                assert "UNAUTHENTICATED" == code_of(heard["payload"]), name
                heard = await live.hear()
            assert heard["type"] in {"complete", "error"}, name
