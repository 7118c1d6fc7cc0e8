"""Sessions at Sompo, kept open while they live; losing them costs one sign-in each."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from insurers.account import Access, Challenge
from insurers.errors import AccessDenied, ErrorCode, Expired, NeedsCustomer, Unavailable
from insurers.http import within
from insurers.panel import Clock
from insurers.sompo.access import Keys, opened
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk, head
from insurers.sompo.mapping.refusals import ProcedureLost
from insurers.sompo.passcode import SENT, passcode_sent
from insurers.sompo.wire import lines, says
from insurers.sompo.wire.members import Ninsyo, Nothing, Otp

# As many customers as one process serves in half an hour, which is how long an idle session lives (WIRE.md §4.3).
KEPT_AT_MOST = 2_000

# For whoever waits until somebody else has opened it, too.
OPENING_SECONDS = 30.0

T = TypeVar("T")
Deed = Callable[[str], Awaitable[T]]


class Session:
    """
    One account's open session, and who may open it: one caller at a time.

    `asked` is the passcode that the device was asked for. Everybody gets that one while it
    lives, because another sign-in would send another and kill it (WIRE.md §4.1).
    """

    def __init__(self, token: str) -> None:
        self.token = token
        self.asked: Challenge | None = None
        self.opening = asyncio.Lock()


class Sessions:
    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self._kept: OrderedDict[str, Session] = OrderedDict()

    async def act(self, access: Access, deed: Deed[T], *, fresh: bool = False) -> T:
        """
        Do *deed* with the token of an open session, or of a *fresh* one.

        When the insurer says that the session or what was begun in it is dead, which means that
        nothing was done, the deed is done over, once: in a new session if the old one has died.

        Raises:
            AccessDenied: the insurer no longer takes our key, or our only session has died.
            Unavailable: what was begun in the session was lost twice.
            NeedsCustomer: the device itself is asked for a passcode; nothing was done.
        """
        token = await self._token(access, dead=None, fresh=fresh)
        try:
            return await deed(token)
        except ProcedureLost:
            pass
        except Expired:
            token = await self._token(access, dead=token, fresh=False)
        try:
            return await deed(token)
        except Expired as error:
            if not (isinstance(error, ProcedureLost) or opened(access).device):
                raise AccessDenied(CODE) from None
            raise Unavailable(CODE, error.words, code=ErrorCode.SESSION_TIMEOUT) from None

    async def forget(self, access: Access) -> None:
        """End the key and the sessions for good. What was never ours, or is dead, needs no ending."""
        try:
            keys = opened(access)
        except AccessDenied:
            return
        session = self._kept.get(_name(keys))
        for key in filter(None, (keys.device, keys.replaced)):
            await self._desk.ask(says.device_revocation(key), head(Nothing))
        # The sessions go on without their key (WIRE.md §4.6).
        for token in {keys.token, session.token if session else ""} - {""}:
            with suppress(Expired):
                await self._desk.ask(says.logout(token), head(Nothing))
        # Not before: where the insurer was silent, the next try must still know the session.
        self._kept.pop(_name(keys), None)

    def remember(self, access: Access, token: str) -> None:
        """Keep a session that was opened in another way."""
        session = self._session(opened(access))
        session.token, session.asked = token, None

    def unasked(self, device: str) -> None:
        """Forget the passcode that this device was asked for: it was brought, or is dead."""
        if session := self._kept.get(_name(Keys(device=device))):
            session.asked = None

    async def _token(self, access: Access, *, dead: str | None, fresh: bool) -> str:
        keys = opened(access)
        if not keys.device:
            return keys.token
        session = self._session(keys)
        # Whoever needs to open none need not wait for whoever does.
        if session.token and session.token != dead and not fresh:
            return session.token
        try:
            async with within(OPENING_SECONDS), session.opening:
                # Whoever waited for the lock may find that another has opened it meanwhile. A session that was
                # opened by a passcode is taken even where a fresh one is wanted: that would cost another passcode.
                if not session.token or session.token == dead or (fresh and session.token != keys.token):
                    session.token = await self._opened(keys, session)
                return session.token
        except TimeoutError:
            raise Unavailable(CODE, code=ErrorCode.TIMEOUT) from None

    async def _opened(self, keys: Keys, session: Session) -> str:
        if _alive(session.asked, self._clock):
            raise NeedsCustomer(CODE, challenge=session.asked)

        def heard(answer: lines.Answer) -> Challenge | Ninsyo:
            answer.only()
            if answer.kekka_cd == SENT:
                return passcode_sent(answer.head(Otp), hint=keys.hint, device=keys.device)
            return answer.head(Ninsyo)

        signed_in = await self._desk.ask(says.device_login(keys.device), heard, once=True, also=frozenset({SENT}))
        if isinstance(signed_in, Challenge):
            session.asked = signed_in
            raise NeedsCustomer(CODE, challenge=signed_in)
        return signed_in.kaiin_token

    def _session(self, keys: Keys) -> Session:
        name = _name(keys)
        session = self._kept.setdefault(name, Session(keys.token))
        self._kept.move_to_end(name)
        while len(self._kept) > KEPT_AT_MOST:
            self._kept.popitem(last=False)
        return session


def _alive(asked: Challenge | None, clock: Clock) -> bool:
    return asked is not None and asked.expires_at is not None and clock() < asked.expires_at


def _name(keys: Keys) -> str:
    # A hash, so that no table of keys lies about in memory.
    return hashlib.sha256((keys.device or keys.token).encode()).hexdigest()
