"""What somebody hears who asks for everything, by every way in: all questions, nodes, live updates and deeds."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import graphql
from graphql import GraphQLObjectType

from schema.execution.limits import LIMITS
from tests.api import booking
from tests.api.crossed import Ids
from tests.api.frontend import Frontend, Json, key
from tests.api.live import Live, connected
from tests.api.policy_table import policy

# How each root field is asked for, with the names of things in the places of their ids; of which thing the answer then
# tells; and what a deed says to whoever may do it, where it is not done: nothing of it may be done twice.
CROSSED: Mapping[str, Mapping[str, Any]] = json.loads(
    Path(__file__).with_name("crossed.json").read_text(encoding="utf-8")
)

_NAMED = re.compile(r"<([A-Z][^>]*)>")


class Heard(NamedTuple):
    """What was answered, and the verdict of it."""

    verdict: str
    answer: str


Answers = dict[str, Heard]


def _with(ids: Ids, said: object) -> Any:  # Whatever a document or an input holds.
    """Put ids in the places of the things' names."""
    return json.loads(_NAMED.sub(lambda found: ids[found[1]], json.dumps(said, ensure_ascii=False)))


def _shown(row: Json, ids: Ids) -> str | None:
    return ids[row["shows"]] if "shows" in row else None


def _told(value: object, errors: Sequence[Json], shown: str | None) -> Heard:
    """Judge an answer: an error's code, nothing, what tells of the thing that is *shown*, or whatever else there is."""
    said = json.dumps([value, errors], ensure_ascii=False)
    if errors:
        return Heard(" ".join(error["extensions"]["code"] for error in errors), said)
    if value is None or value == [None]:
        return Heard("null", said)
    return Heard("sees" if shown is not None and shown in said else "own", said)


def _errors(answer: Json) -> list[Json]:
    """Answer the errors without what is another in every answer: its request, and how long the document was."""
    return [
        {"message": error["message"], "path": error.get("path"), "extensions": _lasting(error["extensions"])}
        for error in answer.get("errors", ())
    ]


def _lasting(extensions: Json) -> Json:
    return {name: said for name, said in extensions.items() if name != "requestId"}


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Divide what is asked into as much as one document may hold."""
    for start in range(0, len(names), LIMITS.roots):
        yield names[start : start + LIMITS.roots]


# ---- questions


async def questions(who: Frontend, ids: Ids) -> Answers:
    rows, heard = CROSSED["Questions"], Answers()
    for names in _parts(list(rows)):
        asked = (f"{_with(ids, rows[name]['asks'])}" for name in names)
        answer = await who.raw(f"{{ {' '.join(asked)} }}")
        for name in names:
            errors = [error for error in _errors(answer) if error["path"][0] == name]
            heard[name] = _told(answer["data"][name], errors, _shown(rows[name], ids))
    return heard


# ---- nodes, by every way in


# A token that names a customer finds that customer; the accounts are what the token does not tell.
_NODE = "__typename ... on Customer { name { family } links { id } }"


def _selected() -> str:
    """Select of nodes what only some may see."""
    parts = [_NODE]
    for field in policy()["Fields"].rows:
        type_, _, name = field.partition(".")
        kind = booking.published().type_map[type_].fields[name].type  # type: ignore[attr-defined]  # Nodes are objects.
        inside = "{ __typename }" if graphql.is_composite_type(graphql.get_named_type(kind)) else ""
        parts.append(f"... on {type_} {{ {name} {inside} }}")
    return " ".join(parts)


async def nodes(who: Frontend, ids: Ids, ways: Sequence[str]) -> Mapping[str, Answers]:
    """Answer what each node is to somebody, by each of these fields, and what its fields are."""
    found = {way: await _WAYS[way](who, ids) for way in ways}
    heard = {way: dict(zip(ids, map(_node, values), strict=True)) for way, values in found.items()}
    named = dict(zip(ids, found["nodes"], strict=True))
    return heard | {"Fields": {field: _field(field, named) for field in policy()["Fields"].rows}}


async def _by_node(who: Frontend, ids: Ids) -> list[Json | None]:
    asked = [f'it{place}: node(id: "{id_}") {{ {_NODE} }}' for place, id_ in enumerate(ids.values())]
    return [found for part in _parts(asked) for found in await _found(who, f"{{ {' '.join(part)} }}", {})]


async def _by_nodes(who: Frontend, ids: Ids) -> list[Json | None]:
    document = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {_selected()} }} }}"
    return await _found(who, document, {"ids": list(ids.values())})


async def _by_entities(who: Frontend, ids: Ids) -> list[Json | None]:
    document = f"query ($of: [_Any!]!) {{ _entities(representations: $of) {{ {_NODE} }} }}"
    return await _found(
        who, document, {"of": [{"__typename": name.split()[0], "id": id_} for name, id_ in ids.items()]}
    )


_WAYS = {"nodes": _by_nodes, "node": _by_node, "_entities": _by_entities}


async def _found(who: Frontend, document: str, variables: Json) -> list[Json | None]:
    answer = await who.raw(document, variables)
    assert "errors" not in answer, answer["errors"]
    values = list(answer["data"].values())
    return list(values[0]) if isinstance(values[0], list) else values


def _node(found: Json | None) -> Heard:
    verdict = "null" if found is None else "own" if found.get("links") == [] else "sees"
    return Heard(verdict, json.dumps(found, ensure_ascii=False))


def _field(field: str, named: Mapping[str, Json | None]) -> Heard:
    type_, _, name = field.partition(".")
    found = (named[type_] or {}).get(name)
    return Heard("null" if found is None else "sees", json.dumps(found, ensure_ascii=False))


# ---- live updates, on one socket


async def live(who: Frontend, ids: Ids) -> Answers:
    """Answer the first thing that is told by each subscription."""
    rows, heard = CROSSED["Live updates"], Answers()
    async with connected(who) as socket:
        for name, row in rows.items():
            document = f"subscription {{ {_with(ids, row['asks'])} }}"
            await socket.say("subscribe", id=name, payload={"query": document})
        while len(heard) < len(rows):
            name, first = await _first(socket)
            if name not in heard:
                heard[name] = _event(first, _shown(rows[name], ids))
    return heard


async def _first(socket: Live) -> tuple[str, Json]:
    said = await socket.hear()
    return said["id"], said


def _event(said: Json, shown: str | None) -> Heard:
    if said["type"] == "complete":
        return Heard("ends", "")
    payload = said["payload"]
    if said["type"] == "error":
        return _told(None, _errors({"errors": payload}), shown)
    (value,) = (payload["data"] or {"": None}).values()
    return _told(value, _errors(payload), shown)


# ---- deeds


async def deeds(who: Frontend, ids: Ids, names: Sequence[str], closed: Sequence[str]) -> Answers:
    """Answer what becomes of each; those that are *closed* one by one, as an error ends a document."""
    rows, heard = CROSSED["Deeds"], Answers()
    for part in (*_parts(names), *([name] for name in closed)):
        taken = ", ".join(f"${name}: {_input(name)}!" for name in part)
        asked = " ".join(f"{name}(input: ${name}) {{ {_payload(name)} }}" for name in part)
        said = {name: {"idempotencyKey": key()} | _with(ids, rows[name]["input"]) for name in part}
        answer = await who.raw(f"mutation ({taken}) {{ {asked} }}", said)
        heard |= {name: _done(name, answer) for name in part}
    return heard


def _done(name: str, answer: Json) -> Heard:
    if errors := _errors(answer):
        return _told(None, errors, None)
    payload = answer["data"][name]
    rows = payload.get("rows") or ()
    codes = [error["code"] for part in (payload, *rows) for error in part["errors"]]
    verdict = " ".join(codes)
    return Heard("does" if verdict in CROSSED["Deeds"][name].get("does", [""]) else verdict, json.dumps(payload))


def _input(name: str) -> str:
    writes = booking.published().mutation_type
    assert writes
    return str(graphql.get_named_type(writes.fields[name].args["input"].type))


def _payload(name: str) -> str:
    """Select of a payload why it was not done, and whatever it shows beside."""
    writes = booking.published().mutation_type
    assert writes
    kind = graphql.get_named_type(writes.fields[name].type)
    assert isinstance(kind, GraphQLObjectType)
    things = [
        f"{field} {{ id }}"
        for field, said in kind.fields.items()
        if isinstance(shown := graphql.get_named_type(said.type), GraphQLObjectType) and "id" in shown.fields
    ]
    rows = "rows { errors { __typename code message field } entry { id } }" if "rows" in kind.fields else ""
    return " ".join(["errors { __typename code message field }", rows, *things])
