"""Registration plates (自動車登録番号標): one car, however its plate is written (P-1)."""

import re
import unicodedata

from insurers import glyphs
from insurers.identity import DASHES

# What only keeps the parts of a plate apart; a dot stands in the place of a digit that is not there: ・・12.
_SEPARATORS = re.compile(rf"[\s\-{DASHES}・·.]")
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ン") + 1)}

# Office, class (letters stand in it since 2018), the kana or letter of its use, and the serial number.
_PLATE = re.compile(
    r"(?P<office>[ぁ-んァ-ヶ々一-鿿]{1,8})"
    r"(?P<kind>[0-9][0-9ACFHKLMPXY]{0,2})?"
    r"(?P<use>[ぁ-んァ-ンA-Z])"
    r"(?P<serial>[0-9]{1,4})"
)


def canonical(text: str | None) -> str | None:
    """
    Answer one form for all the ways in which a plate is written; None for what is no plate.

    Width, spaces, hyphens, dots, variants of a kanji and the kind of kana do not matter. A new
    car's note that it is not registered yet (登録未了) is no plate: two such cars are not one.
    """
    folded = glyphs.common(unicodedata.normalize("NFKC", text or "").upper())
    found = _PLATE.fullmatch(_SEPARATORS.sub("", folded))
    if found is None or not int(found["serial"]):
        return None
    use = found["use"].translate(_TO_HIRAGANA)
    return f"{found['office']}{found['kind'] or ''}{use}{int(found['serial'])}"
