"""Cases drawn by hypothesis."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from graphql import DocumentNode, OperationDefinitionNode, parse
from hypothesis import strategies

from tests.compiled.differential import operations, schemas
from tests.compiled.differential.building import Built, built
from tests.compiled.differential.case import Case, Schema
from tests.compiled.differential.choices import Choices
from tests.compiled.differential.worlds import WorldDrawing

# A schema takes longer to build than an operation to run, so some share one.
CASES = 4

# Bytes that are chosen by; where they end, everything is at its simplest.
OF_SCHEMA, OF_OPERATION, OF_WORLD = 300, 500, 800


class Drawn(NamedTuple):
    case: Case
    built: Built
    document: DocumentNode


def drawn(entropy: int) -> Iterator[Drawn]:
    """Answer some cases of one schema."""
    source = Random(entropy)  # noqa: S311 (no secret: hypothesis chose it)
    choices = Choices(source.randbytes(OF_SCHEMA))
    in_parts = choices.likely(4)
    schema = schemas.drawn(choices)
    in_parts = in_parts and not schema.is_strawberry
    made = built(schema, in_parts)
    for _ in range(CASES):
        yield _drawn(Choices(source.randbytes(OF_OPERATION)), source.randbytes(OF_WORLD), schema, made, in_parts)


def _drawn(choices: Choices, of_world: bytes, schema: Schema, made: Built, in_parts: bool) -> Drawn:
    in_loop = not choices.likely(3)
    operation = operations.drawn(choices, made.schema, in_parts)
    document = parse(operation.document)
    world = WorldDrawing(Choices(of_world), made.schema, schema)
    root = world.root(document, _main(document), operation.variables)
    case = Case(schema, operation.document, operation.name, operation.variables, root, in_loop, in_parts)
    return Drawn(case, made, document)


def again(case: Case) -> Drawn:
    return Drawn(case, built(case.schema, case.in_parts), parse(case.document))


def _main(document: DocumentNode) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    return next(each for each in operations if each.name is not None and each.name.value == "Main")


# One number for all of it: hypothesis likes to repeat what it drew before, and of many small choices it repeats so many
# that four of five operations come twice. What makes a case smaller (`shrinking`) knows what a case is, anyway.
DRAWN = strategies.builds(drawn, strategies.integers(0, 2**64 - 1))
