"""A bundle of evidence is checked by nothing but itself, and whatever was done to it is found."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from gateway.evidence.audit import audit
from gateway.evidence.flaw import Flaw
from gateway.evidence.notary import Notary
from gateway.vault import Keyring
from insurers.canonical import canonical, sha256
from insurers.consent import CUSTOMER_ONLY, ActorRole, ConsentKind, Shown
from insurers.evidence import Evidence
from insurers.hours import TOKYO
from insurers.money import Yen
from insurers.renewal import RenewalState
from insurers.text import Language
from tests.journeys.chains import (
    APPLICATION,
    AT,
    DECLARED,
    LIFE,
    NOTARY,
    RENEWAL,
    Plain,
    chain,
    consent,
    passes,
    written,
)

words = some.text(some.characters(exclude_categories=["Cs"]), max_size=12)
instants = some.integers(0, 10**9).map(lambda seconds: AT + timedelta(seconds=seconds))
given_in_person = some.builds(
    consent,
    words,
    kind=some.sampled_from(ConsentKind),
    at=instants,
    language=some.none() | some.sampled_from(Language),
    answer=some.none() | words,
    shown=some.lists(some.builds(Shown, words, words), max_size=2).map(tuple),
    document_title=some.none() | words,
    premium=some.none() | some.builds(Yen, some.integers(0, 10**7)),
)
given_by_an_agent = some.builds(
    consent,
    words,
    kind=some.sampled_from(sorted(set(ConsentKind) - CUSTOMER_ONLY)),
    actor=words,
    role=some.just(ActorRole.AGENT),
    on_behalf_of=some.just("c1"),
)
lives = some.lists(given_in_person | given_by_an_agent, max_size=4).map(lambda given: chain(*given, *LIFE))


def dumped(plain: Plain) -> bytes:
    return json.dumps(plain, ensure_ascii=False).encode()


def hashed_anew(plain: Plain) -> Plain:
    """What a forger makes of it who knows how to count and to hash."""
    before = ""
    for place, event in enumerate(plain["events"], start=1):
        event.update(sequence=place, previous=before)
        event.pop("hash", None)
        before = event["hash"] = sha256(canonical(event))
    plain["head"] = before
    return plain


@settings(max_examples=20)
@given(lives)
def test_what_was_written_is_found_whole_and_as_it_was(entries: list[Evidence]) -> None:
    audited = audit(written(entries).encode())

    assert entries == [msgspec.structs.replace(entry, at=entry.at.astimezone(TOKYO)) for entry in audited.entries]
    assert NOTARY.fingerprint == audited.fingerprint


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(lives, some.lists(some.tuples(some.integers(0, 10**6), some.integers(0, 255)), min_size=40, max_size=60))
def test_a_changed_byte_is_found_unless_it_changes_nothing(
    entries: list[Evidence], changes: list[tuple[int, int]]
) -> None:
    file = written(entries).encode()

    for place, byte in changes:
        altered = bytearray(file)
        altered[place % len(file)] = byte
        assert not passes(bytes(altered)) or json.loads(file) == json.loads(altered)


def test_every_letter_and_digit_of_a_bundle_counts() -> None:
    begun = msgspec.structs.replace(RENEWAL, state=RenewalState.READY, successor=None)
    file = written(chain(DECLARED, APPLICATION), of=begun).encode()
    counted = [place for place, byte in enumerate(file) if chr(byte).isalnum()]

    for place in counted:
        altered = bytearray(file)
        altered[place] ^= 0x20 if chr(file[place]).isalpha() else 1
        assert not passes(bytes(altered)), place


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(lives, some.sampled_from(["take out", "repeat", "move", "add"]), some.data())
def test_whoever_hashes_everything_anew_still_cannot_sign_it(
    entries: list[Evidence], deed: str, draw: some.DataObject
) -> None:
    whole = json.loads(written(entries))
    plain = json.loads(written(entries))
    events = plain["events"]
    one = draw.draw(some.integers(0, len(events) - 1))
    other = draw.draw(some.integers(0, len(events) - 1))
    match deed:
        case "take out":
            events.pop(one)
        case "repeat":
            events.insert(other, dict(events[one]))
        case "move":
            events.insert(other, events.pop(one))
        case _:
            events.insert(one, json.loads(canonical(consent("はい").told)))

    # Two that say the same may change places, and nothing has been forged.
    assert plain == whole or not passes(dumped(plain))
    anew = hashed_anew(plain)
    assert anew == whole or not passes(dumped(anew))


def test_a_bundle_from_before_comparisons_is_whole_and_its_chain_keeps_its_hashes() -> None:
    audited = audit((Path(__file__).parent / "bundle_of_version_1.json").read_bytes())

    assert "41fefd39886875c5cc377deea6a45d6328beed1c05085f7fb2eb95719f528685" == audited.fingerprint
    assert [event["hash"] for event in audited.bundle.events] == [entry.hash for entry in audited.entries]
    assert audited.bundle.head == audited.entries[-1].hash


def test_whoever_signs_it_himself_is_known_by_his_key() -> None:
    forger = Notary(Keyring.fresh())

    assert forger.fingerprint == audit(written(chain(*LIFE), forger).encode()).fingerprint
    assert NOTARY.fingerprint != forger.fingerprint


def test_a_rotation_of_the_keys_leaves_the_seal_as_it_was() -> None:
    first, second = "1:" + "A" * 43 + "=", "2:" + "B" * 43 + "="

    assert Notary(Keyring.parse(first)).key == Notary(Keyring.parse(f"{second},{first}")).key
    assert "Notary(…)" == repr(NOTARY)


def event(place: int, **words: Any) -> Callable[[Plain], object]:
    return lambda plain: plain["events"][place - 1].update(words)


def standing(**words: Any) -> Callable[[Plain], object]:
    return lambda plain: plain["renewal"].update(words)


FLAWS: dict[str, tuple[Callable[[Plain], object], str]] = {
    "a statement": (event(1, statement="確認しました"), "Entry 1: its statement does not fit"),
    "a declaration's answer": (event(2, answer="はい"), "Entry 2: it does not fit its hash"),
    "what was agreed to": (event(3, review="[]"), "Entry 3: it does not fit its hash"),
    "a premium": (event(3, premium={"amount": 1}), "Entry 3: it does not fit its hash"),
    "who it was": (event(3, actor="c2"), "Entry 3: it does not fit its hash"),
    "when it was": (event(3, at="2026-11-20T01:00:01Z"), "Entry 3: it does not fit its hash"),
    "something added": (event(3, remark="聞いた"), "Entry 3: it does not fit its hash"),
    "the successor": (event(5, successor="S700000002"), "Entry 5: it does not fit its hash"),
    "no kind": (event(1, type="promise"), "Entry 1: something that it must tell is missing"),
    "a hash": (event(2, hash="0" * 64), "Entry 2: it does not fit its hash"),
    "one taken out": (lambda plain: plain["events"].pop(1), "Entry 2: it does not follow the one before it"),
    "one repeated": (lambda plain: plain["events"].insert(1, plain["events"][0]), "Entry 2: it does not follow"),
    "all turned round": (lambda plain: plain["events"].reverse(), "Entry 1: it does not follow"),
    "the last taken off": (lambda plain: plain["events"].pop(), "entries were taken off the end"),
    "the head": (lambda plain: plain.update(head="0" * 64), "entries were taken off the end"),
    "another renewal": (standing(id="r2"), "Entry 1: it belongs to another renewal"),
    "another result": (standing(successor="S1"), "(state, premium, application, successor) is not"),
    "another state": (standing(state="queued"), "(state, premium, application, successor) is not"),
    "no state": (standing(state="renewed"), "(state, premium, application, successor) is not"),
    "a premium of the whole": (standing(premium_yen=1), "(state, premium, application, successor) is not"),
    "another application": (standing(review_fingerprint="0" * 64), "(state, premium, application, successor) is not"),
    "another customer": (standing(customer="c2"), "Entry 1: it was left neither by the customer"),
    "another insurer": (standing(insurer="other"), "Entry 3: it is about another contract"),
    "another policy": (standing(policy_number="A2"), "Entry 3: it is about another contract"),
    "another plan's name": (standing(plan="別のプラン"), "The signature does not fit"),
    "a document": (lambda plain: plain["documents"][0].update(sha256="b" * 64), "The signature does not fit"),
    "its time": (
        lambda plain: plain.update(exported_at="2027-01-01T00:00:00Z"),
        "The signature does not fit",
    ),
    "another key": (lambda plain: plain["seal"].update(key=Notary(Keyring.fresh()).key), "The signature does not fit"),
    "no key": (lambda plain: plain["seal"].update(key="key"), "The signature does not fit"),
    "another algorithm": (lambda plain: plain["seal"].update(algorithm="none"), "The signature does not fit"),
    "another format": (lambda plain: plain.update(format="evidence"), "unknown to this program"),
    "a later version": (lambda plain: plain.update(version=2), "unknown to this program"),
    "a stranger's member": (lambda plain: plain.update(remark="聞いた"), "It cannot be read as evidence"),
    "a fraction": (lambda plain: plain.update(version=1.0), "It cannot be read as evidence"),
    "half a letter": (event(1, statement="\ud83d"), "It cannot be read as evidence"),
}


@pytest.mark.parametrize("name", FLAWS)
def test_the_first_thing_that_is_wrong_is_named(name: str) -> None:
    alter, sentence = FLAWS[name]
    plain = json.loads(written(chain(*LIFE)))
    alter(plain)

    with pytest.raises(Flaw) as found:
        audit(json.dumps(plain).encode())

    assert sentence in found.value.sentence.en
    assert found.value.sentence.ja


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        "証跡".encode(),
        b"[" * 100_000,
        b'{"format": 1, "format": 1}',
        b'{"a": NaN}',
    ],
    ids=lambda file: repr(file[:12]),
)
def test_what_is_no_bundle_is_told_so(file: bytes) -> None:
    with pytest.raises(Flaw, match="It cannot be read as evidence"):
        audit(file)
