"""What each field of a schema costs and how long its lists are, read once from its `@cost` and `@listSize`."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TypeAlias

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)
from msgspec import Struct
from msgspec.structs import replace

from schema.costs import USUAL_SIZE, Cost, ListSize

# The name of a type and of its field.
Place: TypeAlias = tuple[str, str]


class Price(Struct, frozen=True):
    """
    What a field costs.

    It costs `weight`, and for each of its objects `each` and what is asked of that. There are `size` of them, or as
    many as the largest of the arguments at the paths `slicing` asks for. Of a page it is not the page that comes so
    often, but its `sized` fields, which know that of themselves (`of_page`).
    """

    weight: int
    each: int = 0
    size: int = 1
    slicing: tuple[tuple[str, ...], ...] = ()
    sized: tuple[str, ...] = ()
    of_page: bool = False


# The whole schema is a megabyte of JSON.
INTROSPECTION: Mapping[str, Price] = {"__schema": Price(1000), "__type": Price(100), "__typename": Price(0)}

# What nobody knows is refused by validation; until then it counts like an object.
UNKNOWN = Price(1)

# What federation adds to every schema that is a part of a larger one.
_LENT: Mapping[Place, ListSize] = {("Query", "_entities"): ListSize(slicing_arguments=["representations"])}

_Fielded = (GraphQLObjectType, GraphQLInterfaceType)


@cache
def prices(schema: GraphQLSchema) -> Mapping[Place, Price]:
    own = {(kind.name, name): _price((kind.name, name), field) for kind, name, field in _fields(schema)}
    pages = {
        (get_named_type(field.type).name, sized)
        for kind, name, field in _fields(schema)
        for sized in own[kind.name, name].sized
    }
    found = {place: replace(price, of_page=True) if place in pages else price for place, price in own.items()}
    for kind, name, _ in _fields(schema):
        if isinstance(kind, GraphQLInterfaceType):
            # Nobody is cheaper by asking an interface.
            behind = [found[one.name, name] for one in schema.get_possible_types(kind)]
            found[kind.name, name] = max([found[kind.name, name], *behind], key=_dearness)
    return found


def _fields(schema: GraphQLSchema) -> Iterator[tuple[GraphQLObjectType | GraphQLInterfaceType, str, GraphQLField]]:
    for kind in schema.type_map.values():
        if isinstance(kind, _Fielded) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                yield kind, name, field


def _dearness(price: Price) -> tuple[bool, int]:
    return price.of_page, price.weight + price.size


def _price(place: Place, field: GraphQLField) -> Price:
    said = getattr(field.extensions.get("strawberry-definition"), "directives", ())
    cost = next((one for one in said if isinstance(one, Cost)), None)
    size = next((one for one in said if isinstance(one, ListSize)), _LENT.get(place))
    many = is_list_type(get_nullable_type(field.type))
    objects = is_composite_type(get_named_type(field.type))
    plain = Price(int(objects and not many), int(objects and many), USUAL_SIZE if objects and many else 1)
    price = replace(plain, weight=cost.weight) if cost else plain
    if size is None:
        return price
    return replace(
        price,
        size=size.assumed_size or plain.size,
        slicing=tuple(tuple(path.split(".")) for path in size.slicing_arguments or ()),
        sized=tuple(size.sized_fields or ()),
    )
