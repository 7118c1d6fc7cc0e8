"""How compiled code says that it does not go on: graphql-core's executor does, with what is at hand already."""

from types import GeneratorType
from typing import TYPE_CHECKING, Any, NoReturn

from graphql import Undefined

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled


class Odd(Exception):
    """A value of a kind that compiled code was not written for, not completed yet."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Late(Exception):
    """What is complete but for something that is still awaited, where nothing was expected to be."""

    def __init__(self, completed: Any) -> None:
        self.completed = completed


# Classes whose values are neither awaitable nor errors: looked at once. Schemas have few; a program that makes up
# classes as it goes is forgotten now and then.
CALM: set[type] = {str, int, float, bool, list, tuple, dict}
MOST_CALM = 10_000


def restless(value: Any, run: "Compiled") -> bool:
    """Answer whether a value is awaitable, and remember its class where no value of it can be."""
    if run.is_awaitable(value):
        return True
    kind = type(value)
    if not isinstance(value, Exception | GeneratorType) and value is not Undefined and value is not None:
        _remember(kind)
    return False


def vet(value: Any, run: "Compiled") -> None:
    """
    Let an object pass whose class is not known to be calm.

    Raises:
        Odd: it is awaitable, an error, or nothing at all.
    """
    if restless(value, run) or isinstance(value, Exception) or value is Undefined:
        raise Odd(value)


def late(completed: Any) -> NoReturn:
    raise Late(completed)


def _remember(kind: type) -> None:
    # Such a class may answer `__await__` for one value and not for another.
    if hasattr(kind, "__getattr__") or "__await__" in getattr(kind, "__slots__", ()):
        return
    if len(CALM) > MOST_CALM:
        CALM.clear()
    CALM.add(kind)
