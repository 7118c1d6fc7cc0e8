"""What is told again is what would be told anew: all of a renewal, and of the book, at every turn of their lives."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from tests.api import booking
from tests.api.agencies import MANAGER, agencies_at_work, agent_alone
from tests.api.booking import selections
from tests.api.conftest import Town, each_insurer
from tests.api.frontend import Frontend, Json, key

__all__ = ["agencies_at_work"]

# A screen of a wizard: what lasts, what asks the clock or whoever asks, and what is both.
RENEWAL = """($id: ID!) { renewal(id: $id) {
  __typename id version status statusLabel dueBy willSubmitAt closesAt submittedAt reviewHash
  insurer { id code name(locale: "en") renewalWord }
  plans { id name position selected customised needsRequote quotedAt validUntil lossesHash
    freshness { state fetchedAt freshUntil }
    premium { nature total payment changeFromCurrent instalments { dueOn amount } }
    coverages { key label insurerLabel included variant note limit { kind amount unlimited basis }
      deductible { first second } perils { peril covered } options { value label selected } }
    conditions { limitation use } departures { reason } assumptions losses { key } }
  selectedPlan { id name renewal { id version } }
  currentStep { id key }
  steps { id key kind title help state position facts { key label value changed }
    requirements { __typename key label required satisfied customerOnly fallbackUrl
      ... on FieldRequirement { inputKind options { value label recommended } suggested }
      ... on ConfirmationRequirement { statement confirmedAt }
      ... on DocumentRequirement { mustOpen openedAt document { id title sha256 } }
      ... on PlanRequirement { selected { id name } } } }
  review { hash statement premium { total } plan { id } }
  receipt { number statement } result { newPolicyNumber } reasons { code message } trouble { code message }
  nextActions { kind label mutation primary } freshness { state fetchedAt }
  agencyContact { label } events(first: 3) { edges { node { id } } } } }"""

BOOK = f"""{{ book {{ renewals(first: 40) {{ edges {{ node {{
  {" ".join(text for name, text in selections("BookEntry", depth=1).items() if name != "policy")} }} }} }} }} }}"""

# Each makes a document of its own, of which nothing was ever written.
NAMES = count()


async def told(frontend: Frontend, of: str, **variables: Any) -> Json:
    """Ask twice as before and once as never before, and answer what all of them told."""
    usual = await frontend.raw(f"query Usual{of}", variables)
    again = await frontend.raw(f"query Usual{of}", variables)
    anew = await frontend.raw(f"query Never{next(NAMES)}{of}", variables)
    assert "errors" not in usual, usual
    assert usual["data"] == again["data"] == anew["data"]
    found: Json = usual["data"]
    return found


@each_insurer
async def test_a_renewal_is_told_again_as_it_is_at_every_step(holder: Frontend, town: Town, code: str) -> None:
    renewal = await holder.start(code)
    seen = [(await told(holder, RENEWAL, id=renewal["id"]))["renewal"]]

    async def look(after: Json) -> Json:
        assert [] == after["errors"]
        seen.append((await told(holder, RENEWAL, id=renewal["id"]))["renewal"])
        return after["renewal"]  # type: ignore[no-any-return]  # as the frontend tells it

    # Opening a document changes a renewal and not its row.
    async def opened(need: Json) -> None:
        await holder.opened(need, renewal)
        seen.append((await told(holder, RENEWAL, id=renewal["id"]))["renewal"])

    renewal = await look(await holder.choose(renewal, renewal["plans"][-1]))
    while renewal["status"] == "IN_PROGRESS":
        step = renewal["currentStep"]
        for need in step["requirements"]:
            if need["__typename"] == "DocumentRequirement":
                await opened(need)
        renewal = await look(await holder.answer("RenewalStepAnswer", renewal, step))
    holder.headers["Accept-Language"] = "en"
    english = (await told(holder, RENEWAL, id=renewal["id"]))["renewal"]
    holder.headers["Accept-Language"] = "ja"
    town.clock.advance(timedelta(days=2))
    seen.append((await told(holder, RENEWAL, id=renewal["id"]))["renewal"])
    await look(await holder.submit(renewal))

    versions = [each["version"] for each in seen]
    assert sorted(versions) == versions
    assert len(set(versions)) > 3
    assert len({str(each) for each in seen}) >= len(set(versions))
    assert english["statusLabel"] != seen[-2]["statusLabel"]
    assert english["id"] == seen[-2]["id"]


@each_insurer
async def test_nobody_else_is_told_again_what_was_told_to_the_one_whose_it_is(
    holder: Frontend, sayuri: Frontend, code: str
) -> None:
    renewal = await holder.start(code)
    document = "query ($id: ID!) { renewal(id: $id) { id status plans { name } } }"
    told = [(await each.raw(document, {"id": renewal["id"]}))["data"]["renewal"] for each in (holder, sayuri, holder)]

    assert told[1] is None
    assert told[0] == told[2] is not None


@pytest.fixture
async def manager(town: Town) -> Frontend:
    await booking.fill_books(town)
    return agent_alone(town, MANAGER)


async def test_a_page_of_the_book_is_told_again_as_it_is(manager: Frontend, town: Town, agencies_at_work: bool) -> None:
    async def rows() -> dict[str, Json]:
        edges = (await told(manager, BOOK))["book"]["renewals"]["edges"]
        return {edge["node"]["id"]: edge["node"] for edge in edges}

    first = await rows()
    marked = next(id_ for id_, row in first.items() if row["status"] == "NOT_STARTED")
    deed = "mutation ($input: BookMarkInput!) { bookMark(input: $input) { errors { code } done } }"
    done = await manager.raw(deed, {"input": {"entryIds": [marked], "mark": "REFERRED", "idempotencyKey": key()}})
    assert 1 == done["data"]["bookMark"]["done"], done
    second = await rows()
    town.clock.advance(timedelta(days=1))
    third = await rows()

    assert "REFERRED" == second[marked]["mark"]
    assert {marked} == {id_ for id_ in first if first[id_]["mark"] != second[id_]["mark"]}
    assert {-1} == {third[id_]["daysLeft"] - second[id_]["daysLeft"] for id_ in first}
