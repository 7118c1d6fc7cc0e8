"""What a person entered, as Sompo wants to read it (WIRE.md §1.10, §3.3)."""

from collections.abc import Mapping, Sequence
from datetime import date

from insurers.adapter import Applicant
from insurers.answers import YES, Value
from insurers.name import same_name
from insurers.phone import hyphenated, same_phone
from insurers.place import same_place
from insurers.sompo.fields import Key
from insurers.sompo.mapping.characters import folded
from insurers.sompo.mapping.refusals import malformed
from insurers.sompo.wire.members import Entered
from insurers.sompo.wire.notation import era_ymd, flag, read_era_ymd, read_flag


def fields(applicant: Applicant) -> list[tuple[str, str]]:
    """
    Answer the fields of 3.3 between UKETUKE_NO and the numbers.

    Raises:
        Rejected: a birth date that no era has.
    """
    values = applicant.values
    return [
        ("MAIL", one(values, Key.EMAIL)),
        ("PASSWORD", one(values, Key.PASSWORD)),
        ("SEI", folded(one(values, Key.FAMILY_NAME))),
        ("MEI", folded(one(values, Key.GIVEN_NAME))),
        ("SEINEN_YMD", birth_date(values)),
        ("YUBIN_NO", one(values, Key.POSTAL_CODE)),
        ("JYUSYO", folded(one(values, Key.ADDRESS))),
        ("TEL_NO", hyphenated(one(values, Key.PHONE))),
        ("MANKI_MAIL", flag(one(values, Key.MATURITY_MAIL) == YES)),
    ]


def numbers(applicant: Applicant) -> Sequence[str]:
    """Answer the numbers, each once; a member may have none (SJ-NTF-01)."""
    value = applicant.values.get(Key.POLICY_NUMBERS, ())
    said = (value,) if isinstance(value, str) else value
    return tuple(dict.fromkeys(number for number in said if number))


def understood(entered: Entered, applicant: Applicant) -> bool:
    """Tell whether the insurer's review shows what was entered; how it spells it is the insurer's to choose."""
    values, said = applicant.values, entered.nyuryoku
    return (
        said.mail == one(values, Key.EMAIL)
        and same_name(said.sei, folded(one(values, Key.FAMILY_NAME)))
        and same_name(said.mei, folded(one(values, Key.GIVEN_NAME)))
        and same_place(said.jyusyo, folded(one(values, Key.ADDRESS)))
        and same_phone(said.tel_no, one(values, Key.PHONE))
        and read_era_ymd(said.seinen_ymd) == date.fromisoformat(one(values, Key.BIRTH_DATE))
        and read_flag(said.manki_mail) == (one(values, Key.MATURITY_MAIL) == YES)
        and sorted(entered.numbers) == sorted(numbers(applicant))
    )


def birth_date(values: Mapping[str, Value]) -> str:
    """
    Raises:
        Rejected: no era has this day.
    """
    try:
        return era_ymd(date.fromisoformat(one(values, Key.BIRTH_DATE)))
    except ValueError:
        raise malformed() from None


def one(values: Mapping[str, Value], key: Key) -> str:
    value = values[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} has one value")
    return value
