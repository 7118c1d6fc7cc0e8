"""What a person entered, as Sompo wants to read it (WIRE.md §1.10, §3.3)."""

from collections.abc import Mapping, Sequence
from datetime import date

from insurers.adapter import Applicant
from insurers.answers import YES, Value
from insurers.sompo.enrolment import Key
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
        ("MAIL", _one(values, Key.EMAIL)),
        ("PASSWORD", _one(values, Key.PASSWORD)),
        ("SEI", folded(_one(values, Key.FAMILY_NAME))),
        ("MEI", folded(_one(values, Key.GIVEN_NAME))),
        ("SEINEN_YMD", _era_date(_one(values, Key.BIRTH_DATE))),
        ("YUBIN_NO", _one(values, Key.POSTAL_CODE)),
        ("JYUSYO", folded(_one(values, Key.ADDRESS))),
        ("TEL_NO", _one(values, Key.PHONE)),
        ("MANKI_MAIL", flag(_one(values, Key.MATURITY_MAIL) == YES)),
    ]


def numbers(applicant: Applicant) -> Sequence[str]:
    value = applicant.values[Key.POLICY_NUMBERS]
    return (value,) if isinstance(value, str) else value


def understood(entered: Entered, applicant: Applicant) -> bool:
    """Tell whether the insurer's review shows what was entered, as far as spelling cannot differ."""
    values, said = applicant.values, entered.nyuryoku
    return (
        said.mail == _one(values, Key.EMAIL)
        and read_era_ymd(said.seinen_ymd) == date.fromisoformat(_one(values, Key.BIRTH_DATE))
        and read_flag(said.manki_mail) == (_one(values, Key.MATURITY_MAIL) == YES)
        and sorted(entered.numbers) == sorted(numbers(applicant))
    )


def _era_date(day: str) -> str:
    try:
        return era_ymd(date.fromisoformat(day))
    except ValueError:
        raise malformed() from None


def _one(values: Mapping[str, Value], key: Key) -> str:
    value = values[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} has one value")
    return value
