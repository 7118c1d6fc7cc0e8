"""What is run straight answers as by Strawberry's own runner, hook by hook, and says how it was run."""

from typing import Any, cast

import pytest
from graphql import GraphQLError

import schema
from gateway.rate_windows import Windows
from gateway.rates import Rates
from schema.context import Context
from schema.execution.asking import Asked
from schema.execution.documents import Documents
from schema.execution.running import ANSWERED, Bounds, Result, Runner
from schema.node import NodeIds
from schema.ports import Host
from tests.api.conftest import Town
from tests.api.endpoint import Nowhere, endpoint
from tests.compiler import COMPILED

LEFT = 1000

ASKED: tuple[Asked, ...] = (
    Asked(query="{ __typename rateLimit { remaining } }"),
    Asked(query="query A { __typename }"),
    Asked(query="query A { a: __typename } query B { b: __typename }", operation_name="B"),
    Asked(query="query A { a: __typename } query B { b: __typename }"),
    Asked(query="query A { __typename }", operation_name="Z"),
    Asked(query="fragment F on Query { __typename }"),
    Asked(query='subscription { renewalUpdated(id: "x") { id } }'),
    Asked(query="mutation { consentGrant { errors { code } } }"),
    Asked(query="{"),
    Asked(query="{ none }"),
    Asked(query="query ($first: Int!) { insurers(first: $first) { edges { cursor } } }", variables={"first": "x"}),
    Asked(query="query ($first: Int!) { insurers(first: $first) { edges { cursor } } }"),
    Asked(query="{ " + "__typename " * 5000 + "}"),
    Asked(query="{ __schema { queryType { name } } }"),
    Asked(query='{ node(id: "x") { id } }'),
    # Its resolver asks what is nowhere.
    Asked(query="{ insurers { edges { cursor } } }"),
)


class Emptied(Nowhere):
    def __init__(self) -> None:
        self.rates = Rates(Windows(), cost_per_minute=0, for_nobody=LEFT)


async def told(runner: Runner, asked: Asked, *, straight: bool, introspection: bool, spent: int) -> object:
    host: Any = Emptied()
    context = Context(host=cast(Host, host), ids=NodeIds(bytes(64)), asker=None, introspection=introspection)
    await host.rates.spend(context.spender, spent)
    text = asked.query or ""
    result: Result
    try:
        if straight:
            assert runner._straight  # noqa: SLF001 (the two roads of one runner, which chooses by itself)
            result = await runner._straight.execute(text, asked, context, ANSWERED)  # noqa: SLF001
        else:
            result = await runner.in_one_piece.execute(
                text, cast(Any, asked.variables), context, None, asked.operation_name, ANSWERED
            )
    except Exception as error:  # noqa: BLE001 (what is raised is compared, too)
        return type(error), str(error)
    found = {**(result.extensions or {})}
    # A moment of its own.
    found["cost"] = {name: value for name, value in found.get("cost", {}).items() if name != "resetAt"}
    return result.data, [_shown(error) for error in result.errors or ()], found, dict(context.headers), context.writes


def _shown(error: GraphQLError) -> object:
    return error.formatted, type(error.original_error)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.query[:40])
@pytest.mark.parametrize(("introspection", "spent"), [(True, 0), (False, 0), (True, LEFT)])
async def test_both_roads_answer_the_same(asked: Asked, introspection: bool, spent: int) -> None:
    runner = Runner(schema.build(), Bounds(), Nowhere().now, documents=Documents(), introspection=True, compiled=False)
    # That a document is read for the first time costs more.
    _, hooked, straight = [
        await told(runner, asked, straight=straight, introspection=introspection, spent=spent)
        for straight in (False, False, True)
    ]

    assert hooked == straight


EXPLAINED = {"explain": True}


@pytest.mark.parametrize(
    ("compiled", "query", "expected"),
    [
        (True, "{ room { name } }", {"way": "compiled", "reason": ""}),
        (True, "{ __schema { queryType { name } } }", {"way": "handed over", "reason": "introspection"}),
        (False, "{ room { name } }", {"way": "handed over", "reason": "off"}),
        (True, "{ none }", None),
    ],
)
async def test_how_it_was_run_is_told_to_whoever_asks(
    compiled: bool, query: str, expected: dict[str, str] | None
) -> None:
    async with endpoint(compiled=compiled) as at:
        answers = [
            await (await at.post({"query": query, "extensions": extensions})).json()
            for extensions in (EXPLAINED, {"explain": "yes"}, {})
        ]

    assert [expected, None, None] == [answer["extensions"].get("execution") for answer in answers]


async def test_ways_are_counted(town: Town) -> None:
    before = await counted(town)
    answer = await town.nobody().raw("{ insurers { edges { node { code } } } }")
    after = await counted(town)

    assert answer["data"]
    assert int(COMPILED) == after - before


async def counted(town: Town) -> float:
    async with town.http.get(f"{town.url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    named = 'tabane_graphql_operations_total{reason="",way="compiled"} '
    return next((float(line.removeprefix(named)) for line in lines if line.startswith(named)), 0.0)
