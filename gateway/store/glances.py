"""
What SQLite reads in a moment is read on the spot, by the loop's own thread: to send another costs more than the answer.

No question tells what it will take. So each begins as a glance, which is broken off when it takes too long or would
have to wait for somebody's lock, and leaves its transaction as it was.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from cachetools import LRUCache

# SQLite calls after so many instructions of its own, and a glance is over at the last of so many calls. They are
# counted and not timed, because what holds the process up has nothing to do with the question.
STRIDE = 1_000
MOST_STRIDES = 10

# Whoever waits patiently is looked for after so many.
LONG_STRIDE = 1_000_000

# So many questions are remembered that took too long.
REMEMBERED = 1_000
# A question may be long about one customer and short about the next, so that it is tried anew after so many.
TURNED_AWAY = 100

# The low byte of SQLite's codes says what it is about, the rest of it why.
_KIND = 0xFF

# It takes no lock, and sees no moment before the first question: they may as well go together.
_BEGIN = "BEGIN"


class MoreThanAGlance(Exception):
    """It takes longer, or would have to wait. In the same transaction it may be asked `patiently`."""


class Long:
    """Questions that took too long, by their hashes: of two with the same, both are merely asked elsewhere."""

    def __init__(self) -> None:
        self._left: LRUCache[int, int] = LRUCache(REMEMBERED)

    def note(self, question: str) -> None:
        self._left[hash(question)] = TURNED_AWAY

    def turns_away(self, question: str) -> bool:
        left = self._left.pop(hash(question), 0)
        if left > 1:
            self._left[hash(question)] = left - 1
        return left > 0


class Cursor(sqlite3.Cursor):
    """One that has read all rows when a statement has been carried out."""

    def __init__(self, connection: "Glancing") -> None:
        super().__init__(connection)
        self._asking = connection
        self._rows: Iterator[Any] = iter(())

    # Statements take whatever values there are.
    def execute(self, statement: str, values: Any = (), /) -> "Cursor":
        with self._asking.glance(statement):
            super().execute(statement, values)
            self._rows = iter(super().fetchall())
        return self

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Any]:
        return list(self._rows)


class Glancing(sqlite3.Connection):
    """A connection for transactions that only read. Each begins with its first statement, for which nobody asks."""

    def __init__(self, long: Long, pragmas: Sequence[str], *args: Any, **settings: Any) -> None:
        """Answer one that is patient until `hurry`; *settings* are those of `sqlite3.connect`."""
        super().__init__(*args, **settings)
        self._long = long
        self._patience_seconds: float = settings["timeout"]
        self._patient = True
        self._given_up = False
        self._strides = 0
        for pragma in pragmas:
            self._order(f"PRAGMA {pragma}")

    # The driver's own makes a cursor of any kind.
    def cursor(self, factory: type[Cursor] = Cursor) -> Cursor:  # type: ignore[override]
        return super().cursor(factory)

    @contextmanager
    def glance(self, statement: str) -> Iterator[None]:
        """
        Raises:
            MoreThanAGlance: what is asked in this block took too long, or did before.
        """
        if not self._patient and self._long.turns_away(statement):
            raise MoreThanAGlance
        if not self.in_transaction:
            self._order(_BEGIN)
        self._strides = 0
        try:
            yield
        except sqlite3.OperationalError as error:
            # Python's own have no code.
            kind = getattr(error, "sqlite_errorcode", 0) & _KIND
            if self._patient or kind not in (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY):
                raise
            if kind == sqlite3.SQLITE_INTERRUPT:
                self._long.note(statement)
            raise MoreThanAGlance from None

    @contextmanager
    def patiently(self) -> Iterator[None]:
        """Whatever is asked in this block may take its time, and wait."""
        self._patient = True
        self.set_progress_handler(self._is_given_up, LONG_STRIDE)
        self._wait_for_locks(self._patience_seconds)
        try:
            yield
        finally:
            self.hurry()

    def hurry(self) -> None:
        """From now on only glance."""
        self._wait_for_locks(0)
        self.set_progress_handler(self._is_over, STRIDE)
        self._patient = False

    def give_up(self) -> None:
        """
        Have what is asked patiently end with an error, from whichever thread; nothing can be asked afterwards.

        SQLite itself forgets an interruption that comes before a statement has begun.
        """
        self._given_up = True
        self.interrupt()

    def _is_given_up(self) -> bool:
        return self._given_up

    def _is_over(self) -> bool:
        self._strides += 1
        return self._strides >= MOST_STRIDES

    def _wait_for_locks(self, seconds: float) -> None:
        self._order(f"PRAGMA busy_timeout={seconds * 1000:.0f}")

    def _order(self, statement: str) -> None:
        sqlite3.Cursor(self).execute(statement).close()
