"""A schema's text becomes a graphql-core schema whose resolvers do what the objects' plans say."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)

from tests.compiled.differential.acting import World
from tests.compiled.differential.berries import Berries
from tests.compiled.differential.case import Schema
from tests.compiled.differential.objects import plan_of
from tests.compiled.differential.oddities import Colour
from tests.compiled.differential.stamps import unstamped, writer


class Built(NamedTuple):
    schema: GraphQLSchema
    # Classes of objects, and enums, by the type's name, where they have their own.
    classes: Mapping[str, type] = {}
    enums: Mapping[str, type[Enum]] = {}

    def member(self, enum: str, name: str) -> Any:
        """Answer what a resolver answers for a member of an enum."""
        if enum in self.enums:
            return self.enums[enum][name]
        kind = self.schema.type_map[enum]
        return kind.values[name].value if isinstance(kind, GraphQLEnumType) else name


def built(schema: Schema, is_incremental: bool = False) -> Built:
    if schema.is_strawberry:
        berries = Berries(schema)
        return Built(berries.schema(), berries.classes, berries.enums)
    return _built(schema, is_incremental)


def _built(schema: Schema, is_incremental: bool) -> Built:
    made = build_schema(schema.sdl + (INCREMENTAL if is_incremental else ""), assume_valid=True)
    has_predicates = "is_type_of" in schema.tellings.values()
    for name, kind in made.type_map.items():
        match kind:
            case GraphQLObjectType() if not name.startswith("__"):
                for field_name, field in kind.fields.items():
                    _name_arguments(field.args)
                    if f"{name}.{field_name}" not in schema.ways:
                        field.resolve = resolve
                if has_predicates and name not in ("Query", "Mutation"):
                    kind.is_type_of = _is_type_of(name)
            case GraphQLInterfaceType() | GraphQLUnionType() if schema.tellings[name] == "resolve_type":
                kind.resolve_type = resolve_type
            case GraphQLEnumType() if name in ENUMS:
                _value_enum(kind, ENUMS[name])
            case GraphQLInputObjectType():
                _name_arguments(kind.fields)
            case GraphQLScalarType() if name == "Stamp":
                kind.coerce_output_value, kind.coerce_input_value = writer(schema.sdl), unstamped
    return Built(made)


INCREMENTAL = """
directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @stream(if: Boolean! = true, label: String, initialCount: Int! = 0) on FIELD
"""

# What the enums' values are inside, where these are not their names.
ENUMS: Mapping[str, tuple[Any, ...]] = {"E1": (1, 2, 3), "E2": (Colour.RED, "TWO", None)}


def _value_enum(kind: GraphQLEnumType, values: tuple[Any, ...]) -> None:
    for value, inner in zip(kind.values.values(), values, strict=True):
        value.value = inner
    # The lookup is kept from the first use on.
    kind.__dict__.pop("_value_lookup", None)


def _name_arguments(arguments: Mapping[str, Any]) -> None:
    """Every second argument has another name in Python."""
    for name, argument in arguments.items():
        if name.endswith("1"):
            argument.out_name = f"python_{name}"


def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    world: World = info.context
    return world.resolve(source, info, arguments)


def resolve_type(value: Any, info: GraphQLResolveInfo[Any], kind: Any) -> Any:
    world: World = info.context
    world.log.append(("type", kind.name, *info.path.as_list()))
    plan = plan_of(value)
    if plan is None:
        return None
    return plan.type if plan.claims is None else world.value(plan.claims)


def _is_type_of(name: str) -> Callable[[Any, GraphQLResolveInfo[Any]], Any]:
    def is_type_of(value: Any, info: GraphQLResolveInfo[Any]) -> Any:
        world: World = info.context
        world.log.append(("is", name, *info.path.as_list()))
        plan = plan_of(value)
        if plan is None or plan.type != name:
            return False
        return True if plan.belongs is None else world.value(plan.belongs)

    return is_type_of
