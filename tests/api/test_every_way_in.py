"""Every way into every insurer, walked by one routine that knows none of them."""

from pathlib import Path

import pytest

from insurers import panel
from tests.api.conftest import CODES, Town
from tests.api.frontend import PERSONAS
from tests.api.walking import WITHIN_ACCOUNT, Walker, persona
from tests.store.databases import postgresql_migrated, sqlite_migrated

WAYS = [(code, method) for code in CODES for method in panel.find(code).MANIFEST.registration_methods]
KEYS = [(code, method.key) for code, method in WAYS]
PURPOSES: dict[tuple[str, str], str] = {(code, method.key): method.purpose.name for code, method in WAYS}
NOT_FOR_THE_FIRST_TIME = [way for way, purpose in PURPOSES.items() if purpose != "FIRST_TIME"]
FIRST = [next(way for way in KEYS if way[0] == code) for code in CODES]


@pytest.fixture
def address_of_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite; a test may ask for the other."""
    return postgresql_migrated() if getattr(request, "param", None) == "postgresql" else sqlite_migrated(tmp_path)


def somebody(town: Town, code: str, method: str) -> Walker:
    """Answer somebody for whom this way is open to its end."""
    goes = [
        name
        for name, one in PERSONAS.items()
        if (one["insurer"], one.get("method")) == (code, method) and one.get("arrives", True)
    ]
    assert goes, f"nobody in personas.json goes the way {method}"
    return persona(town, goes[0])


async def walk_and_read(town: Town, code: str, method: str) -> None:
    walker = somebody(town, code, method)
    held = {*walker.person["policies"][code], *walker.person.get("adds", ())}
    purpose = next(known["purpose"] for known in await walker.methods() if known["key"] == method)
    if purpose in WITHIN_ACCOUNT:
        await walker.inside()
        walker.becomes(policies={code: walker.person.get("adds", [])})

    done = await walker.arrive(method)

    assert ("LINKED", []) == (done["link"]["state"], done["nextActions"])
    assert held == await walker.numbers()


@pytest.mark.parametrize(("code", "method"), KEYS)
async def test_a_client_that_follows_the_data_gets_in_by_every_way_and_reads_the_policies(
    town: Town, code: str, method: str
) -> None:
    await walk_and_read(town, code, method)


@pytest.mark.parametrize("address_of_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("code", "method"), FIRST)
async def test_the_recommended_way_is_walked_on_the_other_database_too(town: Town, code: str, method: str) -> None:
    await walk_and_read(town, code, method)


@pytest.mark.parametrize(("code", "method"), NOT_FOR_THE_FIRST_TIME)
async def test_a_way_for_something_else_says_for_what_it_is(town: Town, code: str, method: str) -> None:
    walker = somebody(town, code, method)

    done = await walker.frontend.mutate(
        "RegistrationStart", insurer={"code": code}, methodKey=method, purpose="FIRST_TIME"
    )

    (error,) = done["errors"]
    assert ("INVALID", ["purpose"]) == (error["code"], error["field"])
    assert PURPOSES[code, method] in error["message"]


@pytest.mark.parametrize("code", CODES)
async def test_a_way_within_an_account_is_closed_to_whoever_has_none(town: Town, code: str) -> None:
    for known in [method for each, method in WAYS if each == code and method.purpose.name in WITHIN_ACCOUNT]:
        walker = somebody(town, code, known.key)

        done = await walker.frontend.mutate(
            "RegistrationStart", insurer={"code": code}, methodKey=known.key, purpose=known.purpose.name
        )

        (error,) = done["errors"]
        assert ("CREDENTIALS_REJECTED", ["insurer"]) == (error["code"], error["field"])
        assert done["registration"] is None
