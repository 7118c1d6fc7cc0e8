"""The page for people: GraphiQL, with examples and a token that works, and only where nobody is a real customer."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from joserfc.jwk import OKPKey

from gateway import application, serving, tokens
from gateway.settings import Environment, Settings
from insurers.sandbox import TestClock
from schema.examples import operations
from tests.api.agencies import agencies_at_work
from tests.api.conftest import CODES, Houses, Town
from tests.api.frontend import Frontend, Json

__all__ = ["agencies_at_work"]

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def page(http: aiohttp.ClientSession, url: str) -> str:
    async with http.get(f"{url}/graphql", headers=BROWSER) as answer:
        assert 200 == answer.status
        assert answer.content_type == "text/html"
        return await answer.text()


def offered(text: str) -> Json:
    found = re.search(r'<script type="application/json" id="offered">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]  # What the page holds.


async def test_a_browser_is_shown_the_examples_and_a_token_that_works(town: Town) -> None:
    text = await page(town.http, town.url)

    said = offered(text)
    assert len(operations("", "")) == len(said["operations"])
    asker = Frontend(town.http, town.url, said["token"], "taro", [])
    viewer = (await asker.raw("{ viewer { displayName } }"))["data"]["viewer"]
    assert said["customer"] == viewer["displayName"]
    assert "__" not in re.sub(r"__typename", "", text.split('id="offered"')[0])


async def test_the_examples_run_as_they_stand(town: Town) -> None:
    said = offered(await page(town.http, town.url))
    # A book is watched for as long as one is its agent.
    ending = [example for example in said["operations"] if "subscription WatchTheBook" not in example["query"]]

    answers: Json = {}
    for example in ending:
        answer = await asker_of(town, example, said["token"]).raw(example["query"], json.loads(example["variables"]))
        assert "errors" not in answer, (example, answer)
        answers |= answer["data"]

    assert len(ending) + 1 == len(said["operations"])
    assert answers["book"]["agency"], "what an agent asks is asked by one"


def asker_of(town: Town, example: Json, token: str) -> Frontend:
    """Who asks in this tab: its own headers go before those of the page."""
    own = json.loads(example["headers"] or "{}").get("Authorization", f"Bearer {token}")
    return Frontend(town.http, town.url, own.removeprefix("Bearer "), "taro", [])


async def test_scripts_of_the_page_are_held_to_their_hashes(town: Town) -> None:
    text = await page(town.http, town.url)

    foreign = re.findall(r"<(?:script|link)[^>]+(?:src|href)=\"https?://[^>]+>", text)

    assert foreign
    assert [] == [tag for tag in foreign if 'integrity="sha384-' not in tag]


async def test_whoever_is_no_browser_is_answered_as_graphql_answers(town: Town) -> None:
    async with town.http.get(f"{town.url}/graphql", headers={"Accept": "application/json"}) as answer:
        assert 400 == answer.status
        assert (await answer.json())["errors"]


async def test_the_front_door_leads_to_the_page(town: Town) -> None:
    async with town.http.get(town.url, headers=BROWSER) as answer:
        assert "/graphql" == answer.url.path
        assert "text/html" == answer.content_type


async def test_the_development_issuer_shows_its_keys(town: Town) -> None:
    async with town.http.get(f"{town.url}/.well-known/openid-configuration") as discovery:
        said = await discovery.json()
    async with town.http.get(said["jwks_uri"]) as answer:
        (shown,) = (await answer.json())["keys"]

    assert said["issuer"] == town.issuer.issuer
    assert "d" not in shown


@pytest.fixture
async def production(settings: Settings, tmp_path: Path, clock: TestClock, houses: Houses) -> AsyncIterator[str]:
    """The address of a gateway as operators run it, whose issuer is elsewhere."""
    known = tmp_path / "keys.json"
    key = OKPKey.generate_key("Ed25519", private=True, auto_kid=True)
    known.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    settings = settings.model_copy(
        update={
            "environment": Environment.PRODUCTION,
            "graphiql": False,
            "token_issuer": "https://issuer.example",
            "token_jwks": str(known),
        }
    )
    verifier, issuer = tokens.trusted(settings, lambda: datetime.now(UTC))
    addresses = {code: houses[code][1].url for code in CODES}
    async with (
        application.opened(settings, clock=clock, addresses=addresses, verifier=verifier, issuer=issuer) as gateway,
        serving.serve(gateway.app, grace_seconds=1) as url,
    ):
        yield url


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_its_files_can_come_from_a_folder_of_ours(
    settings: Settings, tmp_path: Path, clock: TestClock, http: aiohttp.ClientSession
) -> None:
    folder = tmp_path / "graphiql"
    (folder / "react" / "umd").mkdir(parents=True)
    (folder / "react" / "umd" / "react.production.min.js").write_text("// react")
    settings = settings.model_copy(update={"graphiql_assets": folder})
    verifier, issuer = tokens.embedded(settings, lambda: datetime.now(UTC))
    async with (
        application.opened(settings, clock=clock, addresses={}, verifier=verifier, issuer=issuer) as gateway,
        serving.serve(gateway.app, grace_seconds=1) as url,
    ):
        text = await page(http, url)
        files = re.findall(r"(?:src|href)=\"([^\"]+\.(?:js|css))\"", text)
        async with http.get(f"{url}/graphiql/react/umd/react.production.min.js") as answer:
            assert "// react" == await answer.text()

    assert "/graphiql/react/umd/react.production.min.js" in files
    assert [] == [file for file in files if not file.startswith("/graphiql/")]
    assert "https://" not in text.split('id="offered"')[0]


async def test_in_production_there_is_no_page(production: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{production}/graphql", headers=BROWSER) as answer:
        text = await answer.text()

    assert 400 <= answer.status < 500
    assert "GraphiQL" not in text
    assert "token" not in text


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/graphiql/react.js", "/token"])
async def test_in_production_nobody_makes_tokens(production: str, http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(f"{production}{path}") as answer:
        assert 404 == answer.status


async def test_in_production_a_token_of_development_is_not_believed(
    production: str, http: aiohttp.ClientSession, town: Town
) -> None:
    headers = {"Authorization": f"Bearer {town.issuer.mint('三住 太郎')}"}

    async with http.post(f"{production}/graphql", json={"query": "{ viewer { id } }"}, headers=headers) as answer:
        assert 401 == answer.status
