"""How often an insurer is asked for what one document wants of it, and what is left of that afterwards."""

import gc

import pytest

from schema.book_lookups import BookLookups
from schema.book_readings import BookReadings
from schema.loaders import Loaders
from schema.readings import Readings
from tests.api.conftest import CODES, INSURERS, Town
from tests.api.frontend import Frontend
from tests.compiler import COMPILED

ALIASES = 10


@pytest.fixture
async def asked(registered_everywhere: Frontend, town: Town) -> Frontend:
    """Taro, whose sessions at every insurer are open, and nothing else is counted."""
    await registered_everywhere.policies(first=1)
    town.forget_requests()
    return registered_everywhere


def rounds(town: Town) -> dict[str, dict[str, int]]:
    """Answer what each insurer was asked, without what only opens a session."""
    return {
        code: {
            route: times
            for route, times in town.requests(code).items()
            if route not in INSURERS[code]["opens a session"]
        }
        for code in CODES
    }


LOADED = (Loaders, Readings, BookLookups, BookReadings)

ONE_ROUND = {code: INSURERS[code]["look-up round"] for code in CODES}


async def test_however_many_aliases_ask_each_insurer_is_looked_up_once(asked: Frontend, town: Town) -> None:
    ids = [await asked.policy_id(code) for code in CODES]
    town.forget_requests()
    page = "{ totalCount edges { node { id number renewal { id } } } providers { state } }"
    document = f"""query ($first: ID!, $second: ID!) {{
      {" ".join(f"a{number}: policies {page}" for number in range(ALIASES))}
      one: policy(by: {{ id: $first }}) {{ number }}
      node(id: $second) {{ ... on Policy {{ number }} }}
      nodes(ids: [$first, $second]) {{ id }}
      viewer {{ customer {{ policies {page} }} }}
    }}"""

    answer = await asked.raw(document, {"first": ids[0], "second": ids[-1]})

    assert "errors" not in answer, answer
    data = answer["data"]
    assert {2 * len(CODES)} == {data[f"a{number}"]["totalCount"] for number in range(ALIASES)}
    assert data["one"]["number"]
    assert data["node"]["number"]
    assert ONE_ROUND == rounds(town)


async def test_where_single_policies_stand_first_there_is_still_one_round(asked: Frontend, town: Town) -> None:
    ids = {code: await asked.policy_id(code) for code in CODES}
    customer = (await asked.raw("{ viewer { customer { id } } }"))["data"]["viewer"]["customer"]["id"]
    town.forget_requests()
    single = " ".join(f'{code}: policy(by: {{ id: "{id_}" }}) {{ id }}' for code, id_ in ids.items())
    document = f"""{{ {single} policies {{ totalCount }}
      node(id: "{customer}") {{ ... on Customer {{ policies {{ totalCount }} }} }} }}"""

    answer = await asked.raw(document)

    assert "errors" not in answer, answer
    assert ONE_ROUND == rounds(town)


async def test_a_filter_spares_the_insurers_that_it_leaves_out(asked: Frontend, town: Town) -> None:
    only = CODES[-1]

    found = await asked.policies(first=10, filter={"insurerCodes": [only]})

    assert [only] == [provider["insurer"]["code"] for provider in found["providers"]]
    assert {code: ONE_ROUND[code] if code == only else {} for code in CODES} == rounds(town)


async def test_a_page_is_cut_from_one_round_and_the_next_goes_on_after_it(asked: Frontend) -> None:
    whole = await asked.policies(first=100)

    numbers, after = [], None
    while True:
        page = await asked.policies(first=1, after=after)
        numbers += [edge["node"]["number"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert [edge["node"]["number"] for edge in whole["edges"]] == numbers
    assert sorted(edge["node"]["endsAt"] for edge in whole["edges"]) == [
        edge["node"]["endsAt"] for edge in whole["edges"]
    ]


@pytest.mark.parametrize(("first", "after"), [(0, None), (-5, None), (10**6, None), (1, "no cursor")])
async def test_a_page_of_a_strange_size_or_place_is_clamped(asked: Frontend, first: int, after: str | None) -> None:
    page = await asked.policies(first=first, after=after)

    assert 1 <= len(page["edges"]) <= 100
    assert 2 * len(CODES) == page["totalCount"]


async def test_a_query_that_wants_no_policy_asks_no_insurer(asked: Frontend, town: Town) -> None:
    await asked.raw("{ viewer { displayName customer { links { state } } } insurers { edges { node { name } } } }")

    assert {code: {} for code in CODES} == rounds(town)


@pytest.mark.skipif(not COMPILED, reason="graphql-core's own executor leaves circles behind")
async def test_nothing_that_was_loaded_waits_for_somebody_who_looks_for_garbage(asked: Frontend) -> None:
    gc.collect()
    gc.disable()
    try:
        answer = await asked.raw(
            "{ policies { edges { node { renewal { id } renewability { online } } } } book { id } }"
        )
        # By the next answer the one before is done with.
        await asked.raw("{ __typename }")
        left = [type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, LOADED)]
    finally:
        gc.enable()

    assert "errors" not in answer, answer
    assert [] == left
