"""The one way out, over a real socket: what silence means, who is asked again, and who has to wait."""

import asyncio
import socket
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import aiohttp
import pytest
from aiohttp import web

from insurers.errors import Drifted, ErrorCode, InsurerError, Unavailable, Unconfirmed
from insurers.exchange import Exchange, Outcome
from insurers.http import BREAKER_FAILURES, InsurerHTTP, Patience, session, within
from insurers.identity import InsurerCode

INSURER = InsurerCode("paper")

# Long enough for an answer over loopback, short enough to be waited for.
SOON_SECONDS = 0.5
PATIENCE = Patience(read=SOON_SECONDS, write=SOON_SECONDS, queue=SOON_SECONDS, rest=600.0)
SECRET = "himitsu"


class Clerk:
    """An insurer behind a real socket, whose temper is chosen by the path."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.slowly_asked = asyncio.Event()
        self.released = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked[request.path] += 1
        first = 1 == self.asked[request.path]
        match request.path.split("/")[1:]:
            case ["status", status]:
                return web.Response(status=int(status), text="heard")
            case ["silence"]:
                hang_up(request)
            case ["silence-once"] if first:
                hang_up(request)
            case ["busy-once"] if first:
                return web.Response(status=503)
            case ["half"]:
                half = web.StreamResponse(headers={"Content-Length": "100"})
                await half.prepare(request)
                await half.write(b"half")
                hang_up(request)
            case ["slow"]:
                self.slowly_asked.set()
                await self.released.wait()
            case ["moved"]:
                raise web.HTTPFound("/status/200")
            case ["session"]:
                response = web.Response(text=request.headers.get("Cookie", "no cookie"))
                response.set_cookie("SESSION", "s1")
                return response
            case ["echo"]:
                said = b"%s %s " % (request.query_string.encode(), request.headers["X-Said"].encode())
                return web.Response(body=said + await request.read())
        return web.Response(text="heard")


def hang_up(request: web.Request) -> None:
    assert request.transport is not None
    request.transport.abort()


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()


@pytest.fixture
async def address(clerk: Clerk) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", clerk.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    yield f"http://{host}:{port}"
    clerk.released.set()
    await runner.cleanup()


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address that is taken, and where nobody listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{door.getsockname()[1]}"


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with session() as client:
        yield client


@pytest.fixture
def told() -> list[Exchange]:
    return []


@pytest.fixture
def http(client: aiohttp.ClientSession, address: str, told: list[Exchange]) -> InsurerHTTP:
    return InsurerHTTP(INSURER, client, address, patience=PATIENCE, listener=told.append)


@pytest.fixture
def unreached(client: aiohttp.ClientSession, nobody: str, told: list[Exchange]) -> InsurerHTTP:
    return InsurerHTTP(INSURER, client, nobody, patience=PATIENCE, listener=told.append)


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize("path", ["/status/200", "/status/404", "/status/422", "/moved"])
async def test_an_answer_is_an_answer_whatever_its_status(
    http: InsurerHTTP, clerk: Clerk, path: str, writes: bool
) -> None:
    reply = await http.ask("POST", path, writes=writes)

    assert reply.status in (200, 302, 404, 422)
    assert {path: 1} == clerk.asked


# A read of any method is safe; these use POST because the client library repeats GET by itself.
@pytest.mark.parametrize(
    ("path", "writes", "error", "code", "asked"),
    [
        ("/silence", False, Unavailable, ErrorCode.UPSTREAM_UNAVAILABLE, 2),
        ("/silence", True, Unconfirmed, ErrorCode.OUTCOME_UNKNOWN, 1),
        ("/half", False, Unavailable, ErrorCode.UPSTREAM_UNAVAILABLE, 2),
        ("/half", True, Unconfirmed, ErrorCode.OUTCOME_UNKNOWN, 1),
        ("/slow", False, Unavailable, ErrorCode.TIMEOUT, 1),
        ("/slow", True, Unconfirmed, ErrorCode.OUTCOME_UNKNOWN, 1),
        ("/status/500", False, Unavailable, ErrorCode.UPSTREAM_UNAVAILABLE, 2),
        ("/status/500", True, Unconfirmed, ErrorCode.OUTCOME_UNKNOWN, 1),
        ("/status/504", True, Unconfirmed, ErrorCode.OUTCOME_UNKNOWN, 1),
        # These two say that nothing was begun, so even a write was not done.
        ("/status/503", False, Unavailable, ErrorCode.UPSTREAM_UNAVAILABLE, 2),
        ("/status/503", True, Unavailable, ErrorCode.UPSTREAM_UNAVAILABLE, 1),
        ("/status/429", False, Unavailable, ErrorCode.RATE_LIMITED, 1),
        ("/status/429", True, Unavailable, ErrorCode.RATE_LIMITED, 1),
    ],
)
async def test_what_silence_means_is_decided_by_whether_it_was_a_write(
    http: InsurerHTTP, clerk: Clerk, path: str, writes: bool, error: type[InsurerError], code: ErrorCode, asked: int
) -> None:
    with pytest.raises(error) as raised:
        await http.ask("POST", path, writes=writes)

    assert (INSURER, code) == (raised.value.insurer, raised.value.code)
    assert {path: asked} == clerk.asked


@pytest.mark.parametrize(("writes", "tried"), [(False, 2), (True, 1)])
async def test_what_reached_nobody_was_not_done(
    unreached: InsurerHTTP, told: list[Exchange], writes: bool, tried: int
) -> None:
    with pytest.raises(Unavailable) as raised:
        await unreached.ask("POST", "/", writes=writes)

    assert ErrorCode.CONNECTION_FAILED is raised.value.code
    assert [Outcome.UNREACHABLE] * tried == [exchange.outcome for exchange in told]


@pytest.mark.parametrize("path", ["/silence-once", "/busy-once"])
async def test_a_read_is_asked_a_second_time(http: InsurerHTTP, clerk: Clerk, path: str) -> None:
    reply = await http.ask("POST", path, writes=False)

    assert b"heard" == reply.body
    assert {path: 2} == clerk.asked


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_a_write_that_somebody_might_repeat_is_refused(http: InsurerHTTP, clerk: Clerk, method: str) -> None:
    with pytest.raises(ValueError, match="a write is a POST"):
        await http.ask(method, "/status/200", writes=True)

    assert {} == clerk.asked


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_refusal_that_the_caller_can_read_is_an_answer(http: InsurerHTTP, clerk: Clerk, status: int) -> None:
    reply = await http.ask("POST", f"/status/{status}", writes=True, heard=lambda _: True)

    assert (status, b"heard") == (reply.status, reply.body)
    assert 1 == clerk.asked.total()


def test_what_nobody_can_read_has_drifted_or_may_have_been_done(unreached: InsurerHTTP) -> None:
    assert isinstance(unreached.unreadable(writes=False), Drifted)
    assert isinstance(unreached.unreadable(writes=True), Unconfirmed)


async def test_what_is_said_is_heard_as_it_was_said(http: InsurerHTTP) -> None:
    reply = await http.ask("POST", "/echo", writes=False, params={"q": "1"}, headers={"X-Said": "h"}, body=b"\x82\xa0")

    assert b"q=1 h \x82\xa0" == reply.body


async def test_no_cookie_of_one_call_reaches_the_next(http: InsurerHTTP) -> None:
    first, second = [await http.ask("POST", "/session", writes=False) for _ in range(2)]

    assert {"SESSION": "s1"} == first.cookies == second.cookies
    assert b"no cookie" == second.body


async def test_an_insurer_that_fails_again_and_again_is_left_alone(http: InsurerHTTP, clerk: Clerk) -> None:
    for _ in range(BREAKER_FAILURES):
        with pytest.raises(Unconfirmed):
            await http.ask("POST", "/silence", writes=True)

    for writes in (False, True):
        with pytest.raises(Unavailable) as raised:
            await http.ask("POST", "/status/200", writes=writes)
        assert ErrorCode.CONNECTION_FAILED is raised.value.code

    assert {"/silence": BREAKER_FAILURES} == clerk.asked


async def test_one_answer_in_between_forgives_the_failures(http: InsurerHTTP, clerk: Clerk) -> None:
    for _ in range(BREAKER_FAILURES):
        with pytest.raises(Unconfirmed):
            await http.ask("POST", "/silence", writes=True)
        if clerk.asked["/status/404"] == 0:
            await http.ask("POST", "/status/404", writes=False)

    assert 200 == (await http.ask("POST", "/status/200", writes=True)).status


async def test_an_insurer_is_tried_again_after_its_rest(
    client: aiohttp.ClientSession, address: str, clerk: Clerk
) -> None:
    restless = InsurerHTTP(INSURER, client, address, patience=Patience(rest=0.0))
    for _ in range(BREAKER_FAILURES):
        with pytest.raises(Unconfirmed):
            await restless.ask("POST", "/silence", writes=True)

    assert 200 == (await restless.ask("POST", "/status/200", writes=True)).status


async def test_callers_who_go_away_say_nothing_about_the_insurer(http: InsurerHTTP, clerk: Clerk) -> None:
    for _ in range(BREAKER_FAILURES):
        clerk.slowly_asked.clear()
        caller = asyncio.ensure_future(http.ask("POST", "/slow", writes=True))
        await clerk.slowly_asked.wait()
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller

    assert 200 == (await http.ask("POST", "/status/200", writes=True)).status


async def test_a_caller_waits_for_a_place_but_not_for_long(
    client: aiohttp.ClientSession, address: str, clerk: Clerk
) -> None:
    narrow = InsurerHTTP(INSURER, client, address, concurrent=1, patience=Patience(queue=SOON_SECONDS))
    occupant = asyncio.ensure_future(narrow.ask("POST", "/slow", writes=True))
    await clerk.slowly_asked.wait()

    with pytest.raises(Unavailable) as raised:
        await narrow.ask("POST", "/status/200", writes=True)
    assert ErrorCode.RATE_LIMITED is raised.value.code
    assert {"/slow": 1} == clerk.asked

    waiting = asyncio.ensure_future(narrow.ask("POST", "/status/200", writes=True))
    clerk.released.set()
    assert [200, 200] == [reply.status for reply in await asyncio.gather(occupant, waiting)]


@pytest.mark.parametrize(("writes", "error"), [(False, Unavailable), (True, Unconfirmed)])
async def test_a_deadline_around_a_call_cuts_it_off_and_still_tells_the_truth(
    client: aiohttp.ClientSession, address: str, writes: bool, error: type[InsurerError]
) -> None:
    patient = InsurerHTTP(INSURER, client, address)

    async with within(SOON_SECONDS):
        with pytest.raises(error):
            await patient.ask("POST", "/slow", writes=writes)

    assert 200 == (await patient.ask("POST", "/status/200", writes=writes)).status


async def test_a_deadline_while_waiting_for_a_place_means_that_nothing_was_sent(
    client: aiohttp.ClientSession, address: str, clerk: Clerk
) -> None:
    narrow = InsurerHTTP(INSURER, client, address, concurrent=1)
    occupant = asyncio.ensure_future(narrow.ask("POST", "/slow", writes=False))
    await clerk.slowly_asked.wait()

    async with within(SOON_SECONDS):
        with pytest.raises(Unavailable):
            await narrow.ask("POST", "/status/200", writes=True)

    assert {"/slow": 1} == clerk.asked
    clerk.released.set()
    await occupant


@pytest.mark.parametrize(("outer", "inner"), [(60.0, 0.0), (0.06, 60.0)])
async def test_the_stricter_of_two_deadlines_counts(outer: float, inner: float) -> None:
    async with within(outer):
        with pytest.raises(TimeoutError):
            async with within(inner):
                await asyncio.Event().wait()


async def test_a_deadline_ends_with_its_block() -> None:
    with pytest.raises(TimeoutError):
        async with within(0.0):
            await asyncio.Event().wait()

    async with within(60.0):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("path", "writes", "outcomes"),
    [
        ("/status/200", True, [(Outcome.ANSWERED, 200)]),
        ("/status/404", False, [(Outcome.ANSWERED, 404)]),
        ("/status/500", True, [(Outcome.ANSWERED, 500)]),
        ("/status/503", True, [(Outcome.BUSY, 503)]),
        ("/busy-once", False, [(Outcome.BUSY, 503), (Outcome.ANSWERED, 200)]),
        ("/silence-once", False, [(Outcome.UNANSWERED, None), (Outcome.ANSWERED, 200)]),
        ("/silence", True, [(Outcome.UNANSWERED, None)]),
        ("/slow", False, [(Outcome.UNANSWERED, None)]),
    ],
)
async def test_a_listener_hears_how_each_call_ended(
    http: InsurerHTTP, told: list[Exchange], path: str, writes: bool, outcomes: list[tuple[Outcome, int | None]]
) -> None:
    with suppress(InsurerError):
        await http.ask("POST", path, writes=writes)

    assert outcomes == [(exchange.outcome, exchange.status) for exchange in told]
    assert all(INSURER == exchange.insurer and path == exchange.operation for exchange in told)
    assert all(exchange.elapsed >= 0 for exchange in told)


@pytest.mark.parametrize("path", ["/status/200", "/status/500", "/silence", "/slow", "/half"])
async def test_neither_a_listener_nor_an_error_learns_what_was_said(
    http: InsurerHTTP, told: list[Exchange], path: str
) -> None:
    shown = ""
    try:
        await http.ask(
            "POST",
            path,
            writes=True,
            operation="/{what}",
            body=SECRET.encode(),
            params={"number": SECRET},
            headers={"Cookie": SECRET},
        )
    except InsurerError as error:
        shown = "".join(traceback.format_exception(error))

    assert ["/{what}"] == [exchange.operation for exchange in told]
    assert SECRET not in f"{told!r} {shown}"


async def test_whoever_stood_still_beyond_the_deadline_says_nothing_more(http: InsurerHTTP, clerk: Clerk) -> None:
    """A machine that was paused goes on where it was, and by then others may have taken the matter over."""
    # An open connection takes what is said at once, before any deadline is looked at.
    await http.ask("POST", "/status/200", writes=True)

    async with within(SOON_SECONDS / 10):
        time.sleep(SOON_SECONDS / 5)  # noqa: ASYNC251 (a process that stands still is what this is about)
        with pytest.raises(Unavailable):
            await http.ask("POST", "/status/200", writes=True)

    assert {"/status/200": 1} == clerk.asked
