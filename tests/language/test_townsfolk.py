"""The persons whom nobody has met are the same at every insurer, and are written as real ones are."""

from insurers.kana import read_kana
from insurers.phone import read_phone
from insurers.plate import canonical
from insurers.townsfolk import car, person, plate
from insurers.townsfolk_names import FAMILIES, GIVEN


def test_the_nth_of_a_seed_is_always_the_same_and_another_seeds_is_somebody_else() -> None:
    assert [person(7, n) for n in (5, 1_000_000)] == [person(7, n) for n in (5, 1_000_000)]
    assert person(7, 5).born == person(7, 5).born
    assert [person(7, n) for n in range(20)] != [person(8, n) for n in range(20)]
    assert [car(7, n) for n in range(20)] != [car(8, n) for n in range(20)]


def test_every_reading_is_full_width_katakana() -> None:
    assert [] == [written for written, reading in (*FAMILIES, *GIVEN) if read_kana(reading) != reading]


def test_names_are_alike_in_kanji_and_differ_in_reading_and_the_other_way_about() -> None:
    assert {"ヤマザキ", "ヤマサキ"} == {reading for written, reading in FAMILIES if written == "山崎"}
    assert {"渡辺", "渡部", "渡邊", "渡邉"} == {written for written, reading in FAMILIES if reading == "ワタナベ"}


def test_nobody_shares_a_phone_or_a_plate_and_both_can_be_read() -> None:
    many = range(3_000)

    assert len(many) == len({read_phone(person(1, n).phone) for n in many})
    assert len(many) == len({canonical(plate(1, n)) for n in many} - {None})
