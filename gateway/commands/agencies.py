"""`tabane agency`"""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from gateway import agency_file, events, settings, store, telemetry
from gateway.agency_file import Surroundings, WrongFile
from gateway.journeys.agencies import Agencies
from gateway.settings import Settings
from gateway.store import Store
from gateway.tokens import issuer
from gateway.vault import Keyring
from insurers import panel
from insurers.agency import Agency, Agent, AgentRole
from insurers.text import Text


def take_over(file: Path) -> None:
    read = settings.read()
    telemetry.set_up(read.log_format)
    roll = agency_file.read(_text(file), _around(read, os.environ))
    left = asyncio.run(_taken_over(read, roll))
    say = partial(Console(highlight=False).print, soft_wrap=True, markup=False)
    say(
        f"代理店 {len(roll.agencies)}、募集人 {len(roll.agents)} を取り込みました。"
        f" Taken over: {len(roll.agencies)} agencies, {len(roll.agents)} agents."
    )
    for name in [one.name for one in left.agencies] + [one.name for one in left.agents]:
        say(f"無効にしました。 Inactive from now on: {name}")


def show() -> None:
    found = asyncio.run(_found(settings.read()))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Agency", no_wrap=True)
    for heading in ("Name", "Sells for", "Agents"):
        table.add_column(heading)
    for agency, agents in found:
        sells = [f"{appointment.insurer} {appointment.access.agency}" for appointment in agency.appointments]
        table.add_row(agency.id, agency.name, "\n".join(sells), "\n".join(map(_named, agents)))
    Console(highlight=False).print(table)


def _named(agent: Agent) -> str:
    where = "manager" if agent.role is AgentRole.MANAGER else agent.branch or "all branches"
    return f"{agent.name} ({where})" if agent.active else f"{agent.name} (inactive)"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        unreadable = Text("ファイルは UTF-8 で保存してください。", "The file must be in UTF-8.")
        raise WrongFile([unreadable]) from None


def _around(read: Settings, variables: Mapping[str, str]) -> Surroundings:
    # Where anybody may have a token made, a name is as good as a subject.
    own = read.token_jwks is None and not read.production
    return Surroundings(
        issuer=read.issuer,
        insurers=read.insurers or panel.discover(),
        variables=variables,
        subject=issuer.subject if own else None,
    )


async def _taken_over(read: Settings, roll: agency_file.Roll) -> agency_file.Roll:
    async with _opened(read) as kept:
        return await Agencies(kept).take_over(roll)


async def _found(read: Settings) -> list[tuple[Agency, list[Agent]]]:
    async with _opened(read) as kept, kept.reading() as work:
        return [(agency, await work.agencies.agents(agency.id)) for agency in await work.agencies.all()]


@asynccontextmanager
async def _opened(read: Settings) -> AsyncIterator[Store]:
    settings.make_data_folder(read)
    url = read.database_url.get_secret_value()
    ring = Keyring.parse(read.vault_keys.get_secret_value() if read.vault_keys else "")
    async with (
        events.opened(url) as bus,
        store.opened(url, keyring=ring, bus=bus, migrate=not read.production) as kept,
    ):
        yield kept
