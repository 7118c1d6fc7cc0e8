"""The schemas of the cases: SDL, and what SDL cannot say of its types."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    is_interface_type,
    is_union_type,
    value_from_ast_untyped,
)

from tests.compiled.cases.reading import Case
from tests.compiled.cases.stage import COROUTINES, RESOLVERS, Call, Info, resolve, resolve_later
from tests.compiled.cases.words import Raises, Source, wrong

Said = Mapping[str, Any]


def schema(case: Case, shape: str) -> GraphQLSchema:
    """Answer the schema of a case; cases that say the same share one."""
    resolver = RESOLVERS_OF.get(shape)
    same = (case.schema, case.assume_valid, resolver, case.name if case.types else None)
    if same not in _built:
        _built[same] = _build(case, resolver)
    return _built[same]


# Where fields have resolvers of their own.
RESOLVERS_OF: Mapping[str, Callable[..., Any]] = {RESOLVERS: resolve, COROUTINES: resolve_later}

_built: dict[object, GraphQLSchema] = {}


def _build(case: Case, resolver: Callable[..., Any] | None) -> GraphQLSchema:
    built = build_schema(case.schema, assume_valid=case.assume_valid, assume_valid_sdl=True, no_location=True)
    if resolver:
        for type_ in built.type_map.values():
            if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
                for field in type_.fields.values():
                    field.resolve, field.subscribe = resolver, resolve
    for name, said in case.types.items():
        _tell(built, name, said)
    return built


def _tell(built: GraphQLSchema, name: str, said: Said) -> None:
    type_name, _, field = name.partition(".")
    type_: Any = built.type_map[type_name]
    if field:
        for argument, out_name in said["out_names"].items():
            type_.fields[field].args[argument].out_name = out_name
    elif isinstance(type_, GraphQLObjectType):
        type_.is_type_of = _predicate(name, said["is_type_of"])
    elif isinstance(type_, GraphQLScalarType):
        _scalar(type_, said)
    elif isinstance(type_, GraphQLEnumType):
        type_.values.update({key: GraphQLEnumValue(value) for key, value in said["values"].items()})
        vars(type_).pop("_value_lookup", None)
    elif isinstance(type_, GraphQLInputObjectType):
        _input(type_, said)
    elif is_interface_type(type_) or is_union_type(type_):
        type_.resolve_type = _resolve_type(name, said["resolve_type"])


def _predicate(name: str, raw: object) -> Callable[[Any, Info], Any]:
    def is_type_of(value: object, info: Info) -> Any:
        call = Call(value, info, {})
        call.stage.asked(call, f"is it {name}?")
        return call.value(raw)

    return is_type_of


def _resolve_type(name: str, raw: object) -> Callable[[Any, Info, GraphQLAbstractType], Any]:
    is_type_of = _predicate(f"one {name}, and which", raw)
    return lambda value, info, _type: is_type_of(value, info)


def _scalar(type_: GraphQLScalarType, said: Said) -> None:
    if "input" in said:
        coerce = _coercion(said["input"])
        type_.coerce_input_value = coerce
        type_.coerce_input_literal = lambda node: coerce(value_from_ast_untyped(node))
    if "output" in said:
        type_.coerce_output_value = _coercion(said["output"])


def _coercion(said: Any) -> Callable[[Any], Any]:
    """Translate by a table, fail, take a value as it is, or answer always the same."""

    def coerce(value: Any) -> Any:
        if isinstance(said, Raises):
            raise wrong(said.said, {})
        if isinstance(said, Source):
            return value
        return said[value] if isinstance(said, dict) else said

    return coerce


def _input(type_: GraphQLInputObjectType, said: Said) -> None:
    for name, out_name in said.get("out_names", {}).items():
        type_.fields[name].out_name = out_name
    if "out" in said:
        type_.out_type = lambda value: said["out"].format(**value)  # type: ignore[method-assign]
