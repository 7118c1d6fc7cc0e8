"""A draft outlives the insurer's session, and only what is about something else by now is asked again."""

import json
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from tests.api.conftest import INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes
from tests.api.ledger import successors
from tests.api.residents import order

# What can be made to move behind a customer's back, and what is about just that.
WHAT_MOVES: Mapping[str, Mapping[str, Json]] = json.loads(
    (Path(__file__).parent / "what_moves.json").read_text(encoding="utf-8")
)

# A customer who comes back the same day, the next day, and the day after that.
PAUSES = (timedelta(hours=2), timedelta(days=1), timedelta(days=2))

IDLE = "query ($code: String!) { insurer(by: { code: $code }) { portal { idleTimeoutMinutes } } }"

ANSWERED = """
query ($id: ID!) {
  renewal(id: $id) {
    steps {
      requirements {
        key required satisfied
        ... on ConfirmationRequirement { confirmedAt }
        ... on DocumentRequirement { openedAt }
      }
    }
  }
}
"""


async def idle(frontend: Frontend, code: str) -> timedelta:
    """Answer after how long the insurer ends a session in which nothing happens."""
    told = (await frontend.raw(IDLE, {"code": code}))["data"]["insurer"]["portal"]
    return timedelta(minutes=told["idleTimeoutMinutes"])


async def standing(frontend: Frontend, renewal: Json) -> dict[str, Json]:
    """Answer how every requirement of a renewal stands, by its key."""
    told = (await frontend.raw(ANSWERED, {"id": renewal["id"]}))["data"]["renewal"]
    return {need["key"]: need for step in told["steps"] for need in step["requirements"]}


def sessions(town: Town, code: str) -> int:
    return sum(town.requests(code).get(door, 0) for door in INSURERS[code]["opens a session"])


async def move(town: Town, monkeypatch: pytest.MonkeyPatch, code: str, what: str) -> None:
    """Let the insurer change its premium, a document, or its words."""
    moves = WHAT_MOVES[code][what]
    if "order" in moves:
        await order(town, code, **moves["order"])
        return
    said = import_module(moves["place"])
    if "key" in moves:
        monkeypatch.setitem(getattr(said, moves["name"]), moves["key"], moves["says"])
    else:
        monkeypatch.setattr(said, moves["name"], moves["says"])


@each_insurer
async def test_sixty_idle_minutes_before_every_step_lose_no_answer_and_ask_for_none_again(
    town: Town, holder: Frontend, code: str
) -> None:
    renewal, alone = await holder.start(code), await idle(holder, code)
    town.forget_requests()
    steps = 0
    while renewal["status"] == "IN_PROGRESS":
        before = await standing(holder, renewal)
        town.clock.advance(alone)
        assert before == await standing(holder, renewal)
        # Addresses of documents do not live so long; a page that was left is read anew.
        renewal, steps = await holder.advance(await holder.read(renewal)), steps + 1

    done = await holder.submit(renewal)

    assert ("READY", len(renewal["steps"])) == (renewal["status"], steps)
    assert ([], "ACCEPTED") == (codes(done), done["renewal"]["status"])
    assert 0 < sessions(town, code), "a session that had died was not opened anew"


@each_insurer
@pytest.mark.parametrize("pause", PAUSES, ids=str)
async def test_what_was_ready_is_signed_in_a_fresh_session_exactly_as_it_was_reviewed(
    town: Town, holder: Frontend, code: str, pause: timedelta
) -> None:
    ready = await holder.ready(code)
    town.clock.advance(pause)
    town.forget_requests()

    done = await holder.submit(ready)

    assert ([], "ACCEPTED") == (codes(done), done["renewal"]["status"])
    assert 0 < sessions(town, code)
    assert ready["review"]["premium"]["total"] == done["renewal"]["review"]["premium"]["total"]
    assert 1 == len(successors(town, code))


@each_insurer
@pytest.mark.parametrize("what", ["premium", "document", "words"])
async def test_where_the_insurer_changed_something_only_what_is_about_that_is_asked_again(
    town: Town, registered: Frontend, code: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = await registered.ready(code)
    before = await standing(registered, ready)
    town.clock.advance(await idle(registered, code))
    await move(town, monkeypatch, code, what)

    refused = await registered.submit(ready)
    nothing_yet = successors(town, code)
    after = await standing(registered, refused["renewal"])
    anew = await registered.follow(refused["renewal"])
    done = await registered.submit(anew)

    about_it = set(WHAT_MOVES[code][what]["asks again"])
    assert (["REVIEW_CHANGED"], "IN_PROGRESS") == (codes(refused), refused["renewal"]["status"])
    assert ([], about_it) == (nothing_yet, {key for key, need in before.items() if need != after[key]})
    assert {False} == {after[key]["satisfied"] for key in about_it}
    assert ("ACCEPTED", 1) == (done["renewal"]["status"], len(successors(town, code)))
    totals = [each["review"]["premium"]["total"] for each in (ready, anew)]
    assert (what == "premium") == (totals[0] != totals[1])
