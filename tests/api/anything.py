"""Whatever can be asked of our own schema, with words that are said in it (`tests.api.words`)."""

import re
from collections.abc import Sequence
from functools import cache
from random import Random

import graphql

from tests.api.booking import published
from tests.api.words import NOBODYS, places
from tests.compiled.differential import operations
from tests.compiled.differential.choices import Choices
from tests.compiled.differential.inputs import Words
from tests.compiled.differential.operations import Operation

# Bytes that an operation is chosen by; where they end, everything is at its simplest.
OF_OPERATION = 600


def drawn(entropy: int, said: Words, *, in_parts: bool = False) -> Operation:
    """Draw an operation over the published schema, the parts of its document in any order."""
    chance = Random(entropy)  # noqa: S311 (no secret: hypothesis chose it)
    # What is done under a key of its own is done anew.
    own = said._replace(at={**said.at, **{key: [f"key {entropy}"] for key in _keys()}})
    operation = operations.drawn(Choices(chance.randbytes(OF_OPERATION)), published(), in_parts, words=own)
    parts = [graphql.print_ast(part) for part in graphql.parse(operation.document).definitions]
    chance.shuffle(parts)
    return operation._replace(document="\n".join(parts), name=operation.name or "Main")


def watched(entropy: int, said: Words) -> Operation:
    """Draw a subscription over the published schema."""
    chance = Random(entropy)  # noqa: S311 (no secret: hypothesis chose it)
    return operations.watched(Choices(chance.randbytes(OF_OPERATION)), published(), said)


@cache
def _keys() -> Sequence[str]:
    return [f"{owner}.{name}" for owner, name in places() if name == "idempotencyKey"]


def confused(entropy: int) -> Operation:
    """Draw an operation, some words of which stand where others should."""
    chance = Random(entropy)  # noqa: S311 (no secret: hypothesis chose it)
    operation = drawn(entropy, NOBODYS)
    tokens = _WORDS.split(operation.document)
    named = range(1, len(tokens), 2)
    for _ in range(chance.randint(1, 3)):
        tokens[chance.choice(named)] = tokens[chance.choice(named)]
    return operation._replace(document="".join(tokens))


# Names, with what marks them.
_WORDS = re.compile(r"([$@]?\b[A-Za-z_]\w*)")
