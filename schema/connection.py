"""Pages of a list that is in hand (Relay). Sizes are clamped, and a strange cursor starts at the beginning."""

import operator
from collections.abc import Callable, Sequence
from typing import TypeVar

import strawberry

from schema.directives import SHAREABLE
from schema.node import NodeIds

MOST = 100
CURSOR = "Cursor"

T = TypeVar("T")


@strawberry.type(description="Facts about one page (Relay).", directives=[SHAREABLE])
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is something before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first edge.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last edge; pass it as `after`.")


def page(
    items: Sequence[T],
    key: Callable[[T], str],
    *,
    ids: NodeIds,
    first: int,
    after: str | None,
    descending: bool = False,
) -> tuple[list[tuple[str, T]], PageInfo]:
    """
    Cut a page of *items*, which are sorted by *key*, a text that is unique among them.

    The cursor is the key itself, sealed, so a page goes on where it was, whatever has come or gone.
    """
    known = ids.parts(after, CURSOR) if after else None
    start = 0 if known is None else _after(items, key, known[0], descending)
    cut = [(str(ids.seal(CURSOR, key(item))), item) for item in items[start : start + min(max(first, 1), MOST)]]
    return cut, PageInfo(
        has_next_page=start + len(cut) < len(items),
        has_previous_page=start > 0,
        start_cursor=cut[0][0] if cut else None,
        end_cursor=cut[-1][0] if cut else None,
    )


def _after(items: Sequence[T], key: Callable[[T], str], known: str, descending: bool) -> int:
    passed = operator.lt if descending else operator.gt
    return next((at for at, item in enumerate(items) if passed(key(item), known)), len(items))
