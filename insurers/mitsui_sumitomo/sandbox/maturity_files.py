"""The day's file of maturity data: which lines stand in it, and any part of its bytes (WIRE.md §17.2)."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .maturity_book import PREFIX, UNCHANGED, Snapshot, broken, changes
from .maturity_lines import ENCODING, ENDING, GENERATED, LINE_BYTES, Row

ALL, CHANGED = "1", "2"


class Stretch(NamedTuple):
    """Lines of one width, one after the other, from a byte on."""

    start: int
    width: int
    times: int
    line: Callable[[int], bytes]


class File:
    """One agency's file. Nothing of it is kept but what differs from line to line without a rule."""

    def __init__(self, agency: str, now: Snapshot, before: Snapshot | None, *, name: str) -> None:
        self.agency, self.name, self.snapshot = agency, name, now
        self.is_full = before is None
        self.received = False
        self._now, self._before = now, before
        self._stretches: list[Stretch] = []
        self._header = b""

    def size(self) -> int:
        self._build()
        return self._end()

    def trailer_at(self) -> int:
        self._build()
        return self._stretches[-1].start

    def part(self, start: int, stop: int) -> bytes:
        """The bytes from *start* up to *stop*, or to the end."""
        self._build()
        first = max(bisect_right(self._stretches, start, key=lambda stretch: stretch.start) - 1, 0)
        parts: list[bytes] = []
        begins = None
        for stretch in self._stretches[first:]:
            if stretch.start >= stop:
                break
            low = max((start - stretch.start) // stretch.width, 0)
            high = min(-((stretch.start - stop) // stretch.width), stretch.times)
            if begins is None:
                begins = stretch.start + low * stretch.width
            parts += [stretch.line(place) for place in range(low, high)]
        whole = b"".join(parts)
        return whole[start - (begins or 0) : stop - (begins or 0)]

    def _build(self) -> None:
        if self._stretches:
            return
        # The header tells the count, which is known once the rest is.
        self._add(LINE_BYTES, 1, lambda _: self._header)
        count = sum(self._data())
        kind, base = (ALL, " " * 14) if self._before is None else (CHANGED, f"{self._before.at:%Y%m%d%H%M%S}")
        head = f"1MANKI{self.agency}{self._now.at:%Y%m%d%H%M%S}{kind}{count:08d}{base}"
        self._header = head.ljust(LINE_BYTES).encode(ENCODING) + ENDING
        told = count + (self.agency in self._now.orders.miscounted)
        end = f"9{told:08d}".ljust(LINE_BYTES).encode(ENCODING) + ENDING
        self._add(LINE_BYTES, 1, _always(end))

    def _data(self) -> Iterator[int]:
        """Lay the lines out, and answer how many at a time."""
        if self._before is not None:
            for change in changes(self._before, self._now, self.agency):
                yield self._lay(change.row, change.kind)
            return
        beside = self._now.beside(self.agency)
        runs = [(f"{GENERATED}{PREFIX[self.agency]}{run.start:07d}", run) for run in self._now.runs(self.agency)]
        for number, run in sorted([*runs, *((number, None) for number in beside)], key=lambda entry: entry[0]):
            if run is None:
                yield self._lay(self._now.row(number), UNCHANGED)
            else:
                self._add(LINE_BYTES, len(run), self._in(run))
                yield len(run)

    def _in(self, run: range) -> Callable[[int], bytes]:
        return lambda place: self._now.generated(self.agency, run[place]).line(self.agency, UNCHANGED) + ENDING

    def _lay(self, row: Row, kind: str) -> int:
        lines = broken(row.line(self.agency, kind), self._now.orders.breaks.get(row.number))
        for line in lines:
            self._add(len(line), 1, _always(line + ENDING))
        return len(lines)

    def _add(self, width: int, times: int, line: Callable[[int], bytes]) -> None:
        self._stretches.append(Stretch(self._end(), width + len(ENDING), times, line))

    def _end(self) -> int:
        last = self._stretches[-1] if self._stretches else None
        return last.start + last.width * last.times if last else 0


def _always(line: bytes) -> Callable[[int], bytes]:
    return lambda _: line
