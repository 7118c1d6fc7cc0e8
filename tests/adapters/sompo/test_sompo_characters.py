"""Names and addresses in the characters that Sompo has."""

import pytest

from insurers.glyphs import VARIANTS
from insurers.sompo.mapping.characters import CODEC, DASHES, folded


@pytest.mark.parametrize(
    ("entered", "written"),
    [
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("濵田", "浜田"),
        ("𠮷德", "吉徳"),
        ("渡辺\U000e0101", "渡辺"),
        ("\ufa10田", "塚田"),
        ("渡邉邊", "渡邉邊"),
        ("ﾀﾛｳ", "タロウ"),
    ],
)
def test_a_variant_is_written_as_the_insurer_has_it(entered: str, written: str) -> None:
    assert written == folded(entered)
    assert written.encode(CODEC)


def test_only_what_the_insurer_has_not_is_folded_and_only_to_what_it_has() -> None:
    lacking = [variant for variant in VARIANTS if not variant.encode(CODEC, "ignore")]

    assert "".join([*DASHES.values(), *VARIANTS.values()]).encode(CODEC)
    assert [] == [dash for dash in DASHES if dash.encode(CODEC, "ignore")]
    assert [VARIANTS[variant] for variant in lacking] == [folded(variant) for variant in lacking]
    assert [] == [variant for variant in VARIANTS if variant not in lacking and variant != folded(variant)]
