"""The letters kept, in memory, until newer ones push them out."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from secrets import token_hex

from gateway.mailbox import letter
from gateway.mailbox.letter import Letter

KEPT_LETTERS = 500


class Mailbag:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._letters: deque[Letter] = deque(maxlen=KEPT_LETTERS)
        self._arrived = 0
        self._emptied = 0
        self._life = token_hex(4)

    @property
    def version(self) -> str:
        """Answer a word that changes whenever the letters do, also from one process to the next."""
        return f"{self._life}-{self._arrived}-{self._emptied}"

    def take(self, source: bytes, *, sender: str, to: Sequence[str]) -> Letter:
        self._arrived += 1
        taken = letter.read(source, number=self._arrived, received_at=self._clock(), sender=sender, to=to)
        self._letters.append(taken)
        return taken

    def letters(self, *, to: str | None = None, after: int = 0) -> list[Letter]:
        """Answer the letters to one recipient, or all, that came after the one numbered so; newest first."""
        return [
            kept
            for kept in reversed(self._letters)
            if kept.id > after and (to is None or to.casefold() in map(str.casefold, kept.to))
        ]

    def find(self, number: int) -> Letter | None:
        return next((kept for kept in self._letters if kept.id == number), None)

    def empty(self) -> None:
        """Throw every letter away. Numbers go on, so that *after* keeps its meaning."""
        self._letters.clear()
        self._emptied += 1
