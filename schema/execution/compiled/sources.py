"""Where a field's value comes from: an attribute, a method, or whatever graphql-core would call."""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cached_property, partial
from inspect import Parameter, iscoroutinefunction
from typing import TYPE_CHECKING, Any, cast

from graphql import GraphQLResolveInfo, GraphQLSchema, is_non_null_type
from msgspec import Struct
from strawberry import Info, Schema
from strawberry.schema import schema_converter
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from schema.execution.compiled.fields import Field
from schema.execution.compiled.places import Place

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled


# Where a field's metadata say what answers it for many objects.
BATCH = "values of many"


class Awaits(Enum):
    """Whether the value has to be awaited."""

    NEVER = "never"
    PERHAPS = "perhaps"
    ALWAYS = "always"


class Source(Struct, frozen=True, kw_only=True):
    """
    How compiled code gets a value.

    Args:
        code: The expression, of the object `o`, its place `at`, the operation `run`, the `{field}` and, where there is
            one, `{f}`.
        function: What `{f}` stands for.
        placed: Whether it may ask for the place, or keep it.
    """

    code: str
    function: Callable[..., Any] | None = None
    awaits: Awaits = Awaits.NEVER
    placed: bool = False


class Many(Struct, frozen=True):
    """A field that is got for many objects at once: how, and with which `Info`."""

    values: Callable[..., Any]
    info: Callable[["Compiled", Place | None], Any]


class LeanInfo(Info[Any, Any]):
    """Strawberry's `Info`, of which only what a resolver asks for is made."""

    def __init__(self, run: "Compiled", of: Field, at: Place | None) -> None:
        # Its base is a dataclass of two fields, which are made on demand.
        self._run = run
        self._of = of
        self._at = at

    @property
    def _field(self) -> StrawberryField:  # type: ignore[override]  # nobody writes it
        field: StrawberryField = self._of.definition.extensions["strawberry-definition"]
        return field

    @cached_property
    def _raw_info(self) -> GraphQLResolveInfo[Any]:  # type: ignore[override]  # nobody writes it
        return self._of.info(self._run, self._at)

    @property
    def context(self) -> Any:
        return self._run.context_value


def source(field: Field, *, usual: bool) -> Source:
    """
    Answer how to get a field's value: the shortest way that nobody can tell from Strawberry's own.

    *usual* is of its schema, see `is_usual`.
    """
    strawberry = _strawberry(field) if usual else None
    if strawberry is None:
        return _called(field)
    if _is_attribute(field, strawberry):
        return Source(code=f"o.{strawberry.python_name}")
    resolver = strawberry.base_resolver
    if resolver is None or not _is_plain(strawberry, resolver):
        return _called(field)
    # Strawberry has bound what was a static method or a class's.
    function = cast(Callable[..., Any], resolver.wrapped_func)
    if not field.takes_arguments and resolver.info_parameter is None:
        return Source(code="{f}(o)", function=function, awaits=_awaits(function))
    return _informed(field, strawberry, function, resolver.info_parameter)


def many(field: Field, *, usual: bool) -> Many | None:
    """Answer how a field is got for many objects, where it is; see `schema.batched`, and `source`."""
    strawberry = _strawberry(field) if usual else None
    if strawberry is None or BATCH not in strawberry.metadata:
        return None
    values, resolver = strawberry.metadata[BATCH], strawberry.base_resolver
    if resolver is None or not _is_plain(strawberry, resolver) or field.takes_arguments:
        return None
    # An error of one object must stay its own.
    return None if is_non_null_type(field.type) else Many(values, partial(_lean, field))


def _lean(field: Field, run: "Compiled", at: Place | None) -> LeanInfo:
    return LeanInfo(run, field, at)


def is_usual(schema: GraphQLSchema) -> bool:
    """Answer whether Strawberry adds nothing of the schema's own to every field: handlers of errors, another `Info`."""
    strawberry = getattr(schema, "_strawberry_schema", None)
    return isinstance(strawberry, Schema) and strawberry.config.info_class is Info and not strawberry.exception_handlers


def _strawberry(field: Field) -> StrawberryField | None:
    """Answer Strawberry's field, where nothing was put around how Strawberry resolves it."""
    definition, resolve = field.definition.extensions.get("strawberry-definition"), field.definition.resolve
    own = getattr(resolve, "__globals__", None) is vars(schema_converter)
    return definition if own and isinstance(definition, StrawberryField) else None


def _is_attribute(field: Field, strawberry: StrawberryField) -> bool:
    return (
        getattr(field.definition.resolve, "_is_default", False)
        and strawberry.base_resolver is None
        and strawberry.is_basic_field
        and type(strawberry).get_result is StrawberryField.get_result
        and strawberry.default_resolver is getattr
        and strawberry.python_name.isidentifier()
        and not field.takes_arguments
    )


def _is_plain(strawberry: StrawberryField, resolver: StrawberryResolver[Any]) -> bool:
    """Answer whether nothing stands between the field and its function: permissions do, and handlers of errors."""
    return (
        type(strawberry).get_result is StrawberryField.get_result
        and not strawberry.extensions
        and not strawberry.permission_classes
        and not strawberry.is_subscription
        and callable(resolver.wrapped_func)
        and resolver.self_parameter is not None
        and resolver.parent_parameter is None
        and resolver.root_parameter is None
    )


def _awaits(function: Callable[..., Any]) -> Awaits:
    return Awaits.ALWAYS if iscoroutinefunction(function) else Awaits.NEVER


def _called(field: Field) -> Source:
    """As graphql-core would."""
    resolve = field.definition.resolve

    def call(value: Any, at: Place | None, run: "Compiled") -> Any:
        function = resolve or run.field_resolver
        return function(value, field.info(run, at), **field.arguments(run))

    awaits = Awaits.ALWAYS if iscoroutinefunction(resolve) else Awaits.PERHAPS
    return Source(code="{f}(o, at, run)", function=call, awaits=awaits, placed=True)


def _informed(
    field: Field, strawberry: StrawberryField, function: Callable[..., Any], takes_info: Parameter | None
) -> Source:
    """A method with `Info`, or with arguments: called as Strawberry would, without its layers."""
    named = takes_info.name if takes_info else None
    if named is not None and not field.takes_arguments:
        code = f"{{f}}(o, {named}=LeanInfo(run, {{field}}, at))"
        return Source(code=code, function=function, awaits=_awaits(function), placed=True)

    def call(value: Any, at: Place | None, run: "Compiled") -> Any:
        given = run.converted.get(field) if field.converted is None else field.converted
        if named is None and given is not None:
            return function(value, **given)
        info = LeanInfo(run, field, at)
        if given is None:
            given = _arguments(field, strawberry, run, info)
        return function(value, **given) if named is None else function(value, **given, **{named: info})

    return Source(code="{f}(o, at, run)", function=call, awaits=_awaits(function), placed=True)


def _arguments(field: Field, strawberry: StrawberryField, run: "Compiled", info: LeanInfo) -> Mapping[str, Any]:
    """
    Answer the arguments as this method takes them, converted once for an operation where no method could change them.

    Raises:
        GraphQLError: a variable has a value that this argument does not take.
    """
    given = field.arguments(run)
    converter = info.schema.schema_converter
    converted = convert_arguments(
        given, strawberry.arguments, scalar_registry=converter.scalar_registry, config=info.schema.config, info=info
    )
    if not all(isinstance(value, _SIMPLE) for value in converted.values()):
        return converted
    # What they were converted from was shared, too, unless it held something that changes.
    if field.known is not None:
        field.converted = converted
    elif field in run.arguments:
        run.converted[field] = converted
    return converted


_SIMPLE = (str, int, float, bool, type(None), Enum)
