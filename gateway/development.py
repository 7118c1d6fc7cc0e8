"""
A whole town in one process: a mailbox, every insurer's sandbox, the gateway and its worker, and one clock.

For development, demonstrations and tests. The insurers are found, never named.
"""

import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from aiohttp import web
from msgspec import Struct

from gateway import agency_file, application, mailbox, serving, tokens
from gateway.front import front
from gateway.health import Health
from gateway.settings import REST_WITHOUT_NEWS_SECONDS, Settings, sqlite_url
from gateway.telemetry import Telemetry
from gateway.tokens import DevelopmentIssuer, NotInProduction
from gateway.tokens import issuer as issuing
from gateway.watch import Watch
from insurers import panel, sandbox
from insurers.identity import InsurerCode
from insurers.sandbox import TestClock, World

Build = Callable[[World], web.Application]

GRACE_SECONDS = 1

# Whom `tabane dev` shows how to ask for an agency.
DEMONSTRATION_AGENT = "募集 花子"

AGENCIES = Path(__file__).parent / "development_agencies.toml"


class NoSandbox(LookupError):
    """This insurer brings no imitation of itself."""


class Ports(Struct, frozen=True, kw_only=True):
    """Where to listen; 0 is any that is free. Every sandbox takes two in a row: its own, then its control port."""

    gateway: int = 8000
    mailbox: int = 8025
    smtp: int = 8125
    sandboxes: int = 8101

    def sandbox(self, place: int) -> tuple[int, int]:
        first = self.sandboxes + 2 * place
        return (first, first + 1) if self.sandboxes else (0, 0)


FREE = Ports(gateway=0, mailbox=0, smtp=0, sandboxes=0)


class Town(Struct, frozen=True, kw_only=True):
    """Where everything is. `clock` is everybody's, and can be moved; tokens alone live by real time."""

    gateway_url: str
    mailbox_url: str
    sandboxes: Mapping[InsurerCode, sandbox.Address]
    clock: TestClock
    issuer: DevelopmentIssuer


def now() -> datetime:
    return datetime.now(UTC)


def sandboxes() -> dict[InsurerCode, Build]:
    """Answer what builds each insurer's sandbox, for the insurers that have one."""
    return {code: builder(code) for code in panel.discover() if find_spec(_module(code))}


def builder(code: InsurerCode) -> Build:
    """
    Answer what builds the sandbox of the insurer *code*.

    Raises:
        UnknownInsurer: there is no such insurer.
        NoSandbox: it brings none.
    """
    module = _module(code)
    if find_spec(module) is None:
        raise NoSandbox(code)
    # A sandbox is a module with this one function; insurers.sandbox.main runs the same.
    return cast(Build, import_module(module).build)


def _module(code: InsurerCode) -> str:
    return f"{panel.find(code).__name__}.sandbox"


@asynccontextmanager
async def development(
    settings: Settings,
    *,
    fresh: bool = False,
    ports: Ports = FREE,
    clock: TestClock | None = None,
    telemetry: Telemetry | None = None,
) -> AsyncIterator[Town]:
    """
    Keep a town while the block runs.

    Its insurers remember nothing of earlier towns. With *fresh* its gateway does not either,
    whatever database is set; tokens of earlier ones stay good.

    Raises:
        NotInProduction: there are real customers.
        OSError: a port is taken.
    """
    if settings.production:
        raise NotInProduction
    clock = clock or TestClock()
    with _anew(settings) if fresh else nullcontext(settings) as settings:
        async with AsyncExitStack() as stack:
            post = await stack.enter_async_context(
                mailbox.serve(smtp_port=ports.smtp, web_port=ports.mailbox, clock=clock)
            )
            world = World(clock=clock, postman=sandbox.SMTPPostman(post.smtp.host, post.smtp.port))
            houses = await _open(stack, world, ports, settings)
            url, issuer = await stack.enter_async_context(
                _gateway(_with_post(settings, post), ports, clock, houses, telemetry or Telemetry())
            )
            yield Town(gateway_url=url, mailbox_url=post.url, sandboxes=houses, clock=clock, issuer=issuer)


def _with_post(settings: Settings, post: mailbox.Address) -> Settings:
    """The gateway's own mails go where the insurers' go, unless somebody says otherwise."""
    if settings.smtp_host is not None:
        return settings
    return settings.model_copy(update={"smtp_host": post.smtp.host, "smtp_port": post.smtp.port})


async def _open(
    stack: AsyncExitStack, world: World, ports: Ports, settings: Settings
) -> dict[InsurerCode, sandbox.Address]:
    houses: dict[InsurerCode, sandbox.Address] = {}
    for place, (code, build) in enumerate(sandboxes().items()):
        if settings.insurers and code not in settings.insurers:
            continue
        port, control_port = ports.sandbox(place)
        houses[code] = await stack.enter_async_context(
            sandbox.serve(build(world), port=port, control_port=control_port)
        )
    return houses


@asynccontextmanager
async def _gateway(
    settings: Settings,
    ports: Ports,
    clock: TestClock,
    houses: Mapping[InsurerCode, sandbox.Address],
    telemetry: Telemetry,
) -> AsyncIterator[tuple[str, DevelopmentIssuer]]:
    door = serving.listen(settings.host, ports.gateway)
    if "public_url" not in settings.model_fields_set:
        # It stands in tokens and in links to documents, so it is known before anything else is made.
        settings = settings.model_copy(update={"public_url": serving.url(door)})
    if "customer_url" not in settings.model_fields_set:
        settings = settings.model_copy(update={"customer_url": settings.public_url})
    if "worker_rest_seconds" not in settings.model_fields_set:
        # Whoever moves the town's clock tells nobody, and does not want to wait.
        settings = settings.model_copy(update={"worker_rest_seconds": REST_WITHOUT_NEWS_SECONDS})
    # By real time: whoever moves the town's clock would otherwise end every token.
    verifier, issuer = tokens.embedded(settings, now)
    addresses = {code: houses[code].url if code in houses else None for code in settings.insurers or houses}
    with door:
        async with (
            application.opened(
                settings,
                clock=clock,
                addresses=addresses,
                verifier=verifier,
                issuer=issuer,
                listener=telemetry.heard,
                watch=Watch(telemetry.registry),
            ) as gateway,
            serving.serve_at(
                door,
                front(gateway.app, Health(gateway.checks, telemetry.registry, counted=gateway.counted), telemetry),
                grace_seconds=GRACE_SECONDS,
            ) as url,
            serving.beside(gateway.worker.run()),
        ):
            await gateway.agencies.take_over(agencies_of(issuer, addresses))
            yield url, issuer


def agencies_of(issuer: DevelopmentIssuer, insurers: Collection[InsurerCode]) -> agency_file.Roll:
    """Answer the two agencies of every town, which sell for these insurers, and whose agents this issuer knows."""
    around = agency_file.Surroundings(issuer=issuer.issuer, insurers=insurers, variables={}, subject=issuing.subject)
    return agency_file.read(AGENCIES.read_text(encoding="utf-8"), around)


@contextmanager
def _anew(settings: Settings) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="tabane-") as folder:
        yield settings.model_copy(update={"database_url": sqlite_url(Path(folder))})
