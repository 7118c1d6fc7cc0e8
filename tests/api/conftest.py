"""A whole town for each test: every insurer's sandbox, a gateway on a real socket, and one clock that stands still."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from gateway import application, serving, tokens
from gateway.application import Gateway
from gateway.development import agencies_of, sandboxes
from gateway.front import front
from gateway.health import Health
from gateway.settings import Given, Settings, read
from gateway.telemetry import Telemetry
from gateway.tokens import DevelopmentIssuer
from insurers.exchange import Exchange, Listener, unheard
from insurers.identity import InsurerCode
from insurers.panel import discover
from insurers.sandbox import CROWD, FAULTS, REQUESTS, TOKYO, Address, Fault, Letter, TestClock, World, serve
from tests.api.frontend import Frontend
from tests.compiler import COMPILED
from tests.store.databases import database_url, postgresql_url, sqlite_migrated, sqlite_url

__all__ = ["database_url", "postgresql_url", "sqlite_url"]

# A Friday in the morning, when every insurer is open.
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)

CODES = discover()

# Looking for them reads what is installed, which takes as long as all the rest of a sandbox's beginning.
SANDBOXES = sandboxes()

each_insurer = pytest.mark.parametrize("code", CODES)

# What only one insurer says or asks; a code of an insurer leads to it.
INSURERS: Mapping[str, Any] = json.loads((Path(__file__).parent / "insurers.json").read_text(encoding="utf-8"))

Houses = Mapping[InsurerCode, tuple[web.Application, Address]]

# A test asks in a second what a person asks in an hour, and meanwhile the clock stands still. What limits them is told
# in test_rates, and what is remembered in test_recent_readings. Accounts are remembered for the whole of each test.
UNLIMITED: Mapping[str, Any] = {"cost_per_minute": 0, "cost_per_minute_for_nobody": 0, "read_cache_seconds": 0}

# More than anybody asks before he gives up.
ALWAYS = 100


@dataclass
class Letterbox:
    """Keeps the insurers' mails."""

    letters: list[Letter] = field(default_factory=list)

    async def deliver(self, letter: Letter) -> None:
        self.letters.append(letter)


@dataclass
class Town:
    """Everything that a test may look at or disturb."""

    url: str
    gateway: Gateway
    clock: TestClock
    letterbox: Letterbox
    houses: Houses
    issuer: DevelopmentIssuer
    http: aiohttp.ClientSession

    def customer(self, person: str) -> Frontend:
        frontend = Frontend(self.http, self.url, None, person, self.letterbox.letters)
        token = self.issuer.mint(frontend.person["name"])
        return Frontend(self.http, self.url, token, person, self.letterbox.letters)

    def nobody(self) -> Frontend:
        return Frontend(self.http, self.url, None, "taro", self.letterbox.letters)

    async def settle(self, customer: Frontend, insurer: str) -> None:
        """
        Let the customer be one of a crowd at this insurer, who has long had an account there, and sign in.

        That takes a fifth of the work of registering.
        """
        (resident,) = self.houses[InsurerCode(insurer)][0][CROWD](1)
        customer.person = customer.person | {
            "mail": resident.user_id,
            "password": resident.password,
            "policies": customer.person["policies"] | {insurer: list(resident.numbers)},
        }
        assert "LINKED" == (await customer.sign_in(insurer))["state"]

    def order(self, insurer: str, path: str, fault: Fault, *, times: int = 1, seconds: float = 0.0) -> None:
        self.houses[InsurerCode(insurer)][0][FAULTS].plan(path, fault, times=times, seconds=seconds)

    def trouble(self, insurer: str, fault: Fault, *, times: int = ALWAYS, seconds: float = 0.0) -> None:
        """Order *fault* for whatever the insurer is asked from now on, so many *times* at each place."""
        house = self.houses[InsurerCode(insurer)][0]
        for place in {resource.canonical for resource in house.router.resources()}:
            house[FAULTS].plan(place, fault, times=times, seconds=seconds)

    def relieve(self) -> None:
        """Take back every fault that is still to come."""
        for house, _ in self.houses.values():
            house[FAULTS].planned.clear()

    def requests(self, insurer: str) -> Mapping[str, int]:
        counted = self.houses[InsurerCode(insurer)][0][REQUESTS]
        return dict(counted)

    def forget_requests(self) -> None:
        for house, _ in self.houses.values():
            house[REQUESTS].clear()


@pytest.fixture
def clock() -> TestClock:
    return TestClock(FRIDAY, frozen=True)


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
async def doors() -> AsyncIterator[Mapping[InsurerCode, AsyncExitStack]]:
    """What closes an insurer's sandbox, for each of them."""
    stacks = {code: AsyncExitStack() for code in CODES}
    async with AsyncExitStack() as together:
        for stack in stacks.values():
            await together.enter_async_context(stack)
        yield stacks


@pytest.fixture
async def houses(clock: TestClock, letterbox: Letterbox, doors: Mapping[InsurerCode, AsyncExitStack]) -> Houses:
    opened = {}
    for code, build in SANDBOXES.items():
        app = build(World(clock=clock, postman=letterbox))
        opened[code] = (app, await doors[code].enter_async_context(serve(app)))
    return opened


@pytest.fixture
def address_of_database(sqlite_url: str) -> str:
    """SQLite; a folder or a test that wants both databases overrides this."""
    return sqlite_url


@pytest.fixture
def settings(tmp_path: Path, address_of_database: str) -> Settings:
    return read(
        Given,
        data_folder=tmp_path / "data",
        database_url=address_of_database,
        environment="test",
        graphiql=True,
        compiled=COMPILED,
        **UNLIMITED,
    )


@asynccontextmanager
async def open_town(
    settings: Settings,
    clock: TestClock,
    letterbox: Letterbox,
    houses: Houses,
    *,
    listener: Listener = unheard,
    agencies: bool = True,
) -> AsyncIterator[Town]:
    """
    Open a gateway before these houses; what it keeps is found again by the next one with the same settings.

    Without *agencies* there are none, and its worker reads no feeds.
    """
    door = serving.listen("127.0.0.1", 0)
    settings = settings.model_copy(update={"public_url": serving.url(door)})
    verifier, issuer = tokens.embedded(settings, lambda: datetime.now(UTC))
    addresses = {code: address.url for code, (_, address) in houses.items()}
    telemetry = Telemetry()

    def heard(exchange: Exchange) -> None:
        telemetry.heard(exchange)
        listener(exchange)

    with door:
        async with (
            application.opened(
                settings, clock=clock, addresses=addresses, verifier=verifier, issuer=issuer, listener=heard
            ) as gateway,
            serving.serve_at(
                door, front(gateway.app, Health(gateway.checks, telemetry.registry), telemetry), grace_seconds=1
            ) as url,
            aiohttp.ClientSession() as http,
        ):
            if agencies:
                await gateway.agencies.take_over(agencies_of(issuer, addresses))
            yield Town(
                url=url,
                gateway=gateway,
                clock=clock,
                letterbox=letterbox,
                houses=houses,
                issuer=issuer,
                http=http,
            )


@pytest.fixture
def agencies_at_work() -> bool:
    """Whether there are agencies in the town; see `tests.api.agencies`."""
    return False


@pytest.fixture
async def town(
    settings: Settings, clock: TestClock, letterbox: Letterbox, houses: Houses, agencies_at_work: bool
) -> AsyncIterator[Town]:
    async with open_town(settings, clock, letterbox, houses, agencies=agencies_at_work) as town:
        yield town


@pytest.fixture(scope="module")
def village_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("village")
    return read(
        Given,
        data_folder=folder / "data",
        database_url=sqlite_migrated(folder),
        environment="test",
        compiled=COMPILED,
        **UNLIMITED,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def village(village_settings: Settings) -> AsyncIterator[Town]:
    """
    A town that the tests of a module share: each leaves it as it was found.

    Such a module says `pytestmark = pytest.mark.asyncio(loop_scope="module")`.
    """
    clock, letterbox, houses = TestClock(FRIDAY, frozen=True), Letterbox(), {}
    async with AsyncExitStack() as stack:
        for code, build in SANDBOXES.items():
            app = build(World(clock=clock, postman=letterbox))
            houses[code] = (app, await stack.enter_async_context(serve(app)))
        yield await stack.enter_async_context(open_town(village_settings, clock, letterbox, houses))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def villager(village: Town) -> Frontend:
    """Taro in the shared town, registered everywhere."""
    frontend = village.customer("taro")
    for code in CODES:
        await frontend.register(code)
    return frontend


@pytest.fixture
def taro(town: Town) -> Frontend:
    return town.customer("taro")


@pytest.fixture
def sayuri(town: Town) -> Frontend:
    return town.customer("sayuri")


@pytest.fixture
async def holder(town: Town, taro: Frontend, code: str) -> Frontend:
    """Taro, with an account and one usual policy at the one insurer that the test is about."""
    await town.settle(taro, code)
    return taro


@pytest.fixture
async def member(town: Town, taro: Frontend) -> Frontend:
    """Taro, with an account and one usual policy everywhere."""
    for code in CODES:
        await town.settle(taro, code)
    return taro


@pytest.fixture
async def registered(taro: Frontend, code: str) -> Frontend:
    """Taro, who registered at the one insurer that the test is about, and has what the personas tell of him."""
    await taro.register(code)
    return taro


@pytest.fixture
async def registered_everywhere(taro: Frontend) -> Frontend:
    for code in CODES:
        await taro.register(code)
    return taro
