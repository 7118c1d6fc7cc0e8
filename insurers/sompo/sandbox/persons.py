"""The people on contracts, and when two descriptions of one are the same (SJ-REG-11)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from insurers.sompo.sandbox.addresses import same_house

# 髙 and 﨑 cannot travel to this insurer, but a person's papers may have them.
ONE_LETTER = str.maketrans("髙﨑邊邉", "高崎辺辺")


@dataclass(frozen=True, kw_only=True, repr=False)
class Person:
    """A person, or a company, which has neither a given name nor a birth date. Not every name's reading is on file."""

    family: str
    given: str
    born: date | None
    postal_code: str
    address: str
    phone: str
    family_kana: str = ""
    given_kana: str = ""

    def is_the_one(self, other: "Person") -> bool:
        """Do 氏名, 住所, 生年月日 and 電話番号 say the same as *other*'s, which is the one on file?"""
        return (
            self.born is not None
            and _letters(self.family + self.given) == _letters(other.family + other.given)
            and same_house(self.address, other.address)
            and self.born == other.born
            and _digits(self.phone) == _digits(other.phone)
        )


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(ONE_LETTER).split())


def _digits(text: str) -> str:
    """`+81 90` is `090`."""
    text = re.sub(r"^\s*\+81[\s-]*0?", "0", unicodedata.normalize("NFKC", text))
    return "".join(letter for letter in text if letter.isdigit())
