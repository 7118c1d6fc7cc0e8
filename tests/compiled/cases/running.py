"""Runs a case by an executor, and tells everything that came of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionHooks,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    execute,
    execute_sync,
    experimental_execute_incrementally,
    subscribe,
)
from graphql.execution import AbortedGraphQLExecutionError, Executor, ExperimentalIncrementalExecutionResults
from graphql.pyutils import is_awaitable

from tests.compiled.cases.custom import brought
from tests.compiled.cases.reading import Case
from tests.compiled.cases.stage import Stage, where
from tests.compiled.cases.words import An, Wrong

CALLED: Mapping[str, Callable[..., Any]] = {
    "execute": execute,
    "execute_sync": execute_sync,
    "execute in parts": experimental_execute_incrementally,
    "subscribe": subscribe,
}

# Whatever a run leaves behind is done after so many turns of the loop.
LAST_TURNS = 8

Told = dict[str, Any]


class Run:
    """One run of a case: *told* is what its caller saw, and what was seen at its sources."""

    def __init__(self, case: Case, root: object, shape: str) -> None:
        self.case = case
        self.stage = Stage(shape, case.objects)
        self.root = case.objects[root.name] if isinstance(root, An) else root
        self.answers: list[Any] = []
        self.causes: list[str] = []
        self.raises: str | None = None
        self.waits = False
        self.left = 0
        self._steps = iter(case.steps)

    @property
    def told(self) -> Told:
        stage = self.stage
        told = {key: getattr(self, key) for key in ("answers", "causes", "raises", "waits", "left")}
        return {**told, "calls": stage.calls, "paths": [*map(where, stage.calls)], "notes": stage.notes}

    def begin(self, schema: GraphQLSchema, document: DocumentNode, executor: type[Executor[Any]]) -> Any:
        """Call what the case calls, and answer what that does."""
        case, stage = self.case, self.stage
        options = {key: brought(option) for key, option in case.options.items()}
        if case.signal:
            options["abort_signal"] = stage.abort.signal
        if case.hooks:
            options["hooks"] = ExecutionHooks(async_work_finished=lambda _: stage.notes.append("finished"))
        if case.aborted is not None:
            stage.abort.abort(Wrong(case.aborted))
        root = stage.source(self.root) if isinstance(self.root, dict) else self.root
        return CALLED[case.called](
            schema,
            document,
            root,
            stage,
            variable_values=dict(case.variables),
            executor_class=executor,
            **options,
        )

    def without_loop(self, *asked: Any) -> Told:
        try:
            self.answer(self.begin(*asked))
        except Exception as error:  # noqa: BLE001  # What is raised is told.
            self.raised(error)
        return self.told

    async def within_loop(self, *asked: Any) -> Told:
        try:
            result = self.begin(*asked)
            if is_awaitable(result):
                self.waits = True
                task = asyncio.ensure_future(result)
                await self.go_on()
                result = await task
            if isinstance(result, AsyncIterator):
                await self.each(result)
            elif isinstance(result, ExperimentalIncrementalExecutionResults):
                self.answers.append(result.initial_result.formatted)
                self.answers.extend([part.formatted async for part in result.subsequent_results])
            else:
                self.answer(result)
        except AbortedGraphQLExecutionError as error:
            self.raised(error)
            await self.rest(error.aborted_result)
        except Exception as error:  # noqa: BLE001  # What is raised is told.
            self.raised(error)
        await self.go_on()
        for _ in range(LAST_TURNS):
            await asyncio.sleep(0)
        await self.end()
        return self.told

    async def end(self) -> None:
        """Count what is still waited for by nobody, and end it."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        self.left = len(left)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def rest(self, partial: Any) -> None:
        """Hear what an aborted execution had so far, or why it had nothing."""
        try:
            self.answer(await partial if is_awaitable(partial) else partial)
        except Exception as error:  # noqa: BLE001  # What is raised is told.
            self.raised(error)

    async def each(self, results: AsyncIterator[ExecutionResult]) -> None:
        async for result in results:
            self.answer(result)
            await self.go_on()

    async def go_on(self) -> None:
        for step in self._steps:
            if isinstance(step, int):
                for _ in range(step):
                    await asyncio.sleep(0)
                continue
            ((verb, object_),) = step.items()
            if verb == "abort":
                self.stage.abort.abort(Wrong(object_))
            else:
                self.fulfil(verb, object_)

    def fulfil(self, name: str, value: object) -> None:
        future = self.stage.promised(name)
        if future.done():
            return
        if isinstance(value, str) and value.startswith("error "):
            future.set_exception(Wrong(value.removeprefix("error ")))
        else:
            future.set_result(value)

    def answer(self, result: ExecutionResult) -> None:
        errors = result.errors or []
        self.answers.append(answer(result.data, [problem(error) for error in errors]))
        self.causes.extend(type(error.original_error).__name__ for error in errors)

    def raised(self, error: Exception) -> None:
        told = f"{type(error).__name__}: {error}"
        self.raises = f"{self.raises}, then {told}" if self.raises else told


def answer(data: Any, problems: list[Any]) -> Told:
    """Answer an answer as a case writes it."""
    return {"data": data} | ({"errors": problems} if problems else {})


def problem(error: GraphQLError) -> Any:
    """Answer an error as a case writes it: `{path:line:column: message}`, with its extensions if it has any."""
    path = ".".join(map(str, error.path or []))
    where = path + "".join(f":{at.line}:{at.column}" for at in error.locations or [])
    if not where:
        return error.message
    return {where: error.message} | ({"extensions": error.extensions} if error.extensions else {})
