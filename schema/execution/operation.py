"""Which operation of a document is to be run."""

from collections.abc import Iterator

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, OperationType
from strawberry.extensions import SchemaExtension

from schema.context import Context


def chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """
    Answer the operation of this name, or the only one; None where there is none.

    Raises:
        GraphQLError: there are several, and none is named.
    """
    operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    if name:
        return next((one for one in operations if one.name and one.name.value == name), None)
    if len(operations) > 1:
        raise GraphQLError(
            "operationName を指定してください。 / Name one of the operations in `operationName`.",
            extensions={"code": "OPERATION_NAME_REQUIRED"},
        )
    return operations[0] if operations else None


class OneOperation(SchemaExtension):
    """A document with several operations and no name is a request error; Strawberry would run the first."""

    def on_parse(self) -> Iterator[None]:
        yield
        running = self.execution_context
        if running.graphql_document is None:
            return
        # Strawberry answers `operation_name` from the document when the request names none; only this knows.
        operation = chosen(running.graphql_document, running._provided_operation_name)  # noqa: SLF001
        if isinstance(running.context, Context):
            running.context.watches = operation is not None and operation.operation is OperationType.SUBSCRIPTION
