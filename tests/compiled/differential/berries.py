"""A schema's text becomes Strawberry types: attributes, methods, permissions, and fields of many objects."""

from asyncio import sleep
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from functools import partial, reduce
from inspect import Parameter, Signature
from operator import or_
from typing import Annotated, Any, NewType

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    value_from_ast_untyped,
)
from strawberry.annotation import StrawberryAnnotation
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig
from strawberry.types.field import StrawberryField

from schema.batched import for_one, of_many
from schema.execution.compiled.lasting import LASTING, Lasts
from tests.compiled.differential.case import Schema, Way
from tests.compiled.differential.objects import PLAN, attribute
from tests.compiled.differential.stamps import unstamped, writer

Stamp = NewType("Stamp", object)

# What the members of each enum are; one has equal ones of different types, one a null.
VALUES: Sequence[Any] = (1, "TWO", None)


class Berries:
    """The Strawberry types of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._ways, self._lasting = schema.ways, schema.lasting
        self._written = writer(schema.sdl)
        self._drawn = build_schema(schema.sdl, assume_valid=True)
        self.enums: dict[str, type[Enum]] = {}
        self.classes: dict[str, type] = {}
        self._named: dict[str, Any] = {
            "String": str,
            "Int": int,
            "Float": float,
            "Boolean": bool,
            "ID": strawberry.ID,
            "Stamp": Stamp,
        }
        kinds = [kind for name, kind in self._drawn.type_map.items() if not name.startswith("__")]
        for make in (self._enum, self._input, self._interface, self._object, self._union):
            for kind in kinds:
                make(kind)
        for kind in kinds:
            if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
                definition = self._named[kind.name].__strawberry_definition__
                definition.fields += [self._field(kind.name, name, field) for name, field in kind.fields.items()]

    def schema(self) -> GraphQLSchema:
        stamp = strawberry.scalar(name="Stamp", serialize=self._written, parse_value=unstamped)
        made = strawberry.Schema(
            query=self.classes["Query"],
            mutation=self.classes.get("Mutation"),
            types=list(self.classes.values()),
            config=StrawberryConfig(scalar_map={Stamp: stamp}),
        )
        core: GraphQLSchema = made._schema  # noqa: SLF001 (what the gateway's own road runs, too)
        return core

    def _enum(self, kind: object) -> None:
        if isinstance(kind, GraphQLEnumType):
            made: Any = Enum(  # type: ignore[misc]  # its name is drawn
                value=kind.name, names=list(zip(kind.values, VALUES, strict=False))
            )
            self.enums[kind.name] = self._named[kind.name] = strawberry.enum(made)

    def _input(self, kind: object) -> None:
        if isinstance(kind, GraphQLInputObjectType):
            defaults = {name: strawberry.field(default_factory=self._default(of)) for name, of in kind.fields.items()}
            annotations = {name: self._type(of.type) for name, of in kind.fields.items()}
            # A default of an argument is hashed; the number does not matter.
            body = {"__annotations__": annotations, "__hash__": lambda _: 1, **defaults}
            self._named[kind.name] = strawberry.input(type(kind.name, (), body))

    def _interface(self, kind: object) -> None:
        if isinstance(kind, GraphQLInterfaceType):
            self._named[kind.name] = strawberry.interface(type(kind.name, (), {}))

    def _object(self, kind: object) -> None:
        if isinstance(kind, GraphQLObjectType):
            made = strawberry.type(type(kind.name, tuple(self._named[base.name] for base in kind.interfaces), {}))
            if kind.name in self._lasting:
                setattr(made, LASTING, Lasts((("context", "bare"),), PLAN))
            self.classes[kind.name] = self._named[kind.name] = made

    def _union(self, kind: object) -> None:
        if isinstance(kind, GraphQLUnionType):
            members = reduce(or_, (self._named[each.name] for each in kind.types))
            self._named[kind.name] = Annotated[members, strawberry.union(kind.name)]

    def _type(self, kind: Any) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self._whole(kind.of_type)
        return self._whole(kind) | None

    def _whole(self, kind: Any) -> Any:
        return list[self._type(kind.of_type)] if isinstance(kind, GraphQLList) else self._named[kind.name]  # type: ignore[misc]  # made here

    def _default(self, given: GraphQLArgument | GraphQLInputField) -> Callable[[], Any]:
        node = given.ast_node.default_value if given.ast_node else None
        return partial(self._value, given.type, strawberry.UNSET if node is None else value_from_ast_untyped(node))

    def _value(self, kind: Any, plain: Any) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self._value(kind.of_type, plain)
        if isinstance(kind, GraphQLEnumType):
            return plain if plain is None or plain is strawberry.UNSET else self.enums[kind.name][plain]
        if isinstance(plain, dict):
            return self._named[kind.name](**plain)
        return tuple(plain) if isinstance(plain, list) else plain

    def _field(self, owner: str, name: str, field: GraphQLField) -> StrawberryField:
        way = self._ways.get(f"{owner}.{name}", "resolver")
        annotation = StrawberryAnnotation(self._type(field.type))
        if way == "basic":
            made = StrawberryField(python_name=attribute(name), graphql_name=name, type_annotation=annotation)
        else:
            function, more = METHODS[way](f"{owner}.{name}", name)
            parameters = [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)]
            if not way.startswith("bare"):
                parameters.append(Parameter("info", Parameter.KEYWORD_ONLY, annotation=strawberry.Info))
            parameters += [self._parameter(*each) for each in field.args.items()]
            function.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # as inspect reads it
            made = strawberry.field(resolver=function, **more)
            made.python_name, made.graphql_name, made.type_annotation = name, name, annotation
        made.origin = self._named[owner]
        return made

    def _parameter(self, name: str, argument: GraphQLArgument) -> Parameter:
        default = self._default(argument)()
        return Parameter(
            f"python_{name}" if name.endswith("1") else name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if default is strawberry.UNSET else default,
            annotation=Annotated[self._type(argument.type), strawberry.argument(name=name)],
        )


Method = tuple[Callable[..., Any], Mapping[str, Any]]


def _informed(site: str, name: str) -> Method:
    def method(self: Any, info: strawberry.Info, **arguments: Any) -> Any:
        return info.context.informed(self, info, arguments)

    return method, {}


def _async(site: str, name: str) -> Method:
    async def method(self: Any, info: strawberry.Info, **arguments: Any) -> Any:
        value = info.context.informed(self, info, arguments)
        return await value if isinstance(value, Awaitable) else value

    return method, {}


def _bare(site: str, name: str) -> Method:
    def method(self: Any) -> Any:
        return self.world_.bare(site, self, name)

    return method, {}


def _bare_async(site: str, name: str) -> Method:
    async def method(self: Any) -> Any:
        value = self.world_.bare(site, self, name)
        return await value if isinstance(value, Awaitable) else value

    return method, {}


def _bare_reading(site: str, name: str) -> Method:
    # Written out, as somebody would: it has to be a function that reads an attribute of this name and does no more.
    return eval(f"lambda self: self.{attribute(name)}"), {}  # noqa: S307


def _context(site: str, name: str) -> Method:
    def method(self: Any, info: strawberry.Info) -> Any:
        return info.context.bare(site, self, name)

    return method, {}


def _guarded(site: str, name: str) -> Method:
    class Asked(BasePermission):
        message = f"{site} is not for you"

        def has_permission(self, source: Any, info: strawberry.Info, **arguments: Any) -> bool:
            return bool(info.context.permits(source, info, arguments))

    return _informed(site, name)[0], {"permission_classes": [Asked]}


def _many(site: str, name: str) -> Method:
    async def values(objects: Sequence[Any], info: strawberry.Info) -> Sequence[Any]:
        await sleep(0)
        return [info.context.one_of_many(site, each, name) for each in objects]

    async def method(self: Any, info: strawberry.Info) -> Any:
        return await for_one(values, self, info)

    return method, {"metadata": of_many(values)}


METHODS: Mapping[Way, Callable[[str, str], Method]] = {
    "resolver": _informed,
    "async": _async,
    "bare": _bare,
    "bare async": _bare_async,
    "bare reading": _bare_reading,
    "context": _context,
    "guarded": _guarded,
    "many": _many,
}
