"""Nothing is ticked beforehand, and last year's word is never taken for this year's."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tests.api.conftest import Town, each_insurer
from tests.api.frontend import Frontend, Json, codes
from tests.api.ledger import successors
from tests.api.walking import Walker

QUESTIONS = """
query ($id: ID!) {
  renewal(id: $id) {
    selectedPlan { id }
    plans { selected recommendedByInsurer }
    steps {
      state
      requirements {
        __typename key satisfied
        ... on FieldRequirement { inputKind suggested options { value recommended } }
        ... on ConfirmationRequirement { confirmedAt }
        ... on DocumentRequirement { openedAt }
        ... on PlanRequirement { selected { id } }
      }
    }
  }
}
"""

# A successor's own renewal is open three weeks before it ends.
THREE_WEEKS = timedelta(days=21)


async def asked(frontend: Frontend, renewal: Json) -> Json:
    return (await frontend.raw(QUESTIONS, {"id": renewal["id"]}))["data"]["renewal"]  # type: ignore[no-any-return]  # Whatever was asked for.


def needs(told: Json, kind: str) -> list[Json]:
    return [need for step in told["steps"] for need in step["requirements"] if need["__typename"] == kind]


def nothing_is_answered(told: Json) -> None:
    assert told["selectedPlan"] is None
    assert {False} == {need["satisfied"] for step in told["steps"] for need in step["requirements"]}
    assert {None} == {need["confirmedAt"] for need in needs(told, "ConfirmationRequirement")}
    assert {None} == {need["openedAt"] for need in needs(told, "DocumentRequirement")}
    assert {None} == {need["selected"] for need in needs(told, "PlanRequirement")}
    assert "DONE" not in {step["state"] for step in told["steps"]}


async def signed_in_again(town: Town, holder: Frontend, code: str) -> None:
    """A year later no insurer lets anybody in unasked, and the policy is the one that was had then."""
    account = {"userId": holder.person["mail"], "password": holder.person["password"]}
    walker = Walker(town, holder)
    walker.becomes(insurer=code, account=account, policies={code: successors(town, code)})
    await walker.signed_in()


def declarations(told: Json) -> Mapping[str, str | None]:
    """Answer what is suggested for each declaration: a question to which the answer is yes or no."""
    return {
        need["key"]: need["suggested"] for need in needs(told, "FieldRequirement") if need["inputKind"] == "BOOLEAN"
    }


@each_insurer
async def test_a_fresh_renewal_has_nothing_answered_and_suggests_no_declaration(holder: Frontend, code: str) -> None:
    told = await asked(holder, await holder.start(code))

    nothing_is_answered(told)
    assert 2 <= len(declarations(told))
    assert {None} == set(declarations(told).values())


@each_insurer
async def test_what_an_insurer_recommends_is_told_and_never_taken_for_a_choice(holder: Frontend, code: str) -> None:
    told = await asked(holder, await holder.start(code))

    recommended = [
        need for need in needs(told, "FieldRequirement") if any(option["recommended"] for option in need["options"])
    ]
    assert [False] == [plan["selected"] for plan in told["plans"] if plan["recommendedByInsurer"]]
    assert {(False, None)} >= {(need["satisfied"], need["suggested"]) for need in recommended}


@each_insurer
async def test_what_was_declared_last_year_is_asked_again_this_year(town: Town, holder: Frontend, code: str) -> None:
    first = await holder.ready(code)
    before = await asked(holder, first)
    done = (await holder.submit(first))["renewal"]
    next_term = datetime.fromisoformat(first["dueBy"])
    town.clock.set(next_term.replace(year=next_term.year + 1, hour=10) - THREE_WEEKS)
    await signed_in_again(town, holder, code)

    second = await holder.start(code)

    told = await asked(holder, second)
    assert done["result"]["newPolicyNumber"] == holder.person["policies"][code][0]
    assert first["id"] != second["id"]
    assert {True} == {need["satisfied"] for need in needs(before, "ConfirmationRequirement")}
    nothing_is_answered(told)
    assert declarations(before).keys() == declarations(told).keys()
    assert {None} == set(declarations(told).values())
    again = await holder.submit(await holder.follow(second))
    assert ([], "ACCEPTED") == (codes(again), again["renewal"]["status"])
    assert 2 == len(successors(town, code))


@each_insurer
async def test_a_renewal_that_was_abandoned_leaves_no_answer_to_the_next(holder: Frontend, code: str) -> None:
    ready = await holder.ready(code)
    await holder.mutate("RenewalCancel", renewalId=ready["id"])

    told = await asked(holder, await holder.start(code))

    nothing_is_answered(told)
