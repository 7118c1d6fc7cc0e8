"""
Where in an answer something stands, as compiled code hands it down.

A place is a tuple `(above, key, typename)`, which costs a fraction of graphql-core's `Path`; one is made of it only
when somebody wants to see it: a resolver with `Info`, or an error. Within a list whose items nobody can ask for their
place, the key is the list of those that are complete: the item that is at work now has its length as index.
"""

from typing import Any, TypeAlias, overload

from graphql.pyutils import Path

# (above, key, typename); mypy has no recursive tuples of this kind that are cheap to write.
Place: TypeAlias = tuple[Any, str | int | list[Any], str | None]


@overload
def path(place: Place) -> Path: ...


@overload
def path(place: Place | None) -> Path | None: ...


def path(place: Place | None) -> Path | None:
    """Answer graphql-core's path of a place; at the root there is none."""
    if place is None:
        return None
    above, key, typename = place
    return Path(path(above), len(key) if isinstance(key, list) else key, typename)


@overload
def frozen(place: Place) -> Place: ...


@overload
def frozen(place: Place | None) -> Place | None: ...


def frozen(place: Place | None) -> Place | None:
    """Answer the same place as it is now, whichever item is at work later."""
    if place is None:
        return None
    above, key, typename = place
    return frozen(above), len(key) if isinstance(key, list) else key, typename


def of_field(place: Place) -> Place:
    """Answer the place of the field whose item, or whose item's item, stands here."""
    while not isinstance(place[1], str):
        place = place[0]
    return place
