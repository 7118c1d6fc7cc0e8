"""What may be said in a town: names of things that are there, of some that are not, and odd values."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import graphql

from tests.api.booking import published, selections
from tests.api.conftest import CODES
from tests.api.frontend import Frontend
from tests.compiled.differential.inputs import USUAL, Words

# How deep names are looked for, below the query.
DEEP = 4

# What may be said of each scalar, whatever JSON has for it; of ids and strings more is found in a town.
SAID: dict[str, tuple[Any, ...]] = {
    "Boolean": (True, False),
    "Date": ("2026-12-01", "0001-01-01", "9999-12-31"),
    "DateTime": ("2026-11-30T16:00:00+09:00", "2026-11-30T16:00:00", "9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z"),
    "ID": ("nobody's", "", "\x00", "証" * 100),
    "Int": (1, 2, 5, 0, -1, 2**31 - 1),
    "Locale": ("ja", "en"),
    "LocalTime": ("09:00",),
    "PolicyNumber": ("X1",),
    "Secret": ("secret", "\x00", "密" * 1000),
    "String": ("", *CODES, "Capability", "RenewalStatus", "\x00", "%", "ﾞ", "\U0010ffff", "車" * 1000),
    "URL": ("https://example.com/", "", "http://[::1", "https://example.com:99999/"),
    "Yen": (50_000, 0, -1, 2**63),
}

# What none of them takes.
_NEVER: tuple[Any, ...] = ({"no": "scalar"}, [[]])

# Of what is told in a town, so many of each kind are said again.
MANY = 30
# And so many where any kind will do.
FEW = 3

# Which field of which type tells something.
Teller: TypeAlias = tuple[str, str]

# Who tells what is said in arguments and fields of these names; of others that are ids, the name itself says of what.
# No accounts are among them: they would be taken out, and soon nobody would have a policy to ask about.
TELLERS: dict[str, tuple[Teller, ...]] = {
    "agencyId": (("MultiAgency", "id"),),
    "assigneeId": (("Agent", "id"),),
    "calendarId": (("DeadlineCalendar", "id"),),
    "code": (("Insurer", "code"),),
    "customerId": (("BookCustomer", "id"),),
    "documentOpened": (("Document", "id"),),
    "entryIds": (("BookEntry", "id"),),
    "expectedVersion": (("Registration", "version"), ("Renewal", "version")),
    "flowId": (("Registration", "id"), ("Renewal", "id")),
    "methodKey": (("RegistrationMethod", "key"),),
    "PolicyNumberInput.number": (("Policy", "number"),),
    "referencePlanId": (("Plan", "id"),),
    "reviewHash": (("RenewalReview", "hash"),),
    "stepId": (("FlowStep", "id"),),
}


def _tellers(owner: str, name: str) -> Sequence[Teller]:
    """Answer who tells what is said at a place (`Words.at`); nobody, where whatever its scalar takes will do."""
    if name == "after" and owner.endswith("Connection"):
        return ((owner.replace("Connection", "Edge"), "cursor"),)
    if name in ("id", "ids"):
        return ((owner.removesuffix("Ref"), "id"),)
    of, is_id, _ = name.removesuffix("s").rpartition("Id")
    told = TELLERS.get(f"{owner}.{name}") or TELLERS.get(name)
    return told or (((of[:1].upper() + of[1:], "id"),) if is_id else ())


def places() -> Iterator[tuple[str, str]]:
    """Bring every place of the schema where something is said."""
    for kind in published().type_map.values():
        if isinstance(kind, graphql.GraphQLInputObjectType):
            yield from ((kind.name, name) for name in kind.fields)
        elif isinstance(kind, graphql.GraphQLObjectType):
            for field in kind.fields.values():
                yield from ((graphql.get_named_type(field.type).name, name) for name in field.args)


# What was told, and by whom: whatever the leaf of an answer is.
Told: TypeAlias = Mapping[Teller, Sequence[Any]]


def _words(told: Told) -> Words:
    kinds = {"ID": "id", "PolicyNumber": "number", "String": "cursor"}
    few = {
        scalar: [one for (_, name), all_ in told.items() if name == kind for one in all_[:FEW]]
        for scalar, kind in kinds.items()
    }
    raw = {name: (*said, *few.get(name, ())) for name, said in SAID.items()}
    literals = {name: [json.dumps(value, ensure_ascii=False) for value in said] for name, said in raw.items()}
    bad = {name: (*USUAL.bad.get(name, ()), *_NEVER) for name in raw}
    at = {
        f"{owner}.{name}": [one for teller in _tellers(owner, name) for one in told.get(teller, ())[:MANY]]
        for owner, name in places()
    }
    return Words(literals, raw, bad, at)


# Of these nothing names anything that is there.
NOBODYS = _words({})


async def heard(asking: Sequence[Frontend], known: Mapping[str, str]) -> Words:
    """
    Answer what may be said in a town where these ask: what each of them is told, and more.

    *known* are ids of things that nobody is told of who does not know them, each by a name that begins with its type.
    """
    told: defaultdict[Teller, dict[Any, None]] = defaultdict(dict)
    for name, id_ in known.items():
        told[name.partition(" ")[0], "id"][id_] = None
    for frontend in asking:
        for name in selections("Query"):
            for teller, value in _told(await _asked(frontend, name)):
                told[teller][value] = None
    return _words({teller: [*values] for teller, values in told.items()})


async def _asked(frontend: Frontend, name: str) -> Any:
    """Answer all that is told under a root field, whatever that is, as far down as it is told at once."""
    for depth in range(DEEP, 0, -1):
        answer = await frontend.raw(f"{{ {selections('Query', depth=depth)[name]} }}")
        if "data" in answer:
            return answer["data"]
    return None


def _told(answer: Any) -> Iterator[tuple[Teller, Any]]:
    """Bring every leaf of an answer, and who told it."""
    if isinstance(answer, list):
        for one in answer:
            yield from _told(one)
    elif isinstance(answer, dict):
        for name, value in answer.items():
            if isinstance(value, list | dict):
                yield from _told(value)
            elif value is not None:
                yield (answer.get("__typename", ""), name), value
