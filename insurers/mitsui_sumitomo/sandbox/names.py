"""When two spellings are the same name or number (WIRE.md §1)."""

import re
import unicodedata

from .contracts import Name

# Left as it may be typed or filed, right as it is compared.
KANJI = str.maketrans("髙﨑嵜濵濱邊邉齋齊斉嶋嶌德栁𠮷澤廣", "高崎崎浜浜辺辺斎斎斎島島徳柳吉沢広")
SMALL_KANA = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")

FIRST_HIRAGANA, LAST_HIRAGANA = "ぁ", "ゖ"
TO_KATAKANA = ord("ァ") - ord("ぁ")


def plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def folded(name: Name) -> tuple[str, str]:
    return _folded(name.sei), _folded(name.mei)


def number(text: str) -> str:
    """A policy number, or the user ID of a card, without what people put between."""
    return re.sub(r"[^0-9A-Z]", "", plain(text).upper())


def _folded(text: str) -> str:
    katakana = "".join(
        chr(ord(letter) + TO_KATAKANA) if FIRST_HIRAGANA <= letter <= LAST_HIRAGANA else letter
        for letter in plain(text)
    )
    return katakana.translate(SMALL_KANA).translate(KANJI)
