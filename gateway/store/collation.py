"""
The order of readings in 五十音, as bytes that sort by themselves.

JIS X 4061 orders by letters first, ー being the vowel that it lengthens, and by marks only where all letters are
alike: はた, はだ, はたけ. The order of code points puts はたけ between the two.

Lists of people go by families first, and only within one by given names: はら ゆう comes before はらだ いち. So a key
is the family's letters, the gap, the family's marks, the letters of the given name, the end, and its marks.
"""

from msgspec import Struct

from insurers.reading import GAP

_LETTERS = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_VOICED = dict(
    zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", "カキクケコサシスセソタチツテトハヒフヘホウ", strict=True)
)
_HALF_VOICED = dict(zip("パピプペポ", "ハヒフヘホ", strict=True))
_BARE = _VOICED | _HALF_VOICED
_VOWELS = dict(
    zip(
        "アカサタナハマヤラワイキシチニヒミリウクスツヌフムユルエケセテネヘメレオコソトノホモヨロヲ",
        "アアアアアアアアアアイイイイイイイイウウウウウウウウウエエエエエエエエオオオオオオオオオオ",
        strict=True,
    )
)

# Letters begin behind the end and the gap, so that はた comes before はたけ. Of marks, ー comes first, then the clear
# sound. Where the first gap is, the family's letters end.
_END, KEY_GAP = b"\x00", b"\x01"
_FIRST_PLACE = 2
_LONG, _CLEAR, _VOICE, _HALF_VOICE = 1, 2, 3, 4
_PLACES = {ord(letter): place for place, letter in enumerate(_LETTERS, start=_FIRST_PLACE)}
_PLACES |= {ord(letter): _PLACES[ord(bare)] for letter, bare in _BARE.items()}
_OTHER = _FIRST_PLACE + len(_LETTERS)
_MARKS = {
    **dict.fromkeys(map(ord, _LETTERS), _CLEAR),
    **dict.fromkeys(map(ord, _VOICED), _VOICE),
    **dict.fromkeys(map(ord, _HALF_VOICED), _HALF_VOICE),
    ord("ー"): _LONG,
}

# A search that goes on behind a family is looked up for families up to so many letters.
LONGEST_FAMILY = 24

# Who has no reading comes after all who have one, by name.
_UNREAD = b"\xff"


class Beginning(Struct, frozen=True):
    """
    Readings whose letters begin alike: their keys begin with `key`.

    Those that are meant have `marks`: ハタ is found among ハタ and ハダ. Of these, `family` stand for letters of the
    family, which `key` holds with their marks; None where it holds no more than the beginning of a family.
    """

    key: bytes
    marks: bytes
    family: int | None = None

    @property
    def behind(self) -> bytes:
        """Up to which key, without it, they are found."""
        return self.key + _UNREAD


def sort_key(reading: str | None, name: str) -> bytes:
    """Answer by what to order somebody of this folded reading (`insurers.reading`) and folded name."""
    if not reading:
        return _UNREAD + name.encode()
    family, _, given = reading.partition(GAP)
    letters, marks = _letters(family + given)
    end = len(family)
    return letters[:end] + KEY_GAP + marks[:end] + letters[end:] + _END + marks[end:]


def beginnings(reading: str) -> list[Beginning]:
    """Answer how keys begin of those whose reading begins so, wherever their family may end in it."""
    letters, marks = _letters(reading)
    ends = range(1, min(len(letters), LONGEST_FAMILY + 1))
    crossing = [Beginning(letters[:end] + KEY_GAP + marks[:end] + letters[end:], marks[end:], end) for end in ends]
    return [Beginning(letters, marks), *crossing]


def _letters(reading: str) -> tuple[bytes, bytes]:
    """Answer the place of each letter among all, and its mark."""
    spelled = _lengthened(reading) if "ー" in reading else reading
    try:
        return spelled.translate(_PLACES).encode("latin-1"), reading.translate(_MARKS).encode("latin-1")
    except UnicodeEncodeError:
        # A letter that is none of the syllabary comes behind all of it.
        places = bytes(_PLACES.get(ord(letter), _OTHER) for letter in spelled)
        return places, bytes(_MARKS.get(ord(letter), _CLEAR) for letter in reading)


def _lengthened(reading: str) -> str:
    """Write a vowel for each ー that lengthens it."""
    letters: list[str] = []
    for letter in reading:
        before = letters[-1] if letters else ""
        bare = _BARE.get(before, before)
        letters.append(_VOWELS.get(bare, letter) if letter == "ー" else letter)
    return "".join(letters)
