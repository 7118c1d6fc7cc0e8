"""What people type, and the one form in which it is kept (domain 5.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.answers import Value
from insurers.script import Field, InputKind, Option
from insurers.text import Text
from insurers.typed import Unacceptable, read

WORD = Text("項目", "field")


# The keywords are other fields of Field.
def field(kind: InputKind, **more: object) -> Field:
    return Field(key="it", label=WORD, input=kind, **more)  # type: ignore[arg-type]  # of whichever type the case has


OPTIONS = (Option(value="mail", label=WORD), Option(value="post", label=WORD))
NUMBERS = field(InputKind.POLICY_NUMBERS, at_most=2)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (InputKind.TEXT, "　東京都千代田区 ３－９　", "東京都千代田区 ３－９"),
        (InputKind.TEXT, "髙﨑　太郎", "髙﨑　太郎"),
        (InputKind.TEXT, "か\u3099", "が"),
        (InputKind.KANA, "みつすみ", "ミツスミ"),
        (InputKind.KANA, "ﾐﾂｽﾞﾐ", "ミツズミ"),
        (InputKind.KANA, "ゔぃとん　たろー", "ヴィトン タロー"),
        (InputKind.KANA, "すゞこ", "スヾコ"),
        (InputKind.KANA, "ミツスミ・タロウ", "ミツスミ・タロウ"),
        (InputKind.KANA, "サト-", "サトー"),
        (InputKind.EMAIL, " ａｂｃ＠ｍｓ－ｉｎｓ．ｃｏｍ ", "abc@ms-ins.com"),
        (InputKind.PHONE, "090-1234-5678", "09012345678"),
        (InputKind.PHONE, "０３（１２３４）５６７８", "0312345678"),
        (InputKind.PHONE, "090−1234ー5678", "09012345678"),
        (InputKind.PHONE, "+81 90 1234 5678", "09012345678"),
        (InputKind.PHONE, "+81 (0)90-1234-5678", "09012345678"),
        (InputKind.POSTAL_CODE, "〒１０１－００９９", "1010099"),
        (InputKind.POSTAL_CODE, "101-0099", "1010099"),
        (InputKind.DATE, "１９７５-01-01", "1975-01-01"),
        (InputKind.DATE, "2028-02-29", "2028-02-29"),
        (InputKind.DATE, "昭和50年1月1日", "1975-01-01"),
        (InputKind.DATE, "Ｒ０２．０６．２３", "2020-06-23"),
        (InputKind.DATE, "1975/1/1", "1975-01-01"),
        (InputKind.YEAR_MONTH, "2028-02", "2028-02"),
        (InputKind.YEAR_MONTH, "令和10年2月", "2028-02"),
        (InputKind.INTEGER, "０７", "7"),
        (InputKind.INTEGER, "0", "0"),
        (InputKind.BOOLEAN, "TRUE", "true"),
        (InputKind.PASSWORD, " Ａbc 123 ", " Ａbc 123 "),
        (InputKind.POLICY_NUMBER, "ａ-123 456", "A123456"),
    ],
)
def test_a_value_is_kept_in_one_form(kind: InputKind, typed: str, kept: str) -> None:
    assert kept == read(field(kind), typed)
    assert kept == read(field(kind), kept)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (InputKind.TEXT, "二行\nある"),
        (InputKind.TEXT, "\x00"),
        (InputKind.TEXT, "半分\ud800"),
        (InputKind.TEXT, "長" * 201),
        (InputKind.KANA, "三住"),
        (InputKind.KANA, "Mitsusumi"),
        (InputKind.KANA, "-サト"),
        (InputKind.EMAIL, "abc"),
        (InputKind.EMAIL, "a b@example.jp"),
        (InputKind.EMAIL, "三住@example.jp"),
        (InputKind.EMAIL, "a　b@example.jp"),
        (InputKind.EMAIL, "①@example.jp"),
        (InputKind.EMAIL, "ｱ@example.jp"),
        (InputKind.EMAIL, "a@@example.jp"),
        (InputKind.EMAIL, "a@example"),
        (InputKind.PHONE, "1234-5678"),
        (InputKind.PHONE, "090-1234-56789"),
        (InputKind.PHONE, "+1 212 555 0100"),
        (InputKind.PHONE, "٠٩٠١٢٣٤٥٦٧٨"),
        (InputKind.POSTAL_CODE, "101-009"),
        (InputKind.DATE, "2027-02-29"),
        (InputKind.DATE, "昭和64年1月8日"),
        (InputKind.DATE, "昭和50年2月29日"),
        (InputKind.DATE, "75/01/01"),
        (InputKind.YEAR_MONTH, "2028-13"),
        (InputKind.YEAR_MONTH, "2028-02-01"),
        (InputKind.YEAR_MONTH, "平成31年5月"),
        (InputKind.INTEGER, "-1"),
        (InputKind.INTEGER, "1_0"),
        (InputKind.INTEGER, "2.5"),
        (InputKind.INTEGER, "二"),
        (InputKind.INTEGER, "9" * 10),
        (InputKind.BOOLEAN, "はい"),
        (InputKind.POLICY_NUMBER, "第一号"),
        *((kind, "") for kind in InputKind),
        *((kind, "　 ") for kind in InputKind if kind is not InputKind.PASSWORD),
    ],
)
def test_what_cannot_stand_is_refused_without_being_repeated(kind: InputKind, typed: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        read(field(kind), typed)

    assert "it" == refused.value.key
    assert refused.value.message.ja
    assert refused.value.message.en
    assert not typed.strip() or typed not in f"{refused.value!r} {refused.value.message}"


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        (InputKind.EMAIL, "a b@example.jp", "半角"),
        (InputKind.EMAIL, "ｱ@example.jp", "半角"),
        (InputKind.PHONE, "+44 20 7946 0958", "日本国内"),
        (InputKind.DATE, "昭和64年1月8日", "1989年1月7日（昭和64年）まで"),
        (InputKind.DATE, "H1.1.7", "1989年1月8日（平成元年）から"),
    ],
)
def test_what_can_be_told_more_exactly_is(kind: InputKind, typed: str, told: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        read(field(kind), typed)

    assert told in refused.value.message.ja


@pytest.mark.parametrize(
    "kind", [kind for kind in InputKind if kind not in (InputKind.MULTI_SELECT, InputKind.POLICY_NUMBERS)]
)
def test_what_is_not_required_may_be_left_empty(kind: InputKind) -> None:
    optional = field(kind, required=False, min_length=4, pattern="[A-Z]+", options=OPTIONS)

    assert "" == read(optional, "")


def test_a_shape_of_the_insurer_is_kept_to() -> None:
    keyword = field(InputKind.TEXT, min_length=4, max_length=20, pattern="[A-Za-z0-9]+")

    assert "Abc123" == read(keyword, " Abc123 ")
    for typed in ("Abc", "A" * 21, "Abc-123"):
        with pytest.raises(Unacceptable):
            read(keyword, typed)


def test_a_choice_is_one_of_the_options() -> None:
    notice = field(InputKind.SELECT, options=OPTIONS)

    assert "post" == read(notice, "post")
    with pytest.raises(Unacceptable) as refused:
        read(notice, "pigeon")
    assert "次から選んでください: mail、post" == refused.value.message.ja


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("A-1", "Ｂ２"), ("A1", "B2")),
        ("a1", ("A1",)),
        # One number typed in two ways is one number, and does not count twice.
        (("A1", "a-1", "Ａ１", "B2"), ("A1", "B2")),
    ],
)
def test_several_numbers_are_kept_each_once(typed: Value, kept: tuple[str, ...]) -> None:
    assert kept == read(NUMBERS, typed)


@pytest.mark.parametrize("typed", [(), ("",), ("A1", "B2", "C3"), ("A1", "?")])
def test_too_few_too_many_and_malformed_numbers_are_refused(typed: Value) -> None:
    with pytest.raises(Unacceptable):
        read(NUMBERS, typed)


def test_several_choices_may_be_none_where_none_are_required() -> None:
    riders = field(InputKind.MULTI_SELECT, options=OPTIONS, required=False)

    assert () == read(riders, ())
    assert () == read(riders, "")
    assert ("mail", "post") == read(riders, ("mail", "post", "mail"))


def test_one_value_is_wanted_where_there_is_one() -> None:
    with pytest.raises(Unacceptable, match="it"):
        read(field(InputKind.TEXT), ("one", "two"))


@given(st.sampled_from(InputKind), st.text())
def test_a_value_that_stands_reads_as_itself(kind: InputKind, typed: str) -> None:
    try:
        kept = read(field(kind), typed)
    except Unacceptable:
        return

    assert kept == read(field(kind), kept)


@pytest.mark.parametrize(
    ("lengths", "typed", "told"),
    [
        ({"max_length": 3}, "長" * 4, Text("3文字以内で入力してください。", "At most 3 characters are expected.")),
        (
            {"min_length": 2, "max_length": 3},
            "短",
            Text("2～3文字で入力してください。", "2 to 3 characters are expected."),
        ),
        ({"pattern": "[0-9]{2}", "expected": WORD}, "1", WORD),
    ],
)
def test_what_does_not_fit_is_told_what_would(lengths: dict[str, object], typed: str, told: Text) -> None:
    with pytest.raises(Unacceptable) as refused:
        read(field(InputKind.TEXT, **lengths), typed)

    assert told == refused.value.message
