"""
The one way out to an insurer: deadline, bulkhead, breaker, and what silence means.

Whether silence is `Unavailable` or `Unconfirmed` is decided here and nowhere else: what could
not connect was not done; anything else that befalls a write may have been.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar

import aiohttp
import stamina
from msgspec import Struct
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from insurers.errors import Drifted, ErrorCode, InsurerError, Unavailable, Unconfirmed
from insurers.exchange import Exchange, Listener, Outcome, unheard
from insurers.identity import InsurerCode

# An insurer's clerk-like last screen may take long; past this nobody is waiting any more.
WRITE_BUDGET_SECONDS = 30.0
READ_BUDGET_SECONDS = 10.0

# A queue longer than this wait means that the insurer is slower than its callers.
QUEUE_SECONDS = 2.0
CONNECT_SECONDS = 3.0

READ_ATTEMPTS = 2
RETRY_SECONDS = 0.05

BREAKER_FAILURES = 5
BREAKER_REST_SECONDS = 10.0

# These say that nothing was begun, whatever was asked.
REFUSED_UNDONE = frozenset({429, 503})

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Let the block take *seconds* at most, or less where an outer block allows less."""
    at = asyncio.get_running_loop().time() + seconds
    if (outer := _deadline.get()) is not None:
        at = min(at, outer)
    token = _deadline.set(at)
    try:
        async with asyncio.timeout_at(at):
            yield
    finally:
        _deadline.reset(token)


class Reply(Struct, frozen=True, kw_only=True):
    """What an insurer answered. `cookies` are those that it set."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    cookies: Mapping[str, str]


class InsurerHTTP:
    """Calls to one insurer over one bounded set of connections."""

    def __init__(
        self,
        insurer: InsurerCode,
        session: aiohttp.ClientSession,
        base_url: str,
        *,
        concurrent: int = 8,
        listener: Listener = unheard,
    ) -> None:
        self.insurer = insurer
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._places = asyncio.Semaphore(concurrent)
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=BREAKER_FAILURES, default_ttl=BREAKER_REST_SECONDS
        )
        self._listener = listener

    async def ask(
        self,
        method: str,
        path: str,
        *,
        writes: bool,
        operation: str | None = None,
        body: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        heard: frozenset[int] = frozenset(),
    ) -> Reply:
        """
        Ask the insurer once; a read that finds nobody is asked a second time.

        Args:
            writes: Whether being heard changes anything at the insurer. A write uses POST:
                the client library silently repeats GET and PUT on a stale connection.
            operation: The path without its parameters, for counting.
            heard: Statuses of 500 and above whose body the caller can read.

        Raises:
            Unavailable: nothing was done, or this was a read.
            Unconfirmed: this was a write, and it may have been done.
        """
        if writes and method != "POST":
            raise ValueError("a write is a POST, which nobody repeats")
        request = _Request(method, self._base_url + path, operation or path, writes, body, params, headers, heard)
        if writes:
            return await self._guarded(request)
        async for attempt in stamina.retry_context(
            on=Unavailable, attempts=READ_ATTEMPTS, wait_initial=RETRY_SECONDS, wait_max=RETRY_SECONDS
        ):
            with attempt:
                return await self._guarded(request)
        raise AssertionError("a retry context ends by an answer or an error")

    def unreadable(self, *, writes: bool) -> InsurerError:
        """The error for an answer that is not in the wire: a read has drifted, a write may have been done."""
        return Unconfirmed(self.insurer) if writes else Drifted(self.insurer)

    async def _guarded(self, request: "_Request") -> Reply:
        try:
            async with asyncio.timeout(QUEUE_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable(self.insurer, code=ErrorCode.RATE_LIMITED) from None
        try:
            async with await self._breakers.get_breaker(self.insurer):
                return await self._told(request)
        except OpenedState:
            raise Unavailable(self.insurer, code=ErrorCode.CONNECTION_FAILED) from None
        finally:
            self._places.release()

    async def _told(self, request: "_Request") -> Reply:
        began = time.perf_counter()
        outcome, status = Outcome.UNANSWERED, None
        try:
            reply = await self._sent(request)
            outcome, status = Outcome.ANSWERED, reply.status
            return reply
        except Unavailable as error:
            outcome = Outcome.BUSY if error.code is ErrorCode.RATE_LIMITED else Outcome.UNREACHABLE
            raise
        finally:
            self._listener(
                Exchange(
                    insurer=self.insurer,
                    operation=request.operation,
                    outcome=outcome,
                    elapsed=time.perf_counter() - began,
                    status=status,
                )
            )

    async def _sent(self, request: "_Request") -> Reply:
        budget = WRITE_BUDGET_SECONDS if request.writes else READ_BUDGET_SECONDS
        try:
            async with within(budget):
                reply = await self._exchange(request)
        # Neither of these had a connection, so nothing was sent.
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unavailable(self.insurer, code=ErrorCode.CONNECTION_FAILED) from None
        except TimeoutError:
            raise self._silent(request, ErrorCode.TIMEOUT) from None
        except aiohttp.ClientError:
            raise self._silent(request, ErrorCode.UPSTREAM_UNAVAILABLE) from None
        if reply.status < 500 or reply.status in request.heard:
            return reply
        if reply.status in REFUSED_UNDONE:
            raise Unavailable(self.insurer, code=ErrorCode.UPSTREAM_UNAVAILABLE)
        raise self._silent(request, ErrorCode.UPSTREAM_UNAVAILABLE)

    def _silent(self, request: "_Request", code: ErrorCode) -> InsurerError:
        return Unconfirmed(self.insurer) if request.writes else Unavailable(self.insurer, code=code)

    async def _exchange(self, request: "_Request") -> Reply:
        async with self._session.request(
            request.method,
            request.url,
            data=request.body,
            params=request.params,
            headers=request.headers,
            allow_redirects=False,
        ) as response:
            return Reply(
                status=response.status,
                body=await response.read(),
                headers=response.headers,
                cookies={name: morsel.value for name, morsel in response.cookies.items()},
            )


class _Request(Struct, frozen=True):
    method: str
    url: str
    operation: str
    writes: bool
    body: bytes | None
    params: Mapping[str, str] | None
    headers: Mapping[str, str] | None
    heard: frozenset[int]


@asynccontextmanager
async def session(*, connections: int = 16) -> AsyncIterator[aiohttp.ClientSession]:
    """
    Open a client session for one insurer.

    It keeps no cookies: two customers' sessions must never meet in one jar. An adapter
    carries each cookie itself.
    """
    connector = aiohttp.TCPConnector(limit=connections, limit_per_host=connections, keepalive_timeout=30)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=True
    ) as client:
        yield client
