"""Everything that a trial needs: insurers, a database, gateways and workers, each in a process of its own."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp

from gateway import mailbox, tokens
from gateway.settings import Given, read
from gateway.tokens import DevelopmentIssuer
from insurers import panel
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from tests.chaos import hour
from tests.chaos.fleet import Fleet, Kind, Post, free_ports, manned
from tests.chaos.house import House

ROOT = Path(__file__).parents[2]
ISSUER = "http://issuer.example"

WEBS, WORKERS = 2, 3
# A process that was killed is missed for so long. An insurer's last screen must fit into it.
LEASE_SECONDS = 15
PROVIDER_SECONDS = 10
# Longer than any trial.
OPEN_FOR = timedelta(hours=1)

# Longer than an order may take that is answered at all.
CLIENT_SECONDS = 60

HOUR, PLANTED = "tests.chaos.hour", "tests.chaos.planted"
ORDERS = {Kind.WEB: ("serve",), Kind.WORKER: ("worker",)}


@dataclass(frozen=True)
class Town:
    """`doors` are the addresses of the gateways, any of which serves any customer."""

    fleet: Fleet
    houses: Sequence[House]
    doors: Sequence[str]
    issuer: DevelopmentIssuer
    http: aiohttp.ClientSession
    folder: Path


@asynccontextmanager
async def opened(
    folder: Path, database_url: str, *, webs: int = WEBS, workers: int = WORKERS, bug: str | None = None
) -> AsyncIterator[Town]:
    """Open a town, with its logs in *folder*, until the block ends; every gateway and worker of it has the *bug*."""
    now = datetime.now(TOKYO)
    ahead = hour.open_for(OPEN_FOR, now) - now
    moved = (f"{ahead.total_seconds()}",)
    command = (PLANTED, bug, *moved) if bug else (HOUR, *moved)
    _, issuer = tokens.embedded(_settings(folder, database_url), lambda: datetime.now(TOKYO) + ahead)
    async with (
        mailbox.serve() as mail,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CLIENT_SECONDS)) as http,
        manned(folder, _environment(folder, database_url), http) as fleet,
    ):
        houses = [await _house(fleet, http, code, mail.smtp.port) for code in panel.discover()]
        for house in houses:
            await house.advance(ahead)
        insurers = {f"TABANE_{house.code.upper()}_BASE_URL": house.url for house in houses}
        ports = free_ports(webs + workers)
        await fleet.man(
            *(_gateway(Kind.WEB, port, command, insurers) for port in ports[:webs]),
            *(_gateway(Kind.WORKER, port, command, insurers) for port in ports[webs:]),
        )
        yield Town(fleet, houses, [_local(port) for port in ports[:webs]], issuer, http, folder)


async def _house(fleet: Fleet, http: aiohttp.ClientSession, code: InsurerCode, smtp_port: int) -> House:
    port, control_port = free_ports(2)
    arguments = ("--port", f"{port}", "--control-port", f"{control_port}", "--smtp-port", f"{smtp_port}")
    sign = f"{_local(control_port)}/_control/clock"
    module = f"{panel.find(code).__name__}.sandbox"
    await fleet.man(Post(name=code, kind=Kind.SANDBOX, module=module, arguments=arguments, sign=sign))
    return House(code, http, _local(port), _local(control_port))


def _gateway(kind: Kind, port: int, command: Sequence[str], insurers: Mapping[str, str]) -> Post:
    module, *arguments = command
    return Post(
        name=f"{kind}-{port}",
        kind=kind,
        module=module,
        arguments=(*arguments, *ORDERS[kind]),
        sign=f"{_local(port)}/health/ready",
        environment={**insurers, "TABANE_PORT": f"{port}", "TABANE_WORKER_PORT": f"{port}"},
    )


def _local(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _settings(folder: Path, database_url: str) -> Given:
    settings = read(
        Given, data_folder=folder / "data", database_url=database_url, environment="test", token_issuer=ISSUER
    )
    assert isinstance(settings, Given)
    return settings


def _environment(folder: Path, database_url: str) -> dict[str, str]:
    """What every process reads; nothing of the desk on which this is run."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TABANE_ENVIRONMENT": "test",
        "TABANE_DATA_FOLDER": str(folder / "data"),
        "TABANE_DATABASE_URL": database_url,
        "TABANE_TOKEN_ISSUER": ISSUER,
        "TABANE_WORKER_LEASE_SECONDS": str(LEASE_SECONDS),
        "TABANE_PROVIDER_DEADLINE_SECONDS": str(PROVIDER_SECONDS),
        "TABANE_LOG_FORMAT": "json",
    }
