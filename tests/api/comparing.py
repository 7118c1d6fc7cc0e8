"""A customer who compares, by a frontend that knows no insurer; and what insurers heard of it."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from graphql import parse, print_ast
from graphql.utilities import separate_operations

from insurers.identity import InsurerCode
from tests.api.conftest import CODES, Town
from tests.api.frontend import PEOPLE, Frontend, Json, key
from tests.api.walking import Walker

HERE = Path(__file__).parent
OPERATIONS = (HERE / "comparing.graphql").read_text(encoding="utf-8")

# What travels to an insurer, in its own names, and who compares; a code of an insurer leads to it.
FACTS: Mapping[str, Any] = json.loads((HERE / "comparing.json").read_text(encoding="utf-8"))


# The first policy of the straight road, at each insurer.
NUMBERS: Mapping[str, str] = {code: PEOPLE["taro"]["policies"][code][0] for code in CODES}


def other(code: str) -> str:
    """Answer the insurer that does not have the contract."""
    return next(each for each in CODES if each != code)


async def signed_in(town: Town, name: str) -> Frontend:
    """Answer somebody of `comparing.json` who has an account at every insurer."""
    person = FACTS["people"][name]
    frontend = Frontend(town.http, town.url, town.issuer.mint(person["name"]), "taro", town.letterbox.letters)
    for code, account in person["accounts"].items():
        frontend.person = {"mail": account["userId"], "policies": {}}
        done = await frontend.mutate("InsurerLinkCreate", insurer={"code": code}, **account)
        await Walker(town, frontend).answered(done["link"])
    frontend.person = person
    return frontend


# ---- what is done


async def do(frontend: Frontend, operation: str, **variables: Any) -> Json:  # Whatever the operation takes.
    """Run one of `comparing.graphql` and answer the value of its only root field."""
    answer = await frontend.raw(only(operation), variables, operation)
    assert "errors" not in answer, answer["errors"]
    (value,) = answer["data"].values()
    return value  # type: ignore[no-any-return]  # Whatever was asked for.


async def deed(frontend: Frontend, operation: str, **fields: Any) -> Json:  # As above.
    return await do(frontend, operation, input={"idempotencyKey": key(), **fields})


async def started(frontend: Frontend, code: str, number: str, **fields: Any) -> Json:  # As above.
    """Compare one policy, and answer the comparison once whoever has the contract has answered."""
    policy = {"number": {"insurer": {"code": code}, "number": number}}
    done = await deed(frontend, "ComparisonStart", policies=[policy], **fields)
    assert [] == done["errors"], done["errors"]
    return await settled(frontend, done["comparison"])


async def shared(frontend: Frontend, comparison: Json, code: str, **fields: Any) -> Json:  # As above.
    """Agree to all that this insurer would be told, or to what *fields* say, and answer the payload."""
    told = next(each for each in comparison["disclosures"] if each["insurer"]["code"] == code)
    said = {"comparisonId": comparison["id"], "insurer": {"code": code}, "disclosureHash": told["hash"]}
    return await deed(frontend, "ComparisonSharingAnswer", **(said | {"granted": True} | fields))


async def settled(frontend: Frontend, comparison: Json) -> Json:
    """Wait until nobody is awaited, and answer the comparison as it stands then."""
    await do(frontend, "ComparisonSettled", id=comparison["id"])
    return await do(frontend, "ComparisonRead", id=comparison["id"])


async def compared(frontend: Frontend, code: str, number: str, **fields: Any) -> Json:  # As above.
    """Compare one policy at every insurer, agreeing to whatever is asked."""
    comparison = await started(frontend, code, number, **fields)
    done = await shared(frontend, comparison, other(code))
    assert [] == done["errors"], done["errors"]
    return await settled(frontend, comparison)


def at(comparison: Json, code: str) -> Json:
    """Answer the part that one insurer has."""
    return next(each for each in comparison["inquiries"] if each["insurer"]["code"] == code)


@cache
def only(operation: str) -> str:
    """Answer the document of one operation: itself and the fragments it reaches."""
    return print_ast(separate_operations(parse(OPERATIONS))[operation])


# ---- what was heard


async def heard(town: Town, code: str) -> list[Json]:
    """Answer what came in at the customers' door of this insurer, and let it forget it."""
    _, address = town.houses[InsurerCode(code)]
    door = address.control_url + "/_control/received"
    async with town.http.get(door) as response:
        received: list[Json] = (await response.json())["received"]
    async with town.http.delete(door) as response:
        assert 204 == response.status
    return received


def plain(received: list[Json]) -> str:
    """Answer everything that was said as one text, whatever it was wrapped in."""
    return folded(
        *(
            unquote_plus(f"{each['path']} {each['body']}", encoding=encoding, errors="replace")
            for each in received
            for encoding in ("utf-8", "cp932")
        )
    )


def folded(*texts: str) -> str:
    """Leave out whatever people and wires write differently: width, blanks, hyphens."""
    together = "".join(unicodedata.normalize("NFKC", " ".join(texts)).split())
    return together.replace("-", "").replace("\u2212", "")


def fields(body: str) -> dict[str, object]:
    """Answer what a request for a quote says, by the names of its wire; what it leaves empty is not said."""
    said = dict(json.loads(body).items() if body.startswith("{") else _lines(body))
    return {name: value for name, value in said.items() if value not in (None, "", {}, [])}


def _lines(body: str) -> Iterator[tuple[str, str]]:
    for line in body.splitlines():
        yield from parse_qsl(line, encoding="cp932")
