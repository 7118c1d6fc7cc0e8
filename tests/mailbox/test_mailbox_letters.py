from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mailbox import letter
from gateway.mailbox.letter import Letter

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


def read(source: bytes) -> Letter:
    return letter.read(source, number=1, received_at=NOON, sender="post@insurer.example", to=["taro@example.jp"])


def written(text: str, subject: str = "ご案内", charset: str = "utf-8") -> bytes:
    message = EmailMessage()
    message["Subject"] = subject
    message.set_content(text, charset=charset)
    return message.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
def test_japanese_is_read_in_every_charset_that_insurers_write(charset: str) -> None:
    read_back = read(written("更新のお手続きが完了しました。", subject="【御礼】自動車保険", charset=charset))

    assert "【御礼】自動車保険" == read_back.subject
    assert "更新のお手続きが完了しました。" == read_back.text


def test_the_plain_words_are_preferred_to_the_html() -> None:
    message = EmailMessage()
    message["Subject"] = "Both"
    message.set_content("plain words")
    message.add_alternative("<p>marked-up words</p>", subtype="html")

    assert "plain words" == read(message.as_bytes()).text


def test_a_letter_that_has_only_html_is_read_as_its_source() -> None:
    message = EmailMessage()
    message.set_content('<a href="https://insurer.example/a">here</a>', subtype="html")

    assert '<a href="https://insurer.example/a">here</a>' == read(message.as_bytes()).text
    assert ("https://insurer.example/a",) == read(message.as_bytes()).links


def test_an_unknown_charset_is_read_as_far_as_it_can_be() -> None:
    source = b"Content-Type: text/plain; charset=x-nobody\r\n\r\nwords"

    assert "words" == read(source).text


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("http://127.0.0.1:9001/touroku?t=a-b_c~1%2F&x=1#top", ("http://127.0.0.1:9001/touroku?t=a-b_c~1%2F&x=1#top",)),
        ("URLはhttps://a.example/1です。", ("https://a.example/1",)),
        ("(https://a.example/1), <https://a.example/2>.", ("https://a.example/1", "https://a.example/2")),
        ("https://a.example/1\nhttps://a.example/1", ("https://a.example/1",)),
        ("javascript:alert(1) ftp://a.example/", ()),
    ],
)
def test_links_are_found_where_the_text_has_them(text: str, links: tuple[str, ...]) -> None:
    assert links == read(written(text)).links


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ワンタイムパスワード：123456", ("123456",)),
        ("仮パスワード: ab3Kfo9x\n", ("ab3Kfo9x",)),
        ("パスコード\n\n  【004217】\n", ("004217",)),
        ("新しい証券番号：「F0001234」", ("F0001234",)),
        ("有効期限：2026年11月23日 12:00", ()),
        ("電話 0120-168-321", ()),
        ("Regards", ()),
        ("金額は123456円です", ()),
    ],
)
def test_codes_are_what_a_person_would_type_over(text: str, codes: tuple[str, ...]) -> None:
    assert codes == read(written(text)).codes


def test_a_letter_does_not_show_itself_in_logs() -> None:
    assert "Letter(id=1)" == repr(read(written("パスコード：123456")))


@given(st.binary(max_size=400), st.binary(max_size=80))
def test_whatever_comes_can_be_shown(body: bytes, subject: bytes) -> None:
    unfolded = subject.replace(b"\r", b" ").replace(b"\n", b" ")

    shown = msgspec.json.decode(msgspec.json.encode(read(b"Subject: " + unfolded + b"\r\n\r\n" + body)))

    assert {"id", "receivedAt", "sender", "to", "subject", "text", "links", "codes"} == set(shown)


@given(st.binary(max_size=400))
def test_headers_that_make_no_sense_are_no_obstacle(source: bytes) -> None:
    assert 1 == read(source).id
