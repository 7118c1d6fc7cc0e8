"""What holds for every operation, whatever it asks."""

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


class OneOperation(SchemaExtension):
    """A document with several operations and no name is a request error; Strawberry would run the first."""

    def on_parse(self) -> Iterator[None]:
        yield
        running = self.execution_context
        document = running.graphql_document
        # Strawberry answers `operation_name` from the document when the request names none; only this knows.
        named = running._provided_operation_name  # noqa: SLF001
        if document is None or named:
            return
        operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
        if len(operations) > 1:
            raise GraphQLError(
                "operationName を指定してください。 / Name one of the operations in `operationName`.",
                extensions={"code": "OPERATION_NAME_REQUIRED"},
            )
