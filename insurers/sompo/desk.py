"""Where Sompo is asked: one request said, one answer heard, and every refusal told in our errors."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import stamina

from insurers.errors import ErrorCode, InsurerError, Unavailable, Unconfirmed
from insurers.http import Heard, InsurerHTTP, Reply, within
from insurers.sompo.code import CODE
from insurers.sompo.mapping import refusals
from insurers.sompo.wire import itiran, lines
from insurers.sompo.wire.lines import Answer, Request, Unsayable
from insurers.sompo.wire.records import Record

HEADERS = {"Content-Type": lines.CONTENT_TYPE}

# WIRE.md §1.4 allows five requests at once from one address. Four leave room for a person's look-up beside us.
CONCURRENT_REQUESTS = 4
# Agencies' lists have a limit of their own (WIRE.md §14.1).
AGENCY_REQUESTS = 1

OK = 200
TOO_MANY_REQUESTS = 429
PDF = "application/pdf"

T = TypeVar("T")
R = TypeVar("R", bound=Record)


def head(kind: type[R]) -> Callable[[Answer], R]:
    """Read nothing but the first line."""

    def read(answer: Answer) -> R:
        answer.only()
        return answer.head(kind)

    return read


# Other processes ask from the same address, so the insurer's places may be taken (WIRE.md §1.4) for a moment.
_RUSHED = b"KEKKA_CD=91&"
RUSH_ATTEMPTS, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, JITTER_SECONDS = 6, 0.05, 0.8, 0.1
# One question, with all its repetitions. A caller's own deadline that falls into a pause is told here,
# where it is known that nothing was written.
QUESTION_SECONDS = 30.0


class Rushed(Exception):
    """The insurer has no place free, and has done nothing."""


class Desk:
    def __init__(self, http: InsurerHTTP) -> None:
        self._http = http

    async def ask(
        self,
        request: Request,
        read: Callable[[Answer], T],
        *,
        writes: bool = False,
        once: bool = False,
        also: frozenset[str] = frozenset(),
    ) -> T:
        """
        Ask, and answer what *read* makes of a success. A code in *also* counts as one.

        When the insurer says that it is too busy to listen, it is asked again after a moment, unless
        the request *writes*: to press a button again is for others to decide.

        Args:
            writes: Being heard changes something, so nobody asks a second time, and silence is unconfirmed.
            once: Nobody asks a second time, because each asking may send a mail or count as a guess;
                it is a read all the same, and silence is unavailable.

        Raises:
            InsurerError: any that the code means. What *read* cannot read is told as a drifted
                wire, or as unconfirmed where the request *writes*.
        """

        async def put() -> Reply:
            return await (self._sent_once(request) if once else self._sent(request, writes=writes))

        reply = await (put() if writes else _patiently(put))
        if not writes:
            # An answer may tell a whole account. Whoever was answered at once with this, and has to ask on, goes first.
            await asyncio.sleep(0)
        try:
            answer = lines.read(reply.body)
            if answer.kekka_cd == lines.DONE or answer.kekka_cd in also:
                return read(answer)
            refused = refusals.refusal(answer)
        # The original error may hold what was answered, which is a person's.
        except ValueError:
            raise self._http.unreadable(writes=writes) from None
        raise refused or self._http.unreadable(writes=writes)

    async def fetch(self, request: Request) -> Reply:
        """Ask for a document, which comes as it is (§7)."""
        reply = await _patiently(lambda: self._sent(request, writes=False))
        if reply.headers.get("Content-Type", "").partition(";")[0] == PDF:
            return reply
        return await self._not_fetched(reply)

    async def leaf(
        self, request: Request, read: Callable[[itiran.Page], T], limited: Callable[[Reply], InsurerError]
    ) -> T:
        """
        Ask for a page of an agency's list (§14), and answer what *read* makes of it.

        *limited* says what an answer of 429 means: it comes from a limit of the agency's own, and is
        no sign of trouble with the insurer.
        """
        reply = await _patiently(lambda: self._sent(request, writes=False, heard=_told_to_wait))
        if reply.status == TOO_MANY_REQUESTS:
            raise limited(reply)
        try:
            answer = itiran.first_line(reply.body)
            if answer.kekka_cd == lines.DONE:
                return read(itiran.page(answer, reply.body))
            refused = refusals.refusal(answer)
        except ValueError:
            raise self._http.unreadable(writes=False) from None
        raise refused or self._http.unreadable(writes=False)

    async def _not_fetched(self, reply: Reply) -> Reply:
        try:
            refused = refusals.refusal(lines.read(reply.body))
        except ValueError:
            refused = None
        raise refused or self._http.unreadable(writes=False)

    async def _sent_once(self, request: Request) -> Reply:
        try:
            return await self._sent(request, writes=True)
        except Unconfirmed:
            raise Unavailable(CODE) from None

    async def _sent(self, request: Request, *, writes: bool, heard: Heard | None = None) -> Reply:
        """Send it. An answer of another status than 200 comes back only where somebody has *heard* it."""
        try:
            body = request.body()
        except Unsayable as error:
            raise refusals.unsayable(error.sort) from None

        def told(reply: Reply) -> bool:
            # Who stands in front of the service promises for 503 alone that nothing was done (WIRE.md §1.2).
            return heard(reply) if heard else writes and reply.status == TOO_MANY_REQUESTS

        reply = await self._http.ask("POST", request.path, writes=writes, body=body, headers=HEADERS, heard=told)
        if reply.status != OK and not (heard and heard(reply)):
            raise self._http.unreadable(writes=writes)
        return reply


def _told_to_wait(reply: Reply) -> bool:
    return reply.status == TOO_MANY_REQUESTS


async def _patiently(ask: Callable[[], Awaitable[Reply]]) -> Reply:
    """Ask until the insurer has a place free, or for about two seconds of waiting."""
    try:
        async with within(QUESTION_SECONDS):
            reply = await ask()
            return await _until_heard(ask, reply) if _is_rushed(reply) else reply
    except TimeoutError:
        raise Unavailable(CODE, code=ErrorCode.TIMEOUT) from None


async def _until_heard(ask: Callable[[], Awaitable[Reply]], reply: Reply) -> Reply:
    """Ask again and again, after *reply* was that nobody listens."""
    asked = True
    with suppress(Rushed):
        async for attempt in stamina.retry_context(
            on=Rushed,
            attempts=RUSH_ATTEMPTS,
            wait_initial=FIRST_PAUSE_SECONDS,
            wait_max=LONGEST_PAUSE_SECONDS,
            wait_jitter=JITTER_SECONDS,
        ):
            with attempt:
                # The first time was before.
                reply, asked = reply if asked else await ask(), False
                if _is_rushed(reply):
                    raise Rushed
    return reply


def _is_rushed(reply: Reply) -> bool:
    return reply.body.startswith(_RUSHED)
