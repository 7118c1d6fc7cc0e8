"""What the gateway says of itself: log lines and counters, and never whom they are about."""

import json
import logging
import random
import re
import sys
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial

import structlog
from msgspec import UNSET
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict

from gateway import lines
from gateway.lines import WAITING, CallLine, RequestLine, Told
from gateway.settings import LogFormat
from insurers.exchange import Exchange, Outcome
from schema.execution.compiled import Compiled

REQUEST_ID = "X-Request-ID"
_REQUEST_ID = REQUEST_ID.lower().encode()

# Of the request that is being answered.
_REQUEST: ContextVar[str | None] = ContextVar("request_id", default=None)

# What a caller may call a request: enough for every usual id, nothing that could forge a line.
_ACCEPTABLE_ID = re.compile(rb"[\w.-]{8,64}")

# The first words of our own paths are short and plain.
_OURS = re.compile(r"[a-z.-]{0,16}")

# From a local sandbox to an insurer that thinks for half a minute.
SECONDS_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30)

# Their info is about every request and every connection, with its parameters.
TALKATIVE = ("aiohttp", "alembic", "aiosqlite", "asyncio", "gql", "sqlalchemy.engine", "uvicorn")

# What libraries say of what anybody can bring about from outside, by its first words, and what is said in its place. It
# is no error of ours, and shows neither a traceback nor what was sent.
_FROM_OUTSIDE = {
    "Invalid UTF-8 sequence received": "what came on a socket is no UTF-8",
    "Rejected WebSocket connection from origin": "a page of another origin opened no socket",
}

log = structlog.stdlib.get_logger("tabane")


# How this process writes, once it is set up.
_written_as: LogFormat | None = None


def set_up(form: LogFormat, *, level: int = logging.INFO) -> None:
    """Send every log line of the process from *level* on, ours and the libraries', to stderr in one form."""
    global _written_as  # noqa: PLW0603 (logging itself is one for the process)
    _written_as = form
    shared: list[structlog.typing.Processor] = [
        _in_order,
        _with_request_id,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Ours go straight there: the library's road for them costs more than many a request.
    structlog.configure(
        processors=[_loud_enough, *shared, *_ENDS[form]],
        logger_factory=lambda *_: _Stderr(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        cache_logger_on_first_use=True,
    )
    writer = logging.StreamHandler(sys.stderr)
    writer.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ENDS[form]],
        )
    )
    writer.addFilter(_from_outside)
    root = logging.getLogger()
    root.handlers = [writer]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _from_outside(record: logging.LogRecord) -> bool:
    for begins, told in _FROM_OUTSIDE.items():
        if str(record.msg).startswith(begins):
            record.msg, record.args, record.exc_info = told, (), None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


class _Stderr:
    """Where lines of ours end. A logger lives longer than what stderr is at the time."""

    def msg(self, line: str) -> None:
        lines.write(f"{line}\n")

    debug = info = warning = error = critical = msg


def _tell(told: Told) -> None:
    if _written_as is LogFormat.JSON and logging.root.isEnabledFor(logging.INFO):
        WAITING.add(told)
        return
    line = told()
    getattr(log, line.level)(**line.shown)


def _loud_enough(_: object, method: str, said: EventDict) -> EventDict:
    if not logging.root.isEnabledFor(_LEVELS[method]):
        raise structlog.DropEvent
    return said


_LEVELS = {name.lower(): number for name, number in logging.getLevelNamesMapping().items()}


def _in_order(_: object, __: str, said: EventDict) -> EventDict:
    WAITING.tell()
    return said


def _with_request_id(_: object, __: str, said: EventDict) -> EventDict:
    request_id = _REQUEST.get()
    if request_id:
        said.setdefault("request_id", request_id)
    return said


def _json(_: object, __: str, said: EventDict) -> str:
    return _JSON.encode(said)


# What is no JSON is told as it shows itself, and what is private shows nothing.
_JSON = json.JSONEncoder(ensure_ascii=False, default=repr)

# Neither form prints local variables of a traceback: they hold what customers said.
_ENDS: dict[LogFormat, list[structlog.typing.Processor]] = {
    LogFormat.CONSOLE: [
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    ],
    LogFormat.JSON: [structlog.processors.format_exc_info, _json],
}


class Telemetry:
    """
    Counts and tells. `registry` is what `/metrics` shows; each gateway has its own.

    Labels are codes, words of ours and paths without parameters, so there are never many: what counts one set of
    them is looked up once.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Waiting())
        self._exchanges = Counter(
            "tabane_insurer_exchanges",
            "Calls to insurers, by how they ended.",
            ("insurer", "operation", "outcome"),
            registry=self.registry,
        )
        self._heard: dict[tuple[str, str, str], tuple[Counter, Histogram]] = {}
        self._exchange_seconds = Histogram(
            "tabane_insurer_exchange_seconds",
            "How long insurers took.",
            ("insurer",),
            buckets=SECONDS_BUCKETS,
            registry=self.registry,
        )
        self._requests = Counter(
            "tabane_requests", "Requests of clients, by status.", ("method", "status"), registry=self.registry
        )
        self._answered: dict[tuple[str, int], Counter] = {}
        self._request_seconds = Histogram(
            "tabane_request_seconds",
            "How long clients waited for an answer to begin.",
            buckets=SECONDS_BUCKETS,
            registry=self.registry,
        )

        self.registry.register(_Operations())

    def heard(self, exchange: Exchange) -> None:
        """Listen to what went between us and an insurer (`insurers.exchange.Listener`)."""
        _tell(partial(self._called, exchange, datetime.now(UTC), _REQUEST.get()))

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        _tell(partial(self._requested, method, path, status, seconds, datetime.now(UTC), _REQUEST.get()))

    def _called(self, exchange: Exchange, at: datetime, request_id: str | None) -> CallLine:
        insurer, operation, outcome = exchange.insurer, exchange.operation, exchange.outcome.value
        if (heard := self._heard.get((insurer, operation, outcome))) is None:
            counted, timed = self._exchanges.labels(insurer, operation, outcome), self._exchange_seconds.labels(insurer)
            heard = self._heard[insurer, operation, outcome] = counted, timed
        heard[0].inc()
        heard[1].observe(exchange.elapsed)
        return CallLine(
            level="info" if exchange.outcome is Outcome.ANSWERED else "warning",
            timestamp=at,
            request_id=request_id or UNSET,
            insurer=insurer,
            operation=operation,
            outcome=outcome,
            status=exchange.status,
            seconds=round(exchange.elapsed, 4),
        )

    def _requested(
        self, method: str, path: str, status: int, seconds: float, at: datetime, request_id: str | None
    ) -> RequestLine:
        answered = self._answered.get((method, status))
        if answered is None:
            answered = self._answered[method, status] = self._requests.labels(method, str(status))
        answered.inc()
        self._request_seconds.observe(seconds)
        return RequestLine(
            level="info",
            timestamp=at,
            request_id=request_id or UNSET,
            method=method,
            path=_place(path),
            status=status,
            seconds=round(seconds, 4),
        )


class _Waiting(Collector):
    """Has no figures. It is asked before those that have, and sees that nothing waits to be counted."""

    def collect(self) -> Iterable[Metric]:
        WAITING.tell()
        return ()


class _Operations(Collector):
    """How operations were run in this process, as it is counted where they are."""

    def collect(self) -> Iterable[Metric]:
        told = CounterMetricFamily(
            "tabane_graphql_operations",
            "Operations, by whether they were compiled or handed over to graphql-core, and why.",
            labels=("way", "reason"),
        )
        for (way, reason), many in Compiled.plans.counts.items():
            told.add_metric([way.replace(" ", "_"), reason], many)
        yield told


class Heard:
    """An app whose every request has an id, in its log lines and in the answer, and is told in one line."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry, *, elapsed: Callable[[], float] = time.perf_counter) -> None:
        self._app = app
        self._telemetry = telemetry
        self._elapsed = elapsed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        before = _REQUEST.set(request_id)
        try:
            await self._app(scope, receive, self._told(scope, send, request_id))
        finally:
            _REQUEST.reset(before)

    def _told(self, scope: Scope, send: Send, request_id: str) -> Send:
        began = self._elapsed()

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (_REQUEST_ID, request_id.encode())]
                seconds = self._elapsed() - began
                self._telemetry.answered(scope["method"], scope["path"], message["status"], seconds)
            await send(message)

        return tell


def _place(path: str) -> str:
    """Answer the first word of a path: what follows may open a document, and an unknown path may hold anything."""
    first, slash, _ = path.removeprefix("/").partition("/")
    return f"/{first}{slash and '/…'}" if _OURS.fullmatch(first) else "(unknown)"


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == _REQUEST_ID:
            if _ACCEPTABLE_ID.fullmatch(value):
                return bytes(value).decode()
            break
    return f"{random.getrandbits(128):032x}"
