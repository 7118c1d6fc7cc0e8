"""The policy of the whole schema, as `policy.md` says it: who gets what of which root field, node, deed and door."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("policy.md")

# Between what an agent is told by a token of their own, and by one that names the customer.
OR = " / "

# Everybody who asks, by the name of a column; agents whose token names the customer, too, have this behind it.
FOR_THE_CUSTOMER = " for the customer"

Cells = Mapping[str, str]


class Section(NamedTuple):
    """One table: what each row says to each column."""

    columns: Sequence[str]
    rows: Mapping[str, Cells]


@cache
def policy() -> Mapping[str, Section]:
    """Answer the tables, by the headings under which they stand."""
    found: dict[str, Section] = {}
    for part in TABLE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        head, _, *lines = [_cells(line) for line in text.splitlines() if line.startswith("|")]
        rows = {name: dict(zip(head[1:], cells, strict=True)) for name, *cells in lines}
        assert len(lines) == len(rows), f"a row stands twice in {heading}"
        found[heading] = Section(head[1:], rows)
    return found


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip("|").split("|")]


def expected(section: str, who: str) -> Cells:
    """Answer what each row says to *who*: an asker of a column, or one there whose token names the customer."""
    column = who.removesuffix(FOR_THE_CUSTOMER)
    found = policy()[section]
    # Where nothing is different for them, there is no column of theirs, or nothing in it.
    said = {row: cells[column].split(OR) for row, cells in found.rows.items() if cells.get(column)}
    return {row: cells[-1 if column != who else 0] for row, cells in said.items()}
