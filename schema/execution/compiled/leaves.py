"""Leaves: which values are what they are answered as, and how the others become so."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLString,
    Undefined,
)
from graphql.pyutils import inspect
from msgspec import Struct
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from schema.execution.compiled.branches import Completion
from schema.execution.compiled.oddities import CALM, Late, Missing, Odd, restless

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled

CompletesLeaf = Callable[..., Any]

# The numbers that GraphQL's Int has.
INT = range(-(2**31), 2**31)

# What holds of a value that its scalar answers as it is. By the scalar itself, not by its name.
EXACT: Mapping[GraphQLLeafType, str] = {
    GraphQLString: "type({v}) is str",
    GraphQLID: "type({v}) is str",
    GraphQLBoolean: "type({v}) is bool",
    GraphQLInt: "type({v}) is int and {v} in INT",
    # Neither infinite nor no number.
    GraphQLFloat: "type({v}) is float and {v} - {v} == 0.0",
}


def word(leaf: GraphQLLeafType, missing: Missing) -> str:
    """Answer what that which completes any value of one of these is called in every compiled function."""
    return f"{missing.__name__}_{leaf.name}"


class Own(Struct, frozen=True):
    """
    What completes a leaf that is a schema's own, by names that nothing else has in this process.

    `complete` completes any value; `members` are an enum's (`names`), where all of them are known.
    """

    complete: tuple[str, CompletesLeaf]
    members: tuple[str, Mapping[int, str]] | None


# A type may be replaced by another of its name, so that names tell no two leaves apart.
_NUMBERS = count()


def own(leaf: GraphQLLeafType, missing: Missing) -> Own:
    """Make what completes a leaf; *missing* as of `completes`."""
    number, named = next(_NUMBERS), names(leaf) if isinstance(leaf, GraphQLEnumType) else None
    return Own((f"own{number}", completes(leaf, missing)), None if named is None else (f"members{number}", named))


def completion(
    leaf: GraphQLLeafType, missing: Missing, find_own: Callable[[GraphQLLeafType, Missing], Own], *, nullable: bool
) -> Completion:
    """Answer how a leaf is completed; *find_own* is asked for one that is a schema's own."""
    # For Python to read this takes most of the time of compiling, so it is short.
    if (exact := EXACT.get(leaf)) is not None:
        test = exact.replace("{v}", "v := {get}", 1).replace("{v}", "v") + (" or v is None" if nullable else "")
        return Completion(write=lambda get: f"v if {test.format(get=get)} else {word(leaf, missing)}(v, run)")
    found = find_own(leaf, missing)
    other, _ = found.complete
    if found.members is None:
        return Completion(write=lambda get: f"{other}({get}, run)", words=dict([found.complete]))
    members, _ = found.members
    return Completion(
        write=lambda get: f"{members}.get(id(v := {get})) or {other}(v, run)",
        words=dict([found.complete, found.members]),
    )


# As graphql-core says it, which would convert the value once more to do so.
_NOTHING = "Expected `{leaf}.coerce_output_value({value})` to return non-nullable value, returned: {converted}"

_NAMES: "WeakKeyDictionary[CustomGraphQLEnumType, Mapping[int, str]]" = WeakKeyDictionary()


def completes(leaf: GraphQLLeafType, missing: Missing) -> CompletesLeaf:
    """Answer what completes any value of a leaf; *missing* answers, or raises, for null."""

    def complete(value: Any, run: "Compiled") -> Any:
        if type(value) not in CALM:
            if value is None or value is Undefined:
                return missing()
            if isinstance(value, Exception):
                raise value
            if restless(value, run):
                raise Odd(value)
        converted = leaf.coerce_output_value(value)
        if type(converted) not in CALM:
            if converted is None or converted is Undefined:
                raise TypeError(_NOTHING.format(leaf=leaf, value=inspect(value), converted=inspect(converted)))
            if restless(converted, run):
                raise Late(converted)
        return converted

    return complete


def names(enum: GraphQLEnumType) -> Mapping[int, str] | None:
    """
    Answer the names of an enum's members by their identity, which is dearer to hash by anything else.

    Members live as long as their enum, which its type holds, so that no other value has such an identity.
    """
    if not isinstance(enum, CustomGraphQLEnumType):
        return None
    if enum not in _NAMES:
        members: Iterable[Enum] = enum.wrapped_cls
        _NAMES[enum] = {id(member): enum.coerce_output_value(member) for member in members}
    return _NAMES[enum]


def is_pure(item: GraphQLOutputType) -> bool:
    """Answer whether items are completed by nobody's code but ours and graphql-core's, which may do it twice."""
    leaf = item.of_type if isinstance(item, GraphQLNonNull) else item
    return leaf in EXACT or isinstance(leaf, GraphQLEnumType)
