"""Cases drawn by hypothesis."""

from typing import NamedTuple

from graphql import DocumentNode, OperationDefinitionNode, parse
from hypothesis import strategies

from tests.compiled.differential import operations, schemas
from tests.compiled.differential.building import Built, built
from tests.compiled.differential.case import Case
from tests.compiled.differential.choices import Choices
from tests.compiled.differential.worlds import WorldDrawing


class Drawn(NamedTuple):
    case: Case
    built: Built
    document: DocumentNode


def drawn(of_schema: bytes, of_operation: bytes, of_world: bytes) -> Drawn:
    choices = Choices(of_operation)
    in_parts, in_loop = choices.likely(3), not choices.likely(3)
    schema = schemas.drawn(Choices(of_schema))
    made = built(schema, in_parts)
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


DRAWN = strategies.builds(drawn, _bytes(300), _bytes(500), _bytes(800))
