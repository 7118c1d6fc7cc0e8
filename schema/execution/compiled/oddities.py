"""How compiled code says that it does not go on: graphql-core's executor does, with what is at hand already."""

from collections.abc import Callable
from types import FunctionType, GeneratorType
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias
from weakref import ProxyTypes

from graphql import Undefined

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled
    from schema.execution.compiled.fields import Field


class Odd(Exception):
    """A value of a kind that compiled code was not written for, not completed yet."""

    def __init__(self, value: Any) -> None:
        # A value may be somebody's, and an error shows its arguments.
        self.args = ()
        self.value = value


class Late(Exception):
    """What is complete but for something that is still awaited, where nothing was expected to be."""

    def __init__(self, completed: Any) -> None:
        self.args = ()
        self.completed = completed


class Lacking(Exception):
    """Null, where it may not be. Whoever knows of which field it is the value says so, see `said`."""


# Classes whose values are neither awaitable nor errors: looked at once. Schemas have few; a program that makes up
# classes as it goes is forgotten now and then.
CALM: set[type] = {str, int, float, bool, list, tuple, dict}
MOST_CALM = 10_000

# What compiled code goes through item by item; of anything else graphql-core may make a list.
LISTS = frozenset({list, tuple})

# Answers null, or raises where it may not be.
Missing: TypeAlias = Callable[[], None]


def restless(value: Any, run: "Compiled") -> bool:
    """Answer whether a value is awaitable, and remember its class where no value of it can be."""
    if run.is_awaitable(value):
        return True
    kind = type(value)
    if not isinstance(value, Exception | GeneratorType) and value is not Undefined and value is not None:
        _remember(kind)
    return False


def maybe() -> None:
    """Answer null, where it may be."""


def lack() -> NoReturn:
    """
    Say that there is null where it may not be.

    Raises:
        Lacking: always.
    """
    raise Lacking


def said(error: Exception, field: "Field") -> Exception:
    """Answer the error of a field, or of an item in it, as graphql-core says it."""
    if isinstance(error, Lacking):
        null = TypeError(f"Cannot return null for non-nullable field {field.parent}.{field.name}.")
        # Whoever looks for it in the log is told where it came from.
        return null.with_traceback(error.__traceback__)
    return error


def vet(value: Any, run: "Compiled", missing: Missing = maybe) -> bool:
    """
    Answer whether there is nothing, of what is not known to be an object.

    Raises:
        Odd: it is awaitable, an error, or undefined.
        Lacking: there is nothing, and has to be something.
    """
    if value is None:
        missing()
        return True
    if restless(value, run) or isinstance(value, Exception) or value is Undefined:
        raise Odd(value)
    return False


def unlisted(value: Any, missing: Missing) -> None:
    """
    Answer null for what is no list because it is nothing.

    Raises:
        Odd: it is something else, of which graphql-core may make a list.
        Lacking: there is nothing, and has to be something.
    """
    if value is not None:
        raise Odd(value)
    missing()


def _remember(kind: type) -> None:
    # Such a class may answer `__await__` for one value and not for another.
    if hasattr(kind, "__await__") or hasattr(kind, "__getattr__") or kind in ProxyTypes:
        return
    if isinstance(kind.__getattribute__, FunctionType):
        return
    if len(CALM) > MOST_CALM:
        CALM.clear()
    CALM.add(kind)
