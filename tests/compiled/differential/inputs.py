"""Values of input types: as a document writes them, with variables inside, and raw as a client sends them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    is_required_input_field,
)

from tests.compiled.differential.choices import Choices


class Words(NamedTuple):
    """
    What stands for scalars, by their names: in a document, in JSON, and what they do not take there.

    `at` is what suits one place, in JSON. A place is the name of an argument or an input's field behind that of what
    it belongs to: of the type that the argument's field answers, or of the input's own.
    """

    literals: Mapping[str, Sequence[str]]
    raw: Mapping[str, Sequence[Any]]
    bad: Mapping[str, Sequence[Any]]
    at: Mapping[str, Sequence[Any]] = {}


USUAL = Words(
    literals={
        "String": ('"word"', '""', '"""block"""'),
        "Int": ("1", "0", "-2147483648"),
        "Float": ("1.5", "2", "1e3"),
        "Boolean": ("true", "false"),
        "ID": ('"id"', "5"),
        "Stamp": ('"stamp"', "5", "{deep: [1]}"),
    },
    raw={
        "String": ("word", ""),
        "Int": (1, 0, 2.0),
        "Float": (1.5, 2),
        "Boolean": (True, False),
        "ID": ("id", 5),
        "Stamp": ("stamp", 5, {"deep": [1]}),
    },
    bad={
        "String": (5, ["word"]),
        "Int": ("1", 1.5, 2**31),
        "Float": ("1.5", {}),
        "Boolean": (1, "true"),
        "ID": (1.5, True),
        "Stamp": ("bad",),
    },
)


@dataclass
class Variables:
    """What an operation declares, and what its client sends; some of that cannot be read."""

    choices: Choices
    words: Words = USUAL
    declared: dict[str, str] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)

    def used(self, kind: GraphQLInputType, may_be_missing: bool = False, place: str = "") -> str:
        """Declare a variable of this type, or take one that is already declared; answer its use."""
        wanted = str(kind)
        if may_be_missing and self.choices.likely(20):
            wanted = wanted.removesuffix("!")
        for name, declared in self.declared.items():
            if declared.partition(" = ")[0] == wanted and self.choices.likely(40):
                return f"${name}"
        name = f"v{len(self.declared)}"
        own = kind.of_type if wanted != str(kind) and isinstance(kind, GraphQLNonNull) else kind
        has_default = self.choices.likely(25)
        self.declared[name] = wanted + (f" = {self._constant(own, place=place)}" if has_default else "")
        if self.choices.likely(4):
            self.sent[name] = self._bad(own)
        elif not self.choices.likely(25 if has_default or not isinstance(own, GraphQLNonNull) else 3):
            self.sent[name] = self._raw(own, place)
        return f"${name}"

    def literal(self, kind: GraphQLInputType, has_default: bool = False, place: str = "") -> str:
        """Write a value of this type; `has_default` where leaving a variable out does no harm."""
        if self.choices.likely(35):
            return self.used(kind, may_be_missing=has_default, place=place)
        return self._written(kind, place, constant=False)

    def _constant(self, kind: GraphQLInputType, has_default: bool = False, place: str = "") -> str:
        return self._written(kind, place, constant=True)

    def _written(self, kind: GraphQLInputType, place: str, *, constant: bool) -> str:
        """Write a value in whose own place no variable stands, nor inside it where it is *constant*."""
        choices, write = self.choices, self._constant if constant else self.literal
        if isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        elif choices.likely(12):
            return "null"
        match kind:
            case GraphQLList():
                if choices.likely(20) and constant:
                    # One value stands for a list of one.
                    return write(kind.of_type, place=place)
                return f"[{', '.join(write(kind.of_type, place=place) for _ in range(choices.upto(2)))}]"
            case GraphQLInputObjectType(is_one_of=True):
                name, each = choices.one_of(list(kind.fields.items()))
                return f"{{{name}: {write(GraphQLNonNull(each.type), place=f'{kind.name}.{name}')}}}"
            case GraphQLInputObjectType():
                given = [
                    f"{name}: {write(each.type, each.default_value is not Undefined, f'{kind.name}.{name}')}"
                    for name, each in kind.fields.items()
                    if is_required_input_field(each) or choices.likely(50)
                ]
                return f"{{{', '.join(given)}}}"
            case GraphQLEnumType():
                return choices.one_of([str(name) for name in kind.values])
        if self._suits(place):
            return json.dumps(choices.one_of(self.words.at[place]))
        return choices.one_of(self.words.literals[kind.name])

    def _suits(self, place: str) -> bool:
        """Whether to take what suits this place."""
        return bool(self.words.at.get(place)) and self.choices.likely(85)

    def _raw(self, kind: GraphQLInputType, place: str) -> Any:
        """Answer a value of this type as JSON has it."""
        choices = self.choices
        if isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        elif choices.likely(12):
            return None
        match kind:
            case GraphQLList():
                if choices.likely(20):
                    return self._raw(kind.of_type, place)
                return [self._raw(kind.of_type, place) for _ in range(choices.upto(2))]
            case GraphQLInputObjectType(is_one_of=True):
                name, each = choices.one_of(list(kind.fields.items()))
                return {name: self._raw(GraphQLNonNull(each.type), f"{kind.name}.{name}")}
            case GraphQLInputObjectType():
                return {
                    name: self._raw(each.type, f"{kind.name}.{name}")
                    for name, each in kind.fields.items()
                    if is_required_input_field(each) or choices.likely(50)
                }
            case GraphQLEnumType():
                return choices.one_of(list(kind.values))
        return choices.one_of(self.words.at[place] if self._suits(place) else self.words.raw[kind.name])

    def _bad(self, kind: GraphQLInputType) -> Any:
        match kind:
            case GraphQLNonNull():
                return None if self.choices.likely(30) else self._bad(kind.of_type)
            case GraphQLList():
                return [self._bad(kind.of_type)] if self.choices.likely(50) else self._bad(kind.of_type)
            case GraphQLInputObjectType():
                return {"y0": "many"} if self.choices.likely(50) else {"unknown": 1}
            case GraphQLEnumType():
                return self.choices.one_of(("FOUR", 1))
        return self.choices.one_of(self.words.bad[kind.name])
