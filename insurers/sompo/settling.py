"""Applications of which nobody knows yet whether they were taken."""

from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from insurers.panel import Clock
from insurers.sompo.manifest import SETTLING_SECONDS

KEPT_AT_MOST = 10_000


class Settling:
    """
    Remembers when the button was pressed, until a readable answer came.

    Until an application has settled, the renewal list may not show it though it was taken
    (WIRE.md §6.1), and so cannot say that it never was.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pressed: OrderedDict[UUID, datetime] = OrderedDict()

    def pressed(self, key: UUID) -> None:
        self._pressed[key] = self._clock()
        while len(self._pressed) > KEPT_AT_MOST:
            self._pressed.popitem(last=False)

    def answered(self, key: UUID) -> None:
        """The insurer has said what it did, and nothing is left to wait for."""
        self._pressed.pop(key, None)

    def settled(self, key: UUID) -> bool:
        pressed = self._pressed.get(key)
        return pressed is None or self._clock() >= pressed + timedelta(seconds=SETTLING_SECONDS)
