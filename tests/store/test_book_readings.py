"""Readings sort in 五十音 by their bytes alone (JIS X 4061), and what begins alike is found by its beginning."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.store.collation import KEY_GAP, Beginning, beginnings, sort_key
from insurers.kana import kana_key
from insurers.reading import parted

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


def test_a_family_is_not_parted_by_another_that_begins_with_it() -> None:
    names = ["ハラ アイ", "ハラ ユウ", "ハラダ イチ", "ハラダ ケン", "バラダ アイ", "ハリ"]

    assert names == sorted(sorted(names), key=lambda name: sort_key(name, ""))


@settings(max_examples=300, deadline=None)
@given(READINGS, READINGS | st.just(""), READINGS, st.booleans())
def test_a_reading_is_found_by_its_beginning_and_no_other_is(family: str, rest: str, other: str, its: bool) -> None:
    reading = family + rest
    asked = reading[: len(other)] if its else other
    key = sort_key(parted(family, reading), "")

    # A lengthened vowel is the same letter as the vowel, and tells itself apart by its mark.
    assert reading.startswith(asked) == any(_begins(key, beginning) for beginning in beginnings(asked))


def _begins(key: bytes, beginning: Beginning) -> bool:
    behind = len(key) // 2 + beginning.family + 1 if beginning.family else key.index(KEY_GAP) + 1
    return beginning.key <= key < beginning.behind and key[behind:].startswith(beginning.marks)
