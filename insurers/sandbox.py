"""What every insurer's sandbox shares: its clock, its temper, its post, its paper and its two doors."""

import argparse
import asyncio
import io
import sys
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

import aiosmtplib
from aiohttp import web

TOKYO = ZoneInfo("Asia/Tokyo")


class Clock(Protocol):
    """Answers the present moment, aware, in Asia/Tokyo."""

    def __call__(self) -> datetime: ...


class TestClock:
    """
    A clock that can be moved.

    It runs on from wherever it was put, or stands still when *frozen*.
    """

    # Pytest would otherwise take the name for a class of tests.
    __test__ = False

    def __init__(self, at: datetime | None = None, *, frozen: bool = False) -> None:
        self._frozen = frozen
        self.set(at or datetime.now(TOKYO))

    def __call__(self) -> datetime:
        gone = timedelta() if self._frozen else datetime.now(UTC) - self._since
        return (self._at + gone).astimezone(TOKYO)

    def set(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock is set to an aware time, such as 2026-11-20T10:00:00+09:00")
        self._at, self._since = at, datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        self.set(self() + by)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail of the insurer."""

    to: str
    subject: str
    text: str
    sender: str


class Postman(Protocol):
    """Takes the insurer's mails away."""

    async def deliver(self, letter: Letter) -> None: ...


@dataclass(frozen=True)
class SMTPPostman:
    """Delivers by real SMTP to one host."""

    host: str
    port: int

    async def deliver(self, letter: Letter) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = letter.sender, letter.to, letter.subject
        message.set_content(letter.text)
        await aiosmtplib.send(message, hostname=self.host, port=self.port, timeout=5, start_tls=False, use_tls=False)


@dataclass(frozen=True, kw_only=True)
class World:
    """What a sandbox is given and cannot make for itself."""

    clock: Clock
    postman: Postman
    seed: int = 0


class Fault(StrEnum):
    """Trouble that can be ordered for one path."""

    SILENCE = "silence"  # The deed is done, and the connection is cut without an answer.
    LOST = "lost"  # The connection is cut, and nothing is done.
    BUSY = "busy"  # 503, and nothing is done.
    SLOW = "slow"  # The deed is done after a wait.
    GIBBERISH = "gibberish"  # The deed is done; the answer is 200 and nobody can read it.


@dataclass
class Faults:
    """The faults that are still to come, by route template or by literal path, and a count of those that came."""

    planned: list[tuple[str, Fault, float]] = field(default_factory=list)
    taken: Counter[tuple[str, Fault]] = field(default_factory=Counter)

    def plan(self, path: str, fault: Fault, *, times: int = 1, seconds: float = 0.0) -> None:
        self.planned += [(path, fault, seconds)] * times

    def take(self, *paths: str) -> tuple[Fault, float] | None:
        for entry in self.planned:
            if entry[0] in paths:
                self.planned.remove(entry)
                self.taken[entry[:2]] += 1
                return entry[1:]
        return None


@dataclass(frozen=True, kw_only=True)
class Resident:
    """One of a crowd: registered, with policies whose renewal is open, and nothing special about them."""

    user_id: str
    password: str
    numbers: tuple[str, ...]


# As many policies as a resident has at most.
MOST_POLICIES = 8


class Crowd(Protocol):
    """Moves so many residents in, each with so many policies, and answers who they are. They stay until a reset."""

    def __call__(self, count: int, policies: int = 1) -> Sequence[Resident]: ...


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """One application that the insurer took: what it signed, for what, and when."""

    number: str
    successor: str
    term_starts_at: datetime
    premium: int
    document_sha256: str
    accepted_at: datetime


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request as it came in at the customers' door."""

    method: str
    path: str
    body: str


# Enough for any one test; a sandbox that runs for days forgets what is older.
RECEIVED_AT_MOST = 2_000

WORLD: web.AppKey[World] = web.AppKey("world", World)
FAULTS: web.AppKey[Faults] = web.AppKey("faults", Faults)
REQUESTS: web.AppKey[Counter[str]] = web.AppKey("requests", Counter[str])
# Whoever asks what an insurer has been told reads it here.
RECEIVED: web.AppKey[deque[Received]] = web.AppKey("received", deque)
RESET: web.AppKey[Callable[[], None]] = web.AppKey("reset")
CONTROL: web.AppKey[Sequence[web.RouteDef]] = web.AppKey("control")
CROWD: web.AppKey[Crowd] = web.AppKey("crowd")
# From now on the feeds of the two agencies that every sandbox knows (S1001, H2002) hold so many generated
# policies in all: a tenth of them in the first one's, the rest in the other's.
AGENCY_POLICIES: web.AppKey[Callable[[int], None]] = web.AppKey("agency_policies")
# Answers every application that was ever taken, in order; a test of promises counts these and nothing else.
LEDGER: web.AppKey[Callable[[], Sequence[Accepted]]] = web.AppKey("ledger")
SANDBOX: web.AppKey[web.Application] = web.AppKey("sandbox", web.Application)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def origin(request: web.Request) -> str:
    """Answer the address by which the caller reached this sandbox, for links in mails and documents."""
    return f"{request.scheme}://{request.host}"


def pdf(title: str, paragraphs: Sequence[str]) -> bytes:
    """Answer an A4 document in Japanese. The same words give the same bytes, so a hash is a version."""
    # Reportlab takes half a second to import, and a sandbox that sends no document needs none of it.
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    body = ParagraphStyle("body", fontName="HeiseiKakuGo-W5", fontSize=10.5, leading=17, wordWrap="CJK")
    heading = ParagraphStyle("heading", parent=body, fontSize=16, leading=24)
    paper = io.BytesIO()
    story = [Paragraph(title, heading), Spacer(1, 12)]
    for paragraph in paragraphs:
        story += [Paragraph(paragraph, body), Spacer(1, 6)]
    SimpleDocTemplate(paper, pagesize=A4, title=title, author="Tabane sandbox", invariant=1).build(story)
    return paper.getvalue()


@dataclass(frozen=True)
class Address:
    """Where a sandbox answers: to its customers, and to whoever orders time and trouble."""

    url: str
    control_url: str


@asynccontextmanager
async def serve(
    app: web.Application, *, host: str = "127.0.0.1", port: int = 0, control_port: int = 0
) -> AsyncIterator[Address]:
    """Open both doors of a sandbox until the block ends. Port 0 takes any free one."""
    app[FAULTS], app[REQUESTS], app[RECEIVED] = Faults(), Counter(), deque(maxlen=RECEIVED_AT_MOST)
    app.middlewares.insert(0, _temper)
    customers = await _open(app, host, port)
    try:
        control = await _open(_control(app), host, control_port)
        try:
            yield Address(_url(customers), _url(control))
        finally:
            await control.cleanup()
    finally:
        await customers.cleanup()


@web.middleware
async def _temper(request: web.Request, handler: Handler) -> web.StreamResponse:
    app = request.config_dict
    resource = request.match_info.route.resource
    template = resource.canonical if resource else request.path
    app[REQUESTS][f"{request.method} {template}"] += 1
    app[RECEIVED].append(Received(method=request.method, path=request.path_qs, body=await _body(request)))
    trouble = app[FAULTS].take(template, request.path)
    if trouble is None:
        return await handler(request)
    fault, seconds = trouble
    if fault is Fault.BUSY:
        return web.Response(status=503)
    if fault is Fault.LOST:
        return _cut(request)
    # Read now: a caller who gives up during the wait takes an unread body along.
    await request.read()
    await asyncio.sleep(seconds)
    answer = await handler(request)
    if fault is Fault.GIBBERISH:
        return web.Response(body=b"\x81\x00<html>\xff")
    return _cut(request) if fault is Fault.SILENCE else answer


async def _body(request: web.Request) -> str:
    body = await request.read()
    try:
        return body.decode(request.charset or "utf-8", errors="replace")
    except LookupError:  # A caller may name any charset.
        return body.decode(errors="replace")


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _open(app: web.Application, host: str, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


def _url(runner: web.AppRunner) -> str:
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"


def _control(sandbox: web.Application) -> web.Application:
    control = web.Application()
    control[SANDBOX] = sandbox
    control.add_routes(
        [
            web.get("/_control/clock", _tell_time),
            web.put("/_control/clock", _set_time),
            web.get("/_control/faults", _tell_faults),
            web.post("/_control/faults", _plan_fault),
            web.delete("/_control/faults", _forget_faults),
            web.get("/_control/requests", _tell_requests),
            web.delete("/_control/requests", _forget_requests),
            web.get("/_control/received", _tell_received),
            web.delete("/_control/received", _forget_received),
            web.post("/_control/reset", _reset),
            web.post("/_control/crowd", _move_in),
            web.put("/_control/agency-policies", _fill_agencies),
            web.get("/_control/ledger", _tell_ledger),
            *sandbox.get(CONTROL, ()),
        ]
    )
    return control


async def _tell_time(request: web.Request) -> web.Response:
    return web.json_response({"now": request.app[SANDBOX][WORLD].clock().isoformat()})


async def _set_time(request: web.Request) -> web.Response:
    clock = request.app[SANDBOX][WORLD].clock
    if not isinstance(clock, TestClock):
        raise web.HTTPConflict(text="This sandbox runs on real time.")
    asked = await request.json()
    try:
        if "now" in asked:
            clock.set(datetime.fromisoformat(asked["now"]))
        clock.advance(timedelta(seconds=asked.get("advance_seconds", 0)))
    except (TypeError, ValueError) as error:
        raise web.HTTPBadRequest(text=f"No such time: {error}") from None
    return await _tell_time(request)


async def _tell_faults(request: web.Request) -> web.Response:
    faults = request.app[SANDBOX][FAULTS]
    taken = [{"path": path, "fault": fault, "times": times} for (path, fault), times in faults.taken.items()]
    return web.json_response({"planned": len(faults.planned), "taken": taken})


async def _plan_fault(request: web.Request) -> web.Response:
    asked = await request.json()
    sandbox = request.app[SANDBOX]
    try:
        path, fault = str(asked["path"]), Fault(asked["fault"])
    except (KeyError, ValueError):
        kinds = ", ".join(Fault)
        raise web.HTTPBadRequest(text=f'Give {{"path": ..., "fault": one of {kinds}}}.') from None
    if not _leads_somewhere(sandbox, path):
        raise web.HTTPBadRequest(text=f"No route answers to {path!r}, so no fault could ever befall it.")
    sandbox[FAULTS].plan(path, fault, times=int(asked.get("times", 1)), seconds=float(asked.get("seconds", 0.0)))
    return web.Response(status=204)


def _leads_somewhere(sandbox: web.Application, path: str) -> bool:
    """Whether *path* is a route's template, or a path that one matches."""
    resources = list(sandbox.router.resources())
    templates = {resource.canonical for resource in resources}
    return path in templates or any(_matches(resource, path) for resource in resources)


def _matches(resource: web.AbstractResource, path: str) -> bool:
    # The router offers no question about a path alone; a resource's own pattern does.
    pattern = resource.get_info().get("pattern")
    return pattern is not None and pattern.fullmatch(path) is not None


async def _forget_faults(request: web.Request) -> web.Response:
    request.app[SANDBOX][FAULTS].planned.clear()
    return web.Response(status=204)


async def _tell_requests(request: web.Request) -> web.Response:
    counted = request.app[SANDBOX][REQUESTS]
    return web.json_response(dict(counted))


async def _forget_requests(request: web.Request) -> web.Response:
    request.app[SANDBOX][REQUESTS].clear()
    return web.Response(status=204)


async def _tell_received(request: web.Request) -> web.Response:
    return web.json_response({"received": [asdict(one) for one in request.app[SANDBOX][RECEIVED]]})


async def _forget_received(request: web.Request) -> web.Response:
    request.app[SANDBOX][RECEIVED].clear()
    return web.Response(status=204)


async def _reset(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    sandbox[FAULTS].planned.clear()
    sandbox[FAULTS].taken.clear()
    sandbox[REQUESTS].clear()
    sandbox[RECEIVED].clear()
    sandbox[RESET]()
    return web.Response(status=204)


async def _move_in(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    asked = await request.json()
    if CROWD not in sandbox or not isinstance(count := asked.get("count"), int) or count < 1:
        raise web.HTTPBadRequest(text='Give {"count": how many residents are to move in}.')
    policies = asked.get("policies", 1)
    if policies not in range(1, MOST_POLICIES + 1):
        raise web.HTTPBadRequest(text=f"A resident has 1 to {MOST_POLICIES} policies.")
    return web.json_response({"residents": [asdict(resident) for resident in sandbox[CROWD](count, policies)]})


async def _fill_agencies(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    asked = await request.json()
    if AGENCY_POLICIES not in sandbox or not isinstance(count := asked.get("count"), int) or count < 0:
        raise web.HTTPBadRequest(text='Give {"count": how many policies the agencies are to have generated in all}.')
    sandbox[AGENCY_POLICIES](count)
    return web.Response(status=204)


async def _tell_ledger(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    accepted = sandbox[LEDGER]() if LEDGER in sandbox else ()
    told = [asdict(one) | _spelled(one) for one in accepted]
    return web.json_response({"accepted": told})


def _spelled(one: Accepted) -> dict[str, str]:
    return {"term_starts_at": one.term_starts_at.isoformat(), "accepted_at": one.accepted_at.isoformat()}


def main(build: Callable[[World], web.Application], *, prog: str, port: int, control_port: int) -> None:
    """Run a sandbox by itself until it is interrupted."""
    parser = argparse.ArgumentParser(prog=prog, description="An imitation insurer on real sockets.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=port, help="where customers knock (default %(default)s)")
    parser.add_argument("--control-port", type=int, default=control_port, help="clock and faults (%(default)s)")
    parser.add_argument("--smtp-host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, default=8125, help="where its mails go (default %(default)s)")
    options = parser.parse_args(sys.argv[1:])

    async def run() -> None:
        world = World(clock=TestClock(), postman=SMTPPostman(options.smtp_host, options.smtp_port))
        doors = serve(build(world), host=options.host, port=options.port, control_port=options.control_port)
        async with doors as address:
            print(f"{prog}: {address.url}, control {address.control_url}", flush=True)
            await asyncio.Event().wait()

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        print(f"{prog}: closed")
