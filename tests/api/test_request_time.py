"""How long a request may take, and for whom: in a loop whose time jumps to the next thing that is due."""

import asyncio
import json
from collections.abc import Coroutine
from contextlib import closing
from random import Random
from typing import Any, TypeVar

import pytest
from starlette.types import Message

from schema.execution.running import Bounds
from tests.api.endpoint import HOUSES, housed
from tests.lives.loop import VirtualLoop

T = TypeVar("T")

SECONDS = 30
QUERY = "{ room { waiting } }"
MUTATION = "mutation { build { waiting } }"


def lived(course: Coroutine[Any, Any, T]) -> T:
    with closing(VirtualLoop(Random(0), starts_at=0)) as loop:  # noqa: S311 (which step is next is no secret)
        return loop.run_until_complete(course)


async def asked(
    document: str, *, body_after: float | None = 0, opens_after: float = 0, leaves_after: float | None = None
) -> tuple[int | None, Any, float]:
    """
    Ask for what waits until the house opens; a body that comes after None never does. Answer the status and what was
    said, None where nobody is told anything, and how many seconds it took.
    """
    view = housed(Bounds(seconds=SECONDS))
    loop, told = asyncio.get_running_loop(), list[Message]()
    loop.call_later((body_after or 0) + opens_after, HOUSES[-1].gate.set)
    body = json.dumps({"query": document}).encode()
    coming = iter([] if body_after is None else [(body_after, {"type": "http.request", "body": body})])

    async def receive() -> Message:
        seconds, message = next(coming, (leaves_after, {"type": "http.disconnect"}))
        await (asyncio.Event().wait() if seconds is None else asyncio.sleep(seconds))
        return message

    async def send(message: Message) -> None:
        told.append(message)

    heads = {b"accept": b"application/graphql-response+json", b"content-type": b"application/json"}
    heads[b"content-length"] = str(len(body)).encode()
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": [*heads.items()]}
    await view(scope, receive, send)
    if not told:
        return None, None, loop.time()
    return told[0]["status"], json.loads(told[1]["body"]), loop.time()


@pytest.mark.parametrize("document", [QUERY, MUTATION])
def test_what_is_asked_has_all_of_its_time_however_slowly_it_came(document: str) -> None:
    status, said, seconds = lived(asked(document, body_after=20, opens_after=20))

    assert (200, "opened", 40) == (status, next(iter(said["data"].values()))["waiting"], seconds)


def test_neither_its_body_nor_its_answer_is_waited_for_without_end() -> None:
    slowly = lived(asked(QUERY, body_after=SECONDS + 1, opens_after=0))
    long = lived(asked(MUTATION, body_after=20, opens_after=SECONDS + 1))

    for status, (answered, said, seconds), ends in ((408, slowly, SECONDS), (504, long, 20 + SECONDS)):
        assert (status, ends) == (answered, seconds)
        assert "DEADLINE_EXCEEDED" == said["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize("body_after", [0, 20])
def test_for_whoever_left_nothing_is_read_any_more_and_all_is_written(body_after: float) -> None:
    read = lived(asked(QUERY, body_after=body_after, opens_after=20, leaves_after=10))
    ended = HOUSES[-1].ended
    status, said, seconds = lived(asked(MUTATION, body_after=body_after, opens_after=20, leaves_after=10))

    assert ((None, None), ["waiting"]) == (read[:2], ended)
    assert body_after + 10 <= read[2] < body_after + 10.2
    assert (200, {"build": {"waiting": "opened"}}, body_after + 20) == (status, said["data"], seconds)


def test_who_leaves_in_the_midst_of_the_body_is_not_answered() -> None:
    assert (None, None, 10) == lived(asked(QUERY, body_after=None, leaves_after=10))
