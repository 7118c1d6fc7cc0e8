"""
The order of readings in 五十音, as bytes that sort by themselves.

JIS X 4061 orders by letters first, ー being the vowel that it lengthens, and by marks only where all letters are
alike: はた, はだ, はたけ. The order of code points puts はたけ between the two.
"""

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

# Letters begin behind the end mark, so that はた comes before はたけ. Of marks, ー comes first, then the clear sound.
_END = b"\x00"
_LONG, _CLEAR, _VOICE, _HALF_VOICE = 1, 2, 3, 4
_PLACES = {ord(letter): place for place, letter in enumerate(_LETTERS, start=1)}
_PLACES |= {ord(letter): _PLACES[ord(bare)] for letter, bare in _BARE.items()}
_OTHER = len(_LETTERS) + 1
_MARKS = {
    **dict.fromkeys(map(ord, _LETTERS), _CLEAR),
    **dict.fromkeys(map(ord, _VOICED), _VOICE),
    **dict.fromkeys(map(ord, _HALF_VOICED), _HALF_VOICE),
    ord("ー"): _LONG,
}

# Who has no reading comes after all who have one, by name.
_UNREAD = b"\xff"


def sort_key(reading: str | None, name: str) -> bytes:
    """Answer by what to order somebody of this folded reading (`kana_key`) and folded name."""
    if not reading:
        return _UNREAD + name.encode()
    letters, marks = _letters(reading)
    return letters + _END + marks


def beginning(reading: str) -> tuple[bytes, bytes, bytes]:
    """
    Answer from which key, and up to which without it, readings are found whose letters begin so.

    Those that are meant are the ones whose marks begin with the third: ハタ is found among ハタ and ハダ.
    """
    letters, marks = _letters(reading)
    return letters, letters + _UNREAD, marks


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
