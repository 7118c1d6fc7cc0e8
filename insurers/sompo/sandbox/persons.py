"""The people on contracts, and when two descriptions of one are the same (SJ-REG-11)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

HYPHENS = "‐‑‒–—−ーｰ-"
BETWEEN_NUMBERS = re.compile(rf"(?<=\d)(?:丁目|番地の|番地|番|号|[{HYPHENS}])(?=\d)")
AFTER_A_NUMBER = re.compile(r"(?<=\d)(?:丁目|番地|番|号)")
KANJI_BLOCK = re.compile(r"[一二三四五六七八九](?=丁目)")
KANJI_DIGITS = dict(zip("一二三四五六七八九", "123456789", strict=True))


@dataclass(frozen=True, kw_only=True, repr=False)
class Person:
    """A person, or a company, which has neither a given name nor a birth date."""

    family: str
    given: str
    born: date | None
    postal_code: str
    address: str
    phone: str

    def is_the_one(self, other: "Person") -> bool:
        """Do 氏名, 住所, 生年月日 and 電話番号 say the same as *other*'s, which is the one on file?"""
        return (
            self.born is not None
            and _letters(self.family + self.given) == _letters(other.family + other.given)
            and _same_address(self.address, on_file=other.address)
            and self.born == other.born
            and _digits(self.phone) == _digits(other.phone)
        )


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _digits(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isdigit())


def _same_address(said: str, *, on_file: str) -> bool:
    """A building may follow the house number; another number may not."""
    said, on_file = _address(said), _address(on_file)
    rest = said.removeprefix(on_file)
    return said.startswith(on_file) and not re.match(r"[\d-]", rest)


def _address(text: str) -> str:
    text = KANJI_BLOCK.sub(lambda found: KANJI_DIGITS[found.group()], _letters(text))
    return AFTER_A_NUMBER.sub("", BETWEEN_NUMBERS.sub("-", text))
