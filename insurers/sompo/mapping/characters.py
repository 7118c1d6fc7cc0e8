"""Characters that people have and Shift_JIS has not, with the ones that stand in for them (WIRE.md §1.10)."""

import unicodedata

import jaconv

# What people's keyboards write for dashes and tildes.
DASHES = {
    "\N{FULLWIDTH HYPHEN-MINUS}": "\N{MINUS SIGN}",
    "\N{NON-BREAKING HYPHEN}": "\N{HYPHEN}",
    "\N{FIGURE DASH}": "\N{MINUS SIGN}",
    "\N{EN DASH}": "\N{MINUS SIGN}",
    "\N{FULLWIDTH TILDE}": "\N{WAVE DASH}",
    "\N{EM DASH}": "\N{HORIZONTAL BAR}",
    "\N{PARALLEL TO}": "\N{DOUBLE VERTICAL LINE}",
}

# Variants in family registers, and under each the form that a Shift_JIS file has of the same name
# (domain 5.3). Only what we send is folded; what the person wrote stays as it is.
VARIANTS = dict(
    zip(
        "髙﨑濵德𠮷栁桒閒瀨淸靑增敎曻橫緖薰賴寬郞黑綠內吳𣘺圡𡈽鷗彥槪戶產麴曆歷尙每步緣晚悅銳鄕涉姬冝﨔杦𣏾𦚰蔣萊驒",
        "高崎浜徳吉柳桑間瀬清青増教昇横緒薫頼寛郎黒緑内呉橋土土鴎彦概戸産麹暦歴尚毎歩縁晩悦鋭郷渉姫宜欅杉杉脇蒋莱騨",
        strict=True,
    )
)

_FOLDED = str.maketrans(DASHES | VARIANTS)
# Selectors tell apart glyphs of one character, such as the many of 辺.
_SELECTORS = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])


def folded(text: str) -> str:
    """Write half-width kana in full width, and dashes, tildes and variants with the characters that Sompo has."""
    plain = unicodedata.normalize("NFC", jaconv.h2z(text, kana=True, ascii=False, digit=False))
    return plain.translate(_SELECTORS).translate(_FOLDED)
