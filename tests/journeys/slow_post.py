"""A letterbox at which the postman can be kept waiting."""

import asyncio
from dataclasses import dataclass, field

from insurers.sandbox import Letter
from tests.api.conftest import Letterbox
from tests.journeys.insurer import PATIENCE_SECONDS


@dataclass
class SlowPost(Letterbox):
    """
    Takes mails at once, or keeps the postman at the door.

    An insurer posts its mail after the deed and before it answers. While its postman waits,
    the deed is done and nobody has heard of it.
    """

    knocked: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.opened.set()

    def keep_waiting(self) -> None:
        self.knocked.clear()
        self.opened.clear()

    async def knock(self) -> None:
        """Wait until a postman is at the door."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.knocked.wait()

    def let_in(self) -> None:
        self.opened.set()

    async def deliver(self, letter: Letter) -> None:
        await super().deliver(letter)
        self.knocked.set()
        await self.opened.wait()
