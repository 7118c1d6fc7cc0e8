"""How much each asker may spend and try, counted by the library `limits` here or in a store that processes share."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

from gateway.rate_storage import storage
from gateway.rate_windows import Windows
from gateway.settings import Settings
from schema.spending import Spender, Standing, Tries

log = logging.getLogger("tabane.rates")

# Live updates of one asker at once, over all of their sockets and streams.
MOST_WATCHING = 100

# Tries and within how many minutes. A person who mistypes stays below, and a program that guesses does not.
TRIES: Mapping[Tries, tuple[int, int]] = {
    Tries.SIGN_IN: (30, 10),
    Tries.PASSCODE: (20, 10),
    Tries.REGISTRATION: (20, 10),
    Tries.REGISTRATION_ANSWER: (120, 10),
    Tries.SUBMIT: (60, 10),
}


class Rates:
    """
    Who has spent and tried what (`schema.spending.Rates`).

    A store that cannot be reached limits nobody: customers are served without it.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        cost_per_minute: int,
        for_nobody: int,
        tries: Mapping[Tries, tuple[int, int]] = TRIES,
        most_watching: int = MOST_WATCHING,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._storage = storage
        self._limiter = MovingWindowRateLimiter(storage)
        self._minutes = {True: _per_minute(cost_per_minute), False: _per_minute(for_nobody)}
        self._tries = {one: RateLimitItemPerMinute(many, minutes) for one, (many, minutes) in tries.items()}
        self._most_watching = most_watching
        self._watching: Counter[str] = Counter()
        # What is counted here is timed here.
        self._now = storage.now if isinstance(storage, Windows) else now

    async def spend(self, spender: Spender, cost: int) -> tuple[bool, Standing | None]:
        item = self._minutes[spender.signed_in]
        if item is None:
            return True, None
        if isinstance(self._storage, Windows):
            return self._spend_here(self._storage, item, spender.purse, cost)
        key = spender.purse
        try:
            enough = await self._limiter.hit(item, "cost", key, cost=cost)
            resets_at, remaining = await self._limiter.get_window_stats(item, "cost", key)
        except StorageError as error:
            _uncounted(error)
            return True, None
        resets_in = max(resets_at - self._now(), 0.0)
        # When so much is there only the store knows, and does not tell.
        return enough, Standing(item.amount, max(remaining, 0), resets_in, 0.0 if enough else resets_in)

    def _spend_here(self, windows: Windows, item: RateLimitItem, key: str, cost: int) -> tuple[bool, Standing]:
        """Nobody has to be waited for: every request passes here, so the library's own way round is left out."""
        name, seconds = item.key_for("cost", key), item.get_expiry()
        enough, oldest, spent = windows.take(name, item.amount, seconds, cost)
        resets_in = max(oldest + seconds - self._now(), 0.0)
        wait = 0.0 if enough else windows.wait(name, item.amount, seconds, cost) or resets_in
        return enough, Standing(item.amount, max(item.amount - spent, 0), resets_in, wait)

    async def attempt(self, tries: Tries, spender: Spender) -> float | None:
        item = self._tries.get(tries)
        if item is None:
            return None
        key = spender.purse
        try:
            if await self._limiter.hit(item, tries.value, key):
                return None
            resets_at, _ = await self._limiter.get_window_stats(item, tries.value, key)
        except StorageError as error:
            _uncounted(error)
            return None
        return max(resets_at - self._now(), 1.0)

    @contextmanager
    def watching(self, spender: Spender) -> Iterator[bool]:
        key = spender.purse
        free = self._watching[key] < self._most_watching
        self._watching[key] += free
        try:
            yield free
        finally:
            self._watching[key] -= free
            if not self._watching[key]:
                del self._watching[key]


def _uncounted(error: StorageError) -> None:
    log.warning("rates cannot be counted: %s", type(error.storage_error).__name__)


def _per_minute(cost: int) -> RateLimitItem | None:
    return RateLimitItemPerMinute(cost) if cost else None


def of(settings: Settings) -> Rates:
    return Rates(
        storage(settings.rate_storage.get_secret_value()),
        cost_per_minute=settings.cost_per_minute,
        for_nobody=settings.cost_per_minute_for_nobody,
    )


def without_limits() -> Rates:
    """Answer rates that let everybody do everything."""
    return Rates(Windows(), cost_per_minute=0, for_nobody=0, tries={})
