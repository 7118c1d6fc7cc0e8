"""
The one way out to an insurer: deadline, bulkhead, breaker, and what silence means.

Whether silence is `Unavailable` or `Unconfirmed` is decided here and nowhere else: what could
not connect was not done; anything else that befalls a write may have been.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from types import TracebackType

import aiohttp
from aiohttp import hdrs
from msgspec import Struct
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from insurers.errors import Drifted, ErrorCode, InsurerError, Unavailable, Unconfirmed
from insurers.exchange import Exchange, Listener, Outcome, unheard
from insurers.identity import InsurerCode
from insurers.person import Private

CONNECT_SECONDS = 3.0

# A read that finds nobody is asked once more, after this long at most.
READ_ATTEMPTS = 2
RETRY_SECONDS = 0.05

# Asking again at once helps against a dropped connection; against slowness it makes more of it.
PATIENCE_SPENT = frozenset({ErrorCode.TIMEOUT, ErrorCode.RATE_LIMITED})

BREAKER_FAILURES = 5

TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE = 429, 503

# These say that nothing was begun, whatever was asked.
REFUSED_UNDONE = frozenset({TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE})

# Two deadlines at one instant would cancel each other's verdict: the inner one falls first, and
# a write that it cuts off is told as unconfirmed.
LEAD_SECONDS = 0.05

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


def within(seconds: float) -> AbstractAsyncContextManager[None]:
    """
    Let the block take *seconds* at most, or less where an outer block allows less.

    Raises:
        TimeoutError: it took longer. A call through `InsurerHTTP` has told its own error before.
    """
    return _Within(seconds)


class _Within:
    """Several of these surround every call, and a generator that does the same costs three times as much."""

    __slots__ = ("_seconds", "_timeout", "_token")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def __aenter__(self) -> None:
        now = asyncio.get_running_loop().time()
        at = now + self._seconds
        if (outer := _deadline.get()) is not None:
            if outer <= now:
                # Whoever stood still so long begins nothing more: a timeout alone lets out what is said without
                # waiting.
                raise TimeoutError
            at = min(at, outer - LEAD_SECONDS)
        self._timeout = asyncio.timeout_at(at)
        await self._timeout.__aenter__()
        self._token = _deadline.set(at)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _deadline.reset(self._token)
        await self._timeout.__aexit__(kind, error, trace)


@contextmanager
def allotted(seconds: float) -> Iterator[None]:
    """
    Give the block *seconds* of its own, whatever was allotted before: every `within` in it ends by then.

    Nothing is cut off by this alone, so that what was heard can still be written down.
    """
    token = _deadline.set(asyncio.get_running_loop().time() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


class Patience(Struct, frozen=True, kw_only=True):
    """
    How long one insurer is waited for, in seconds.

    An insurer's clerk-like last screen may take long, so a write may. A longer `queue` than
    this means that the insurer is slower than its callers. `rest` is how long nobody asks
    after it failed again and again.
    """

    read: float = 10.0
    write: float = 30.0
    queue: float = 2.0
    rest: float = 10.0


class Reply(Private, frozen=True, kw_only=True):
    """What an insurer answered. `cookies` are those that it set."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    cookies: Mapping[str, str]


Heard = Callable[[Reply], bool]


class InsurerHTTP:
    """Calls to one insurer over one bounded set of connections."""

    def __init__(
        self,
        insurer: InsurerCode,
        session: aiohttp.ClientSession,
        base_url: str,
        *,
        concurrent: int = 8,
        patience: Patience | None = None,
        listener: Listener = unheard,
    ) -> None:
        self.insurer = insurer
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._places = asyncio.Semaphore(concurrent)
        self._patience = patience or Patience()
        # A caller who goes away says nothing about the insurer.
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=BREAKER_FAILURES, default_ttl=self._patience.rest, exclude=[asyncio.CancelledError]
        )
        self._breaker: AbstractAsyncContextManager[object] | None = None
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
        heard: Heard = lambda _: False,
    ) -> Reply:
        """
        Ask the insurer once; a read that finds nobody is asked a second time.

        Args:
            writes: Whether being heard changes anything at the insurer. A write uses POST:
                the client library silently repeats GET and PUT on a stale connection.
            operation: The path without its parameters, for counting; needed where the path has any.
            heard: Whether an answer of 429, 500 or above says something that the caller can read.

        Raises:
            Unavailable: nothing was done, or this was a read.
            Unconfirmed: this was a write, and it may have been done.
        """
        if writes and method != "POST":
            raise ValueError("a write is a POST, which nobody repeats")
        url = self._base_url + path
        return await self._guarded(_Request(method, url, operation or path, writes, body, params, headers, heard))

    def unreadable(self, *, writes: bool) -> InsurerError:
        """The error for an answer that is not in the wire: a read has drifted, a write may have been done."""
        return Unconfirmed(self.insurer) if writes else Drifted(self.insurer)

    async def _guarded(self, request: "_Request") -> Reply:
        await self._take_place()
        try:
            # One for all calls: asking the factory for it each time takes as long as all else here.
            self._breaker = self._breaker or await self._breakers.get_breaker(self.insurer)
            async with self._breaker:
                return await self._attempted(request)
        except OpenedState:
            raise Unavailable(self.insurer, code=ErrorCode.CONNECTION_FAILED) from None
        finally:
            self._places.release()

    async def _take_place(self) -> None:
        at = _deadline.get()
        if not self._places.locked() and (at is None or asyncio.get_running_loop().time() < at):
            # Nobody waits, so this does not either.
            await self._places.acquire()
            return
        try:
            async with within(self._patience.queue):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable(self.insurer, code=ErrorCode.RATE_LIMITED) from None

    async def _attempted(self, request: "_Request") -> Reply:
        attempts = 1
        while True:
            try:
                return await self._told(request)
            except Unavailable as error:
                if request.writes or attempts == READ_ATTEMPTS or error.code in PATIENCE_SPENT:
                    raise
            attempts += 1
            await asyncio.sleep(random.uniform(0, RETRY_SECONDS))  # noqa: S311 (it keeps callers apart, and no secret)

    async def _told(self, request: "_Request") -> Reply:
        began = time.perf_counter()
        outcome, status = Outcome.UNANSWERED, None
        try:
            reply = await self._sent(request)
            outcome, status = Outcome.BUSY if self._undone(request, reply) else Outcome.ANSWERED, reply.status
            return self._readable(request, reply)
        except Unavailable as error:
            outcome = Outcome.UNREACHABLE if error.code is ErrorCode.CONNECTION_FAILED else outcome
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
        try:
            async with within(self._patience.write if request.writes else self._patience.read):
                return await self._exchange(request)
        # Neither of these had a connection, so nothing was sent.
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unavailable(self.insurer, code=ErrorCode.CONNECTION_FAILED) from None
        except TimeoutError:
            raise self._silent(request, ErrorCode.TIMEOUT) from None
        except (aiohttp.ClientError, OSError):
            raise self._silent(request, ErrorCode.UPSTREAM_UNAVAILABLE) from None

    def _undone(self, request: "_Request", reply: Reply) -> bool:
        return reply.status in REFUSED_UNDONE and not request.heard(reply)

    def _readable(self, request: "_Request", reply: Reply) -> Reply:
        if self._undone(request, reply):
            slow_down = reply.status == TOO_MANY_REQUESTS
            code = ErrorCode.RATE_LIMITED if slow_down else ErrorCode.UPSTREAM_UNAVAILABLE
            raise Unavailable(self.insurer, code=code)
        if reply.status < 500 or request.heard(reply):
            return reply
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
                cookies=_cookies(response),
            )


def _cookies(response: aiohttp.ClientResponse) -> Mapping[str, str]:
    # Most answers set none, and a jar is dear.
    if hdrs.SET_COOKIE not in response.headers:
        return {}
    return {name: morsel.value for name, morsel in response.cookies.items()}


class _Request(Private, frozen=True):
    method: str
    url: str
    operation: str
    writes: bool
    body: bytes | None
    params: Mapping[str, str] | None
    headers: Mapping[str, str] | None
    heard: Heard


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
