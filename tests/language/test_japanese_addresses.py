"""Addresses: kept as written, compared up to the house (domain 5.3, SJ-REG-11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.place import read_place, same_place

HOUSE = "東京都千代田区神田見本町３−９"

NUMBERS = st.lists(st.integers(1, 99), min_size=2, max_size=3)
TOWNS = st.sampled_from(
    ["千代田区神田見本町", "八王子市三田", "千代田区一番町", "横浜市都筑区センター北", "札幌市中央区北2条西"]
)
BUILDINGS = st.sampled_from(["", "見本ビル", "見本ハイツ201", "メゾン見本 5階", "見本タワー20F", "３号館"])
IN_KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")


@pytest.mark.parametrize(
    ("pitfall", "typed"),
    [
        ("丁目 and 番", "東京都千代田区神田見本町3丁目9番"),
        ("漢数字", "東京都千代田区神田見本町三丁目九番"),
        ("番地", "東京都千代田区神田見本町３丁目９番地"),
        ("の", "東京都千代田区神田見本町3の9"),
        ("the prefecture left out", "千代田区神田見本町3-9"),
        ("the postal code in front", "〒101-0099　東京都千代田区神田見本町3-9"),
        ("spaces", "東京都 千代田区 神田見本町 3 - 9"),
        ("a long vowel for a hyphen", "東京都千代田区神田見本町3ー9"),
        ("漢数字 and a long vowel", "東京都千代田区神田見本町三ー九"),
        ("a building behind a space", "東京都千代田区神田見本町3-9 見本ビル101号室"),
        ("a building behind nothing", "東京都千代田区神田見本町3-9見本ビル101"),
        ("a building with a number", "東京都千代田区神田見本町3丁目9番第二見本ビル5階"),
        ("a room behind a hyphen", "東京都千代田区神田見本町3-9-101"),
        ("a room by its name", "東京都千代田区神田見本町3-9-101号室"),
    ],
)
def test_one_house_is_one_however_it_is_written(pitfall: str, typed: str) -> None:
    assert same_place(HOUSE, typed), pitfall
    assert same_place(typed, HOUSE), pitfall


@pytest.mark.parametrize(
    ("pitfall", "one", "other"),
    [
        ("ヶ and が", "東京都千代田区霞が関1-2-3", "千代田区霞ヶ関一丁目2番3号"),
        ("ヶ and ケ, and a variant", "茨城県龍ヶ崎市見本町1", "茨城県竜ケ崎市見本町1番地"),
        ("の and ノ", "千代田区丸の内1-1-1 見本タワー20F", "千代田区丸ノ内一丁目1番1号"),
        ("大字", "埼玉県見本市大字見本123番地4", "見本市見本123-4"),
        ("字", "茨城県見本市見本町字見本12番地の3", "見本市見本町見本12-3"),
        ("条 of Hokkaido", "北海道札幌市中央区北二条西三丁目1-5", "札幌市中央区北2条西3-1-5"),
        ("streets of Kyoto", "京都府京都市中京区寺町通御池上る上本能寺前町488", "京都市中京区上本能寺前町488番地"),
        ("a numeral in a name", "千代田区一番町5-1", "千代田区１番町5番1号"),
        ("番地 and a room", "見本市見本9番地 101号室", "見本市見本9番地"),
        ("a fourth number", "見本市見本3-9-1-5", "見本市見本3丁目9番1号"),
        ("no number at all", "見本村 無番地", "見本村無番地"),
    ],
)
def test_two_spellings_of_one_address_are_the_same(pitfall: str, one: str, other: str) -> None:
    assert same_place(one, other), pitfall
    assert same_place(other, one), pitfall


@pytest.mark.parametrize(
    "other",
    [
        "東京都千代田区神田見本町3-8",
        "東京都千代田区神田見本町3-9-1",
        "東京都千代田区神田見本町3",
        "東京都千代田区神田見本町",
        "東京都千代田区西神田見本町3-9",
        "大阪府千代田区神田見本町3-9",
        "東京都千代田区神田見本町39",
        "",
    ],
)
def test_another_house_is_another(other: str) -> None:
    assert not same_place(HOUSE, other)


def test_what_is_sure_is_told_apart_and_the_rest_kept() -> None:
    written = "東京都 八王子市三田　三丁目９番１号　見本ビル 101号室"

    place = read_place(written)

    assert written == place.written
    assert ("東京都", "八王子市三田", (3, 9, 1), "見本ビル 101号室") == (
        place.prefecture,
        place.town,
        place.numbers,
        place.building,
    )
    assert "Place(…)" == repr(place)


@given(TOWNS, NUMBERS, BUILDINGS, BUILDINGS)
def test_no_building_and_no_way_to_write_numbers_makes_another_house(
    town: str, numbers: list[int], one: str, other: str
) -> None:
    hyphens = "-".join(map(str, numbers))
    block, *rest = numbers
    words = f"{block}丁目" + "".join(f"{number}{unit}" for number, unit in zip(rest, ("番", "号"), strict=False))
    wide = hyphens.translate({code: code + 0xFEE0 for code in range(ord("-"), ord("9") + 1)})

    for spelling in (words, words.translate(IN_KANJI), wide, hyphens.replace("-", "−")):
        assert same_place(f"東京都{town}{hyphens} {one}", f"{town}{spelling} {other}")


@given(TOWNS, NUMBERS, NUMBERS)
def test_other_numbers_are_another_house(town: str, one: list[int], other: list[int]) -> None:
    first, second = ("-".join(map(str, numbers)) for numbers in (one, other))

    assert (one == other) == same_place(f"{town}{first}", f"{town}{second}")


@given(st.text())
def test_whatever_is_written_is_the_same_as_itself(text: str) -> None:
    assert text == read_place(text).written
    assert same_place(text, text)
