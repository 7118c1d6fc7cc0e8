"""A store on each kind of database, and an agency's system that listens on a real socket."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.vault import Keyring
from tests.store.conftest import bus, store
from tests.store.databases import database_url, postgresql_url, sqlite_url

__all__ = ["bus", "database_url", "postgresql_url", "sqlite_url", "store"]


@dataclass
class Receiver:
    """What came in, and what is answered to it: the next of `answers`, or 204 when there is none left."""

    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.heard.append((headers, await request.read()))
        status = self.answers.pop(0) if self.answers else 204
        moved = {"Location": self.url} if 300 <= status < 400 else {}
        return web.Response(status=status, headers=moved)


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.fresh()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    listening = Receiver()
    app = web.Application()
    app.router.add_post("/hook", listening.hear)
    async with TestServer(app, host="127.0.0.1") as server:
        listening.url = str(server.make_url("/hook"))
        yield listening
