"""A store that dies before or after one of its commits, as a process may."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.events import LocalBus
from gateway.store import Store, Work
from gateway.store.engines import Engines
from gateway.vault import Keyring


class Died(BaseException):
    """Whoever had this store is no more."""


class FrailStore(Store):
    """Dies with the commit of this number, counted from 1: what that would have written is *kept*, or lost."""

    def __init__(self, engines: Engines, keyring: Keyring, *, commit: int, kept: bool) -> None:
        super().__init__(engines, keyring, LocalBus())
        self.dead = False
        self._left = commit
        self._kept = kept

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        if self.dead:
            raise Died
        async with super().work() as work:
            yield work
            self._left -= 1
            self.dead = self._left == 0
            if self.dead and not self._kept:
                raise Died
        if self.dead:
            raise Died
