"""Nothing personal shows itself, whoever prints it."""

import io
from datetime import date

import msgspec
import pytest
from rich.console import Console
from rich.pretty import Pretty

from insurers.account import Access, Answer, Challenge, ChallengeKind, Credentials, masked
from insurers.adapter import Applicant, File
from insurers.document import Document
from insurers.errors import InsurerError, NeedsCustomer, NotOnline, Rejected
from insurers.http import Reply
from insurers.identity import InsurerCode, PolicyNumber, SuccessorNumber
from insurers.person import Address, Person, PersonName
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.script import Fact, Field, InputKind
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, DriverScope, Vehicle

INSURER = InsurerCode("paper")
SECRET = "himitsu"
WORD = Text(SECRET, SECRET)
PERSON = Person(
    name=PersonName(family=SECRET, given=SECRET), address=Address(postal_code=SECRET, text=SECRET), email=SECRET
)
CHALLENGE = Challenge(
    kind=ChallengeKind.KEYWORD, prompt=WORD, sent_to=SECRET, display_once=SECRET, state=SECRET.encode()
)

PRIVATE = [
    Access(insurer=INSURER, secret=SECRET.encode()),
    Answer(values={"password": SECRET}),
    Applicant(values={"name": SECRET, "numbers": (SECRET,)}),
    CHALLENGE,
    Credentials(user_id=SECRET, password=SECRET),
    DriverScope(
        limitation=DriverLimitation.NONE,
        age_condition=AgeCondition.ALL_AGES,
        insurer_limitation=SECRET,
        insurer_age_condition=SECRET,
        youngest_driver_birth_date=date(1977, 3, 3),
    ),
    Fact(key="holder", label=Text("契約者", "Policyholder"), value=SECRET),
    Field(key="youngest", label=Text("最若年", "Youngest"), input=InputKind.TEXT, suggested=SECRET),
    File(document=Document(id="1", title=SECRET, sha256="0"), content=SECRET.encode()),
    PERSON,
    PERSON.name,
    Reply(status=200, body=SECRET.encode(), headers={"Set-Cookie": SECRET}, cookies={"session": SECRET}),
    Vehicle(name=SECRET, plate=SECRET),
]


def printed(value: object) -> str:
    paper = io.StringIO()
    Console(file=paper, width=200).print(Pretty(value))
    return paper.getvalue()


@pytest.mark.parametrize("value", PRIVATE, ids=lambda value: type(value).__name__)
def test_a_private_value_shows_only_its_kind(value: object) -> None:
    assert f"{type(value).__name__}(…)" == repr(value) == f"{value}"
    assert SECRET not in repr([value])
    assert SECRET not in printed(value)


@pytest.mark.parametrize("number", [PolicyNumber(SECRET), SuccessorNumber(SECRET)])
def test_a_number_shows_itself_only_to_who_asks_for_it(number: PolicyNumber | SuccessorNumber) -> None:
    assert SECRET == str(number)
    assert f"{type(number).__name__}(…)" == repr(number)
    assert SECRET not in printed(number)


@pytest.mark.parametrize("value", PRIVATE, ids=lambda value: type(value).__name__)
def test_a_private_value_is_still_a_value(value: msgspec.Struct) -> None:
    assert value == msgspec.structs.replace(value)
    assert SECRET.encode() in msgspec.msgpack.encode(value) or b"aGltaXRzdQ==" in msgspec.json.encode(value)


@pytest.mark.parametrize(
    "error",
    [
        InsurerError(INSURER, SECRET),
        Rejected(INSURER, SECRET),
        NeedsCustomer(INSURER, SECRET, challenge=CHALLENGE),
        NotOnline(INSURER, SECRET, reason=RenewabilityReason(code=RenewabilityCode.UNKNOWN, message=WORD)),
    ],
)
def test_an_error_names_its_insurer_and_code_and_no_more(error: InsurerError) -> None:
    assert (INSURER, error.code) == error.args
    assert SECRET not in f"{error!r} {error}"


@pytest.mark.parametrize(
    ("user_id", "shown"),
    [
        ("taro@example.jp", "ta***@example.jp"),
        ("08033330001", "08***"),
        ("t@example.jp", "t***@example.jp"),
        ("", "***"),
    ],
)
def test_a_user_id_is_shown_for_its_owner_to_recognise(user_id: str, shown: str) -> None:
    assert shown == masked(user_id)
