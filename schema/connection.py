"""Pages of a list (Relay). Sizes are clamped, and a cursor that is none of the list's own begins at the beginning."""

import operator
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import strawberry

from insurers.page import PageCursors
from schema.directives import SHAREABLE
from schema.node import NodeIds

MOST = 100
CURSOR = "Cursor"

T = TypeVar("T")


@strawberry.type(description="Facts about one page (Relay).", directives=[SHAREABLE])
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is something before this page.")
    # Sealed when they are asked for (`PageCursors`).
    cursors: strawberry.Private[Sequence[str]]

    @strawberry.field(description="Cursor of the first edge.")
    def start_cursor(self) -> str | None:
        return self.cursors[0] if self.cursors else None

    @strawberry.field(description="Cursor of the last edge; pass it as `after`.")
    def end_cursor(self) -> str | None:
        return self.cursors[-1] if self.cursors else None


class Edge(Protocol):
    """An edge whose cursor is not sealed before it is asked for: the one *at* this place."""

    cursors: Sequence[str]
    at: int


def cursor(self: Edge) -> str:
    return self.cursors[self.at]


class Cursors:
    """The cursors of one list: sealed with which list it is, so that those of another are none here."""

    def __init__(self, ids: NodeIds, *of: str) -> None:
        self._ids = ids
        self._of = of

    def seal(self, key: str) -> str:
        return str(self._ids.seal(CURSOR, *self._of, key))

    def behind(self, after: str | None) -> str | None:
        """Answer the key behind which a page goes on; None from the beginning on."""
        parts = self._ids.parts(after, CURSOR) if after else None
        return parts[-1] if parts is not None and parts[:-1] == self._of else None


def clamped(first: int) -> int:
    """Answer how many a page holds where *first* are asked for."""
    return min(max(first, 1), MOST)


def facts(cursors: Sequence[str], *, more_before: bool, more_after: bool) -> PageInfo:
    """Say what a page is that was cut where its things are kept."""
    return PageInfo(has_next_page=more_after, has_previous_page=more_before, cursors=cursors)


def page(
    items: Sequence[T],
    key: Callable[[T], str],
    *,
    cursors: Cursors,
    first: int,
    after: str | None,
    descending: bool = False,
) -> tuple[Sequence[T], PageCursors, PageInfo]:
    """
    Cut a page of *items*, which are sorted by *key*, a text that is unique among them; answer also their cursors.

    A cursor holds the key itself, so a page goes on where it was, whatever has come or gone.
    """
    known = cursors.behind(after)
    start = 0 if known is None else _after(items, key, known, descending)
    cut = items[start : start + clamped(first)]
    own = PageCursors(len(cut), lambda at: cursors.seal(key(cut[at])))
    more_after = start + len(cut) < len(items)
    return cut, own, facts(own, more_before=start > 0, more_after=more_after)


def _after(items: Sequence[T], key: Callable[[T], str], known: str, descending: bool) -> int:
    passed = operator.lt if descending else operator.gt
    return next((at for at, item in enumerate(items) if passed(key(item), known)), len(items))
