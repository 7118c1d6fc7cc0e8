"""Consents are evidence: none can be altered or taken out unnoticed."""

from datetime import UTC, datetime

import msgspec

from insurers.consent import Consent, ConsentKind
from insurers.hours import TOKYO
from insurers.money import Yen

replace = msgspec.structs.replace

FIRST = Consent(
    flow="flow-1",
    sequence=1,
    kind=ConsentKind.IMPORTANT_MATTERS,
    requirement="important_matters",
    statement="確認・保管しました",
    locale="ja",
    actor="customer:taro",
    at=datetime(2026, 11, 20, 10, tzinfo=TOKYO),
    document_sha256="a" * 64,
)
SECOND = replace(FIRST, sequence=2, kind=ConsentKind.APPLICATION, premium=Yen(57_600), previous=FIRST.hash)


def test_altering_any_word_of_a_consent_alters_its_hash() -> None:
    altered = [
        replace(FIRST, flow="flow-2"),
        replace(FIRST, sequence=3),
        replace(FIRST, kind=ConsentKind.DECLARATION),
        replace(FIRST, requirement="other"),
        replace(FIRST, statement="確認しました"),
        replace(FIRST, locale="en"),
        replace(FIRST, actor="agent:hanako"),
        replace(FIRST, at=datetime(2026, 11, 20, 11, tzinfo=TOKYO)),
        replace(FIRST, document_sha256="b" * 64),
        replace(FIRST, plan_fingerprint="c" * 64),
        replace(FIRST, premium=Yen(1)),
        replace(FIRST, previous="d" * 64),
    ]

    assert len(altered) == len(FIRST.__struct_fields__)
    assert len(altered) + 1 == len({FIRST.hash, *(consent.hash for consent in altered)})


def test_a_consent_vouches_for_the_one_before_it() -> None:
    assert SECOND.previous == FIRST.hash
    assert SECOND.hash != replace(SECOND, previous=replace(FIRST, statement="別の文").hash).hash


def test_the_hash_is_of_an_instant_and_not_of_a_zone() -> None:
    assert FIRST.hash == replace(FIRST, at=FIRST.at.astimezone(UTC)).hash
