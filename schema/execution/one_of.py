"""
Inputs that take exactly one of their fields (GraphQL's `@oneOf`).

Strawberry keeps to itself which these are, and its own rule for them falls over a variable that nobody declares, and
over a fragment that stands before its operation. graphql-core's rules hold, once it knows of these inputs.
"""

from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    NonNullTypeNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    ValidationContext,
    ValidationRule,
    VariableNode,
    get_named_type,
    print_ast,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition


def declare(schema: GraphQLSchema) -> None:
    """Tell graphql-core which inputs of a schema of Strawberry's these are."""
    for kind in schema.type_map.values():
        definition = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if isinstance(kind, GraphQLInputObjectType) and isinstance(definition, StrawberryObjectDefinition):
            kind.is_one_of = definition.is_one_of


class OneOfVariables(ValidationRule):
    """
    A variable that may be null does not stand for the one field.

    graphql-core's `VariablesInAllowedPosition` sees that only where the input itself may be null; its words are used
    here for all the others.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        # The inputs that variables stand in, by the nodes of these variables.
        self._inputs: dict[int, GraphQLInputObjectType] = {}

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        kind = get_named_type(self.context.get_parent_input_type())
        if isinstance(node.value, VariableNode) and isinstance(kind, GraphQLInputObjectType) and kind.is_one_of:
            self._inputs[id(node.value)] = kind

    def leave_document(self, *_: Any) -> None:
        # A fragment may stand behind the operations that spread it.
        for operation in self.context.document.definitions if self._inputs else ():
            if isinstance(operation, OperationDefinitionNode):
                self._look_at(operation)

    def _look_at(self, operation: OperationDefinitionNode) -> None:
        declared = {one.variable.name.value: one for one in operation.variable_definitions or ()}
        for usage in self.context.get_recursive_variable_usages(operation):
            kind, definition = self._inputs.get(id(usage.node)), declared.get(usage.node.name.value)
            # What stands in an input that may be null, graphql-core sees.
            if kind is None or usage.parent_type is kind:
                continue
            if definition is None or isinstance(definition.type, NonNullTypeNode):
                continue
            self.report_error(
                GraphQLError(
                    f"Variable '${usage.node.name.value}' is of type '{print_ast(definition.type)}' but must be"
                    f" non-nullable to be used for OneOf Input Object '{kind}'.",
                    [definition, usage.node],
                )
            )
