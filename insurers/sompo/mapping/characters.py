"""Characters that people have and Shift_JIS has not, with the ones that stand in for them (WIRE.md §1.10)."""

from insurers.glyphs import within
from insurers.kana import full_width

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

CODEC = "shift_jis"

_FOLDED = str.maketrans(DASHES)


def folded(text: str) -> str:
    """Write half-width kana in full width, and dashes, tildes and variants with the characters that Sompo has."""
    return within(full_width(text), CODEC).translate(_FOLDED)
