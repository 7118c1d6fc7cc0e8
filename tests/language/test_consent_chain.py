"""Consents are evidence: none can be altered or taken out unnoticed."""

import hashlib
import json
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest

from insurers.consent import ActorRole, Consent, ConsentKind, Shown
from insurers.evidence import Outcome, Required, written
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.money import Yen
from insurers.renewal import RenewalEvent
from insurers.text import Text

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
THIRD = Outcome(
    flow="flow-1",
    sequence=3,
    event=RenewalEvent.ACCEPT,
    summary=Text("更新が完了しました", "Renewed"),
    actor="tabane",
    at=datetime(2026, 11, 20, 10, tzinfo=TOKYO),
    previous=SECOND.hash,
)
ANOTHER: dict[Any, Any] = {
    str: "別の語",
    int: 4,
    datetime: datetime(2026, 11, 20, 11, tzinfo=TOKYO),
    ActorRole: ActorRole.AGENT,
    ConsentKind: ConsentKind.DECLARATION,
    RenewalEvent: RenewalEvent.REFUSE,
    Yen: Yen(1),
    Text: Text("更新されました", "Renewed"),
    tuple[Shown, ...]: (Shown(label="走行距離", value="9000km"),),
    InsurerCode: InsurerCode("another"),
    tuple[str, ...]: ("vehicle",),
    tuple[Required, ...]: (Required(requirement="apply", kind=ConsentKind.APPLICATION),),
}


@pytest.mark.parametrize("entry", [FIRST, THIRD], ids=["a consent", "an outcome"])
def test_altering_any_word_of_an_entry_alters_its_hash(entry: Consent | Outcome) -> None:
    altered = [
        replace(entry, **{field.name: ANOTHER[_one(field.type)]}) for field in msgspec.structs.fields(type(entry))
    ]

    assert len(altered) + 1 == len({entry.hash, *(each.hash for each in altered)})


def test_an_entry_vouches_for_the_one_before_it() -> None:
    assert SECOND.previous == FIRST.hash
    assert SECOND.hash != replace(SECOND, previous=replace(FIRST, statement="別の文").hash).hash


def test_the_hash_is_of_an_instant_and_not_of_a_zone() -> None:
    assert FIRST.hash == replace(FIRST, at=FIRST.at.astimezone(UTC)).hash


@pytest.mark.parametrize("entry", [FIRST, SECOND, THIRD])
def test_anybody_can_compute_the_hash_from_what_is_written(entry: Consent | Outcome) -> None:
    told = json.loads(json.dumps(written(entry)))
    claimed = told.pop("hash")

    plain = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    assert claimed == hashlib.sha256(plain).hexdigest()


def test_a_hash_is_for_good() -> None:
    """What is stored and what customers took away must fit for ever, whatever becomes of the program."""
    kept = {
        FIRST: "a289185f8efb7c90daaa6f3994d3c7a3f056b7c7166d3630a3364a8d0374af10",
        THIRD: "5611aae8547293a7a1793287b31de1331af04196f65bd87b006c52dce1581dea",
    }

    assert kept == {entry: entry.hash for entry in kept}


def test_an_entry_shows_nothing_of_itself_in_a_log() -> None:
    assert "Consent(…)" == repr(FIRST)
    assert "Outcome(…)" == repr(THIRD)


def _one(kind: Any) -> Any:
    """The kind without None."""
    return next(iter(set(get_args(kind)) - {NoneType}), kind) if get_origin(kind) in (UnionType, Union) else kind
