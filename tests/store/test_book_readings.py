"""Readings sort in 五十音 by their bytes alone (JIS X 4061), and what begins alike is found by its beginning."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.store.collation import beginning, sort_key
from insurers.kana import kana_key

# As a dictionary has them: letters first, ー as the vowel that it lengthens; marks decide only between equal letters.
ROWS = (
    "アイ アイダ アオキ イトウ ウエダ エンドウ オウミ オータ オオタ オオダ オオタニ オカ オカダ オガタ オガワ",
    "カーン カアン カイ ガイ カイダ カトウ カドウ ガトウ キクチ キグチ クボ クボタ コウノ コーノ コシ ゴシ コジマ",
    "サイトウ サトウ シミズ ジョウ ショウジ ジンノ スズキ セキ ソノダ",
    "タカタ タカダ タガタ タナカ ツジ テラダ トウジョウ ナカタ ナガタ ナガダ ニシ ヌマ ネモト ノダ",
    "ハギ バギ ハセガワ ハタ ハダ バタ パタ ハタケ ヒビ ヒラタ フジ ホンダ マエダ ミヤケ ムラタ モリ",
    "ヤマタ ヤマダ ヤマタニ ユアサ ヨシダ ラン リュウ ルイ レイ ロウ ワタナベ ンドゥール",
)
IN_ORDER = [name for row in ROWS for name in row.split()]


READINGS = st.text("アイカガキギタダハバパヤンー", min_size=1, max_size=6).map(kana_key)


def test_a_list_of_names_is_in_the_order_of_a_dictionary() -> None:
    assert IN_ORDER == sorted(sorted(IN_ORDER), key=lambda reading: sort_key(kana_key(reading), ""))


def test_who_has_no_reading_comes_last_and_by_name() -> None:
    keys = [sort_key("ンンン", "最"), sort_key(None, "一"), sort_key(None, "山田")]

    assert keys == sorted({*keys})


@settings(max_examples=200, deadline=None)
@given(READINGS, READINGS)
def test_a_reading_is_found_by_its_beginning_and_no_other_is(reading: str, other: str) -> None:
    letters, behind, marks = beginning(other)
    key = sort_key(reading, "")
    marked = key[(len(key) + 3) // 2 - 1 :]

    # A lengthened vowel is the same letter as the vowel, and tells itself apart by its mark.
    assert reading.startswith(other) == (letters <= key < behind and marked.startswith(marks))
