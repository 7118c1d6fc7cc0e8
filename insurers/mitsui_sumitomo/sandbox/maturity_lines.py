"""Lines of the maturity data: what is told to an agency of one contract (WIRE.md §17.3)."""

import codecs
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from insurers import townsfolk

from . import rating
from .contracts import HAS_RIDER, Contract
from .personas import Persona
from .times import at_four_pm, years_later

ENCODING = "cp932"
ENDING = b"\r\n"
LINE_BYTES = 318


def _geta(error: UnicodeError) -> tuple[str, int]:
    """Write 〓 for a letter that CP932 has not (外字)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "〓" * (error.end - error.start), error.end


codecs.register_error("geta", _geta)

STATUS = {"KAISHIMAE": "10", "YUKO": "20", "MANRYO": "30", "KEIZOKUZUMI": "40"}
RIDER = {HAS_RIDER: "1", "NASHI": "0"}

HALF_WIDTH = {
    unicodedata.normalize("NFKC", half + mark): half + mark
    for half in map(chr, range(0xFF66, 0xFF9E))
    for mark in ("", "ﾞ", "ﾟ")
    if len(unicodedata.normalize("NFKC", half + mark)) == 1
} | {" ": " "}

MATURES_WITHIN = 366
# The first of them have matured so long ago already.
MATURED_SINCE = timedelta(days=30)
# A customer's day of maturity goes on by so many days from one to the next; its inverse finds who matures on a day.
STEP = 101
INVERSE = pow(STEP, -1, MATURES_WITHIN)

GENERATED, SUCCESSORS, PERSONAS = "05", "06", "01"
HEAD_OFFICE, HANAKO = "01", "101"


class Row(NamedTuple):
    """The columns from the contract's number on, not yet filled up with spaces. Dates are YYYYMMDD."""

    number: str
    status: str
    begins: str
    matures: str
    name: str
    kana: str
    born: str
    phone: str
    mail: str
    car: str
    plate: str
    premium: int
    next_premium: int | None
    grade: int
    rider: str
    branch: str
    solicitor: str
    successor: str

    def line(self, agency: str, change: str) -> bytes:
        next_premium = f"{self.next_premium:09d}" if self.next_premium is not None else " " * 9
        plate = self.plate + " " * (30 - len(self.plate.encode(ENCODING, "geta")))
        text = (
            f"2{change}{agency}{self.number}{self.status}{self.begins}{self.matures}{self.name:\u3000<20.20}"
            f"{self.kana:<40.40}{self.born}{self.phone:<13}{self.mail:<60}{self.car:\u3000<15.15}{plate}"
            f"{self.premium:09d}{next_premium}{self.grade:02d}{self.rider}{self.branch:<4}{self.solicitor:<6}"
            f"{self.successor:<10}{'':21}"
        )
        return text.encode(ENCODING, "geta")


def of_contract(contract: Contract, holder: Persona | None, at: datetime, revision: int) -> Row:
    """What is on file of a persona's contract."""
    person, car = contract.keiyakusha, contract.okuruma
    successor = contract.keizokugo_shoken_no
    known = holder.toroku_zumi if holder else None
    return Row(
        number=contract.shoken_no,
        status=STATUS[contract.jotai(at)],
        begins=f"{contract.hoken_kikan.shiki:%Y%m%d}",
        matures=f"{contract.hoken_kikan.manki:%Y%m%d}",
        name=f"{person.shimei.sei}\u3000{person.shimei.mei}",
        kana=half_width(f"{person.kana.sei} {person.kana.mei}"),
        born=f"{person.seinengappi:%Y%m%d}",
        phone=person.denwa,
        mail=known.user_id if known else "",
        car=car.shamei,
        plate=car.toroku_no,
        premium=contract.nenkan_gokei,
        next_premium=None if successor else _next_premium(contract, revision),
        grade=contract.tokyu.tokyu,
        rider=RIDER.get(contract.jido_keizoku_tokuyaku or "", " "),
        branch=HEAD_OFFICE,
        solicitor=HANAKO,
        successor=successor or "",
    )


def _next_premium(contract: Contract, revision: int) -> int:
    risk = rating.risk(contract, contract.joken, contract.tokyu.next_term())
    return rating.annual(risk, contract.erabi, revision=revision)


def matures(n: int, start: date) -> date:
    """The day on which the n-th customer's contract matures, for a sandbox that began on *start*."""
    return start - MATURED_SINCE + timedelta(days=n * STEP % MATURES_WITHIN)


def maturing(day: date, start: date, customers: int) -> range:
    """Who of so many customers has a contract that matures on *day*."""
    after = (day - start + MATURED_SINCE).days
    return range(
        after * INVERSE % MATURES_WITHIN if 0 <= after < MATURES_WITHIN else customers, customers, MATURES_WITHIN
    )


def of_customer(seed: int, first: int, n: int, prefix: str, start: date, at: datetime) -> Row:
    """What is on file of a generated customer of an agency, whose customers are counted from *first* on."""
    who = first + n
    person, (branch, solicitor) = townsfolk.person(seed, who), townsfolk.solicitor(seed, who)
    chance = townsfolk.draw(seed, who, 4)
    begins, ends, ended = _term(n, start, at)
    renewed = ended and chance & 3 != 0
    premium = 30_000 + chance % 12_000 * 10
    return Row(
        f"{GENERATED}{prefix}{n:07d}",
        ("40" if renewed else "30") if ended else "20",
        begins,
        ends,
        f"{person.family}\u3000{person.given}",
        f"{half_width(person.family_kana)} {half_width(person.given_kana)}",
        f"{person.born:%Y%m%d}",
        person.phone,
        person.email if chance & 12 else "",
        townsfolk.car(seed, who).model,
        townsfolk.plate(seed, who),
        premium,
        None if ended or not chance & 112 else premium * (940 + (chance >> 20) % 200) // 10_000 * 10,
        6 + (chance >> 30) % 15,
        "1" if not chance & 896 else "0",
        branch,
        solicitor,
        f"{SUCCESSORS}{prefix}{n:07d}" if renewed else "",
    )


def _term(n: int, start: date, at: datetime) -> tuple[str, str, bool]:
    return _spelled(matures(n, start), at)


@lru_cache(2 * MATURES_WITHIN)
def _spelled(ends: date, at: datetime) -> tuple[str, str, bool]:
    return f"{years_later(ends, -1):%Y%m%d}", f"{ends:%Y%m%d}", at_four_pm(ends) <= at


@lru_cache(4_096)
def half_width(kana: str) -> str:
    return "".join(HALF_WIDTH.get(letter, letter) for letter in kana)
