"""
What the book keeps of a record of a feed, and what changed between two of them; pure.

A book is read again every day and hardly changes, so a record is first recognised by its `Stub`: its row is made
only where the digest is another than it was.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from hashlib import blake2b
from string import digits

import msgspec

from gateway.store.book_rows import FINGERPRINT_BYTES, BookRow, Circumstance
from gateway.vault import Keyring
from insurers import plate
from insurers.book import FieldChange
from insurers.feed import FeedRecord
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber, SuccessorNumber
from insurers.money import Yen
from insurers.name import name_key
from insurers.person import Private
from insurers.reading import parted, reading

# Rows whose columns were made by another law than this one are made anew when their feed is next read.
LAW = b"2"

SERIAL_DIGITS = 4

# The fields of a record that are one thing each and may change.
_PLAIN = tuple(field for field in FeedRecord.__struct_fields__ if field not in {"number", "holder"})

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(FeedRecord)


class Stub(Private, frozen=True, gc=False):
    """By what a record is known again: the policy's fingerprint, and a digest of `body`, the record as it is kept."""

    policy: bytes
    digest: bytes
    body: bytes


class Entering:
    """
    Makes rows of the records of one agency's feed at one insurer.

    *solicitors* are the agency's agents by the codes that this insurer gives them. A holder is the same person
    for all policies within the agency, whichever insurer tells of them.
    """

    def __init__(self, keyring: Keyring, agency: str, insurer: InsurerCode, solicitors: Mapping[str, str]) -> None:
        self._keyring = keyring
        self._solicitors = solicitors
        # Whoever begins or ceases to have a code is told of with the next reading, also in what has not changed.
        codes = _ENCODER.encode(sorted(solicitors.items()))
        self._stamp = blake2b(codes, key=keyring.derived("tabane book digest", blake2b.MAX_KEY_SIZE)).digest()
        self._person = f"person:{agency}:"
        self._policy = f"policy:{insurer}:"

    def stub(self, record: FeedRecord) -> Stub:
        body = _ENCODER.encode(record)
        digest = blake2b(body, digest_size=FINGERPRINT_BYTES, key=self._stamp, person=LAW).digest()
        return Stub(self.policy(record.number), digest, body)

    def policy(self, number: PolicyNumber) -> bytes:
        """Answer the fingerprint of a policy."""
        return self._fingerprint(self._policy + number.text)

    def row(self, record: FeedRecord, stub: Stub, id_: int | None, circumstance: Circumstance) -> BookRow:
        """Answer what stands of an entry beside its sealed body; *id_* is None where it is new."""
        premium, then = record.premium, record.next_premium
        name = name_key(record.holder.family + record.holder.given)
        known = plate.canonical(record.plate)
        serial = known[len(known.rstrip(digits)) :][-SERIAL_DIGITS:] if known else None
        return BookRow(
            id=id_,
            policy=stub.policy,
            person=self._fingerprint(self._person + _self(record, name)),
            branch=record.branch,
            solicited=self._solicitors.get(record.solicitor) if record.solicitor else None,
            kana=reading(record.holder),
            name=parted(name_key(record.holder.family), name),
            plate=self._fingerprint(f"car:{known}") if known else None,
            plate_serial=serial.zfill(SERIAL_DIGITS) if serial else None,
            ends_at=record.ends_at,
            premium=premium.amount if premium else None,
            premium_change=then.amount - premium.amount if premium and then else None,
            record=record,
            circumstance=circumstance,
            digest=stub.digest,
            body=stub.body,
        )

    def _fingerprint(self, text: str) -> bytes:
        return self._keyring.stamp(text)[:FINGERPRINT_BYTES]


def record(body: bytes) -> FeedRecord:
    """Read a record back from `Stub.body`."""
    return _DECODER.decode(body)


def differences(before: FeedRecord, after: FeedRecord) -> Iterator[FieldChange]:
    """Answer each field that changed, as text; a holder's reading is the field `kana`."""
    was, became = _texts(before), _texts(after)
    for field, text in became.items():
        if text != was[field]:
            yield FieldChange(field=field, before=was[field], after=text)


def _self(record: FeedRecord, name: str) -> str:
    """
    Answer what tells a holder from all others.

    Two who merely share a name are two, so a record that tells no more than that is nobody else's.
    """
    if record.birth_date is not None:
        return f"{name}:{record.birth_date.isoformat()}"
    return f"{name}:{record.phone or record.email or record.number}"


def _texts(record: FeedRecord) -> dict[str, str | None]:
    holder = record.holder
    return {
        **{field: _text(getattr(record, field)) for field in _PLAIN},
        "holder": " ".join(filter(None, (holder.family, holder.given))),
        "kana": " ".join(filter(None, (holder.family_kana, holder.given_kana))) or None,
    }


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case datetime():
            return value.astimezone(TOKYO).isoformat()
        case date():
            return value.isoformat()
        case bool():
            return str(value).lower()
        case Yen():
            return str(value.amount)
        case SuccessorNumber():
            return value.text
    return str(value)
