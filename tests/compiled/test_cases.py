"""What graphql-core's own tests say of execution, said of the compiler, too."""

import asyncio
import gc
import warnings
from itertools import product
from typing import Any

import pytest
from graphql import DocumentNode, parse
from graphql.execution import Executor

from schema.execution.compiled import Compiled
from schema.execution.compiled.plans import Plans
from tests.compiled.cases import reading, schemas
from tests.compiled.cases.custom import EXECUTORS
from tests.compiled.cases.reading import COMPILED, Case
from tests.compiled.cases.running import Run, Told

CASES = list(reading.cases())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_compiled_is_answered_as_by_graphql_core(case: Case) -> None:
    executor = EXECUTORS[case.executor]
    compiling = watched(executor)
    # Each document is one object, so that all but the first run of it find a plan.
    documents = [parse(document, **case.parsing) for document in case.documents]

    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        for document, shape, root in product(documents, case.shapes, case.roots):
            expected = case.expected(shape)
            plain = told(loop, Run(case, root, shape), document, executor)
            compiled = told(loop, Run(case, root, shape), document, compiling)

            assert expected == {key: plain[key] for key in expected}, f"graphql-core itself, of {shape}"
            assert expected == {key: compiled[key] for key in expected}, f"of {shape}"
            assert plain == compiled, f"of {shape}"
            # Python takes 1 for equal to True.
            assert repr(plain) == repr(compiled), f"of {shape}"

    assert set(case.ways) == {reason or way for way, reason in compiling.plans.counts}
    assert not compiling.handed_over or COMPILED not in case.ways


def watched(executor: type[Executor[Any]]) -> Any:
    """Answer an executor that compiles, with plans of its own, and that says if it executes as graphql-core does."""

    class Compiling(Compiled, executor):  # type: ignore[misc, valid-type]
        plans = Plans()
        handed_over = 0

        def execute_collected_root_fields(self, *args: Any) -> Any:
            Compiling.handed_over += 1
            return super().execute_collected_root_fields(*args)

    return Compiling


def told(loop: asyncio.AbstractEventLoop, run: Run, document: DocumentNode, executor: type[Executor[Any]]) -> Told:
    asked = schemas.schema(run.case, run.stage.shape), document, executor
    with warnings.catch_warnings():
        if run.case.forgets:
            # Of coroutines that nobody awaits: graphql-core drops some where it may not wait.
            warnings.simplefilter("ignore", RuntimeWarning)
            # What stands by now is not looked through.
            gc.freeze()
        found = loop.run_until_complete(run.within_loop(*asked)) if run.case.loop else run.without_loop(*asked)
        if run.case.forgets:
            # Some of them stand in the frames of an error, which refers to itself.
            gc.collect()
            gc.unfreeze()
    return found
