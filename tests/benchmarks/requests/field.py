"""The field: every contender on its own core and database, before insurers that repeat what they once said."""

import json
import os
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import aiohttp
from msgspec import Struct

from gateway.development import Town
from insurers.identity import InsurerCode
from tests.benchmarks.requests import server, stub, town
from tests.benchmarks.requests.contenders import FLOOR, NO_CACHES, Contender
from tests.benchmarks.requests.place import Place
from tests.benchmarks.requests.questions import FRESH, Asked, Question, questions
from tests.benchmarks.requests.server import Server
from tests.benchmarks.requests.stub import Upstream

# Whoever is measured is alone on the first; whatever asks, and the insurers, are on the other.
CORE, OTHER_CORE = sorted(os.sched_getaffinity(0))[:2]


class Different(Exception):
    """A contender does not answer what the floor answers."""


class Field(Struct, frozen=True, kw_only=True):
    """Contenders by name, and what they are asked; `sizes` and `calls` are the floor's bytes, and calls to insurers."""

    folder: Path
    upstream: Upstream
    servers: Mapping[str, Server]
    places: Mapping[str, Place]
    questions: Sequence[Question]
    sizes: Mapping[str, int]
    calls: Mapping[str, int]

    async def open_anew(self, contenders: Sequence[Contender]) -> None:
        """Put other processes in the place of these; each has answered everything, before it is measured."""
        for one in contenders:
            await self.servers[one.name].open_anew()
        async with aiohttp.ClientSession() as http:
            for question in self.questions:
                await _alike(http, question, contenders, self.servers)


@asynccontextmanager
async def opened(
    folder: Path, contenders: Sequence[Contender], *, crowd: int, names: Sequence[str]
) -> AsyncIterator[Field]:
    """
    Answer the field once every contender has answered every question, or those with these names, as the floor does.

    Of each kind of viewer there are as many as *crowd*.

    Raises:
        Different: one of them did not.
    """
    async with AsyncExitStack() as stack:
        servers = {
            one.name: await stack.enter_async_context(server.launched(folder / f"{one.name}.log", core=CORE))
            for one in contenders
        }
        http = await stack.enter_async_context(aiohttp.ClientSession())
        async with town.opened(folder, crowd) as (there, people):
            sandboxes = {code: house.url for code, house in there.sandboxes.items()}
            doors, upstream = await stack.enter_async_context(stub.opened(sandboxes))
            places = {one.name: _place(there, folder, doors, one) for one in contenders}
            for name, place in places.items():
                await servers[name].open(place)
            everything = questions(people)
            asked = [question for question in everything if not names or question.name in names]
            for question in asked:
                await _alike(http, question, contenders, servers)
        # The town is gone: what was not heard by now is never said.
        upstream.open = False
        sizes, calls = {}, {}
        for question in asked:
            upstream.forget()
            sizes[question.name] = len(await _answer(http, question, question.asked[0], FLOOR, servers[FLOOR.name]))
            calls[question.name] = upstream.calls
        yield Field(
            folder=folder,
            upstream=upstream,
            servers=servers,
            places=places,
            questions=asked,
            sizes=sizes,
            calls=calls,
        )


def _place(there: Town, folder: Path, doors: Mapping[InsurerCode, str], contender: Contender) -> Place:
    database = folder / f"{contender.name}.db"
    with sqlite3.connect(folder / "tabane.db") as source, sqlite3.connect(database) as target:
        source.backup(target)
    keys = folder / "jwks.json"
    keys.write_text(json.dumps(there.issuer.keys.as_dict(private=False)), encoding="utf-8")
    settings: dict[str, object] = {
        "data_folder": str(folder),
        "database_url": f"sqlite+aiosqlite:///{database}",
        "vault_keys": (folder / "vault.keys").read_text(encoding="utf-8"),
        "token_issuer": there.issuer.issuer,
        "token_audience": there.issuer.audience,
        "token_jwks": str(keys),
        "public_url": there.gateway_url,
        "log_format": "json",
        # What limits clients is no part of what is measured.
        "cost_per_minute": 0,
        "cost_per_minute_for_nobody": 0,
    }
    settings |= {**NO_CACHES, **contender.settings}
    return Place(kind=contender.kind, settings=settings, at=there.clock(), insurers=doors)


async def _alike(
    http: aiohttp.ClientSession, question: Question, contenders: Sequence[Contender], servers: Mapping[str, Server]
) -> None:
    """
    Have everybody asked by every viewer.

    Raises:
        Different: somebody answers something else.
    """
    for asked in question.asked:
        by_hand = await _answer(http, question, asked, FLOOR, servers[FLOOR.name])
        for one in contenders:
            answer = await _answer(http, question, asked, one, servers[one.name])
            told = json.loads(answer)
            if told.get("errors") or told["data"] != json.loads(by_hand)["data"]:
                raise Different(f"{question.name}: {one.name} answers\n{answer.decode()}\nand not\n{by_hand.decode()}")


async def _answer(
    http: aiohttp.ClientSession, question: Question, asked: Asked, contender: Contender, server: Server
) -> bytes:
    body = question.body(contender, asked).replace(FRESH, str(uuid4()).encode())
    headers = {"Authorization": f"Bearer {asked.token}", "Content-Type": "application/json"}
    async with http.post(question.url(contender, server.url), data=body, headers=headers) as response:
        answer = await response.read()
    if response.status != 200:
        raise Different(f"{question.name}: {contender.name} answers {response.status} {answer.decode()}")
    return answer
