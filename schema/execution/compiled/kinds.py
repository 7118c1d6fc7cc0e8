"""Which type an object really has: of an interface, of a union, and where a type checks its objects itself."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import GraphQLAbstractType, GraphQLObjectType, GraphQLResolveInfo
from graphql.execution.executor import invalid_return_type_error
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE, get_strawberry_type_cast
from strawberry.types.union import StrawberryUnion

from schema.execution.compiled.fields import Field
from schema.execution.compiled.levels import by_itself
from schema.execution.compiled.oddities import CALM, Missing, vet
from schema.execution.compiled.places import Place, of_field, path

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled

# Completes an object: of its value, its place (an operation's root has none) and the operation; where its type would
# be asked whether it is one of its own, also of whether that is known.
Completes: TypeAlias = Callable[..., Any]


def checked(kind: GraphQLObjectType, field: Field, missing: Missing) -> Callable[..., Any]:
    """Answer what asks a type whether an object is its own, and then lets it be completed."""
    assert kind.is_type_of is not None  # noqa: S101 (asked for such types only)
    is_type_of = kind.is_type_of

    # Annotations without quotes would be worked out again for every field that is compiled.
    def check(value: Any, at: Place, run: "Compiled", inner: "Callable[..., Any]") -> Any:
        if type(value) not in CALM and vet(value, run, missing):
            return None
        verdict = is_type_of(value, _info(field, at, run))
        if run.is_awaitable(verdict):
            return later(verdict, value, at, run, inner)
        return decided(verdict, inner, value, at, run)

    def decided(verdict: Any, inner: "Callable[..., Any]", value: Any, at: Place, run: "Compiled") -> Any:
        if not verdict:
            raise invalid_return_type_error(kind, value, field.details)
        return inner(value, at, run, True)

    async def later(
        verdict: "Awaitable[bool]", value: Any, at: Place, run: "Compiled", inner: "Callable[..., Any]"
    ) -> Any:
        return await by_itself(partial(decided, await verdict, inner), value, at, run)

    return check


def own_class(kind: GraphQLObjectType) -> type | None:
    """Answer the class whose objects Strawberry takes for this type without being asked."""
    definition = kind.extensions.get("strawberry-definition")
    if isinstance(definition, StrawberryObjectDefinition) and definition.is_type_of is None:
        return definition.origin
    return None


class Abstract:
    """
    Objects of an interface or a union, where one field answers them.

    *function* makes what completes an object as the type that it has, of the operation, the field and that type: once
    for each type, when the first such object is there.
    """

    def __init__(
        self, kind: GraphQLAbstractType, field: Field, function: Callable[..., Completes], missing: Missing
    ) -> None:
        self._kind = kind
        self._field = field
        self._function = function
        self._missing = missing
        self._usual = _usual(kind)
        self._made: dict[str, Completes] = {}
        self._classes: dict[str, type | None] = {}
        # What completes objects of a class, and what else it is told: that they need not be asked for their type.
        self._by_class: dict[type, tuple[Completes, tuple[bool, ...]]] = {}

    @property
    def is_usual(self) -> bool:
        """Whether the class of an object tells its type, as a rule, and nobody is asked for it."""
        return self._usual is not None

    def complete(self, value: Any, at: Place, run: "Compiled") -> Any:
        known = self._by_class.get(type(value))
        # Strawberry has a function for it, and its call would take longer than all else here.
        if known is not None and getattr(value, TYPE_CAST_ATTRIBUTE, None) is None:
            return known[0](value, at, run, *known[1])
        if type(value) not in CALM and vet(value, run, self._missing):
            return None
        info = _info(self._field, at, run)
        name = (self._kind.resolve_type or run.type_resolver)(value, info, self._kind)
        if run.is_awaitable(name):
            return self._later(name, value, at, run, info)
        return self._known(name, info, value, at, run)

    def _known(self, name: Any, info: GraphQLResolveInfo[Any], value: Any, at: Place, run: "Compiled") -> Any:
        inner = self._made.get(name) if isinstance(name, str) else None
        if inner is None:
            kind = run.ensure_valid_runtime_type(name, self._kind, self._field.details, info, value)
            inner = self._made[name] = self._compiled(kind, run)
            self._classes[name] = own_class(kind) if kind.is_type_of else None
        if self._usual is not None and self._usual(type(value)) and get_strawberry_type_cast(value) is None:
            self._by_class[type(value)] = inner, (True,) if self._classes[name] is type(value) else ()
        return inner(value, at, run)

    def _compiled(self, kind: GraphQLObjectType, run: "Compiled") -> Completes:
        try:
            return self._function(run, self._field, kind)
        except Exception:  # noqa: BLE001 (what is wrong with it, graphql-core says better)
            return partial(_left_to_graphql_core, kind, self._field)

    async def _later(
        self, name: Awaitable[str | None], value: Any, at: Place, run: "Compiled", info: GraphQLResolveInfo[Any]
    ) -> Any:
        return await by_itself(partial(self._known, await name, info), value, at, run)


def _usual(kind: GraphQLAbstractType) -> Callable[[type], bool] | None:
    """Answer what tells of which classes Strawberry looks at nothing else of an object, where it decides at all."""
    definition = kind.extensions.get("strawberry-definition")
    if type(definition) is StrawberryUnion:
        return _is_one_type
    if isinstance(definition, StrawberryObjectDefinition) and definition.resolve_type is None:
        return lambda own: _is_one_type(own) and issubclass(own, definition.origin)
    return None


def _is_one_type(own: type) -> bool:
    """Answer whether objects of a class are of one type, whatever they hold: those of a generic class are not."""
    definition = getattr(own, "__strawberry_definition__", None)
    return (
        isinstance(definition, StrawberryObjectDefinition)
        and not definition.is_graphql_generic
        and definition.concrete_of is None
    )


def _left_to_graphql_core(
    kind: GraphQLObjectType, field: Field, value: Any, at: Place, run: "Compiled", *_: bool
) -> Any:
    """Complete an object of a type that could not be compiled."""
    run.unlasting += 1
    return run.complete_object_value(kind, field.details, _info(field, at, run), path(at), value, None)


def _info(field: Field, at: Place, run: "Compiled") -> GraphQLResolveInfo[Any]:
    return field.info(run, of_field(at)[0])
