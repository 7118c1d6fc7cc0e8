"""What happened, in order: the same seed writes the same lines."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime


class Chronicle:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.now = clock
        self.lines: list[str] = []
        self.counted: Counter[str] = Counter()

    def note(self, who: str, kind: str, words: object = "") -> None:
        """Write a line, and count its kind."""
        self.counted[kind] += 1
        self.lines.append(f"{self.now():%m-%d %H:%M:%S.%f} {who:<14} {kind} {words}".rstrip())


class Broken(AssertionError):
    """A promise was not kept."""
