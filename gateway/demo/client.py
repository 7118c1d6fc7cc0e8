"""A GraphQL client, as any frontend has one."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import uuid4

from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport

from gateway.demo.teller import Failed
from insurers.text import Language

# What a schema answers is as many-shaped as what is asked of it.
Answer = dict[str, Any]

ANSWER_SECONDS = 30


class Refused(Failed):
    """The gateway did not do what it was asked to do, and said why."""


class Desk:
    """Asks by the name of an operation."""

    def __init__(self, session: AsyncClientSession) -> None:
        self._session = session

    async def ask(self, operation: str, **variables: object) -> Answer:
        return await self._session.execute(GraphQLRequest(_document(operation), variable_values=variables))

    async def order(self, operation: str, given: Mapping[str, object]) -> Answer:
        """
        Write, under a key of its own, and answer the payload.

        Raises:
            Refused: the payload carries errors.
        """
        answer = await self.ask(operation, input={**given, "idempotencyKey": str(uuid4())})
        payload: Answer = next(iter(answer.values()))
        if payload["errors"]:
            raise Refused(f"{operation}: {' / '.join(_said(error) for error in payload['errors'])}")
        return payload


def _said(error: Answer) -> str:
    return f"{error['code']}: {error['message']} {error['insurerMessage'] or ''}".strip()


@asynccontextmanager
async def connected(url: str, token: str, language: Language = Language.EN) -> AsyncIterator[Desk]:
    transport = AIOHTTPTransport(
        f"{url}/graphql",
        headers={"Authorization": f"Bearer {token}", "Accept-Language": language.value},
        timeout=ANSWER_SECONDS,
    )
    async with Client(transport=transport, execute_timeout=ANSWER_SECONDS) as session:
        yield Desk(session)


@cache
def _document(operation: str) -> str:
    """Answer one operation with the fragments that it uses: nothing else has to travel."""
    known = _definitions()
    wanted, text = [operation], ""
    for name in wanted:
        text += known[name]
        wanted += [used for used in dict.fromkeys(re.findall(r"\.\.\.(\w+)", known[name])) if used not in wanted]
    return text


@cache
def _definitions() -> Mapping[str, str]:
    source = (files("gateway.demo") / "operations.graphql").read_text(encoding="utf-8")
    parts = re.split(r"^(?=query |mutation |fragment )", source, flags=re.MULTILINE)[1:]
    return {part.split()[1].partition("(")[0]: part for part in parts}
