"""Sessions by cookie, dead after sixty idle minutes (WIRE.md §2)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from aiohttp import web

from insurers.sandbox import Clock

from .problems import Refusal

# MS-SES-02: 60分以上画面を操作しない状態が続くと、タイムアウト.
IDLE = timedelta(minutes=60)

# A dead session is remembered so long, to be called expired and not unknown.
REMEMBERED = timedelta(days=1)

Visitor = TypeVar("Visitor")


@dataclass
class _Seat(Generic[Visitor]):
    visitor: Visitor
    touched_at: datetime


class Sessions(Generic[Visitor]):
    """Who is inside, behind one cookie."""

    def __init__(self, clock: Clock, *, cookie: str, path: str) -> None:
        self._clock, self._cookie, self._path = clock, cookie, path
        self._seats: dict[str, _Seat[Visitor]] = {}

    def visitor(self, request: web.Request) -> Visitor:
        """
        Answer who calls, and let the sixty minutes begin anew.

        Raises:
            Refusal: `not-logged-in` or `session-expired`.
        """
        seat = self._seats.get(request.cookies.get(self._cookie, ""))
        if seat is None:
            raise Refusal("not-logged-in")
        if not self._alive(seat):
            raise Refusal("session-expired")
        seat.touched_at = self._clock()
        return seat.visitor

    def open(self, visitor: Visitor, request: web.Request, response: web.Response) -> None:
        """Seat a visitor under a new cookie; the one that came with the request is void."""
        self.close(request)
        now = self._clock()
        self._seats = {key: seat for key, seat in self._seats.items() if now - seat.touched_at < REMEMBERED}
        key = secrets.token_urlsafe(24)
        self._seats[key] = _Seat(visitor, now)
        response.set_cookie(self._cookie, key, path=self._path, httponly=True, samesite="Strict")

    def close(self, request: web.Request) -> None:
        self._seats.pop(request.cookies.get(self._cookie, ""), None)

    def dismiss(self, unwanted: Callable[[Visitor], bool]) -> None:
        self._seats = {key: seat for key, seat in self._seats.items() if not unwanted(seat.visitor)}

    def _alive(self, seat: _Seat[Visitor]) -> bool:
        return self._clock() - seat.touched_at < IDLE
