"""A price says what it is: whether it binds, since when and until when it holds, and whether its grade is final."""

from datetime import datetime, timedelta

import pytest

from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes
from tests.api.ledger import successors

A_FORTNIGHT = timedelta(days=14)

PRICES = """
query ($id: ID!) {
  renewal(id: $id) {
    plans { id quotedAt validUntil needsRequote premium { nature total } }
    review { rehearsedAt premium { nature total } }
  }
}
"""

GRADES = "{ policies(first: 100) { edges { node { number grade { provisional } } } } }"


async def prices(frontend: Frontend, renewal: Json) -> Json:
    return (await frontend.raw(PRICES, {"id": renewal["id"]}))["data"]["renewal"]  # type: ignore[no-any-return]  # Whatever was asked for.


@each_insurer
async def test_only_what_the_insurer_showed_before_its_button_binds(town: Town, holder: Frontend, code: str) -> None:
    offered = await prices(holder, await holder.start(code))
    reviewed = await prices(holder, await holder.ready(code))

    assert {"INDICATION"} == {plan["premium"]["nature"] for plan in offered["plans"]}
    assert {town.clock().isoformat()} == {plan["quotedAt"] for plan in offered["plans"]}
    assert offered["review"] is None
    assert ("BINDABLE", town.clock().isoformat()) == (
        reviewed["review"]["premium"]["nature"],
        reviewed["review"]["rehearsedAt"],
    )


@pytest.mark.parametrize("code", [code for code in CODES if not INSURERS[code]["quotes run out"]])
async def test_where_nobody_tells_until_when_a_quote_is_good_no_limit_is_made_up(
    town: Town, holder: Frontend, code: str
) -> None:
    renewal = await holder.start(code)
    plan = (await prices(holder, renewal))["plans"][0]

    town.clock.advance(A_FORTNIGHT)

    assert plan["validUntil"] is None
    # What is signed is rehearsed anyway.
    assert not (await prices(holder, renewal))["plans"][0]["needsRequote"]


@pytest.mark.parametrize("code", [code for code in CODES if INSURERS[code]["quotes run out"]])
async def test_a_quote_that_has_run_out_is_not_chosen_before_it_is_quoted_again(
    town: Town, holder: Frontend, code: str
) -> None:
    renewal = await holder.start(code)
    plan = (await prices(holder, renewal))["plans"][0]
    town.clock.set(datetime.fromisoformat(plan["validUntil"]).replace(hour=12) + timedelta(days=1))

    stale = (await prices(holder, renewal))["plans"][0]
    refused = await holder.choose(renewal, renewal["plans"][0])
    quoted = await holder.requote(renewal, plan, resetFirst=True)
    fresh = (await prices(holder, renewal))["plans"][0]
    chosen = await holder.choose(quoted["renewal"], quoted["plan"])

    assert (False, True, False) == (plan["needsRequote"], stale["needsRequote"], fresh["needsRequote"])
    assert (["QUOTE_EXPIRED"], []) == (codes(refused), codes(chosen))
    assert town.clock().isoformat() == fresh["quotedAt"]


@each_insurer
async def test_the_grade_of_a_term_that_has_not_begun_is_provisional(town: Town, holder: Frontend, code: str) -> None:
    await holder.submit(await holder.ready(code))

    found = (await holder.raw(GRADES))["data"]["policies"]["edges"]

    provisional = {edge["node"]["number"]: edge["node"]["grade"]["provisional"] for edge in found}
    (next_term,) = successors(town, code)
    assert provisional.pop(next_term)
    assert {False} == set(provisional.values())
