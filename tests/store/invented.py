"""Values as full as life gives them, about people who do not exist."""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from insurers.account import Access, Challenge, ChallengeKind, Channel, Link, LinkState
from insurers.answers import Answered
from insurers.comparison import Choice, ComparedPolicy, Comparison, Inquiry, InquiryState
from insurers.consent import Consent, ConsentKind
from insurers.contact import Contact
from insurers.coverage import Coverage, CoverageChange, CoverageKind, CoverageOption, Covered, Peril, PerilCover
from insurers.document import Document
from insurers.errors import ErrorCode
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PlanCode, PolicyNumber, PolicyRef, SuccessorNumber
from insurers.intention import Intention, MustHave, Priority
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.plan import Departure, Instalment, PaymentMethod, Plan, PlanVideo, Premium, PremiumNature
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.registration import Registration, RegistrationPurpose, RegistrationState, Trouble
from insurers.renewal import Draft, Proposal, Renewal, RenewalState
from insurers.risk import DataCategory, RatedDrivers, RatedGroup, RatedVehicle, Risk, WantedCover
from insurers.script import (
    Binds,
    Confirmation,
    DocumentToOpen,
    Fact,
    Field,
    InputKind,
    Option,
    OutOfBand,
    PlanChoice,
    Referral,
    Script,
    SecretAsked,
    Step,
    StepKind,
)
from insurers.setback import Setback, SetbackKind
from insurers.text import Text
from insurers.vehicle import (
    AgeCondition,
    DriverLimitation,
    LicenceColour,
    NonFleetGrade,
    UsePurpose,
    VehicleKind,
)

ACME = InsurerCode("acme")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=TOKYO)
MATURITY = datetime(2026, 12, 31, 16, 0, tzinfo=TOKYO)
REF = PolicyRef(ACME, PolicyNumber("KOTEI7SHOKEN"))

# Nothing of this may be found where rows lie. Each is long enough to stand nowhere by chance.
SECRETS = {
    "number": "KOTEI7SHOKEN",
    "successor": "TSUGI8SHOKEN",
    "name": "束根花子",
    "birth": "1987-06-05",
    "mail": "hanako.tabane@mail.example",
    "access": "session-cookie-of-hanako",
    "state": "state-of-the-challenge",
    "keyword": "kotoba-once-shown",
    "answer": "what-the-insurer-heard",
    "employer": "架空商事株式会社",
    "car": "カクウ号グランデ",
    "scheme": "架空商事団体扱自動車保険",
    "plate": "架空599ろ9876",
    "idempotency": "key-with-a-name-in-it",
    "replayed": "an-answer-given-once",
    "summary": "花子さんが書類を開きました",
}

TEXT = Text("確認", "Confirm")
CONTACT = Contact(label=Text("代理店", "Agency"), phone="0120000000", hours="9:00～17:00")
LEAFLET = Document(id="d1", title="重要事項説明書", sha256="ab" * 32, pages=12, version="2026-10")

SCRIPT = Script(
    (
        Step(
            key="check",
            kind=StepKind.PRE_CHECK,
            title=TEXT,
            help=TEXT,
            requirements=(
                Field(
                    key="distance",
                    label=TEXT,
                    input=InputKind.SELECT,
                    options=(Option(value="short", label=TEXT, recommended=True),),
                    refers=(Referral(code=RenewabilityCode.DISCLOSURE_APPLIES, message=TEXT, when=("far",)),),
                ),
                Confirmation(key="read", label=TEXT, statement="読みました", binds=(Binds.DOCUMENT,), document="d1"),
                DocumentToOpen(key="leaflet", label=TEXT, document=LEAFLET),
                PlanChoice(key="plan", label=TEXT),
                OutOfBand(key="mail", label=TEXT, channel=Channel.SMS),
                SecretAsked(key="otp", label=TEXT, kind=ChallengeKind.ONE_TIME_PASSWORD),
            ),
            facts=(Fact(key="employer", label=TEXT, value=SECRETS["employer"], changed=True),),
            sends=True,
        ),
    )
)

PLAN = Plan(
    insurer=ACME,
    code=PlanCode("A"),
    name="おすすめプラン",
    position=1,
    premium=Premium(
        nature=PremiumNature.BINDABLE,
        total=Yen(3_000_000_000),
        payment=PaymentMethod.PAYROLL_DEDUCTION,
        instalments=(Instalment(due_on=MATURITY.date(), amount=Yen(5_000)),),
        change_from_current=Yen(-120),
    ),
    coverages=(
        Coverage(
            kind=CoverageKind.OWN_DAMAGE,
            insurer_label="車両保険",
            included=True,
            limit=Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(1_500_000)),
            deductible=Deductible(first=Yen(0), second=Yen(100_000), car_to_car_zero=True),
            perils=(PerilCover(peril=Peril.THEFT, covered=Covered.CONDITIONAL, note="要確認"),),
            options=(CoverageOption(value="wide", label="一般", selected=True),),
        ),
    ),
    quoted_at=NOW,
    valid_until=MATURITY,
    changes=(CoverageChange(kind=CoverageKind.OWN_DAMAGE, option="wide"),),
    departures=(
        Departure(
            kind=CoverageKind.OWN_DAMAGE,
            requested=Text("免責なし", "no deductible"),
            offered=Text("免責5万円", "¥50,000"),
            why=Text("お取扱いがありません。", "It is not offered."),
        ),
    ),
    video=PlanVideo(url="https://video.example/a", duration_seconds=90),
)

PROPOSAL = Proposal(
    ref=REF,
    draft=Draft(
        number=REF.number,
        plan=PLAN,
        values={"distance": "short", "riders": ("bike", "family")},
        documents=(LEAFLET,),
    ),
    plan=PLAN,
    documents=(LEAFLET,),
    statement="上記の内容で申し込みます。",
    rehearsed_at=NOW,
)

CHALLENGE = Challenge(
    kind=ChallengeKind.KEYWORD,
    prompt=TEXT,
    step="keyword",
    channel=Channel.EMAIL,
    sent_to=SECRETS["mail"],
    expires_at=NOW + timedelta(hours=24),
    single_use=True,
    attempts_left=3,
    display_once=SECRETS["keyword"],
    state=SECRETS["state"].encode(),
)


# In each of these the keywords are fields of the very value; replace() refuses any other name.
def link(link_id: str = "l1", **changes: Any) -> Link:
    linked = Link(
        id=link_id,
        customer="c1",
        insurer=ACME,
        state=LinkState.LINKED,
        updated_at=NOW,
        access=Access(insurer=ACME, secret=SECRETS["access"].encode()),
        user_hint=SECRETS["mail"],
        challenge=CHALLENGE,
    )
    return replace(linked, **changes)


def registration(registration_id: str = "g1", **changes: Any) -> Registration:
    begun = Registration(
        id=registration_id,
        customer="c1",
        insurer=ACME,
        method="card",
        purpose=RegistrationPurpose.FIRST_TIME,
        state=RegistrationState.ASKED,
        version=1,
        created_at=NOW,
        updated_at=NOW,
        answers={
            "name": Answered(value=SECRETS["name"], bound="b1", at=NOW),
            "birth": Answered(value=SECRETS["birth"], bound="b2", at=NOW),
            "policies": Answered(value=(SECRETS["number"], "B2"), bound="b3", at=NOW),
        },
        challenge=CHALLENGE,
        trouble=Trouble(code=ErrorCode.KEYWORD_REJECTED, message=TEXT, insurer_words="合言葉が違います"),
    )
    return replace(begun, **changes)


def renewal(renewal_id: str = "r1", **changes: Any) -> Renewal:
    begun = Renewal(
        id=renewal_id,
        customer="c1",
        ref=REF,
        maturity=MATURITY,
        state=RenewalState.IN_PROGRESS,
        version=1,
        created_at=NOW,
        updated_at=NOW,
        script=SCRIPT,
        plans=(PLAN,),
        selected=PLAN.code,
        answers={"distance": Answered(value=SECRETS["answer"], bound="b1", at=NOW)},
        proposal=PROPOSAL,
        successor=SuccessorNumber(SECRETS["successor"]),
        will_submit_at=NOW,
        reasons=(RenewabilityReason(code=RenewabilityCode.UNKNOWN, message=TEXT, contact=CONTACT),),
    )
    return replace(begun, **changes)


RISK = Risk(
    inception=MATURITY,
    vehicle=RatedVehicle(name=SECRETS["car"], model="KKU10", first_registered=NOW.date(), kind=VehicleKind.KEI),
    use=UsePurpose.COMMUTE_SCHOOL,
    drivers=RatedDrivers(
        limitation=DriverLimitation.FAMILY, age_condition=AgeCondition.AGE_30_PLUS, youngest_birth_date=NOW.date()
    ),
    licence_colour=LicenceColour.GOLD,
    grade=NonFleetGrade(grade=15, accident_term=2),
    coverages=tuple(WantedCover.of(cover) for cover in PLAN.coverages),
    group=RatedGroup(name=SECRETS["scheme"]),
)


def comparison(comparison_id: str = "k1", **changes: Any) -> Comparison:
    begun = Comparison(
        id=comparison_id,
        customer="c1",
        version=1,
        requested_at=NOW,
        updated_at=NOW,
        policies=(ComparedPolicy(ref=REF, maturity=MATURITY, risk=RISK, current=PLAN, agency=CONTACT),),
        intention=Intention(
            must_have=(MustHave(kind=CoverageKind.OWN_DAMAGE, perils=(Peril.THEFT,)),),
            budget=Yen(60_000),
            priorities=(Priority.LOW_PREMIUM,),
            recorded_at=NOW,
        ),
        choices=(Choice(policy=REF, inquiry="q1", plan=PLAN, chosen_at=NOW),),
    )
    return replace(begun, **changes)


def inquiry(inquiry_id: str = "q1", **changes: Any) -> Inquiry:
    asked = Inquiry(
        id=inquiry_id,
        comparison="k1",
        customer="c1",
        policy=REF,
        insurer=ACME,
        position=1,
        state=InquiryState.ASKED,
        version=1,
        created_at=NOW,
        updated_at=NOW,
        categories=frozenset({DataCategory.VEHICLE}),
        plans=(PLAN,),
        setback=Setback(kind=SetbackKind.CLOSED, code=ErrorCode.SERVICE_CLOSED, again_at=MATURITY),
    )
    return replace(asked, **changes)


def consent(sequence: int = 1, *, previous: str = "", **changes: Any) -> Consent:
    given = Consent(
        flow="r1",
        sequence=sequence,
        kind=ConsentKind.APPLICATION,
        requirement="apply",
        statement=f"{SECRETS['name']}は申し込みます。",
        locale="ja",
        actor="c1",
        at=NOW,
        document_sha256=LEAFLET.sha256,
        plan_fingerprint=PLAN.fingerprint,
        premium=Yen(3_000_000_000),
        previous=previous,
    )
    return replace(given, **changes)
