"""Schemas drawn as text, and how each field and abstract type gets what it is."""

from dataclasses import dataclass, field

from tests.compiled.differential.case import Schema, Telling, Way
from tests.compiled.differential.choices import Choices

SCALARS = ("String", "Int", "Int", "Float", "Boolean", "ID", "Stamp")
# In a hundred types. With more, one error leaves no data to compare.
NON_NULL = 30
# Defaults by type, as a schema writes them.
DEFAULTS = {"String": '"by default"', "Int": "7", "Float": "1.5", "Boolean": "true", "ID": '"id"', "Stamp": '"stamp"'}
# Fields without arguments are attributes of Strawberry's most often, or methods that are told nothing.
PLAIN: tuple[Way, ...] = ("basic", "basic", "bare", "bare async", "bare reading", "context")


@dataclass
class Names:
    """What a schema has to speak of."""

    enums: list[str]
    inputs: list[str]
    interfaces: list[str]
    objects: list[str]
    unions: list[str]
    # By name: what follows the name of a field. A name means one thing in the whole schema, so that fields merge.
    fields: dict[str, str] = field(default_factory=dict)


def drawn(choices: Choices) -> Schema:
    names = Names(
        enums=[f"E{number}" for number in range(choices.upto(3))],
        inputs=[f"Given{number}" for number in range(choices.upto(2))],
        interfaces=[f"I{number}" for number in range(1 + choices.upto(1))],
        objects=[f"O{number}" for number in range(2 + choices.upto(2))],
        unions=[f"U{number}" for number in range(1 + choices.upto(1))],
    )
    # Objects of one class with mere attributes, of which lists are written most tightly.
    is_plain = choices.likely(25)
    names.fields = {name: _field(choices, names, name in "bdf", is_plain) for name in "abcdefgh"[: 4 + choices.upto(4)]}
    fields = _fields_by_type(choices, names)
    implemented = {name: [] if is_plain else choices.some_of(names.interfaces) for name in names.objects}
    for name, interfaces in implemented.items():
        fields[name] = _in_order(names, *fields[name], *(each for one in interfaces for each in fields[one]))
    for name in ("Query", "Mutation"):
        fields[name] = choices.some_of(list(names.fields), least=2)
    lines = ["scalar Stamp"]
    lines += [f"enum {name} {{ ONE TWO THREE }}" for name in names.enums]
    lines += [_input(choices, names, number) for number in range(len(names.inputs))]
    lines += [_type(f"interface {name}", fields[name], names) for name in names.interfaces]
    lines += [
        _type(f"type {name}" + (f" implements {' & '.join(interfaces)}" if interfaces else ""), fields[name], names)
        for name, interfaces in implemented.items()
    ]
    lines += [f"union {name} = {' | '.join(choices.some_of(names.objects, least=2))}" for name in names.unions]
    lines += [_type(f"type {name}", fields[name], names) for name in ("Query", "Mutation")]
    owners = {name: fields[name] for name in (*names.objects, "Query", "Mutation")}
    if choices.likely(70 if is_plain else 45):
        ways = _strawberry_ways(choices, names, owners, is_plain)
        lasting = tuple(name for name in names.objects if choices.likely(50))
        return Schema("\n".join(lines), ways, {}, is_strawberry=True, lasting=lasting)
    return Schema("\n".join(lines), _ways(choices, owners), _tellings(choices, [*names.interfaces, *names.unions]))


def _field(choices: Choices, names: Names, is_leaf: bool, is_plain: bool) -> str:
    arguments = (
        [] if is_plain else [_argument(choices, names, f"x{number}") for number in range(max(0, choices.upto(5) - 3))]
    )
    before = f"({', '.join(arguments)}): " if arguments else ": "
    if is_leaf:
        return before + _wrapped(choices, choices.one_of([*SCALARS, *names.enums]))
    # Lists of objects that are not all of one type are where most can go wrong.
    named = choices.one_of(names.objects if is_plain else [*names.objects, *names.interfaces, *names.unions])
    return before + _wrapped(choices, named, depth=choices.one_of((1, 0, 1, 2, 0, 3)))


def _wrapped(choices: Choices, named: str, depth: int | None = None) -> str:
    """Lists of lists, nullable or not at every depth."""
    for _ in range(max(0, choices.upto(7) - 4) if depth is None else depth):
        named = f"[{named}{'!' if choices.likely(NON_NULL) else ''}]"
    return named + ("!" if choices.likely(NON_NULL) else "")


def _argument(choices: Choices, names: Names, name: str, inputs: int | None = None) -> str:
    """`inputs` is how many input types it may be of, lest one needs itself."""
    named = choices.one_of([*SCALARS, *names.enums, *names.inputs[:inputs]])
    kind = _wrapped(choices, named)
    default = ""
    if choices.likely(35):
        default = f" = {_default(kind, named, names)}"
    return f"{name}: {kind}{default}"


def _default(kind: str, named: str, names: Names) -> str:
    if kind.startswith("["):
        # One value stands for a list of one, at any depth.
        return "[]" if kind.endswith("]!") else "null"
    if named in names.inputs:
        return "{y0: 3}"
    return "ONE" if named in names.enums else DEFAULTS[named]


def _input(choices: Choices, names: Names, number: int) -> str:
    fields = ["y0: Int"]
    fields += [_argument(choices, names, f"y{place}", inputs=number) for place in range(1, 1 + choices.upto(2))]
    # Every field that must be given has a default, so that {y0: 3} is one of any.
    fields = [each.removesuffix("!") if "=" not in each else each for each in fields]
    return f"input {names.inputs[number]} {{ {', '.join(fields)} }}"


def _fields_by_type(choices: Choices, names: Names) -> dict[str, list[str]]:
    fields = {name: choices.some_of(list(names.fields), least=1) for name in names.interfaces}
    # An object of leaves only, or of none, is soon at its end.
    return fields | {name: _in_order(names, "a", "b", *choices.some_of(list(names.fields))) for name in names.objects}


def _in_order(names: Names, *fields: str) -> list[str]:
    return [name for name in names.fields if name in fields]


def _type(head: str, fields: list[str], names: Names) -> str:
    return f"{head} {{\n" + "".join(f"  {name}{names.fields[name]}\n" for name in fields) + "}"


def _ways(choices: Choices, fields: dict[str, list[str]]) -> dict[str, Way]:
    """A root has resolvers, most often; other objects have either."""
    ways: dict[str, Way] = {}
    for name, own in fields.items():
        percent = 15 if name in ("Query", "Mutation") else 55
        ways |= {f"{name}.{each}": "default" for each in own if choices.likely(percent)}
    return ways


def _strawberry_ways(choices: Choices, names: Names, fields: dict[str, list[str]], is_plain: bool) -> dict[str, Way]:
    ways: dict[str, Way] = {}
    for owner, own in fields.items():
        for name in own:
            kind = names.fields[name]
            plain: tuple[Way, ...] = () if kind.startswith("(") else PLAIN
            many: tuple[Way, ...] = () if kind.startswith("(") or kind.endswith("!") else ("many",)
            ways[f"{owner}.{name}"] = choices.one_of(
                plain if plain and is_plain else (*plain, "resolver", "async", "guarded", *many)
            )
    return ways


def _tellings(choices: Choices, abstract: list[str]) -> dict[str, Telling]:
    otherwise: Telling = choices.one_of(("is_type_of", "typename"))
    return {name: otherwise if choices.likely(45) else "resolve_type" for name in abstract}
