"""Where a field's value comes from: an attribute, a method, or whatever graphql-core would call."""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cached_property, partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, cast

from graphql import GraphQLResolveInfo, GraphQLSchema, is_non_null_type
from msgspec import Struct
from strawberry import Info, Schema
from strawberry.schema import schema_converter
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from schema.execution.compiled.accessors import asks_along, asks_only, read_by
from schema.execution.compiled.fields import Field
from schema.execution.compiled.lasting import declared
from schema.execution.compiled.places import Place
from schema.execution.compiled.taking import TakeAll

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
        code: The expression, of the object `o`, its place `at`, the operation `run`, and `{words}`.
        words: What those stand for.
        placed: Whether it may ask for the place, or keep it.
        common: Whether that is the way of this field wherever it stands.
        lasts: Whether the value is the same whenever its object shows the same.
    """

    code: str
    words: Mapping[str, Any] = {}
    awaits: Awaits = Awaits.NEVER
    placed: bool = False
    common: bool = False
    lasts: bool = False


class Many(Struct, frozen=True):
    """A field that is got for many objects at once: how, and with which `Info`."""

    values: Callable[..., Any]
    info: Callable[["Compiled", Place | None], Any]


class LeanInfo(Info[Any, Any]):
    """Strawberry's `Info`, of which only what a resolver asks for is made."""

    # Most resolvers ask for this, and for nothing else.
    context: Any = None

    def __init__(self, run: "Compiled", of: Field, at: Place | None) -> None:
        # Its base is a dataclass of two fields, which are made on demand.
        self._run = run
        self._of = of
        self._at = at
        self.context = run.context_value

    @property
    def _field(self) -> StrawberryField:  # type: ignore[override]  # nobody writes it
        field: StrawberryField = self._of.definition.extensions["strawberry-definition"]
        return field

    @cached_property
    def _raw_info(self) -> GraphQLResolveInfo[Any]:  # type: ignore[override]  # nobody writes it
        return self._of.info(self._run, self._at)


class ContextOnly(Info[Any, Any]):
    """The `Info` of all methods of an operation that ask it for the context only."""

    context: Any = None

    def __init__(self, context: Any) -> None:
        # Its base is a dataclass of two fields, for which nobody asks.
        self.context = context

    def __repr__(self) -> str:
        return "ContextOnly(…)"

    __eq__ = object.__eq__
    __hash__ = object.__hash__


def source(field: Field, run: "Compiled", schema: Schema | None) -> Source:
    """
    Answer how to get a field's value: the shortest way that nobody can tell from Strawberry's own.

    *schema* is Strawberry's, where it is a `usual` one.
    """
    strawberry = _strawberry(field) if schema else None
    if strawberry is None or schema is None:
        return _called(field)
    said = declared(field.parent)
    if _is_attribute(field, strawberry):
        return Source(code=f"o.{strawberry.python_name}", common=True, lasts=said is not None)
    resolver = strawberry.base_resolver
    if resolver is None or not _is_plain(strawberry, resolver):
        return _called(field)
    if not field.takes_arguments and (names := read_by(_function(resolver))):
        return Source(code=".".join(["o", *names]), common=True, lasts=said is not None)
    return _informed(field, strawberry, resolver, run, schema)


def many(field: Field, schema: Schema | None) -> Many | None:
    """Answer how a field is got for many objects, where it is; see `schema.batched`, and `source`."""
    strawberry = _strawberry(field) if schema else None
    if strawberry is None or BATCH not in strawberry.metadata:
        return None
    values, resolver = strawberry.metadata[BATCH], strawberry.base_resolver
    if resolver is None or not _is_plain(strawberry, resolver) or field.takes_arguments:
        return None
    # An error of one object must stay its own.
    return None if is_non_null_type(field.type) else Many(values, partial(_lean, field))


def _lean(field: Field, run: "Compiled", at: Place | None) -> LeanInfo:
    return LeanInfo(run, field, at)


def usual(schema: GraphQLSchema) -> Schema | None:
    """Answer Strawberry's schema where it adds nothing of its own to each field: handlers of errors, another `Info`."""
    strawberry = getattr(schema, "_strawberry_schema", None)
    if not isinstance(strawberry, Schema) or strawberry.config.info_class is not Info:
        return None
    return None if strawberry.exception_handlers else strawberry


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


def _function(resolver: StrawberryResolver[Any]) -> Callable[..., Any]:
    # Strawberry has bound what was a static method or a class's.
    return cast("Callable[..., Any]", resolver.wrapped_func)


def _awaits(function: Callable[..., Any]) -> Awaits:
    return Awaits.ALWAYS if iscoroutinefunction(function) else Awaits.NEVER


def _called(field: Field) -> Source:
    """As graphql-core would."""
    resolve = field.definition.resolve

    def call(value: Any, at: Place | None, run: "Compiled") -> Any:
        function = resolve or run.field_resolver
        return function(value, field.info(run, at), **field.arguments(run))

    awaits = Awaits.ALWAYS if iscoroutinefunction(resolve) else Awaits.PERHAPS
    return Source(code="{f}(o, at, run)", words={"f": call}, awaits=awaits, placed=True)


def _informed(
    field: Field, strawberry: StrawberryField, resolver: StrawberryResolver[Any], run: "Compiled", schema: Schema
) -> Source:
    """A method with `Info`, or with arguments: called as Strawberry would, without its layers."""
    function = _function(resolver)
    awaits, info = _awaits(function), resolver.info_parameter.name if resolver.info_parameter else None
    take = run.plans.learned(run.schema).takes(schema, strawberry) if field.takes_arguments else None
    constants = _constants(field, take, run)
    if constants is not None:
        words: dict[str, Any] = {f"argument{number}": value for number, value in enumerate(constants.values())}
        given = [f"{name}={{{word}}}" for name, word in zip(constants, words, strict=True)]
        placed = info is not None and not asks_only(function, info, "context")
        told = [f"{info}={'LeanInfo(run, {field}, at)' if placed else 'run.told'}"] if info else []
        words |= {"f": function, "field": field} if placed else {"f": function}
        return Source(
            code=f"{{f}}({', '.join(['o', *given, *told])})",
            words=words,
            awaits=awaits,
            placed=placed,
            common=not placed and not field.takes_arguments,
            lasts=awaits is Awaits.NEVER and _lasts(field, function, info),
        )

    def call(value: Any, at: Place | None, run: "Compiled") -> Any:
        given = run.converted.get(field)
        if given is None:
            given = _arguments(field, strawberry, take, run, at)
        return function(value, **given, **{info: LeanInfo(run, field, at)}) if info else function(value, **given)

    return Source(code="{f}(o, at, run)", words={"f": call}, awaits=awaits, placed=True)


def _lasts(field: Field, function: Callable[..., Any], info: str | None) -> bool:
    """Answer whether a method tells of nothing but its object, as its class says of those that ask for no more."""
    said = declared(field.parent)
    return said is not None and (info is None or asks_along(function, info, said.ways))


def _constants(field: Field, take: TakeAll | None, run: "Compiled") -> Mapping[str, Any] | None:
    """Answer what a method takes, where that is the same for every operation; None where it is not, or may be wrong."""
    if not field.takes_arguments:
        return {}
    try:
        given = field.constants(run) if take else None
        taken = take(given) if take and given is not None else None
    except Exception:  # noqa: BLE001 (whoever runs the operation is told)
        return None
    return taken if taken is not None and _can_be_shared(taken) else None


def _arguments(
    field: Field, strawberry: StrawberryField, take: TakeAll | None, run: "Compiled", at: Place | None
) -> Mapping[str, Any]:
    """
    Answer the arguments as this method takes them, converted once for an operation where no method could change them.

    Raises:
        GraphQLError: a variable has a value that this argument does not take.
    """
    given = field.arguments(run)
    if take is not None:
        converted = take(given)
    else:
        info = LeanInfo(run, field, at)
        config, scalars = info.schema.config, info.schema.schema_converter.scalar_registry
        converted = convert_arguments(given, strawberry.arguments, scalar_registry=scalars, config=config, info=info)
    # What they were converted from was shared, too, unless it held something that changes.
    if field.is_kept(run) and _can_be_shared(converted):
        run.converted[field] = converted
    return converted


def _can_be_shared(arguments: Mapping[str, Any]) -> bool:
    return all(isinstance(value, _SIMPLE) for value in arguments.values())


_SIMPLE = (str, int, float, bool, type(None), Enum)
