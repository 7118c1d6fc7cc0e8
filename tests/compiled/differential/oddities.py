"""Values and errors that a resolver may answer and that JSON cannot write."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any

from graphql import GraphQLError, Undefined
from graphql.language import FieldNode, NameNode

# Where some errors say that they are of.
ELSEWHERE = "elsewhere"


class Weekday(IntEnum):
    MONDAY = 1


class Colour(Enum):
    RED = "red"


class Wordy(str):
    __slots__ = ()


class Opaque:
    def __repr__(self) -> str:
        return "<opaque>"


class Explosive:
    """Cannot be written as text."""

    def __str__(self) -> str:
        raise ArithmeticError("no text")

    def __repr__(self) -> str:
        return "<explosive>"


ODDITIES: Mapping[str, Callable[[], Any]] = {
    "undefined": lambda: Undefined,
    "not a number": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "decimal": lambda: Decimal("1.5"),
    "weekday": lambda: Weekday.MONDAY,
    "colour": lambda: Colour.RED,
    "wordy": lambda: Wordy("word"),
    "bytes": lambda: b"bytes",
    "opaque": Opaque,
    "explosive": Explosive,
}


class Telling(Exception):
    """An error of nobody's, which says more than its message."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.extensions = {"code": "TELLING"}


def _located(message: str) -> GraphQLError:
    return GraphQLError(message, [FieldNode(name=NameNode(value=ELSEWHERE))], path=[ELSEWHERE, 1])


FAULTS: Mapping[str, Callable[[str], Exception]] = {
    "value": ValueError,
    "graphql": GraphQLError,
    "extended": lambda message: GraphQLError(message, extensions={"code": "ODD"}),
    "telling": Telling,
    "pathed": lambda message: GraphQLError(message, path=[ELSEWHERE, 1]),
    "located": _located,
    "group": lambda message: ExceptionGroup(message, [ValueError("inner")]),
}
