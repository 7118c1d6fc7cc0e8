"""Cases drawn by hypothesis."""

from collections.abc import Iterator
from typing import NamedTuple

from graphql import DocumentNode, OperationDefinitionNode, parse
from hypothesis import strategies

from tests.compiled.differential import operations, schemas
from tests.compiled.differential.building import Built, built
from tests.compiled.differential.case import Case, Schema
from tests.compiled.differential.choices import Choices
from tests.compiled.differential.worlds import WorldDrawing


class Drawn(NamedTuple):
    case: Case
    built: Built
    document: DocumentNode


def drawn(of_schema: bytes, of_cases: list[tuple[bytes, bytes]]) -> Iterator[Drawn]:
    choices = Choices(of_schema)
    in_parts = choices.likely(4)
    schema = schemas.drawn(choices)
    in_parts = in_parts and not schema.is_strawberry
    made = built(schema, in_parts)
    return (_drawn(Choices(of_operation), of_world, schema, made, in_parts) for of_operation, of_world in of_cases)


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


def _bytes(most: int) -> strategies.SearchStrategy[bytes]:
    return strategies.binary(min_size=most // 3, max_size=most)


# A schema takes longer to build than an operation to run, so some share one.
CASES = 4
DRAWN = strategies.builds(
    drawn, _bytes(300), strategies.lists(strategies.tuples(_bytes(500), _bytes(800)), min_size=CASES, max_size=CASES)
)
