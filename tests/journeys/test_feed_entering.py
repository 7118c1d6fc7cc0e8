"""A record of a feed is known again, found by its parts, and compared with what it was."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from gateway.journeys.entering import Entering, differences, record
from gateway.store.book_rows import BookRow, Circumstance
from gateway.vault import Keyring
from insurers.book import FieldChange
from insurers.feed import FeedRecord
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber
from insurers.money import Yen
from insurers.person import PersonName
from insurers.policy import PolicyStatus
from insurers.reading import reading

ONE, OTHER = InsurerCode("one"), InsurerCode("other")

HANAKO = PersonName(family="髙橋", given="花子", family_kana="タカハシ", given_kana="ハナコ")

POLICY = FeedRecord(
    number=PolicyNumber("A1"),
    status=PolicyStatus.IN_FORCE,
    insurer_status="有効",
    starts_at=datetime(2026, 4, 1, 16, tzinfo=TOKYO),
    ends_at=datetime(2027, 4, 1, 16, tzinfo=TOKYO),
    holder=HANAKO,
    birth_date=date(1980, 2, 29),
    plate="品川 300 あ ・・12",
    premium=Yen(52_000),
    next_premium=Yen(51_000),
    auto_renewal=True,
)


@pytest.fixture(scope="module")
def keyring() -> Keyring:
    return Keyring.fresh()


@pytest.fixture
def entering(keyring: Keyring) -> Entering:
    return Entering(keyring, "sakura", ONE, {"S1": "hanako"})


def row(entering: Entering, policy: FeedRecord) -> BookRow:
    return entering.row(policy, entering.stub(policy), None, Circumstance(maturity=policy.ends_at))


def test_the_same_record_has_the_same_stub_and_is_read_back(entering: Entering) -> None:
    stub = entering.stub(POLICY)

    assert stub == entering.stub(record(stub.body))
    assert POLICY == record(stub.body)


def test_a_record_that_changed_is_the_same_policy_with_another_digest(entering: Entering) -> None:
    before, after = entering.stub(POLICY), entering.stub(replace(POLICY, premium=Yen(53_000)))

    assert before.policy == after.policy
    assert before.digest != after.digest


def test_the_same_number_at_two_insurers_is_two_policies(keyring: Keyring, entering: Entering) -> None:
    assert entering.stub(POLICY).policy != Entering(keyring, "sakura", OTHER, {}).stub(POLICY).policy


def test_a_holder_is_one_person_within_an_agency_whichever_insurer_tells(keyring: Keyring, entering: Entering) -> None:
    elsewhere = replace(POLICY, number=PolicyNumber("B2"), holder=replace(HANAKO, family="高橋"), phone="0312345678")
    mine = row(entering, POLICY)

    assert mine.person == row(Entering(keyring, "sakura", OTHER, {}), elsewhere).person
    assert mine.person != row(Entering(keyring, "hinode", ONE, {}), POLICY).person


@pytest.mark.parametrize(
    "stranger",
    [replace(POLICY, birth_date=date(1980, 3, 1)), replace(POLICY, birth_date=None, number=PolicyNumber("B2"))],
    ids=["born on another day", "nothing but a name"],
)
def test_who_merely_shares_a_name_is_another_person(entering: Entering, stranger: FeedRecord) -> None:
    assert row(entering, POLICY).person != row(entering, stranger).person


def test_what_is_searched_and_ordered_by_is_folded(entering: Entering) -> None:
    found = row(entering, POLICY)

    assert ("高橋 花子", "タカハシ ハナコ", "0012") == (found.name, found.kana, found.plate_serial)
    assert (POLICY.ends_at, 52_000, -1_000) == (found.ends_at, found.premium, found.premium_change)


@pytest.mark.parametrize(("code", "agent"), [("S1", "hanako"), ("S9", None), (None, None)])
def test_who_solicited_is_known_by_the_insurers_code(entering: Entering, code: str | None, agent: str | None) -> None:
    assert agent == row(entering, replace(POLICY, solicitor=code)).solicited


@pytest.mark.parametrize(
    ("name", "kana"),
    [
        (PersonName(family="ささき", given="ゆい"), "ササキ ユイ"),
        (PersonName(family="佐々木", given="", family_kana="ササキ"), "ササキ"),
        (PersonName(family="サ", given="ヾ", family_kana="サ", given_kana="ヾ"), "サ ザ"),
        (PersonName(family="佐々木", given="結衣"), None),
        (PersonName(family="佐々木", given="ゆい"), None),
    ],
)
def test_a_reading_is_known_where_there_is_one(name: PersonName, kana: str | None) -> None:
    assert kana == reading(name)


def test_what_changed_is_told_field_by_field_as_text(entering: Entering) -> None:
    after = replace(
        POLICY,
        holder=replace(HANAKO, family="鈴木", family_kana="スズキ"),
        ends_at=datetime(2027, 4, 1, 8, tzinfo=UTC),
        premium=None,
        auto_renewal=False,
    )

    found = {change.field: (change.before, change.after) for change in differences(POLICY, after)}

    assert {
        "ends_at": ("2027-04-01T16:00:00+09:00", "2027-04-01T17:00:00+09:00"),
        "premium": ("52000", None),
        "auto_renewal": ("true", "false"),
        "holder": ("髙橋 花子", "鈴木 花子"),
        "kana": ("タカハシ ハナコ", "スズキ ハナコ"),
    } == found
    assert [] == list(differences(POLICY, record(entering.stub(POLICY).body)))


def test_a_change_does_not_show_itself_in_a_log() -> None:
    assert "FieldChange(…)" == repr(FieldChange(field="holder", before="髙橋", after="鈴木"))
