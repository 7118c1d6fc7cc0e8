"""The tables of the demonstration, and amounts and days as it writes them."""

from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.table import Table
from rich.text import Text

from gateway.demo.client import Answer


def policies(rows: Sequence[Answer]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Insurer")
    table.add_column("Policy", no_wrap=True)
    table.add_column("Car", overflow="fold")
    table.add_column("Status")
    table.add_column("Ends", no_wrap=True)
    table.add_column("Premium", justify="right", no_wrap=True)
    table.add_column("Renewal online")
    for policy in rows:
        car = policy["insuredVehicle"]
        table.add_row(
            short(policy["insurer"]["name"]),
            policy["number"],
            car["name"] if car else "",
            policy["statusLabel"],
            day(policy["endsAt"]),
            yen(policy["premium"]["total"]) if policy["premium"] else "",
            _renewal(policy),
        )
    return table


def _renewal(policy: Answer) -> Text:
    renewability = policy["renewability"]
    if policy["successorNumber"]:
        return Text(f"done: {policy['successorNumber']}", style="green")
    if renewability is None:
        return Text("not known now", style="yellow")
    if renewability["online"]:
        return Text("yes, now", style="green")
    if renewability["opensAt"]:
        return Text(f"from {day(renewability['opensAt'])}", style="dim")
    return Text("; ".join(reason["message"] for reason in renewability["reasons"]), style="dim")


def short(name: str) -> str:
    """Leave out of an insurer's name what every insurer's has."""
    for suffix in (" Insurance", "株式会社", "火災保険"):
        name = name.removesuffix(suffix)
    return name


def yen(amount: int) -> str:
    return f"¥{amount:,}"


def signed(amount: int | None) -> Text:
    if amount is None:
        return Text("")
    return Text(f"{'+' if amount > 0 else '−' if amount < 0 else '±'}¥{abs(amount):,}", style="dim")


def day(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d}"
