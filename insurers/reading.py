"""How a holder is read, in the form that orders and finds holders."""

from functools import lru_cache

from insurers.kana import kana_key
from insurers.person import PersonName

# Between the family and who of it is meant. Folded names have no spaces of their own.
GAP = " "

# Families and given names repeat all over a book, whole names hardly ever. A part takes some 300 bytes.
REMEMBERED_PARTS = 16_384

# A letter that repeats the one before it, which stands in another part of the name.
_REPEATED = ("ヽ", "ヾ")


def reading(name: PersonName) -> str | None:
    """
    Answer the folded reading (`kana_key`), or the name itself where that is all kana.

    Lists go by families, so there is none where the family has none.
    """
    family, given = name.family_kana or name.family, name.given_kana or name.given
    if not (first := _folded(family)):
        return None
    rest = _folded(family + given)[len(first) :] if given.startswith(_REPEATED) else _folded(given)
    return parted(first, first + rest)


def parted(family: str, name: str) -> str:
    """Set a folded family apart in a folded name that begins with it."""
    rest = name[len(family) :] if name.startswith(family) else ""
    return f"{family}{GAP}{rest}" if family and rest else name


@lru_cache(maxsize=REMEMBERED_PARTS)
def _folded(part: str) -> str:
    try:
        return kana_key(part)
    except ValueError:
        return ""
