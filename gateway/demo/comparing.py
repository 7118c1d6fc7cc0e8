"""Comparing policies across every insurer, as any frontend would: nothing is told to another before it was read."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.demo import tables
from gateway.demo.client import Answer, Desk
from gateway.demo.sheet import Sheet
from insurers.labels import label
from insurers.risk import DataCategory
from insurers.text import Language
from insurers.text import Text as Word

WOULD_BE_TOLD = Word(
    "見積もりのために伝える内容（*がないと見積もりできません）",
    "what it would be told, for a quote (* without it there is none)",
)


async def begin(desk: Desk, policies: Sequence[str]) -> Answer:
    """Begin to compare the policies with these ids. Their own insurers are asked; the others wait for a word."""
    payload = await desk.order("ComparisonStart", {"policies": [{"id": policy} for policy in policies]})
    comparison: Answer = payload["comparison"]
    return comparison


async def agree(desk: Desk, comparison: Answer, disclosure: Answer, *, granted: bool) -> None:
    """Say whether an insurer may be told just what its disclosure says."""
    await desk.order(
        "ComparisonSharingAnswer",
        {
            "comparisonId": comparison["id"],
            "insurer": {"code": disclosure["insurer"]["code"]},
            "granted": granted,
            "disclosureHash": disclosure["hash"],
        },
    )


async def settled(desk: Desk, comparison: Answer) -> Answer:
    """Answer the comparison once nobody is awaited any more."""
    await desk.ask("ComparisonSettled", id=comparison["id"])
    read: Answer = (await desk.ask("Comparison", id=comparison["id"]))["comparison"]
    return read


def unanswered(comparison: Answer) -> list[Answer]:
    """Answer what would be told to those insurers of which the customer has not said whether they may be."""
    codes = {each["insurer"]["code"] for each in comparison["inquiries"] if each["state"] == "CONSENT_NEEDED"}
    return [disclosure for disclosure in comparison["disclosures"] if disclosure["insurer"]["code"] in codes]


def told(disclosure: Answer, language: Language) -> Table:
    """Show all that an insurer would be told, by kind of data."""
    table = Table(
        title=Text(f"{tables.short(disclosure['insurer']['name'])}: {WOULD_BE_TOLD.to(language)}"),
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        show_header=False,
    )
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    lines: dict[tuple[str, str], list[str]] = {}
    for line in disclosure["lines"]:
        said = f"{line['label']} {line['value']}"
        lines.setdefault((line["policyNumber"], line["category"]), []).append(said)
    for (number, category), parts in lines.items():
        mark = "*" if category in disclosure["needed"] else " "
        table.add_row(number, f"{mark} {label(DataCategory[category]).to(language)}", "\n".join(parts))
    return table


def show(comparison: Answer, console: Console, language: Language, *, why: bool = False) -> None:
    """Print the whole of a comparison."""
    sheet = Sheet(language, console.width, why=why)
    for policy in comparison["policies"]:
        console.print()
        console.print(Text(f"{policy['insurer']['name']} {policy['number']}", style="bold cyan"))
        console.print(sheet.compared(policy))
    console.print()
    console.print(sheet.insurers(comparison))
    console.print()
    console.print(sheet.legend())
