"""What the gateway says of itself, and what it keeps to itself."""

import asyncio
import errno
import io
import json
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from typing import Any, NamedTuple

import aiohttp
import pytest
import structlog
from prometheus_client import Gauge
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway import telemetry
from gateway.front import front
from gateway.health import Check, Health
from gateway.lines import MOST_WAITING, WAITING, RequestLine, Waiting
from gateway.serving import serve
from gateway.settings import LogFormat
from gateway.telemetry import REQUEST_ID, Telemetry
from insurers.exchange import Exchange, Outcome
from insurers.identity import InsurerCode

TICKET = "sealed-and-opens-a-document"


@pytest.fixture(autouse=True)
def _for_people_again() -> Iterator[None]:
    yield
    WAITING.tell()
    telemetry.set_up(LogFormat.CONSOLE)


async def answer(request: Request) -> Response:
    logging.getLogger("elsewhere").info("a library speaks")
    return PlainTextResponse("fine")


@asynccontextmanager
async def fronted(telemetry: Telemetry, **checks: Check) -> AsyncIterator[tuple[aiohttp.ClientSession, Health]]:
    health = Health(checks, telemetry.registry, check_seconds=0.2)
    app = Starlette(routes=[Route("/graphql", answer, methods=["POST"]), Route("/documents/{ticket}", answer)])
    async with serve(front(app, health, telemetry)) as url, aiohttp.ClientSession(url) as client:
        yield client, health


class Answered(NamedTuple):
    status: int
    headers: Mapping[str, str]
    text: str


async def ask(client: aiohttp.ClientSession, path: str, method: str = "GET", **headers: str) -> Answered:
    async with client.request(method, path, headers=headers) as answered:
        return Answered(answered.status, answered.headers, await answered.text())


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    WAITING.tell()
    return written(capsys)


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


async def test_a_call_to_an_insurer_is_one_line_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.set_up(LogFormat.JSON)
    told = Telemetry()

    told.heard(
        Exchange(insurer=InsurerCode("acme"), operation="/policies", outcome=Outcome.UNANSWERED, elapsed=1.23456)
    )

    (line,) = lines(capsys)
    assert {
        "event": "insurer called",
        "level": "warning",
        "insurer": "acme",
        "operation": "/policies",
        "outcome": "unanswered",
        "status": None,
        "seconds": 1.2346,
    } == {name: value for name, value in line.items() if name != "timestamp"}
    labels = {"insurer": "acme", "operation": "/policies", "outcome": "unanswered"}
    assert 1 == told.registry.get_sample_value("tabane_insurer_exchanges_total", labels)


def call(operation: str) -> Exchange:
    return Exchange(insurer=InsurerCode("acme"), operation=operation, outcome=Outcome.ANSWERED, elapsed=0.5)


async def test_what_happens_is_told_at_once_with_what_follows_and_before_anything_else_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    telemetry.set_up(LogFormat.JSON)
    told = Telemetry()

    told.heard(call("/first"))
    told.heard(call("/second"))
    assert [] == written(capsys)
    logging.getLogger("elsewhere").warning("a library speaks")
    told.heard(call("/third"))
    structlog.stdlib.get_logger("tabane").info("so do we")

    assert ["/first", "/second", "a library speaks", "/third", "so do we"] == [
        line.get("operation", line["event"]) for line in written(capsys)
    ]


async def test_whoever_reads_counters_finds_all_that_happened() -> None:
    telemetry.set_up(LogFormat.JSON)
    told = Telemetry()

    for _ in range(3):
        told.heard(call("/policies"))

    labels = {"insurer": "acme", "operation": "/policies", "outcome": "answered"}
    assert 3 == told.registry.get_sample_value("tabane_insurer_exchanges_total", labels)
    assert 1.5 == told.registry.get_sample_value("tabane_insurer_exchange_seconds_sum", {"insurer": "acme"})


def some_line() -> RequestLine:
    return RequestLine(
        level="info", timestamp=datetime(2026, 11, 21, tzinfo=UTC), method="POST", path="/", status=200, seconds=1
    )


async def test_nothing_waits_for_long(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = Waiting(seconds=0)

    for _ in range(2):
        waiting.add(some_line)
        waiting.add(some_line)
        assert [] == written(capsys)
        told = asyncio.Event()
        asyncio.get_running_loop().call_later(0, told.set)
        await told.wait()
        assert 2 == len(written(capsys))


async def test_not_too_much_waits(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = Waiting(seconds=60)

    for _ in range(2 * MOST_WAITING + 1):
        waiting.add(some_line)

    assert 2 * MOST_WAITING == len(written(capsys))


async def test_however_often_it_is_told_sooner_there_is_one_timer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, waiting, begun = asyncio.get_running_loop(), Waiting(seconds=0), 0
    later = loop.call_later

    def counted(*args: Any, **named: Any) -> asyncio.TimerHandle:
        nonlocal begun
        begun += 1
        return later(*args, **named)

    monkeypatch.setattr(loop, "call_later", counted)
    for times in (1, 2):
        for _ in range(5):
            waiting.add(some_line)
            waiting.tell()
        waiting.add(some_line)
        assert times == begun
        gone_by = asyncio.Event()
        later(0, gone_by.set)
        await gone_by.wait()
        assert 6 == len(written(capsys))


def test_what_a_loop_left_behind_is_told_by_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = 0.05
    waiting = Waiting(seconds)

    async def left() -> None:
        waiting.add(some_line)

    async def told() -> None:
        waiting.add(some_line)
        ended = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, ended.set)
        await ended.wait()

    for life, many in ((left, 0), (told, 2)):
        loop = asyncio.new_event_loop()
        with closing(loop):
            loop.run_until_complete(life())
        assert many == len(written(capsys))


async def test_what_a_thread_says_waits_for_the_loop_that_waits(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = Waiting(seconds=60)
    waiting.add(some_line)

    await asyncio.to_thread(waiting.add, some_line)
    assert 0 == len(written(capsys))
    waiting.tell()

    assert 2 == len(written(capsys))


def test_between_two_lives_of_a_loop_nothing_waits(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = Waiting(seconds=60)

    async def said() -> None:
        waiting.add(some_line)

    loop = asyncio.new_event_loop()
    with closing(loop):
        for many in (0, 1, 0):
            loop.run_until_complete(said())
            if many:
                waiting.add(some_line)
            assert (many and 3) == len(written(capsys))


def test_what_is_said_in_the_midst_of_telling_waits_for_its_turn(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = Waiting()

    def said_by_a_finalizer() -> RequestLine:
        waiting.add(some_line)
        waiting.tell()
        return some_line()

    waiting.add(said_by_a_finalizer)

    assert 2 == len(written(capsys))


async def test_what_is_said_while_another_thread_writes_is_told_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, writes = Waiting(seconds=60), Writing()
    monkeypatch.setattr(sys, "stderr", writes)
    waiting.add(some_line)

    telling = asyncio.create_task(asyncio.to_thread(waiting.tell))
    await asyncio.to_thread(writes.begun.wait)
    waiting.add(some_line)
    # Who has the word is not waited for.
    waiting.tell()
    assert 1 == writes.lines
    writes.going.set()
    await telling

    assert 2 == writes.lines


class Writing(io.StringIO):
    """A log that takes its time, until it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.going = threading.Event(), threading.Event()
        self.lines = 0

    def write(self, said: str) -> int:
        self.lines += said.count("\n")
        self.begun.set()
        self.going.wait()
        return len(said)


def test_where_no_loop_runs_nothing_waits(capsys: pytest.CaptureFixture[str]) -> None:
    Waiting().add(some_line)

    assert 1 == len(written(capsys))


async def test_everything_said_during_a_request_carries_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.set_up(LogFormat.JSON)
    async with fronted(Telemetry()) as (client, _):
        answered = await ask(client, "/graphql", "POST", **{REQUEST_ID: "browser-0001"})

    assert "browser-0001" == answered.headers[REQUEST_ID]
    assert [("a library speaks", "browser-0001"), ("request answered", "browser-0001")] == [
        (line["event"], line["request_id"]) for line in lines(capsys)
    ]


@pytest.mark.parametrize("given", [None, "short", "x" * 65, "with spaces", "名前-名前-名前"])
async def test_an_id_that_will_not_do_is_replaced(given: str | None) -> None:
    async with fronted(Telemetry()) as (client, _):
        answered = await ask(client, "/graphql", "POST", **({REQUEST_ID: given} if given else {}))

    assert given != answered.headers[REQUEST_ID]
    assert 32 == len(answered.headers[REQUEST_ID])


async def test_two_requests_at_once_do_not_share_an_id() -> None:
    async with fronted(Telemetry()) as (client, _):
        answers = await asyncio.gather(*(ask(client, "/graphql", "POST") for _ in range(5)))

    assert 5 == len({answered.headers[REQUEST_ID] for answered in answers})


async def test_no_path_or_query_tells_whom_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.set_up(LogFormat.JSON)
    async with fronted(Telemetry()) as (client, _):
        await ask(client, f"/documents/{TICKET}?name=三住")
        await ask(client, "/三住/太郎")

    said = lines(capsys)
    assert ["/documents/…", "(unknown)"] == [line["path"] for line in said if "path" in line]
    assert TICKET not in str(said)
    assert "三住" not in str(said)


class FullDisk(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("form", LogFormat)
async def test_who_asks_is_answered_though_no_line_can_be_written(
    monkeypatch: pytest.MonkeyPatch, form: LogFormat
) -> None:
    telemetry.set_up(form)
    monkeypatch.setattr(sys, "stderr", FullDisk())

    async with fronted(Telemetry()) as (client, _):
        answered = await ask(client, "/graphql", "POST")
        WAITING.tell()

    assert (200, "fine") == (answered.status, answered.text)


async def test_a_traceback_shows_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(password: str) -> None:
        raise RuntimeError("refused")

    for form in LogFormat:
        telemetry.set_up(form)
        try:
            refuse(TICKET)
        except RuntimeError:
            structlog.stdlib.get_logger("tabane").exception("it failed")

        said = capsys.readouterr().err
        assert "RuntimeError: refused" in said
        assert TICKET not in said


async def well() -> None:
    return


async def ill() -> None:
    raise ConnectionError("postgresql://tabane:password@db")


async def stuck() -> None:
    await asyncio.Event().wait()


async def test_it_is_ready_when_every_part_is_well() -> None:
    async with fronted(Telemetry(), database=well, insurers=well) as (client, _):
        answered = await ask(client, "/health/ready")

        assert (200, {"status": "ready", "checks": {"database": "ok", "insurers": "ok"}}) == (
            answered.status,
            json.loads(answered.text),
        )


@pytest.mark.parametrize("check", [ill, stuck])
async def test_it_lives_but_is_not_ready_when_a_part_is_not_well(check: Check) -> None:
    async with fronted(Telemetry(), database=check, insurers=well) as (client, _):
        ready, live = await ask(client, "/health/ready"), await ask(client, "/health/live")

        assert (503, {"status": "not ready", "checks": {"database": "failed", "insurers": "ok"}}) == (
            ready.status,
            json.loads(ready.text),
        )
        assert 200 == live.status


async def test_whoever_drains_is_not_ready_and_still_answers() -> None:
    async with fronted(Telemetry(), database=well) as (client, health):
        health.drain()
        ready, work = await ask(client, "/health/ready"), await ask(client, "/graphql", "POST")

        assert (503, {"status": "draining"}) == (ready.status, json.loads(ready.text))
        assert 200 == work.status


async def test_what_was_counted_can_be_read() -> None:
    telemetry.set_up(LogFormat.JSON)
    async with fronted(Telemetry()) as (client, _):
        await ask(client, "/graphql", "POST")
        answered = await ask(client, "/metrics")

    assert answered.headers["Content-Type"].startswith("text/plain")
    assert 'tabane_requests_total{method="POST",status="200"} 1.0' in answered.text


@pytest.mark.parametrize("error", [None, ConnectionError])
async def test_figures_of_the_database_are_brought_up_to_date_before_they_are_shown(
    error: type[Exception] | None,
) -> None:
    told = Telemetry()
    waiting = Gauge("tabane_waiting", "Invented.", ("state",), registry=told.registry)

    async def counted() -> None:
        waiting.clear()
        if error:
            raise error
        waiting.labels("queued").set(7)

    health = Health({}, told.registry, counted=counted)
    async with serve(front(Starlette(), health, told)) as url, aiohttp.ClientSession(url) as client:
        answered = await ask(client, "/metrics")

    # What cannot be had does not take the rest with it.
    assert (200, error is None) == (answered.status, 'tabane_waiting{state="queued"} 7.0' in answered.text)


async def test_a_balancers_questions_are_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.set_up(LogFormat.JSON)
    async with fronted(Telemetry()) as (client, _):
        await ask(client, "/health/live")

    assert [] == lines(capsys)


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("uvicorn.error", "Invalid UTF-8 sequence received from client.", "what came on a socket is no UTF-8"),
        (
            "strawberry.ws",
            "Rejected WebSocket connection from origin %r to host %r.",
            "a page of another origin opened no socket",
        ),
    ],
)
def test_what_anybody_can_bring_about_is_no_error_and_shows_nothing_of_it(
    capsys: pytest.CaptureFixture[str], name: str, words: str, told: str
) -> None:
    telemetry.set_up(LogFormat.JSON)
    try:
        raise ValueError(TICKET)
    except ValueError:
        logging.getLogger(name).exception(words, *[TICKET] * words.count("%r"))

    (line,) = written(capsys)
    assert (told, "warning") == (line["event"], line["level"])
    assert TICKET not in json.dumps(line)
