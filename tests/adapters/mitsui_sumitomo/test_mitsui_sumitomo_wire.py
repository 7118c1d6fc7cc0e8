"""The insurer's words as they travel, and how it writes its times."""

import json
from datetime import UTC, date, datetime

import msgspec
import pytest

from insurers.mitsui_sumitomo.times import moment, month
from insurers.mitsui_sumitomo.wire import eg1, portal, values

PAPER = {
    "shoruiId": "JJ-1",
    "shurui": "JUYO_JIKO",
    "meisho": "重要事項のご説明",
    "hansu": "2026-10-1",
    "sha256": "ab",
    "hakkoBi": "2026-10-01",
    "url": "/eg1/shorui/JJ-1",
}


def test_an_answer_is_read_by_the_insurers_names() -> None:
    body = json.dumps({"kippu": "k", "eg1Url": "http://insurer.example/eg1", "yukoKigen": "2026-11-20 10:05"}).encode()

    assert portal.Kaishi("k", "http://insurer.example/eg1", "2026-11-20 10:05") == values.read(body, portal.Kaishi)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x81\x00<html>\xff",
        b'{"tejun": 1}',
        b"{}",
        b'{"tejun": "KEYWORD", "atarashii": true}',
    ],
)
def test_an_answer_with_a_field_missing_surplus_or_of_another_type_is_not_read(body: bytes) -> None:
    with pytest.raises(ValueError):
        values.read(body, portal.Tejun)


def test_a_refusal_may_say_more_than_is_read() -> None:
    body = '{"type": "about:blank", "title": "停止中", "status": 503, "code": "closed", "detail": "", "service": "EG1"}'

    assert "closed" == values.read(body.encode(), values.Problem).code


def test_nothing_personal_shows_in_a_repr() -> None:
    assert "Shimei(…)" == repr(values.Shimei("三住", "太郎"))


def test_an_application_names_what_the_last_screen_shows() -> None:
    screen = eg1.SaishuKakunin(
        step=(),
        plan_no=1,
        plan_mei="プラン1",
        hosho=(),
        jiki_hoken_kikan=values.Kikan("2026-12-30 16:00", "2027-12-30 16:00"),
        hokenryo=values.Hokenryo(60000, "KAKUTEI", None, 0, "KYUYO_KOJO", 12, ()),
        shisan_hash="H1",
        hokenryo_henko=False,
        shorui=msgspec.convert(PAPER | {"kakuninBun": "確認・保管しました"}, values.JuyoShorui),
        shoken_keishiki=(),
        doi_bun="同意します。",
        doi_bun_hash="D1",
        moshikomi_botan="上記について内容を同意のうえ申し込む",
        nyuryoku_zumi=True,
        joken=values.Joken("KAZOKU", "26SAI", "1990-05-05", "BLUE", "NICHIJO_LEISURE"),
    )

    assert {
        "shisanHash": "H1",
        "shorui": {"shoruiId": "JJ-1", "hansu": "2026-10-1", "sha256": "ab"},
        "doi": True,
        "doiBunHash": "D1",
    } == json.loads(eg1.moshikomi(screen))


def test_a_password_is_sent_twice_and_is_the_same() -> None:
    sent = json.loads(portal.id_password(user_id="taro@example.jp", password="Abc-1", mail_kibo=True))

    assert "Abc-1" == sent["password"] == sent["passwordKakunin"]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-31 16:00", datetime(2026, 12, 31, 7, 0, tzinfo=UTC)),
        ("2026-11-28 26:30", datetime(2026, 11, 28, 17, 30, tzinfo=UTC)),
        ("2026-12-31 24:00", datetime(2026, 12, 31, 15, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_may_pass_24(text: str, utc: datetime) -> None:
    assert utc == moment(text)


@pytest.mark.parametrize("text", ["", "2026-12-31", "2026-12-31 16:60", "2026-13-01 16:00", "2026-12-31T16:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        moment(text)


def test_a_month_is_its_first_day() -> None:
    assert date(2019, 4, 1) == month("2019-04")
