"""What addresses beside GraphQL say where they do not open."""

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors import ELSEWHERE
from gateway.serving import serve
from tests.api.conftest import Town

IN_JAPANESE, IN_ENGLISH = {"Accept-Language": "ja"}, {"Accept-Language": "en-GB, ja;q=0.5"}

# What is refused today may open tomorrow, and an address says whose it is.
KEPT_BY_NOBODY = ("no-store", "no-referrer", "nosniff")

SHUT = ["/documents/x", "/exports/x/book.csv", "/calendars/x.ics", "/nowhere", "/documents", "/graphql/x"]


@pytest.mark.parametrize("path", SHUT)
async def test_what_does_not_open_says_so_in_the_language_asked_for_or_else_in_both(town: Town, path: str) -> None:
    said = []
    for headers in ({}, IN_JAPANESE, IN_ENGLISH):
        async with town.http.get(town.url + path, headers=headers) as answer:
            (error,) = (await answer.json())["errors"]
            assert (404, "NOT_FOUND") == (answer.status, error["extensions"]["code"])
            assert KEPT_BY_NOBODY == tuple(
                answer.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Content-Type-Options")
            )
            said.append(error["message"])

    both, japanese, english = said
    assert f"{japanese} / {english}" == both
    assert english.isascii()
    assert not japanese.isascii()


@pytest.mark.parametrize("path", ["/documents/x", "/exports/x/book.csv", "/calendars/x.ics", "/"])
async def test_what_is_sent_where_something_is_to_be_opened_is_told_how(town: Town, path: str) -> None:
    async with town.http.post(town.url + path, json={}, headers=IN_ENGLISH) as answer:
        assert (405, {"GET", "HEAD"}) == (answer.status, set(answer.headers["Allow"].split(", ")))
        assert ["Open this address by GET."] == [error["message"] for error in (await answer.json())["errors"]]


async def test_what_nobody_expected_behind_a_door_is_told_in_one_sentence_and_shows_nothing() -> None:
    async def fails(request: Request) -> Response:
        raise ValueError("三住 太郎")

    rooms = Starlette(routes=[Route("/", fails)], exception_handlers=ELSEWHERE)
    async with serve(rooms) as url, aiohttp.ClientSession() as http, http.get(url, headers=IN_ENGLISH) as answer:
        (error,) = (await answer.json())["errors"]

    assert (500, "INTERNAL") == (answer.status, error["extensions"]["code"])
    assert "Something unexpected happened on our side." == error["message"]
