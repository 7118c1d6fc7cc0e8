"""
What stands around the execution of one request, in CPU: `python -m tests.benchmarks.road [QUERY]`.

The whole gateway is asked in this process, without a network and without an insurer, and so are its parts: by turns,
so that a busy machine is as busy for each. A part's figure holds the task that the request is.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import typer
import uvicorn
from graphql.execution import ExecutionResult
from starlette.types import ASGIApp, Message, Scope

import schema
from gateway import application, serving, telemetry, tokens
from gateway.front import front
from gateway.health import Health
from gateway.settings import Given, LogFormat, read
from gateway.telemetry import Heard, Telemetry
from insurers import panel
from insurers.hours import TOKYO
from schema.context import Context
from schema.execution import answers, asking
from schema.execution.asking import Asked
from schema.execution.executors import CompiledInOnePiece
from schema.execution.incoming import Incoming
from schema.execution.negotiation import RESPONSE
from schema.execution.passage import Passage
from schema.execution.running import ANSWERED
from schema.execution.view import GraphQLView

ROUNDS = 15
TIMES = 300
SPOKEN = "ja,en;q=0.8"

# Nobody is held up: what is limited is measured by other means.
PLENTY = 10**12

# What a part answers is its own.
Part = Callable[[], Awaitable[Any]]


class Wire:
    """What a server hands to an app for one request."""

    def __init__(self, body: bytes, token: str | None, path: str = "/graphql") -> None:
        heads = {
            "host": "127.0.0.1:8000",
            "user-agent": "road",
            "accept": RESPONSE,
            "accept-language": SPOKEN,
            "content-type": "application/json",
            "content-length": str(len(body)),
            **({"authorization": f"Bearer {token}"} if token else {}),
        }
        self.scope: Scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "client": ("127.0.0.1", 40_000),
            "headers": [(name.encode(), value.encode()) for name, value in heads.items()],
        }
        self.told: list[Message] = []
        self._body: bytes | None = body

    async def receive(self) -> Message:
        if self._body is None:
            await asyncio.get_running_loop().create_future()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body}

    async def send(self, message: Message) -> None:
        self.told.append(message)

    async def carry(self, app: ASGIApp) -> bytes:
        await app(self.scope, self.receive, self.send)
        return b"".join(message.get("body", b"") for message in self.told)


async def silent(_: Scope, __: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


@asynccontextmanager
async def parts(query: str, variables: Mapping[str, Any]) -> AsyncIterator[Mapping[str, Part]]:
    with tempfile.TemporaryDirectory() as folder:
        unlimited = {"cost_per_minute": PLENTY, "cost_per_minute_for_nobody": PLENTY}
        settings = read(Given, data_folder=Path(folder), environment="test", **unlimited)
        verifier, issuer = tokens.embedded(settings, lambda: datetime.now(UTC))
        told = Telemetry()
        async with application.opened(
            settings,
            clock=lambda: datetime.now(TOKYO),
            # Nobody listens there, and nobody is asked.
            addresses=dict.fromkeys(panel.discover(), "http://127.0.0.1:9"),
            verifier=verifier,
            issuer=issuer,
        ) as gateway:
            whole = front(gateway.app, Health({}, told.registry), told)
            body = msgspec.json.encode({"query": query, "variables": variables})
            yield _parts(whole, gateway.app, told, body, issuer.mint("三住 太郎"))


def _parts(whole: ASGIApp, app: Any, told: Telemetry, body: bytes, token: str) -> Mapping[str, Part]:
    view: GraphQLView = app._app  # noqa: SLF001 (the parts of what is measured as a whole have no doors of their own)
    built: Any = schema.build()
    asked = msgspec.json.decode(body, type=Asked)
    text = asked.query or ""
    reading = built.readings.read(text)
    heard = Heard(silent, told)

    def context() -> Context:
        return view._context(None, None, "", "127.0.0.1")  # noqa: SLF001

    async def passed() -> None:
        passage = Passage(built.readings, context())
        await passage.wrong(await passage.read(text), None, asked.variables)
        assert passage.told

    async def executed() -> ExecutionResult:
        variables: Any = asked.variables
        executor = CompiledInOnePiece.build(
            built._schema,  # noqa: SLF001
            reading.document,
            context_value=context(),
            raw_variable_values=variables,
        )
        assert not isinstance(executor, list)
        begun: Any = executor.execute_operation()
        done: ExecutionResult = begun if isinstance(begun, ExecutionResult) else await begun
        return done

    async def ran() -> Any:
        return await view.runner.executed(asked, context(), ANSWERED)

    async def answered() -> bytes:
        answer = answers.answer({"data": await found}, RESPONSE)
        return await Wire(body, token).carry(answers.Piece(answer, {}))

    async def data() -> Any:
        return (await ran()).data

    found = asyncio.ensure_future(data())
    return {
        "all of it": lambda: Wire(body, token).carry(whole),
        "all of it, without a token": lambda: Wire(body, None).carry(whole),
        "its id, log line and counters": lambda: Wire(body, token).carry(heard),
        "the token": lambda: view._authenticate(token),  # noqa: SLF001
        "reading the request": lambda: _read(Wire(body, token)),
        "running it": ran,
        ". the gate: limits, cost, rates": passed,
        ". execution alone": executed,
        "the answer": answered,
        "a task that does nothing": lambda: Wire(body, token).carry(silent),
    }


async def _read(wire: Wire) -> Asked:
    return await asking.read(Incoming(wire.scope, wire.receive))


async def measured(query: str, variables: Mapping[str, Any], rounds: int) -> Mapping[str, list[float]]:
    """Answer the microseconds of CPU that each part took, round by round."""
    async with parts(query, variables) as found:
        said = msgspec.json.decode(await found["all of it"]())
        if "errors" in said:
            raise SystemExit(f"this is refused: {said['errors']}")
        taken: dict[str, list[float]] = {name: [] for name in found}
        with serving.seldom_collected():
            for _ in range(rounds):
                for name, part in found.items():
                    began = time.process_time()
                    for _ in range(TIMES):
                        # Each in a task of its own, as a server has it.
                        await asyncio.create_task(_once(part))
                    taken[name].append((time.process_time() - began) / TIMES * 1e6)
    return taken


async def _once(part: Part) -> None:
    await part()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("query", nargs="?", default="{ __typename }")
    options.add_argument("--variables", default="{}", help="as JSON")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    given = options.parse_args()
    loops = uvicorn.Config("", log_config=None).get_loop_factory()
    # Lines are written as in production, and to nowhere.
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
        telemetry.set_up(LogFormat.JSON)
        with asyncio.Runner(loop_factory=loops) as runner:
            taken = runner.run(measured(given.query, msgspec.json.decode(given.variables), given.rounds))
    all_of_it = median(taken["all of it"])
    typer.echo(f"Python {sys.version.split()[0]}, {given.rounds} rounds of {TIMES}: {given.query}\n")
    typer.echo("| part | CPU µs, median | least | of all |\n| --- | --: | --: | --: |")
    for name, found in taken.items():
        typer.echo(f"| {name} | {median(found):.1f} | {min(found):.1f} | {median(found) / all_of_it:.0%} |")


if __name__ == "__main__":
    main()
