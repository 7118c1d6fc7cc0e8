"""Sessions at Sompo, kept open while they live; losing them costs one sign-in each."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from insurers.account import Access
from insurers.errors import AccessDenied, ErrorCode, Expired, Unavailable
from insurers.sompo.access import opened
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk, head
from insurers.sompo.wire import says
from insurers.sompo.wire.members import Ninsyo, Nothing

# As many customers as one process serves in half an hour, which is how long an idle session lives (WIRE.md §4.3).
KEPT_AT_MOST = 2_000

T = TypeVar("T")
Deed = Callable[[str], Awaitable[T]]


class Session:
    """One account's open session, and who may open it: one caller at a time."""

    def __init__(self) -> None:
        self.token = ""
        self.opening = asyncio.Lock()


class Sessions:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: OrderedDict[str, Session] = OrderedDict()

    async def act(self, access: Access, deed: Deed[T], *, fresh: bool = False) -> T:
        """
        Do *deed* with the token of an open session, or of a *fresh* one.

        When the insurer says that the session or what was begun in it is dead, which means that
        nothing was done, the deed is done over, once: in a new session if we have the key to open
        one, else in the only one, of which perhaps no more than a procedure has died.

        Raises:
            AccessDenied: the insurer no longer takes our key, or our only session has died.
        """
        token = await self._token(access, dead=None, fresh=fresh)
        try:
            return await deed(token)
        except Expired:
            token = await self._token(access, dead=token, fresh=False)
        try:
            return await deed(token)
        except Expired as error:
            if not opened(access).device:
                raise AccessDenied(CODE) from None
            raise Unavailable(CODE, error.words, code=ErrorCode.SESSION_TIMEOUT) from None

    async def forget(self, access: Access) -> None:
        """End the key and the session for good. One that is dead already needs no ending."""
        keys = opened(access)
        self._kept.pop(_name(access), None)
        with suppress(AccessDenied, Expired):
            if keys.device:
                signed_in = await self._desk.ask(says.device_login(keys.device), head(Ninsyo))
                # Ending it a second time does no harm.
                await self._desk.ask(says.device_revocation(signed_in.kaiin_token, keys.device), head(Nothing))
            token = signed_in.kaiin_token if keys.device else keys.token
            await self._desk.ask(says.logout(token), head(Nothing))

    def remember(self, access: Access, token: str) -> None:
        """Keep a session that was opened in another way."""
        self._session(access).token = token

    async def _token(self, access: Access, *, dead: str | None, fresh: bool) -> str:
        keys = opened(access)
        if not keys.device:
            return keys.token
        session = self._session(access)
        async with session.opening:
            # Whoever waited for the lock may find that another has opened it meanwhile.
            if fresh or not session.token or session.token == dead:
                signed_in = await self._desk.ask(says.device_login(keys.device), head(Ninsyo))
                session.token = signed_in.kaiin_token
            return session.token

    def _session(self, access: Access) -> Session:
        name = _name(access)
        session = self._kept.setdefault(name, Session())
        self._kept.move_to_end(name)
        while len(self._kept) > KEPT_AT_MOST:
            self._kept.popitem(last=False)
        return session


def _name(access: Access) -> str:
    # A hash, so that no table of keys lies about in memory.
    return hashlib.sha256(access.secret).hexdigest()
