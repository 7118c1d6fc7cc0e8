"""Readings of names in kana: one form inside, the insurer's width at the edge (domain 5.3)."""

import re
import unicodedata

import jaconv

from insurers.identity import DASHES

_TO_KATAKANA = {code: code + 0x60 for code in [*range(ord("ぁ"), ord("ゖ") + 1), ord("ゝ"), ord("ゞ")]}
# NFKC would put a space before a mark of its own.
_MARKS = str.maketrans("゛゜", "\u3099\u309a")
_LONG = re.compile(rf"(?<=[ァ-ヺー])[\-{DASHES}]")
_KANA = re.compile(r"[ァ-ヺーヽヾ・ ]+")

# Sounds that are spelled in two ways. Only for comparing: ヅ is not corrected to ズ in anybody's name.
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_ALIKE = (
    *zip(("ヴァ", "ヴィ", "ヴェ", "ヴォ", "ヴ"), "バビベボブ", strict=True),
    *zip("ヷヸヹヺ", "バビベボ", strict=True),
    *zip("ヂヅヲヰヱ", "ジズオイエ", strict=True),
)
# What half-width kana have no letter for, and what people write instead.
_HALF_WIDTH_LACKS = str.maketrans("ヮヵヶヰヱヷヸヹヺ", "ワカケイエバビベボ")


def read_kana(text: str) -> str:
    """
    Read hiragana or katakana of any width as full-width katakana.

    A dash behind a kana is a long vowel, whatever key was pressed; spelling is not corrected.

    Raises:
        ValueError: there is something else than kana, ・ and spaces.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).strip()
    katakana = unicodedata.normalize("NFC", plain.translate(_TO_KATAKANA))
    katakana = _LONG.sub("ー", katakana)
    if not _KANA.fullmatch(katakana):
        raise ValueError("no kana")
    return katakana


def half_width(kana: str) -> str:
    """Write canonical kana for an insurer that takes half width."""
    return jaconv.z2h(_unrepeated(kana).translate(_HALF_WIDTH_LACKS), kana=True)


def full_width(text: str) -> str:
    """Write the half-width kana of a text in full width, and leave its letters and digits."""
    return unicodedata.normalize("NFC", jaconv.h2z(text, kana=True, ascii=False, digit=False))


def kana_key(text: str) -> str:
    """
    Fold a reading to what its spellings share: width, script, small letters, spaces, ヂ and ジ, ヴァ and バ.

    Raises:
        ValueError: it is no kana.
    """
    key = re.sub(r"[・ ]", "", _unrepeated(read_kana(text)))
    for spelled, alike in _ALIKE:
        key = key.replace(spelled, alike)
    return key.translate(_SMALL)


def same_kana(one: str, other: str) -> bool:
    """Tell whether two readings are one; what is no kana is the same as itself only."""
    try:
        return kana_key(one) == kana_key(other)
    except ValueError:
        return one == other


def _unrepeated(kana: str) -> str:
    """Write the repeated letter for ヽ, and with its sound mark for ヾ."""
    letters: list[str] = []
    for letter in kana:
        bare = unicodedata.normalize("NFD", letters[-1] if letters else letter)[0]
        voiced = unicodedata.normalize("NFC", f"{bare}\u3099")
        letters.append({"ヽ": bare, "ヾ": voiced if len(voiced) == 1 else bare}.get(letter, letter))
    return "".join(letters)
