"""When two spellings are one name (domain 5.3)."""

import re
import unicodedata

from insurers.glyphs import common

# Nearly all names are written in these, which have no other width or case and join with nothing.
_PLAIN = re.compile("[ぁ-ゖァ-ヺー一-鿿]+")


def name_key(text: str) -> str:
    """
    Fold a name to what its spellings share: width, spaces, case and the forms of its kanji.

    さくら, サクラ and 桜 stay three names. Match with it, and keep and send what the person wrote.
    """
    usual = common(text)
    if _PLAIN.fullmatch(usual):
        return usual
    plain = common(unicodedata.normalize("NFKC", usual)).casefold()
    # A mark that stood apart joins its letter once the space between is gone.
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", unicodedata.normalize("NFKC", plain)))


def same_name(one: str, other: str) -> bool:
    return name_key(one) == name_key(other)
