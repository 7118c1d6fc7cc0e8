"""What the gateway writes down of what happens: where and what kind, and never who or what was said."""

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy import make_url

from gateway.telemetry import REQUEST_ID
from insurers.sandbox import Fault
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, key, only

Logged = Callable[[], str]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Logged:
    """Everything that was logged or printed so far."""
    caplog.set_level(logging.INFO)

    def read() -> str:
        out, err = capfd.readouterr()
        records = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
        return "\n".join([out, err, caplog.text, *records])

    return read


def private(person: Frontend) -> set[str]:
    """What is nobody's business."""
    fields = {value for value in person.person["fields"].values() if len(value) > 2}
    numbers = {number for found in person.person["policies"].values() for number in found}
    token = person.headers["Authorization"].removeprefix("Bearer ")
    return fields | numbers | {person.person["mail"], person.person["password"], token}


async def test_the_main_job_leaves_no_personal_word_in_the_log(town: Town, taro: Frontend, logged: Logged) -> None:
    for code in CODES:
        await taro.register(code)
        await taro.submit(await taro.ready(code))
    mailed = {word for letter in town.letterbox.letters for word in letter.text.split() if "http" in word}

    said = logged()

    assert "request answered" in said
    assert "insurer called" in said
    assert mailed
    assert [] == [secret for secret in private(taro) | mailed if secret in said]


async def test_refusals_and_troubles_leave_no_personal_word_in_the_log(
    town: Town, member: Frontend, logged: Logged
) -> None:
    password = "Himitsu-no-8"
    for code in CODES:
        sign_in = {"insurer": {"code": code}, "userId": "dareka@example.jp", "password": password}
        await member.mutate("InsurerLinkCreate", **sign_in)
        await member.run("InsurerLinkCreate", input=sign_in | {"idempotencyKey": key(), "userId": 5})
        town.trouble(code, Fault.GIBBERISH)
        await member.mutate("InsurerLinkCreate", **sign_in)
        await member.policies(first=5)
    await member.raw('{ policy(by: { number: { insurer: { code: "x" }, number: "向日葵さゆり" } }) { id } }')

    said = logged()

    assert [] == [secret for secret in private(member) | {password, "dareka@example.jp", "向日葵"} if secret in said]


async def test_what_nobody_expected_is_told_in_one_sentence_with_the_request_and_logged_without_what_was_said(
    town: Town, member: Frontend, address_of_database: str, logged: Logged
) -> None:
    with closing(sqlite3.connect(make_url(address_of_database).database or "")) as database, database:
        database.execute("DROP TABLE links")
    password, request = "Himitsu-no-8", "request-of-a-test"
    sign_in = {"insurer": {"code": CODES[0]}, "userId": "dareka@example.jp", "password": password}
    body = {"query": only("InsurerLinkCreate"), "variables": {"input": sign_in | {"idempotencyKey": key()}}}

    async with town.http.post(
        f"{town.url}/graphql", json=body, headers={**member.headers, REQUEST_ID: request}
    ) as answer:
        text, (error,) = await answer.text(), (await answer.json())["errors"]

    said = logged()
    assert {"code": "INTERNAL", "requestId": request} == error["extensions"]
    assert request == answer.headers[REQUEST_ID]
    assert 200 == answer.status
    assert "予期しないエラー" in error["message"]
    assert all(word not in text for word in ("links", "sqlite", "Operational", "SELECT", password))
    assert request in said
    assert "OperationalError" in said
    assert [] == [secret for secret in private(member) | {password, "dareka@example.jp"} if secret in said]


async def test_what_does_not_hang_on_what_broke_is_answered(
    member: Frontend, address_of_database: str, logged: Logged
) -> None:
    with closing(sqlite3.connect(make_url(address_of_database).database or "")) as database, database:
        database.execute("DROP TABLE links")

    answer = await member.raw("{ viewer { displayName } policies { totalCount } insurers { edges { node { code } } } }")

    assert ["policies"] == answer["errors"][0]["path"]
    assert answer["data"]["policies"] is None
    assert member.person["name"] == answer["data"]["viewer"]["displayName"]
    assert len(CODES) == len(answer["data"]["insurers"]["edges"])
