"""The mailbox over real sockets: letters in by SMTP, out by HTTP."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import aiosmtplib
import pytest

from gateway import mailbox
from gateway.mailbox.mailbag import KEPT_LETTERS
from gateway.mailbox.post import LARGEST_LETTER_BYTES

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.fixture
async def address() -> AsyncIterator[mailbox.Address]:
    async with mailbox.serve(clock=lambda: NOON) as address:
        yield address


@pytest.fixture
async def http(address: mailbox.Address) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(address.url) as session:
        yield session


async def post(address: mailbox.Address, *to: str, subject: str = "件名", text: str = "本文") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "noreply@insurer.example", ", ".join(to), subject
    message.set_content(text)
    await aiosmtplib.send(message, hostname=address.smtp.host, port=address.smtp.port, start_tls=False)


async def messages(http: aiohttp.ClientSession, **query: str) -> list[dict[str, Any]]:
    async with http.get("/messages.json", params=query) as answer:
        assert 200 == answer.status
        listed: list[dict[str, Any]] = await answer.json()
        return listed


async def test_a_letter_is_there_as_soon_as_it_was_accepted(
    address: mailbox.Address, http: aiohttp.ClientSession
) -> None:
    await post(address, "taro@example.jp", subject="登録のご案内", text="URL: http://127.0.0.1:9/a\n確認コード：123456")

    assert [
        {
            "id": 1,
            "receivedAt": "2026-11-21T12:00:00+09:00",
            "sender": "noreply@insurer.example",
            "to": ["taro@example.jp"],
            "subject": "登録のご案内",
            "text": "URL: http://127.0.0.1:9/a\n確認コード：123456",
            "links": ["http://127.0.0.1:9/a"],
            "codes": ["123456"],
        }
    ] == await messages(http)


async def test_the_newest_letter_comes_first(address: mailbox.Address, http: aiohttp.ClientSession) -> None:
    for subject in ("first", "second", "third"):
        await post(address, "taro@example.jp", subject=subject)

    assert ["third", "second", "first"] == [message["subject"] for message in await messages(http)]


async def test_a_recipient_finds_their_letters_whatever_the_case(
    address: mailbox.Address, http: aiohttp.ClientSession
) -> None:
    await post(address, "taro@example.jp", subject="for Taro")
    await post(address, "sayuri@example.jp", subject="for Sayuri")
    await post(address, "sayuri@example.jp", "taro@example.jp", subject="for both")

    assert ["for both", "for Taro"] == [each["subject"] for each in await messages(http, to="Taro@Example.JP")]


async def test_after_leaves_out_what_was_seen(address: mailbox.Address, http: aiohttp.ClientSession) -> None:
    await post(address, "taro@example.jp", subject="seen")
    await post(address, "taro@example.jp", subject="new")

    assert ["new"] == [each["subject"] for each in await messages(http, after="1")]
    assert [] == await messages(http, after="2")


@pytest.mark.parametrize("after", ["yesterday", "", "-1", "９", "9" * 5000])
async def test_after_wants_a_number(http: aiohttp.ClientSession, after: str) -> None:
    async with http.get("/messages.json", params={"after": after}) as answer:
        assert 400 == answer.status


async def test_one_letter_is_answered_by_its_number(address: mailbox.Address, http: aiohttp.ClientSession) -> None:
    await post(address, "taro@example.jp", subject="the one")

    async with http.get("/messages/1") as found:
        assert "the one" == (await found.json())["subject"]
    for number in ("2", "9" * 5000):
        async with http.get(f"/messages/{number}") as missing:
            assert 404 == missing.status


async def test_a_browser_is_shown_a_letter_on_the_page(address: mailbox.Address, http: aiohttp.ClientSession) -> None:
    await post(address, "taro@example.jp")

    async with http.get("/messages/1", headers={"Accept": "text/html"}, allow_redirects=False) as answer:
        assert 303 == answer.status
        assert "/#1" == answer.headers["Location"]


async def test_an_emptied_mailbox_is_empty_and_counts_on(address: mailbox.Address, http: aiohttp.ClientSession) -> None:
    await post(address, "taro@example.jp")

    async with http.delete("/messages") as answer:
        assert 204 == answer.status

    assert [] == await messages(http)
    await post(address, "taro@example.jp")
    assert [2] == [each["id"] for each in await messages(http)]


async def test_nothing_is_sent_twice_to_a_page_that_has_it(
    address: mailbox.Address, http: aiohttp.ClientSession
) -> None:
    async with http.get("/messages.json") as empty:
        tag = empty.headers["ETag"]
    async with http.get("/messages.json", headers={"If-None-Match": tag}) as unchanged:
        assert 304 == unchanged.status

    await post(address, "taro@example.jp")

    async with http.get("/messages.json", headers={"If-None-Match": tag}) as changed:
        assert 200 == changed.status


async def test_old_letters_make_room_for_new_ones(address: mailbox.Address, http: aiohttp.ClientSession) -> None:
    async with aiosmtplib.SMTP(hostname=address.smtp.host, port=address.smtp.port, start_tls=False) as smtp:
        for number in range(1, KEPT_LETTERS + 3):
            await smtp.sendmail("a@insurer.example", ["taro@example.jp"], f"Subject: {number}\r\n\r\n".encode())

    kept = await messages(http)
    assert KEPT_LETTERS == len(kept)
    assert ("502", "3") == (kept[0]["subject"], kept[-1]["subject"])


async def test_a_letter_may_name_its_recipient_in_japanese(
    address: mailbox.Address, http: aiohttp.ClientSession
) -> None:
    async with aiosmtplib.SMTP(hostname=address.smtp.host, port=address.smtp.port, start_tls=False) as smtp:
        await smtp.sendmail(
            "a@insurer.example", ["三住@example.jp"], "Subject: 件名\r\n\r\n本文".encode(), mail_options=["smtputf8"]
        )

    assert [["三住@example.jp"]] == [each["to"] for each in await messages(http, to="三住@example.jp")]
    assert ["件名"] == [each["subject"] for each in await messages(http)]


async def test_a_letter_too_large_is_refused(address: mailbox.Address) -> None:
    with pytest.raises(aiosmtplib.SMTPResponseException) as refusal:
        await post(address, "taro@example.jp", text="長" * (LARGEST_LETTER_BYTES // 3 + 1))

    assert 552 == refusal.value.code


@pytest.mark.parametrize("path", ["/", "/mailbox.css", "/mailbox.js"])
async def test_the_page_runs_its_own_script_and_nothing_else(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(path) as answer:
        assert 200 == answer.status
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in (await answer.text()).replace("http://www.w3.org/2000/svg", "").replace("https?", "")


async def test_a_client_that_stays_does_not_hold_the_mailbox_open() -> None:
    async with mailbox.serve() as address:
        smtp = aiosmtplib.SMTP(hostname=address.smtp.host, port=address.smtp.port, start_tls=False)
        await smtp.connect()

    smtp.close()
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await smtp.connect()


async def test_logs_name_nobody_and_quote_nothing(
    address: mailbox.Address, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    await post(address, "taro@example.jp", subject="秘密の件名", text="パスコード：123456")
    await messages(http, to="taro@example.jp")

    assert not any(word in caplog.text for word in ("taro@example.jp", "秘密の件名", "123456"))
