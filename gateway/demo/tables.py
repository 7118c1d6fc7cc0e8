"""The tables and marks of the demonstration."""

from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.table import Table
from rich.text import Text

from gateway.demo.client import Answer

# How a cover stands to the reference plan's: a mark that needs no colour, and a colour.
MARKS = {
    "REFERENCE": ("", "bold"),
    "EQUAL": ("=", "dim"),
    "BETTER": ("▲", "green"),
    "WORSE": ("▼", "red"),
    "DIFFERENT": ("◇", "yellow"),
    "ONLY_HERE": ("＋", "green"),
    "LOST": ("－", "red"),
    "UNKNOWN": ("？", "yellow"),
}

LEGEND = "▲ more  ▼ less  ◇ different  ＋ only here  － missing  ？ not stated  = as the reference plan"

NATURES = {"INDICATION": "indication", "BINDABLE": "binding"}

# Rows of one plan: the cover's name, and six plans of a dozen columns each.
WIDE_ENOUGH = 118

OKU, MAN = 100_000_000, 10_000


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
            _short(policy["insurer"]["name"]),
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


def comparison(compared: Answer, places: Sequence[int]) -> Table:
    """Show the plans at *places*, line by line, beside the reference plan that all of them are measured by."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=False)
    table.add_column("")
    for place in places:
        # Japanese has no spaces to break a line at.
        table.add_column(_heading(compared["offers"][place]), overflow="fold")
    for row in compared["matrix"]:
        if not any(cell["coverage"] and cell["coverage"]["included"] for cell in row["cells"]):
            continue
        table.add_row(
            Text(_name(row), style="" if row["differs"] else "dim"),
            *(_cell(row["cells"][place]) for place in places),
        )
    table.add_section()
    premiums = [compared["offers"][place]["premium"] for place in places]
    table.add_row(Text("Premium a year", style="bold"), *(Text(yen(each["total"]), style="bold") for each in premiums))
    table.add_row("against this term", *(signed(each["changeFromCurrent"]) for each in premiums))
    table.add_row("nature", *(Text(NATURES[each["nature"]], style="dim") for each in premiums))
    return table


def _name(row: Answer) -> str:
    """A cover outside the common vocabulary is told by the name that its insurer gives it."""
    if row["key"] != "OTHER":
        return str(row["label"])
    return next(str(cell["coverage"]["insurerLabel"]) for cell in row["cells"] if cell["coverage"])


def _heading(offer: Answer) -> Text:
    star = " ★" if offer["recommendedByInsurer"] else ""
    return Text.assemble((_short(offer["insurer"]["name"]), "dim"), "\n", (f"{offer['name']}{star}", "bold"))


def _short(name: str) -> str:
    return name.removesuffix(" Insurance")


def _cell(cell: Answer) -> Text:
    mark, style = MARKS[cell["verdict"]]
    return Text(f"{mark} {cover(cell['coverage'])}".strip(), style=style)


def cover(said: Answer | None) -> str:
    """Say what a cover does in as few words as a cell has room for."""
    if said is None or not said["included"]:
        return "none"
    parts = [_limit(said["limit"]), said["insurerVariant"] or ""]
    borne = said["deductible"]
    if borne and borne["second"]:
        parts.append(f"免責{borne['first'] // MAN}-{borne['second'] // MAN}万")
    if said["perils"]:
        parts.append(f"({sum(peril['covered'] == 'YES' for peril in said['perils'])} perils)")
    return " ".join(part for part in parts if part) or "yes"


def _limit(limit: Answer | None) -> str:
    if limit is None or limit["kind"] == "UNKNOWN":
        return ""
    if limit["kind"] == "UNLIMITED":
        return "無制限"
    return _round(limit["amount"]) if limit["amount"] else ""


def _round(amount: int) -> str:
    """Say an amount as a leaflet does: 5,000万円, 1億円."""
    for unit, word in ((OKU, "億円"), (MAN, "万円")):
        if amount >= unit and amount % unit == 0:
            return f"{amount // unit:,}{word}"
    return f"{amount:,}円"


def yen(amount: int) -> str:
    return f"¥{amount:,}"


def signed(amount: int | None) -> Text:
    if amount is None:
        return Text("")
    return Text(f"{'+' if amount > 0 else '−' if amount < 0 else '±'}¥{abs(amount):,}", style="dim")


def day(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d}"
