"""Moving windows in this process's memory, as the library `limits` counts them."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from limits.aio.storage import MovingWindowSupport, Storage
from msgspec import Struct

# Addresses cost an attacker nothing; what was used longest ago is forgotten beyond so many.
MOST_KEYS = 100_000


class _Window(Struct):
    """What was spent under one key: when, how much, and when all of it will have come back."""

    spent: deque[tuple[float, int]]
    total: int = 0
    over_at: float = 0.0


class Windows(Storage, MovingWindowSupport):
    """
    Each key's moving window.

    The library's own memory keeps an entry for every unit of a cost, looks at every key whenever one is used, and has
    a clock of its own. Here a use takes the same time however much it costs and however many others there are.
    *now* counts seconds and is never set back: whoever had spent their window would wait until it is there again.
    """

    STORAGE_SCHEME = None

    def __init__(self, now: Callable[[], float] = time.monotonic, *, most: int = MOST_KEYS) -> None:
        super().__init__()
        self.now = now
        self._most = most
        # The key that was used longest ago is first.
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def take(self, key: str, limit: int, expiry: int, amount: int) -> tuple[bool, float, int]:
        """Take *amount* where so much is left; answer whether it was, when the oldest was taken, and how much is."""
        now = self.now()
        window = self._current(key, now - expiry) or _Window(deque())
        enough = window.total + amount <= limit
        if enough:
            window.spent.append((now, amount))
            window.total += amount
            window.over_at = now + expiry
            self._windows[key] = window
            self._windows.move_to_end(key)
            self._forget(now)
        return enough, window.spent[0][0] if window.spent else now, window.total

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        return self.take(key, limit, expiry, amount)[0]

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        now = self.now()
        window = self._current(key, now - expiry)
        return (window.spent[0][0], window.total) if window and window.spent else (now, 0)

    def wait(self, key: str, limit: int, expiry: int, amount: int) -> float:
        """Answer in how many seconds *amount* will fit under this key, or all of it will be free."""
        now = self.now()
        window = self._current(key, now - expiry)
        over = window.total + amount - limit if window else 0
        for at, spent in window.spent if window else ():
            over -= spent
            if over <= 0:
                return at + expiry - now
        return float(expiry) if over > 0 else 0.0

    def _current(self, key: str, since: float) -> _Window | None:
        window = self._windows.get(key)
        while window and window.spent and window.spent[0][0] <= since:
            window.total -= window.spent.popleft()[1]
        return window

    def _forget(self, now: float) -> None:
        # No more than two leave for one that comes, so that nobody waits for a great cleaning.
        for _ in range(2):
            first = next(iter(self._windows.values()))
            if first.over_at > now and len(self._windows) <= self._most:
                return
            self._windows.popitem(last=False)

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        await self.acquire_entry(key, limit=1 << 62, expiry=expiry, amount=amount)
        return await self.get(key)

    async def get(self, key: str) -> int:
        window = self._windows.get(key)
        return window.total if window else 0

    async def get_expiry(self, key: str) -> float:
        window = self._windows.get(key)
        return window.over_at if window else self.now()

    async def check(self) -> bool:
        return True

    async def reset(self) -> int | None:
        forgotten = len(self._windows)
        self._windows.clear()
        return forgotten

    async def clear(self, key: str) -> None:
        self._windows.pop(key, None)
