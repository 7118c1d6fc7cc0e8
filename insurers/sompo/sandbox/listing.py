"""An agency's list of contracts, in the order of their numbers (WIRE.md §14)."""

import base64
import binascii
import hashlib
import hmac
import secrets
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice
from urllib.parse import quote

from insurers.sandbox import TOKYO
from insurers.sompo.sandbox import broken
from insurers.sompo.sandbox.agencies import Agencies
from insurers.sompo.sandbox.book import Book
from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.dates import era_day, ymd
from insurers.sompo.sandbox.replies import Refusal

CURSOR_LIVES = timedelta(hours=24)
SEAL_BYTES = 12

# The personas' contracts are all at the agency's main office, with its first agent.
BRANCH, SOLICITOR = "01", "101"


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A page: its lines, the number it ends with, and whether it is the last."""

    lines: list[bytes]
    last: str
    is_last: bool


@dataclass
class Cursors:
    """Places in a list, for whoever was given them. They die with this memory."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def write(self, agency: str, begun: datetime, last: str) -> str:
        place = f"{agency} {int(begun.timestamp())} {last}".encode()
        return base64.urlsafe_b64encode(self._seal(place) + place).decode().rstrip("=")

    def read(self, text: str, agency: str, now: datetime) -> tuple[datetime, str]:
        """
        Answer when the listing was begun, and the number behind which it goes on.

        Raises:
            Refusal: 86, it is none of ours, another agency's or too old.
        """
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            raise Refusal("86") from None
        seal, place = raw[:SEAL_BYTES], raw[SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._seal(place)):
            raise Refusal("86")
        whose, at, last = place.decode().split(" ")
        begun = datetime.fromtimestamp(int(at), TOKYO)
        if whose != agency or now >= begun + CURSOR_LIVES:
            raise Refusal("86")
        return begun, last

    def _seal(self, place: bytes) -> bytes:
        return hmac.digest(self._key, place, hashlib.sha256)[:SEAL_BYTES]


def total(book: Book, agencies: Agencies, agency: str) -> int:
    return len(_own(book, agency)) + agencies.generated[agency].held


def leaf(book: Book, agencies: Agencies, agency: str, behind: str, most: int) -> Leaf:
    """Write the next *most* contracts behind the number *behind*."""
    own = _own(book, agency)
    numbers = sorted(own)
    signed = ((number, _written(book, own[number])) for number in numbers[bisect_right(numbers, behind) :])
    rest = chain(signed, agencies.generated[agency].lines(behind, ymd(book.now())))
    return _leaf(rest, behind, most)


def _leaf(rest: Iterator[tuple[str, bytes]], behind: str, most: int) -> Leaf:
    page = list(islice(rest, most))
    return Leaf(
        lines=[line for _, line in page],
        last=page[-1][0] if page else behind,
        is_last=next(rest, None) is None,
    )


def _own(book: Book, agency: str) -> dict[str, Contract]:
    # Looking for one may sign its next term, which is then on the list, too.
    for number in list(book.contracts):
        book.find(number)
    return {number: contract for number, contract in book.contracts.items() if contract.agency.code == agency}


def _written(book: Book, contract: Contract) -> bytes:
    holder, car = contract.holder, contract.car
    next_premium = "" if contract.successor else book.next_premium(contract, contract.covers).total
    fields = {
        "REC": "ITIRAN",
        "SYOKEN_NO": contract.number,
        "DAIRITEN_CD": contract.agency.code,
        "KEIYAKU_JYOTAI": contract.status(book.now()),
        "SIKI_YMD": ymd(contract.start),
        "SIKI_JI": f"{contract.start:%H%M}",
        "MANKI_YMD": ymd(contract.end),
        "MANKI_JI": f"{contract.end:%H%M}",
        "KEIYAKUSYA_SEI": holder.family,
        "KEIYAKUSYA_MEI": holder.given,
        "KEIYAKUSYA_SEI_KANA": holder.family_kana,
        "KEIYAKUSYA_MEI_KANA": holder.given_kana,
        "SEINEN_YMD": era_day(holder.born) if holder.born else "",
        "TEL_NO": holder.phone,
        "MAIL": "",
        "SYAMEI": car.name,
        "TOROKU_NO": car.plate,
        "HOKENRYO": contract.premium,
        "JIKI_HOKENRYO": next_premium,
        "TOUKYU": contract.grade.level,
        "ANSIN_KOUSIN": int(contract.renews_itself),
        "KYOTEN_CD": BRANCH,
        "BOSYUNIN_CD": SOLICITOR,
        "KOUKAIGO_SYOKEN_NO": contract.successor,
    }
    return broken.in_cp932("&".join(f"{name}={_escaped(str(value))}" for name, value in fields.items()))


def _escaped(value: str) -> str:
    """Keep a value from ending early; everything else travels as it is (WIRE.md §14.2)."""
    return "".join(quote(letter, safe="") if letter in "%&=+" or letter < " " else letter for letter in value)
