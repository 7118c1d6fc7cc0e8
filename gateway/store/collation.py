"""
The order of readings in 五十音, as bytes that sort by themselves.

JIS X 4061 orders by letters first, ー being the vowel that it lengthens, and by marks only where all letters are
alike: はた, はだ, はたけ. The order of code points puts はたけ between the two.
"""

from functools import lru_cache

REMEMBERED_READINGS = 16_384

_LETTERS = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_VOICED = dict(
    zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", "カキクケコサシスセソタチツテトハヒフヘホウ", strict=True)
)
_HALF_VOICED = dict(zip("パピプペポ", "ハヒフヘホ", strict=True))
_VOWELS = {
    letter: vowel
    for vowel, letters in zip(
        "アイウエオ",
        ("アカサタナハマヤラワ", "イキシチニヒミリ", "ウクスツヌフムユル", "エケセテネヘメレ", "オコソトノホモヨロヲ"),
        strict=True,
    )
    for letter in letters
}

# Letters begin behind the end mark, so that はた comes before はたけ. Of marks, ー comes first, then the clear sound.
_END = 0
_PLACES = {letter: place for place, letter in enumerate(_LETTERS, start=1)}
_OTHER = len(_LETTERS) + 1
_LONG, _CLEAR, _VOICE, _HALF_VOICE = 1, 2, 3, 4

# Who has no reading comes after all who have one, by name.
_UNREAD = b"\xff"


def sort_key(reading: str | None, name: str) -> bytes:
    """Answer by what to order somebody of this folded reading (`kana_key`) and folded name."""
    return _of(reading) if reading else _UNREAD + name.encode()


def beginning(reading: str) -> tuple[bytes, bytes, bytes]:
    """
    Answer from which key, and up to which without it, readings are found whose letters begin so.

    Those that are meant are the ones whose marks begin with the third: ハタ is found among ハタ and ハダ.
    """
    letters, marks = _letters(reading)
    return bytes(letters), bytes(letters) + _UNREAD, bytes(marks)


@lru_cache(maxsize=REMEMBERED_READINGS)
def _of(reading: str) -> bytes:
    letters, marks = _letters(reading)
    return bytes((*letters, _END, *marks))


def _letters(reading: str) -> tuple[list[int], list[int]]:
    letters: list[int] = []
    marks: list[int] = []
    before = ""
    for letter in reading:
        mark = (
            _LONG
            if letter == "ー"
            else _VOICE
            if letter in _VOICED
            else _HALF_VOICE
            if letter in _HALF_VOICED
            else _CLEAR
        )
        bare = (
            _VOWELS.get(before, before) if mark == _LONG else _VOICED.get(letter) or _HALF_VOICED.get(letter) or letter
        )
        letters.append(_PLACES.get(bare, _OTHER))
        marks.append(mark)
        before = bare
    return letters, marks
