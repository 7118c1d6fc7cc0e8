"""An account at the portal: the key we keep to it, and the sessions that the key opens."""

import asyncio
import hashlib
from collections import OrderedDict
from contextlib import suppress

import msgspec

from insurers.account import Access
from insurers.errors import AccessDenied, ErrorCode, Expired, InsurerError, Unavailable
from insurers.mitsui_sumitomo.line import Heard, Line
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.wire import portal
from insurers.person import Private

# An open session costs a few hundred bytes, and losing one costs a sign-in.
SESSIONS_KEPT = 1024


class Key(Private, frozen=True):
    """What lets us in without the password (WIRE.md §4.4)."""

    token: str


def access(token: str) -> Access:
    return Access(insurer=CODE, secret=msgspec.json.encode(Key(token)))


def key(access: Access) -> Key:
    try:
        return msgspec.json.decode(access.secret, type=Key)
    except ValueError:
        raise AccessDenied(CODE) from None


class _Place:
    """Room for one account's session. Who holds the lock may open another."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.cookie: str | None = None


class Sessions:
    """
    The portal, as the holder of an account sees it.

    Sessions are kept like connections: opened when one is needed, one opener at a time, and
    opened again when the insurer says that one is dead (MS-SES-02).
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._places: OrderedDict[bytes, _Place] = OrderedDict()

    def keep(self, access: Access, cookie: str) -> None:
        """Use this session, which was opened otherwise."""
        self._place(access).cookie = cookie

    async def forget(self, access: Access) -> None:
        """End the key at the portal, whoever else holds it, and the session that it opened (WIRE.md §4.5, §4.6)."""
        token = key(access).token
        place = self._places.pop(_name(access), None)
        await self._line.ask("DELETE", "/portal/login/kantan", body=portal.kantan_login(token))
        if place is not None and place.cookie is not None:
            # Without its key, a session that nobody ends dies of idleness within the hour (MS-SES-02).
            with suppress(InsurerError):
                await self._line.ask("POST", "/portal/logout", cookie=place.cookie)

    async def ask(
        self,
        access: Access,
        method: str,
        path: str,
        *,
        operation: str | None = None,
        body: bytes | None = None,
        allows: str | None = None,
    ) -> Heard:
        """Ask within the account. Whatever is asked here may be asked twice without harm, so all of it is a read."""
        place = self._place(access)
        cookie = await self._open(place, access, dead=None)
        try:
            return await self._line.ask(method, path, operation=operation, cookie=cookie, body=body, allows=allows)
        except Expired:
            cookie = await self._open(place, access, dead=cookie)
        try:
            return await self._line.ask(method, path, operation=operation, cookie=cookie, body=body, allows=allows)
        except Expired:
            raise Unavailable(CODE, code=ErrorCode.SESSION_TIMEOUT) from None

    async def _open(self, place: _Place, access: Access, *, dead: str | None) -> str:
        # Whoever needs to open none need not wait for whoever does.
        if place.cookie is not None and place.cookie != dead:
            return place.cookie
        async with place.lock:
            if place.cookie is None or place.cookie == dead:
                place.cookie = None
                place.cookie = await self._enter(access)
            return place.cookie

    async def _enter(self, access: Access) -> str:
        heard = await self._line.ask("POST", "/portal/login/kantan", body=portal.kantan_login(key(access).token))
        heard.read(portal.Login)
        return heard.cookie(portal.COOKIE)

    def _place(self, access: Access) -> _Place:
        name = _name(access)
        place = self._places.setdefault(name, _Place())
        self._places.move_to_end(name)
        while len(self._places) > SESSIONS_KEPT:
            self._places.popitem(last=False)
        return place


def _name(access: Access) -> bytes:
    # A hash, so that no table of keys lies about in memory.
    return hashlib.sha256(access.secret).digest()
