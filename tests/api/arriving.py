"""Answers that arrive piece by piece, as they are on the wire, and put together as clients of either draft do."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.api.frontend import Json

# What each client says on every query, and on a subscription.
APOLLO = "multipart/mixed;incrementalSpec=v0.2,application/graphql-response+json,application/json;q=0.9"
APOLLO_2022 = "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9"
APOLLO_SUBSCRIPTION = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json"
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)
URQL_SUBSCRIPTION = "text/event-stream, multipart/mixed"


@asynccontextmanager
async def asked(
    http: aiohttp.ClientSession, url: str, accept: str, document: str, variables: Json | None = None, **headers: str
) -> AsyncIterator[aiohttp.ClientResponse]:
    body = {"query": document, "variables": variables or {}}
    async with http.post(f"{url}/graphql", json=body, headers={"Accept": accept, **headers}) as response:
        yield response


async def parts(response: aiohttp.ClientResponse) -> AsyncIterator[Json]:
    """Each part of a multipart answer, as soon as it is here."""
    reader = aiohttp.MultipartReader.from_response(response)
    while (part := await reader.next()) is not None:
        assert isinstance(part, aiohttp.BodyPartReader)
        assert "application/json; charset=utf-8" == part.headers["Content-Type"]
        yield json.loads(await part.text())


async def events(response: aiohttp.ClientResponse) -> AsyncIterator[Json]:
    """Each event's data, as soon as it is here. An event ends at two line feeds, and at nothing else."""
    while "complete" != (event := await _event(response))["event"]:
        assert "next" == event["event"]
        yield json.loads(event["data"])


async def _event(response: aiohttp.ClientResponse) -> Mapping[str, str]:
    while True:
        block = (await response.content.readuntil(b"\n\n")).decode()
        assert "\r" not in block
        lines = [line.partition(": ")[::2] for line in block.rstrip("\n").split("\n")]
        if event := {name: value for name, value in lines if name}:
            return event


def by_ids(frames: Sequence[Json]) -> Json:
    """Put an answer together by the ids of the present draft."""
    first, *_ = frames
    announced: dict[str, Json] = {}
    for frame in frames:
        announced |= {one["id"]: one for one in frame.get("pending", ())}
        for patch in frame.get("incremental", ()):
            place = [*announced[patch["id"]]["path"], *patch.get("subPath", ())]
            target = _at(first["data"], place)
            target.extend(patch["items"]) if "items" in patch else _merge(target, patch["data"])
        for done in frame.get("completed", ()):
            del announced[done["id"]]
        assert frame["hasNext"] is (frame is not frames[-1])
    assert {} == announced
    return first["data"]  # type: ignore[no-any-return]  # Whatever was asked for.


def by_paths(frames: Sequence[Json]) -> Json:
    """Put an answer together by the paths of the draft of 2022."""
    first, *later = frames
    for frame in later:
        for patch in frame.get("incremental", ()):
            if "items" in patch:
                *place, number = patch["path"]
                items = _at(first["data"], place)
                items[number : number + len(patch["items"])] = patch["items"]
            else:
                _merge(_at(first["data"], patch["path"]), patch["data"])
    return first["data"]  # type: ignore[no-any-return]  # As above.


def _at(value: Any, place: Sequence[str | int]) -> Any:
    for part in place:
        value = value[part]
    return value


def _merge(target: Json, more: Json) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            _merge(target[name], value)
        else:
            target[name] = value
