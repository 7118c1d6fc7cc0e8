"""Two gateways and a worker, each its own process on one PostgreSQL: a client of any hears what every other did."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import psycopg
import pytest

from gateway import serving, tokens
from gateway.development import sandboxes
from gateway.settings import Given, read
from gateway.vault import fresh_key
from insurers.capability import Capability
from insurers.panel import find
from insurers.sandbox import Fault, TestClock, World, serve
from tests.api.conftest import CODES, FRIDAY, Letterbox
from tests.api.frontend import Frontend
from tests.api.live import Live, connected
from tests.journeys.insurer import AnInsurer
from tests.processes import PATIENCE_SECONDS, Forked, Said, tabane
from tests.store.databases import postgresql_migrated

WATCHED = "subscription ($id: ID!) { renewalUpdated(id: $id) { status } }"

# The processes live by the real time, at which only this insurer is open for certain.
(CODE,) = [code for code in CODES if find(code).MANIFEST.hours[Capability.RENEWAL].closes_at(FRIDAY) is None][:1]


class Process:
    """A `tabane` command, and what it says of itself."""

    def __init__(self, process: Forked) -> None:
        self._process = process
        self._ended: asyncio.Task[Said] | None = None

    async def line(self, pattern: str) -> re.Match[str]:
        """Read until a line matches; what comes after is read and forgotten, so that nobody waits to be heard."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while text := await asyncio.to_thread(self._process.stderr.readline):
                if found := re.search(pattern, text):
                    self._ended = asyncio.create_task(asyncio.to_thread(self._process.end))
                    return found
        raise AssertionError(f"it ended without saying {pattern}")

    async def stop(self) -> int:
        self._process.tell(signal.SIGTERM)
        return await self.end()

    async def end(self) -> int:
        self._ended = self._ended or asyncio.create_task(asyncio.to_thread(self._process.end))
        async with asyncio.timeout(PATIENCE_SECONDS):
            return (await self._ended).status


@asynccontextmanager
async def started(command: str, environment: Mapping[str, str]) -> AsyncIterator[Process]:
    with tabane(command, **environment) as forked:
        process = Process(forked)
        try:
            yield process
        finally:
            forked.kill()
            await process.end()


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
async def insurer(letterbox: Letterbox) -> AsyncIterator[AnInsurer]:
    app = sandboxes()[CODE](World(clock=TestClock(), postman=letterbox))
    async with serve(app) as address:
        yield AnInsurer(CODE, app, address)


@pytest.fixture
def environment(tmp_path: Path, insurer: AnInsurer) -> dict[str, str]:
    return {
        "TABANE_ENVIRONMENT": "test",
        "TABANE_DATA_FOLDER": str(tmp_path),
        "TABANE_DATABASE_URL": postgresql_migrated(),
        "TABANE_VAULT_KEYS": fresh_key(),
        "TABANE_INSURERS": CODE,
        f"TABANE_{CODE.upper()}_BASE_URL": insurer.address.url,
        "TABANE_TOKEN_ISSUER": "http://issuer.example",
        "TABANE_LOG_FORMAT": "json",
        "TABANE_DRAIN_SECONDS": "0",
        # Longer than the test: whoever works was woken.
        "TABANE_WORKER_REST_SECONDS": "60",
        "TABANE_WORKER_PORT": "0",
    }


def free_port() -> str:
    with serving.listen("127.0.0.1", 0) as door:
        return str(door.getsockname()[1])


LISTENERS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'tabane bus' AND datname = current_database()"
CUT = (
    "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def lose_connections(database: str) -> None:
    """Cut every connection to the database, and wait until everybody listens for news again."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as operator:
        listening = {pid for (pid,) in await (await operator.execute(LISTENERS)).fetchall()}
        lost = {pid for pid, _ in await (await operator.execute(CUT)).fetchall()}
        assert 3 == len(listening)
        assert listening < lost
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                again = await operator.execute(f"{LISTENERS} AND query LIKE 'LISTEN%' AND state = 'idle'")
                if 3 == len({pid for (pid,) in await again.fetchall()} - lost):
                    return


async def until(live: Live, status: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await live.state())["status"] != status:
            pass


async def test_a_client_of_any_process_hears_what_every_other_did_also_after_the_database_was_lost(
    environment: dict[str, str], insurer: AnInsurer, letterbox: Letterbox
) -> None:
    settings = read(Given, data_folder=environment["TABANE_DATA_FOLDER"], token_issuer="http://issuer.example")
    _, issuer = tokens.embedded(settings, lambda: datetime.now(UTC))
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(started("serve", environment | {"TABANE_PORT": free_port()}))
            for _ in range(2)
        ]
        worker = await stack.enter_async_context(started("worker", environment))
        urls = [(await process.line(r'"url": "([^"]+)"'))[1] for process in (one, other, worker)]
        http = await stack.enter_async_context(aiohttp.ClientSession())
        nobody = Frontend(http, urls[0], None, "taro", letterbox.letters)
        token = issuer.mint(nobody.person["name"])
        here, there = [Frontend(http, url, token, "taro", letterbox.letters) for url in urls[:2]]
        await here.register(CODE)
        ready = await here.ready(CODE)
        live = await stack.enter_async_context(connected(there))
        await live.subscribe(WATCHED, id=ready["id"])

        insurer.order(insurer.places.door, Fault.BUSY, times=2)
        waiting = (await here.submit(ready))["renewal"]
        await until(live, "QUEUED")
        insurer.calm()
        await lose_connections(environment["TABANE_DATABASE_URL"])
        # A new way into the account hastens what waits at this insurer, and the worker is woken.
        person = here.person
        insurer_input = {"code": CODE}
        done = await here.mutate(
            "InsurerLinkCreate", insurer=insurer_input, userId=person["mail"], password=person["password"]
        )
        if done["link"]["challenge"]:
            challenge = done["link"]["challenge"]["id"]
            await here.mutate("ChallengeAnswer", challengeId=challenge, answer=here.passcode())
        await until(live, "ACCEPTED")

        # By itself the worker would have tried again only then.
        completed_at = (await there.read(ready))["result"]["completedAt"]
        assert datetime.fromisoformat(completed_at) < datetime.fromisoformat(waiting["willSubmitAt"])
        assert 1 == insurer.presses
        figures = [await (await http.get(f"{url}/metrics")).text() for url in urls]
        assert f'tabane_steps_total{{ended="done",insurer="{CODE}"}} 1.0' in figures[2]
        assert 0 == await worker.stop()
