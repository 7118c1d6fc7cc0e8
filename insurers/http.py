"""
The one way out to an insurer: deadline, bulkhead, breaker, and what silence means.

Whether silence is `Unavailable` or `Unconfirmed` is decided here and nowhere else: what could
not connect was not done; anything else that befalls a write may have been.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

import aiohttp
import stamina
from msgspec import Struct
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from insurers.errors import Drifted, ErrorCode, InsurerError, Unavailable, Unconfirmed
from insurers.exchange import Exchange, Listener, Outcome, unheard
from insurers.identity import InsurerCode
from insurers.person import Private

CONNECT_SECONDS = 3.0

READ_ATTEMPTS = 2
RETRY_SECONDS = 0.05

BREAKER_FAILURES = 5

TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE = 429, 503

# These say that nothing was begun, whatever was asked.
REFUSED_UNDONE = frozenset({TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE})

# Two deadlines at one instant would cancel each other's verdict: the inner one falls first, and
# a write that it cuts off is told as unconfirmed.
LEAD_SECONDS = 0.05

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """
    Let the block take *seconds* at most, or less where an outer block allows less.

    Raises:
        TimeoutError: it took longer. A call through `InsurerHTTP` has told its own error before.
    """
    now = asyncio.get_running_loop().time()
    at = now + seconds
    if (outer := _deadline.get()) is not None:
        if outer <= now:
            # Whoever stood still so long begins nothing more: a timeout alone lets out what is said without waiting.
            raise TimeoutError
        at = min(at, outer - LEAD_SECONDS)
    token = _deadline.set(at)
    try:
        async with asyncio.timeout_at(at):
            yield
    finally:
        _deadline.reset(token)


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
        try:
            async with within(self._patience.queue):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable(self.insurer, code=ErrorCode.RATE_LIMITED) from None
        try:
            async with await self._breakers.get_breaker(self.insurer):
                return await self._attempted(request)
        except OpenedState:
            raise Unavailable(self.insurer, code=ErrorCode.CONNECTION_FAILED) from None
        finally:
            self._places.release()

    async def _attempted(self, request: "_Request") -> Reply:
        if request.writes:
            return await self._told(request)
        async for attempt in stamina.retry_context(
            on=_worth_asking_again, attempts=READ_ATTEMPTS, wait_initial=RETRY_SECONDS, wait_max=RETRY_SECONDS
        ):
            with attempt:
                return await self._told(request)
        raise AssertionError("a retry context ends by an answer or an error")

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
                cookies={name: morsel.value for name, morsel in response.cookies.items()},
            )


# Asking again at once helps against a dropped connection; against slowness it makes more of it.
PATIENCE_SPENT = frozenset({ErrorCode.TIMEOUT, ErrorCode.RATE_LIMITED})


def _worth_asking_again(error: Exception) -> bool:
    return isinstance(error, Unavailable) and error.code not in PATIENCE_SPENT


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
