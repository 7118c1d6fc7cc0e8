"""Names and their readings: kept as written, compared by what their spellings share (domain 5.3)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.glyphs import VARIANTS, common, gaiji, within
from insurers.kana import full_width, half_width, kana_key, read_kana, same_kana
from insurers.name import name_key, same_name
from insurers.script import Field, InputKind
from insurers.text import Text
from insurers.typed import read

NAME = Field(key="family_name", label=Text("姓", "Family name"), input=InputKind.TEXT)

SELECTOR = "\U000e0101"

# Kana as people type them: no ヽ and ー to begin with, which repeat and lengthen nothing.
KATAKANA = "".join(chr(code) for code in range(ord("ァ"), ord("ヺ") + 1))
READINGS = st.from_regex(
    rf"[{KATAKANA}][{KATAKANA}ーヽヾ・]{{0,11}}( [{KATAKANA}][{KATAKANA}ー]{{0,11}})?", fullmatch=True
)
# Whatever has a half width of its own.
HALF_WIDTH = "".join(letter for letter in KATAKANA if letter not in "ヮヵヶヰヱヷヸヹヺ")


@pytest.mark.parametrize(
    ("pitfall", "one", "other"),
    [
        ("a ladder in 高", "髙橋", "高橋"),
        ("a standing 崎", "山﨑", "山崎"),
        ("three forms of 辺", "渡邊", "渡邉"),
        ("three forms of 辺", "渡邊", "渡辺"),
        ("a selector (IVS)", f"渡辺{SELECTOR}", "渡辺"),
        ("a selector behind a variant", f"渡邉{SELECTOR}", "渡辺"),
        ("two forms of 斎", "齋藤", "斎藤"),
        ("two forms of 斉", "齊藤", "斉藤"),
        ("outside the basic plane", "𠮷田", "吉田"),
        ("the old form of 沢", "澤田", "沢田"),
        ("a compatibility form", "\ufa10田", "塚田"),
        ("a wide space between", "見本　花子", "見本花子"),
        ("half-width kana", "ﾊﾟﾄﾘｼｱ", "パトリシア"),
        ("a loose sound mark", "か\u3099", "が"),
        ("full-width letters", "ＳＭＩＴＨ", "Smith"),
        ("one letter for a company", "㈱見本", "（株）見本"),
    ],
)
def test_two_spellings_of_one_name_are_the_same(pitfall: str, one: str, other: str) -> None:
    assert same_name(one, other), pitfall
    assert same_name(other, one), pitfall


@pytest.mark.parametrize(
    ("one", "other"), [("斎藤", "斉藤"), ("さくら", "サクラ"), ("高崎", "高橋"), ("太田", "大田"), ("岡", "丘")]
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert not same_name(one, other)


@pytest.mark.parametrize("written", ["髙﨑", "𠮷田", f"渡辺{SELECTOR}", "齋藤", "見本　花子", "㈱見本"])
def test_a_name_is_kept_as_it_was_written(written: str) -> None:
    assert written == read(NAME, written)


@given(st.text())
def test_a_key_of_a_key_is_that_key(text: str) -> None:
    assert name_key(text) == name_key(name_key(text))
    assert common(text) == common(common(text))


@given(st.text(alphabet=[*VARIANTS, *VARIANTS.values(), "田", "藤", SELECTOR]))
def test_variants_selectors_spaces_and_width_do_not_change_a_key(name: str) -> None:
    assert name_key(name) == name_key(common(name))
    assert name_key(name) == name_key(unicodedata.normalize("NFKC", name))
    assert name_key(name) == name_key("　".join(name))


def test_no_common_form_is_itself_a_variant_or_outside_the_files() -> None:
    assert set() == set(VARIANTS) & set(VARIANTS.values())
    assert () == gaiji("".join(VARIANTS.values()))


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("𠮷田", ("𠮷",)),
        (f"辻{SELECTOR}本", (f"辻{SELECTOR}",)),
        ("圡屋", ("圡",)),
        # CP932 has these, and the dashes of either codec are no letters of a name.
        ("髙﨑濵德", ()),
        ("３−９～〜－", ()),
        ("見本 花子", ()),
    ],
)
def test_what_a_file_cannot_hold_is_told(text: str, outside: tuple[str, ...]) -> None:
    assert outside == gaiji(text)


def test_only_what_a_codec_lacks_is_folded_for_it() -> None:
    assert "高橋渡邉" == within("髙橋渡邉", "shift_jis")
    assert "髙橋吉" == within("髙橋𠮷", "cp932")
    assert "髙橋" == within("髙橋", "utf-8")
    assert "✿" == within("✿", "shift_jis")


@pytest.mark.parametrize(
    ("pitfall", "typed", "kept"),
    [
        ("hiragana", "みつすみ", "ミツスミ"),
        ("half width", "ﾐﾂｽﾞﾐ", "ミツズミ"),
        ("half width with a half mark", "ﾊﾟﾄﾘｼｱ", "パトリシア"),
        ("a small letter", "きょうこ", "キョウコ"),
        ("ヴ", "ゔぃとん", "ヴィトン"),
        ("a combining mark", "か\u3099", "ガ"),
        ("a mark of its own", "か゛は゜", "ガパ"),
        ("a repeated letter", "すゞこ", "スヾコ"),
        ("a long vowel", "サトー", "サトー"),
        ("a half-width long vowel", "ｻﾄｰ", "サトー"),
        ("a hyphen for it", "サト-", "サトー"),
        ("a full-width hyphen", "サト－", "サトー"),
        ("a minus", "サト−", "サトー"),
        ("another hyphen", "サト‐", "サトー"),
        ("a dash", "サト―", "サトー"),
        ("a wide space", "さとう　たろう", "サトウ タロウ"),
        ("ヂ is not corrected", "はなぢ", "ハナヂ"),
        ("ヅ is not corrected", "かづこ", "カヅコ"),
    ],
)
def test_a_reading_is_kept_in_full_width_katakana(pitfall: str, typed: str, kept: str) -> None:
    assert kept == read_kana(typed), pitfall


@pytest.mark.parametrize("typed", ["", " ", "三住", "Mitsusumi", "-サト", "サト1", "ア゛\u309a", "サト~", "が゜゜"])
def test_what_is_no_kana_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="no kana"):
        read_kana(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("カヅコ", "カズコ"),
        ("ハナヂ", "ハナジ"),
        ("キョウコ", "キヨウコ"),
        ("ﾋﾞﾄﾝ", "ゔぃとん"),
        ("スヾコ", "すずこ"),
        ("ミツ・スミ", "ミツスミ"),
        ("サト-", "サトー"),
        ("さとう　たろう", "サトウタロウ"),
    ],
)
def test_two_spellings_of_one_reading_are_the_same(one: str, other: str) -> None:
    assert same_kana(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("サトー", "サトウ"), ("ハナ", "バナ"), ("サトー", "サト"), ("三住", "ミツスミ")]
)
def test_two_readings_stay_two(one: str, other: str) -> None:
    assert not same_kana(one, other)


def test_what_is_no_reading_is_the_same_as_itself() -> None:
    assert same_kana("", "")


@given(READINGS)
def test_a_reading_reads_as_itself(kana: str) -> None:
    assert read_kana(kana) == read_kana(read_kana(kana))
    assert kana_key(kana) == kana_key(kana_key(kana))


@given(READINGS)
def test_width_and_script_do_not_change_a_reading(kana: str) -> None:
    kept = read_kana(kana)
    hiragana = "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヴ" else letter for letter in kept)

    assert kept == read_kana(unicodedata.normalize("NFD", kept))
    assert kept == read_kana(hiragana)
    assert same_kana(kept, half_width(kept))


@given(st.text(alphabet=HALF_WIDTH, min_size=1))
def test_half_width_goes_and_comes_back(kana: str) -> None:
    half = half_width(kana)

    assert [] == [letter for letter in half if not "ｦ" <= letter <= "ﾟ"]
    assert kana == read_kana(half)
    assert kana == full_width(half)


def test_what_has_no_half_width_is_written_as_people_do() -> None:
    assert "ｽｽﾞｺ ﾜｶｹｲｴﾊﾞ" == half_width("スヾコ ヮヵヶヰヱヷ")
    assert "ABC１ー" == full_width("ABC１ｰ")
