"""`tabane dev`"""

import asyncio
import logging
import shlex
from collections.abc import Mapping

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from gateway import serving, settings, telemetry
from gateway.application import DEMONSTRATION_CUSTOMER
from gateway.development import DEMONSTRATION_AGENT, FREE, Ports, Town, development
from gateway.settings import Settings
from insurers import panel
from insurers.text import Language

FIRST_QUESTION = '{"query": "{ viewer { displayName } insurers { edges { node { name } } } }"}'


def run(*, port: int | None, keep: bool) -> None:
    read = settings.at(port)
    telemetry.set_up(read.log_format, level=logging.WARNING)
    # Accounts that the sandboxes have forgotten are worth nothing; a database of the developer's own is.
    fresh = not keep and "database_url" not in read.model_fields_set
    asyncio.run(_open(read, fresh=fresh))


async def _open(read: Settings, *, fresh: bool) -> None:
    console = Console(highlight=False)
    ports = Ports(gateway=read.port) if read.port else FREE
    with serving.hearing() as word:
        async with development(read, fresh=fresh, ports=ports) as town:
            _show(town, console)
            await word.stop.wait()
    console.print("[dim]またどうぞ。 Closed.[/]")


def _show(town: Town, console: Console) -> None:
    console.print(Panel(_addresses(town), title="束ね Tabane", title_align="left", border_style="cyan"))
    for title, command in _first_steps(town).items():
        console.print(f"\n[bold]{title}[/]")
        # In one line, however long: it is there to be copied.
        console.print(Text(command), soft_wrap=True)
    console.print("\n[dim]Ctrl-C closes the town.[/]")


def _addresses(town: Town) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True)
    table.add_column(style="dim", overflow="fold")
    table.add_row("GraphQL", _link(f"{town.gateway_url}/graphql"), "GraphiQL, signed in")
    table.add_row("Mailbox", _link(town.mailbox_url), "every mail of the insurers")
    for code, address in town.sandboxes.items():
        name = panel.find(code).MANIFEST.name.to(Language.EN)
        table.add_row(name, _link(address.url), f"control {_door(address.control_url)}")
    table.add_row("Health", _link(f"{town.gateway_url}/health/ready"), "/metrics")
    return table


def _first_steps(town: Town) -> Mapping[str, str]:
    """Answer what can be done first, by what it is good for."""
    address = f"{town.gateway_url}/graphql"
    steps = {
        f"A token for {DEMONSTRATION_CUSTOMER}, whom every sandbox insures": (
            f"export TOKEN={town.issuer.mint(DEMONSTRATION_CUSTOMER)}"
        ),
        "Ask with it": f'curl {address} -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json"'
        f" -d {shlex.quote(FIRST_QUESTION)}",
        "Compare a policy across every insurer, once accounts are linked": f"tabane compare --url {town.gateway_url}",
        "A token for somebody else": f"tabane token --customer '向日葵 さゆり' --port {_door(town.gateway_url)}",
    }
    steps["A token for an agent, who finds an agency's book with it"] = (
        f"tabane token --agent '{DEMONSTRATION_AGENT}' --port {_door(town.gateway_url)}"
    )
    if town.sandboxes:
        control = next(iter(town.sandboxes.values())).control_url
        steps["Move everybody's clock on by an hour"] = (
            f"curl -X PUT {control}/_control/clock -d '{{\"advance_seconds\": 3600}}'"
        )
    return steps


def _door(url: str) -> str:
    return url.rpartition(":")[2]


def _link(url: str) -> str:
    return f"[cyan][link={url}]{url}[/link][/]"
