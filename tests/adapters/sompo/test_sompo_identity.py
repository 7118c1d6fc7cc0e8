"""What was entered and what the insurer's review shows of it are compared as people would (domain 5.3)."""

from datetime import timedelta

import msgspec
import pytest

from insurers.adapter import Applicant
from insurers.era import ERAS, with_letter
from insurers.sompo.mapping.applicant import fields, understood
from insurers.sompo.wire.members import Entered, Nyuryoku
from insurers.sompo.wire.notation import era_ymd

ENTERED = Applicant(
    values={
        "email": "taro@example.jp",
        "password": "Himawari2026",
        "family_name": "髙﨑",
        "given_name": "ﾀﾛｳ",
        "birth_date": "1989-01-07",
        "postal_code": "1010099",
        "address": "東京都千代田区神田見本町３－９ 見本ビル１０１",
        "phone": "09012345678",
        "maturity_mail": "false",
        "policy_numbers": ("A123456789",),
    }
)
REVIEW = Nyuryoku(
    uketuke_no="U1",
    mail="taro@example.jp",
    sei="高崎",
    mei="タロウ",
    seinen_ymd="S64.01.07",
    yubin_no="1010099",
    jyusyo="東京都千代田区神田見本町３丁目９番",
    tel_no="090-1234-5678",
    manki_mail="0",
    tyuui_bun="",
)


def test_the_insurer_may_spell_what_was_entered_in_its_own_way() -> None:
    assert understood(Entered(REVIEW, ["A123456789"]), ENTERED)


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("sei", "高橋"),
        ("mei", "ジロウ"),
        ("seinen_ymd", "S64.01.06"),
        ("jyusyo", "東京都千代田区神田見本町３丁目８番"),
        ("tel_no", "090-1234-5679"),
        ("mail", "jiro@example.jp"),
    ],
)
def test_it_may_not_read_another_person(field: str, shown: str) -> None:
    review = msgspec.structs.replace(REVIEW, **{field: shown})

    assert not understood(Entered(review, ["A123456789"]), ENTERED)


def test_whatever_is_sent_is_within_the_insurers_characters() -> None:
    sent = dict(fields(ENTERED))

    assert ("高崎", "タロウ", "S64.01.07", "090-1234-5678") == tuple(
        sent[field] for field in ("SEI", "MEI", "SEINEN_YMD", "TEL_NO")
    )
    assert "".join(sent.values()).encode("shift_jis")


def test_the_wire_and_the_language_agree_about_the_eras() -> None:
    for era in ERAS:
        before = era.first - timedelta(days=1)
        assert era_ymd(era.first) == with_letter(era.first)
        assert era is ERAS[-1] or era_ymd(before) == with_letter(before)
