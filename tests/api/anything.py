"""Whatever can be asked about a town, with names of things that are there and of some that are not."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from random import Random
from typing import Any

import graphql

from tests.api.booking import published, selections
from tests.api.conftest import CODES
from tests.api.frontend import Frontend
from tests.compiled.differential import operations
from tests.compiled.differential.choices import Choices
from tests.compiled.differential.inputs import USUAL, Words
from tests.compiled.differential.operations import Operation

# Bytes that an operation is chosen by; where they end, everything is at its simplest.
OF_OPERATION = 600

# How deep names are looked for, below the query.
DEEP = 4

# What may be said of each scalar; of ids and strings more is found in a town.
SAID: dict[str, tuple[Any, ...]] = {
    "Boolean": (True, False),
    "Date": ("2026-12-01", "0001-01-01", "9999-12-31"),
    "DateTime": ("2026-11-30T16:00:00+09:00", "2026-11-30T16:00:00", "9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z"),
    "ID": ("nobody's", "", "\x00", "証" * 100),
    "Int": (1, 2, 5, 0, -1, 2**31 - 1),
    "Locale": ("ja", "en"),
    "LocalTime": ("09:00",),
    "PolicyNumber": ("X1",),
    "Secret": ("secret", "\x00", "密" * 1000),
    "String": ("", *CODES, "Capability", "RenewalStatus", "\x00", "%", "ﾞ", "\U0010ffff", "車" * 1000),
    "URL": ("https://example.com/", "", "http://[::1", "https://example.com:99999/"),
    "Yen": (50_000, 0, -1, 2**63),
}

# What none of them takes.
_NEVER: tuple[Any, ...] = ({"no": "scalar"}, [[]])


def _words(named: Mapping[str, Collection[str]]) -> Words:
    raw = {name: (*said, *sorted(named.get(name, ()))) for name, said in SAID.items()}
    literals = {name: [json.dumps(value, ensure_ascii=False) for value in said] for name, said in raw.items()}
    return Words(literals, raw, {name: (*USUAL.bad.get(name, ()), *_NEVER) for name in raw})


# Of these nothing names anything that is there.
NOBODYS = _words({})


async def words(asking: Sequence[Frontend]) -> Words:
    """Answer what may be said in a town where these ask: names of what each of them sees, and more."""
    named: dict[str, set[str]] = {"ID": set(), "String": set(), "PolicyNumber": set()}
    for frontend in asking:
        for selection in selections("Query", depth=DEEP).values():
            answer = await frontend.raw(f"{{ {selection} }}")
            for name, value in _said(answer.get("data")):
                if name in _NAMES:
                    named[_NAMES[name]].add(value)
    return _words(named)


# What a string is that stands under one of these.
_NAMES = {"id": "ID", "cursor": "String", "number": "PolicyNumber"}


def _said(answer: Any) -> Iterator[tuple[str, str]]:
    """Bring every string of an answer, with the name that it stands under."""
    inside = answer.items() if isinstance(answer, dict) else ()
    for name, value in inside:
        if isinstance(value, str):
            yield name, value
        yield from _said(value)
    for one in answer if isinstance(answer, list) else ():
        yield from _said(one)


def drawn(entropy: int, said: Words, *, in_parts: bool = False) -> Operation:
    """Draw an operation over the published schema, the parts of its document in any order."""
    chance = Random(entropy)  # noqa: S311 (no secret: hypothesis chose it)
    operation = operations.drawn(Choices(chance.randbytes(OF_OPERATION)), published(), in_parts, words=said)
    parts = [graphql.print_ast(part) for part in graphql.parse(operation.document).definitions]
    chance.shuffle(parts)
    return operation._replace(document="\n".join(parts), name=operation.name or "Main")


def confused(entropy: int) -> Operation:
    """Draw an operation, some words of which stand where others should."""
    chance = Random(entropy)  # noqa: S311 (no secret: hypothesis chose it)
    operation = drawn(entropy, NOBODYS)
    tokens = _WORDS.split(operation.document)
    places = range(1, len(tokens), 2)
    for _ in range(chance.randint(1, 3)):
        tokens[chance.choice(places)] = tokens[chance.choice(places)]
    return operation._replace(document="".join(tokens))


# Names, with what marks them.
_WORDS = re.compile(r"([$@]?\b[A-Za-z_]\w*)")
