"""Which operation of a document is to be run."""

import re
from collections.abc import Iterator, Sequence

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
)
from strawberry.extensions import SchemaExtension

from schema.context import Context


def chosen(operations: Sequence[OperationDefinitionNode], name: str | None) -> OperationDefinitionNode | None:
    """
    Answer the operation of this name, or the only one; None where there is none.

    Raises:
        GraphQLError: there are several, and none is named.
    """
    if name:
        return next((one for one in operations if one.name and one.name.value == name), None)
    if len(operations) > 1:
        raise GraphQLError(
            "operationName を指定してください。 / Name one of the operations in `operationName`.",
            extensions={"code": "OPERATION_NAME_REQUIRED"},
        )
    return operations[0] if operations else None


def defined(document: DocumentNode) -> Sequence[OperationDefinitionNode]:
    return [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]


NOT_TOLD = (
    "このゲートウェイではスキーマを問い合わせできません。公開されている SDL をご利用ください。"
    " / This gateway does not tell its schema: use the published SDL."
)

# The router of a federation asks for it by a field of its own.
_OF_SCHEMA = frozenset({"__schema", "__type", "_service"})

# A document without these letters need not be walked through.
_PERHAPS = re.compile(r"__schema|__type\b|_service")


def asks_for_schema(document: DocumentNode) -> bool:
    """Whether any operation or fragment of *document* asks for the schema itself."""
    sets = [part.selection_set for part in document.definitions if isinstance(part, ExecutableDefinitionNode)]
    while sets:
        for selection in sets.pop().selections:
            if isinstance(selection, FieldNode) and selection.name.value in _OF_SCHEMA:
                return True
            if isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                sets.append(selection.selection_set)
    return False


def not_told() -> GraphQLError:
    return GraphQLError(NOT_TOLD, extensions={"code": "INTROSPECTION_OFF"})


def note(context: Context, operation: OperationDefinitionNode | None) -> None:
    """Note for whoever waits what kind of operation it is."""
    kind = operation.operation if operation else None
    context.watches = kind is OperationType.SUBSCRIPTION
    context.writes = kind is OperationType.MUTATION


class OneOperation(SchemaExtension):
    """A document with several operations and no name is a request error; Strawberry would run the first."""

    def on_parse(self) -> Iterator[None]:
        yield
        running = self.execution_context
        document, context = running.graphql_document, running.context
        if document is None:
            return
        ours = isinstance(context, Context)
        if ours and not context.introspection and _PERHAPS.search(running.query or "") and asks_for_schema(document):
            raise not_told()
        # Strawberry answers `operation_name` from the document when the request names none; only this knows.
        operation = chosen(defined(document), running._provided_operation_name)  # noqa: SLF001
        if ours:
            note(context, operation)
