"""The customer's mails, read from the development mailbox."""

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp

from gateway.demo.teller import Failed

# A sandbox sends while it answers, so a mail is there almost at once or never.
LOOKS = 100
BETWEEN_LOOKS_SECONDS = 0.05


class NoMail(Failed):
    """The mail that should have come has not."""


class Inbox:
    """Remembers how far it has read, so that an older mail is never taken for the new one."""

    def __init__(self, browser: aiohttp.ClientSession, url: str, address: str, *, looks: int = LOOKS) -> None:
        self._browser = browser
        self._url = f"{url}/messages.json"
        self._address = address
        self._looks = looks
        self._read = 0

    async def link(self) -> tuple[str, str]:
        """Answer the link in the next mail that has one, and that mail's subject."""
        return await self._next("links")

    async def code(self) -> tuple[str, str]:
        """Answer the passcode in the next mail that has one, and that mail's subject."""
        return await self._next("codes")

    async def subjects(self) -> list[str]:
        """Answer the subjects of all mails, oldest first."""
        return [letter["subject"] for letter in await self._letters(after=0)]

    async def _next(self, part: str) -> tuple[str, str]:
        for _ in range(self._looks):
            for letter in await self._letters(after=self._read):
                if letter[part]:
                    self._read = letter["id"]
                    return letter[part][0], letter["subject"]
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
        raise NoMail(f"no mail with {part} came to {self._address}")

    async def _letters(self, *, after: int) -> Sequence[dict[str, Any]]:
        query = {"to": self._address, "after": str(after)}
        async with self._browser.get(self._url, params=query) as answer:
            newest_first: list[dict[str, Any]] = await answer.json()
        return newest_first[::-1]
