"""
Townsfolk: invented persons and their cars, as many as anybody wants, the same at every insurer's sandbox.

Whoever is the n-th of a seed is known from the two numbers alone, at once and always: nothing is kept. Phones begin
with 0X0-0, which no carrier gives out, mails go to example.jp, and no registration office has such a name.
"""

from datetime import date, timedelta
from typing import NamedTuple

from insurers.townsfolk_names import FAMILIES, GIVEN

_64_BITS = (1 << 64) - 1

ELDEST_BORN, YEARS_OF_BIRTH = date(1940, 1, 1), 66
_ELDEST, _DAYS_OF_BIRTH = ELDEST_BORN.toordinal(), YEARS_OF_BIRTH * 365

# Numbers below 0X0-0001-0000 belong to the personas.
PHONES, FIRST_PHONE = 9_990_000, 10_000
CARRIERS = ("090", "080", "070")

OFFICES = ("見本", "雛形", "架空", "例野", "見本東", "仮浜", "架空川", "試山", "雛形野", "例ヶ丘")
USES = "さすせそたちつてとなにぬねのはひふほまみむめもやゆらりる"
SERIALS = 9_999
CLASSES = 10
# As many plates are all different.
PLATES = SERIALS * len(USES) * len(OFFICES) * CLASSES
# Prime, and no divisor of PLATES, so that each turn meets each plate once.
STRIDE = 15_485_863


# The two agencies that every sandbox knows, with the first of the townsfolk who are its customers. The n-th customer
# has the car n at one insurer; whoever gives the same person another car at another insurer counts on from
# ANOTHER_CAR.
FIRST_CUSTOMER = {"S1001": 0, "H2002": 10_000_000}
ANOTHER_CAR = 5_000_000

# Each agency's branches, and who sells there.
SOLICITORS = (("01", "101"), ("01", "102"), ("02", "201"), ("02", "202"))


class Person(NamedTuple):
    """Written as on the family register, read in full-width katakana; the phone has its hyphens."""

    family: str
    given: str
    family_kana: str
    given_kana: str
    born: date
    phone: str
    email: str


class Car(NamedTuple):
    """A model of the sandboxes' own, the first number of its plate's class, and the day of its first registration."""

    model: str
    plate_class: int
    registered: date


MODELS = (
    ("サンプリオ", 300),
    ("コンパクタ", 500),
    ("ヒマリア", 330),
    ("ハイランダ", 310),
    ("コミーユ", 530),
    ("ヒナタ", 580),
    ("アサカゼ", 590),
    ("オオゾラ", 340),
    ("ホシナミ", 510),
)
NEWEST, YEARS_OF_CARS = date(2026, 6, 1), 18
_OLDEST, _DAYS_OF_CARS = NEWEST.toordinal() - YEARS_OF_CARS * 365, YEARS_OF_CARS * 365


def draw(seed: int, n: int, what: int = 0) -> int:
    """Answer 64 bits that look like chance and are the same every time; *what* tells questions about one n apart."""
    # The mixing steps of SplitMix64.
    bits = (seed * 0x9E3779B97F4A7C15 + n * 0xD1B54A32D192ED03 + what * 0x8CB92BA72F3D8DD7 + 1) & _64_BITS
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _64_BITS
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _64_BITS
    return bits ^ (bits >> 31)


def person(seed: int, n: int) -> Person:
    bits = draw(seed, n)
    family, family_kana = _favouring_the_first(FAMILIES, bits)
    given, given_kana = GIVEN[(bits >> 20) % len(GIVEN)]
    phone = FIRST_PHONE + n % PHONES
    return Person(
        family,
        given,
        family_kana,
        given_kana,
        date.fromordinal(_ELDEST + (bits >> 30) % _DAYS_OF_BIRTH),
        f"{CARRIERS[n % len(CARRIERS)]}-0{phone // 10_000:03d}-{phone % 10_000:04d}",
        f"hito-{seed}-{n}@example.jp",
    )


def car(seed: int, n: int) -> Car:
    bits = draw(seed, n, 1)
    model, plate_class = MODELS[bits % len(MODELS)]
    return Car(model, plate_class, date.fromordinal(_OLDEST + (bits >> 20) % _DAYS_OF_CARS))


def plate(seed: int, n: int) -> str:
    """Write the plate of this `car`, as 見本 300 さ 12-34; no two of the first 27 million are the same."""
    rest, serial = divmod((n * STRIDE + seed) % PLATES, SERIALS)
    rest, use = divmod(rest, len(USES))
    office, digit = divmod(rest, CLASSES)
    return f"{OFFICES[office]} {car(seed, n).plate_class + digit} {USES[use]} {_dotted(serial + 1)}"


def solicitor(seed: int, n: int) -> tuple[str, str]:
    """Answer the branch (拠点コード) and the code of who sold to this customer (募集人コード)."""
    return SOLICITORS[draw(seed, n, 3) % len(SOLICITORS)]


def day(seed: int, n: int, first: date, days: int) -> date:
    """Choose one of so many days from the first on."""
    return first + timedelta(days=draw(seed, n, 2) % days)


def _favouring_the_first(table: tuple[tuple[str, str], ...], bits: int) -> tuple[str, str]:
    """Choose an entry, the first ones the most often, as 佐藤 is met more often than 勅使河原."""
    one, other = bits & 1023, (bits >> 10) & 1023
    return table[one * other * len(table) >> 20]


def _dotted(serial: int) -> str:
    if serial >= 1_000:
        return f"{serial // 100}-{serial % 100:02d}"
    return f"{serial:・>4}" if serial < 100 else f"・{serial}"
