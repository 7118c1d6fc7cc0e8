"""What changed since the last release: what breaks a client, what may, and what is on its way out."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import graphql
from graphql import (
    BreakingChange,
    BreakingChangeType,
    DangerousChange,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
)
from msgspec import Struct

RELEASED = Path(__file__).parent / "released"

# A reason ends so, as in: The name misled. Use Renewal.review. deletionDate: 2027-06-30
_WAY_OUT = re.compile(r"\bUse (?P<place>[\w.]+)\. deletionDate: (?P<day>\d{4}-\d\d-\d\d)$")


class Changes(Struct, frozen=True):
    """`breaking` has nothing that is allowed; `unused` are allowances of changes that nobody made."""

    release: str
    breaking: Sequence[BreakingChange]
    dangerous: Sequence[DangerousChange]
    unused: Sequence[str]


def since_last(current: GraphQLSchema, folder: Path = RELEASED) -> Changes:
    last = max(folder.glob("*.graphql"), key=_version)
    released = graphql.build_schema(last.read_text(encoding="utf-8"))
    breaking = [*graphql.find_breaking_changes(released, current), *_promises_broken(released, current)]
    reasons = allowed(folder)
    return Changes(
        release=last.stem,
        breaking=[change for change in breaking if change.description not in reasons],
        dangerous=graphql.find_dangerous_changes(released, current),
        unused=sorted(reasons.keys() - {change.description for change in breaking}),
    )


def _promises_broken(released: GraphQLSchema, current: GraphQLSchema) -> Iterator[BreakingChange]:
    """Answer what breaks a client by a directive, at which graphql-core does not look."""
    for name, was in released.type_map.items():
        now = current.type_map.get(name)
        if _is_one_of(now) and not _is_one_of(was):
            yield BreakingChange(BreakingChangeType.TYPE_CHANGED_KIND, f"Input {name} became @oneOf.")
        for field in sorted(_never_null_alone(was) - _never_null_alone(now)):
            standing = getattr(now, "fields", {}).get(field)
            # One that became non-null promises more, and one that is gone is told already.
            if standing is not None and not graphql.is_non_null_type(standing.type):
                said = f"Field {name}.{field} is no longer @semanticNonNull."
                yield BreakingChange(BreakingChangeType.FIELD_CHANGED_KIND, said)


def _is_one_of(kind: GraphQLNamedType | None) -> bool:
    return isinstance(kind, GraphQLInputObjectType) and kind.is_one_of


def _never_null_alone(kind: GraphQLNamedType | None) -> set[str]:
    """Answer the fields that are marked as null only ever with an error."""
    return {
        name
        for name, field in getattr(kind, "fields", {}).items()
        if field.ast_node is not None
        and any("semanticNonNull" == said.name.value for said in field.ast_node.directives or ())
    }


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.stem.split("."))


def allowed(folder: Path = RELEASED) -> Mapping[str, str]:
    """Answer which breaks are made all the same, with the reason of each."""
    written = tomllib.loads((folder / "allowed.toml").read_text(encoding="utf-8"))
    return {entry["change"]: entry["reason"] for entry in written.get("allowed", ())}


def without_a_way_out(current: GraphQLSchema) -> Iterator[str]:
    """Answer what is deprecated and names no replacement that exists, or no day on which it goes."""
    for place, reason in _deprecated(current):
        said = _WAY_OUT.search(reason)
        if said is None or not exists(current, said["place"]) or not _is_day(said["day"]):
            yield place


def _deprecated(current: GraphQLSchema) -> Iterator[tuple[str, str]]:
    for name, kind in current.type_map.items():
        if name.startswith("__"):
            continue
        for inner, element in (getattr(kind, "fields", None) or getattr(kind, "values", None) or {}).items():
            if element.deprecation_reason is not None:
                yield f"{name}.{inner}", element.deprecation_reason
            for argument, taken in getattr(element, "args", {}).items():
                if taken.deprecation_reason is not None:
                    yield f"{name}.{inner}({argument}:)", taken.deprecation_reason


def exists(current: GraphQLSchema, place: str) -> bool:
    """Whether there is a type, a field or a value of this schema coordinate."""
    name, _, inner = place.partition(".")
    kind = current.type_map.get(name)
    members = getattr(kind, "fields", None) or getattr(kind, "values", None) or {}
    return kind is not None and (not inner or inner in members)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
