"""Null where none may be: nobody expected it, and the log says where it came from."""

import asyncio
import logging
from typing import Any

import pytest
from graphql import ExecutionResult, build_schema, execute, parse
from graphql.execution import Executor

from schema.execution import errors
from schema.execution.compiled import Compiled

SCHEMA = build_schema("""
    type Query { thing: Thing  things: [Thing!]  later: Thing! }
    type Thing { code: Int!  codes: [Int!] }
""")


class Compiling(Compiled, Executor[Any]):
    pass


async def nothing(*_: object) -> None:
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("{ thing { code } }", {"thing": {"code": None}}),
        ("{ thing { codes } }", {"thing": {"codes": [1, None]}}),
        ("{ things { code } }", {"things": [None]}),
        ("{ later { code } }", {"later": nothing}),
    ],
)
async def test_it_says_where_it_came_from(text: str, root: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    done: Any = execute(SCHEMA, parse(text), root, executor_class=Compiling)
    result: ExecutionResult = done if isinstance(done, ExecutionResult) else await done

    with caplog.at_level(logging.ERROR):
        errors.note(result.errors or (), "r1")

    (said,) = caplog.messages
    assert "unexpected TypeError, request r1\n" in said
