"""Japanese phone numbers: ten or eleven digits inside, hyphens at the edge (domain 5.3)."""

import re
import unicodedata

import phonenumbers

from insurers.identity import DASHES
from insurers.text import Text
from insurers.unreadable import Unreadable

JAPAN = "JP"
JAPAN_CODE = 81

_TYPED = re.compile(r"[+0][0-9\s()\-.]{8,24}")
# Mobile and IP phones have eight digits behind 0X0; everything else has ten digits in all.
_NATIONAL = re.compile(r"0[5-9]0[0-9]{8}|0(?![5-9]0)[1-9][0-9]{8}")


def read_phone(text: str) -> str:
    """
    Read a phone number the way people type it, as national digits such as `09012345678`.

    Width, hyphens, brackets, `+81`, `+81 (0)` and `0081` do not matter.

    Raises:
        Unreadable: it is a number of another country.
        ValueError: it is no number with its area code.
    """
    plain = re.sub(rf"[{DASHES}]", "-", unicodedata.normalize("NFKC", text)).strip()
    if not _TYPED.fullmatch(plain):
        raise ValueError("no phone number")
    number = _parsed(re.sub(rf"^00[\s-]*{JAPAN_CODE}", f"+{JAPAN_CODE}", plain))
    if number.country_code != JAPAN_CODE:
        raise Unreadable(
            Text("日本国内の電話番号を入力してください。", "A number in Japan is expected, not one of another country.")
        )
    digits = f"0{number.national_number}"
    if not _NATIONAL.fullmatch(digits):
        raise ValueError("no phone number")
    return digits


def hyphenated(phone: str) -> str:
    """Write `09012345678` as `090-1234-5678`, and a landline behind its own area code."""
    return phonenumbers.format_number(_parsed(phone), phonenumbers.PhoneNumberFormat.NATIONAL)


def same_phone(one: str, other: str) -> bool:
    """Tell whether two spellings dial the same number; what cannot be read is the same as nothing."""
    try:
        return read_phone(one) == read_phone(other)
    except ValueError:
        return False


def _parsed(text: str) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(text, JAPAN)
    except phonenumbers.NumberParseException:
        # What it says holds the number.
        raise ValueError("no phone number") from None
