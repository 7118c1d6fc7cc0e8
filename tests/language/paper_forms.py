"""What an insurer of paper hands out: its card, its forms and its numbers."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from insurers.account import Access
from insurers.answers import YES
from insurers.capability import Capability, CredentialPolicy, Level, Manifest, NumberShape, Portal, QuoteTerms
from insurers.contact import Contact
from insurers.document import Document
from insurers.feed import FeedSource, FeedTerms
from insurers.hours import TOKYO, Hours, Service
from insurers.identity import InsurerCode, PolicyNumber
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.registration import RegistrationMethod
from insurers.risk import DataCategory
from insurers.script import (
    Binds,
    Confirmation,
    DocumentToOpen,
    Field,
    InputKind,
    Option,
    OutOfBand,
    PlanChoice,
    Referral,
    Script,
    Step,
    StepKind,
)
from insurers.text import Text

replace = msgspec.structs.replace

PAPER = InsurerCode("paper")
MORNING = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
WORD = Text("文", "words")
KNOWN, ENDED, UNKNOWN = PolicyNumber("A1"), PolicyNumber("A2"), PolicyNumber("B1")
CORPORATE, RIDING = PolicyNumber("C1"), PolicyNumber("C2")
MATURITY = MORNING.replace(month=12)
CONTENT = "重要事項等説明書".encode()
MATTERS = Document(id="matters", title="重要事項等説明書", sha256=hashlib.sha256(CONTENT).hexdigest())
OURS, NEXT_DOOR = Access(insurer=PAPER, secret=b"himitsu"), Access(insurer=PAPER, secret=b"tonari")
ACCOUNTS = {OURS: (KNOWN, ENDED), NEXT_DOOR: (CORPORATE, RIDING)}
AGENCY = Contact(label=WORD, phone="03-0000-0000")
ONLY_THE_AGENCY = RenewabilityReason(code=RenewabilityCode.CORPORATE_POLICYHOLDER, message=WORD, contact=AGENCY)

METHOD = RegistrationMethod(
    key="link",
    label=WORD,
    needs=(),
    script=Script(
        (
            Step(
                key="account",
                kind=StepKind.CREDENTIALS,
                title=WORD,
                sends=True,
                requirements=(
                    Field(key="born", label=WORD, input=InputKind.DATE),
                    Field(key="password", label=WORD, input=InputKind.PASSWORD, sensitive=True),
                ),
            ),
            Step(key="mail", kind=StepKind.OUT_OF_BAND, title=WORD, requirements=(OutOfBand(key="url", label=WORD),)),
        )
    ),
)

ALL_DAY = Hours(services=(Service(name="desk", source="invented"),))
DONE = dict.fromkeys(
    (Capability.REGISTRATION, Capability.RENEWAL, Capability.QUOTE, Capability.AGENCY_FEED), Level.NATIVE
)
FEED = FeedTerms(source=FeedSource.AGENCY_FILE, name=WORD, every=timedelta(days=1), importable=True)
CARD = Manifest(
    code=PAPER,
    name=WORD,
    portal=Portal(
        name=WORD,
        url="http://127.0.0.1/",
        idle_timeout_minutes=None,
        resumable=True,
        one_time_password=False,
        credentials=CredentialPolicy(
            min_length=8, max_length=None, character_classes=1, mixed_case=False, user_id_is_email=True, hint=WORD
        ),
    ),
    capabilities=DONE,
    hours=dict.fromkeys(DONE, ALL_DAY),
    registration_methods=(METHOD,),
    number_shape=NumberShape(pattern=r"[ABC]\d", words=WORD, example="A1"),
    contacts=(Contact(label=WORD, phone="0120-000-000"),),
    renewal_word=WORD,
    feed=FEED,
    quoting=QuoteTerms(
        needs=frozenset({DataCategory.VEHICLE, DataCategory.COVERAGES}),
        uses=frozenset({DataCategory.TERM, DataCategory.GRADE}),
    ),
)

SCRIPT = Script(
    (
        Step(
            key="plan",
            kind=StepKind.PLAN,
            title=WORD,
            requirements=(
                Field(
                    key="licence",
                    label=WORD,
                    input=InputKind.SELECT,
                    required=False,
                    options=(Option(value="gold", label=WORD), Option(value="blue", label=WORD)),
                    suggested="gold",
                    reprices=True,
                ),
                PlanChoice(key="plan", label=WORD),
            ),
        ),
        Step(
            key="matters",
            kind=StepKind.IMPORTANT_MATTERS,
            title=WORD,
            requirements=(
                DocumentToOpen(key="open", label=WORD, document=MATTERS),
                Confirmation(
                    key="kept",
                    label=WORD,
                    statement="確認・保管しました",
                    binds=(Binds.DOCUMENT,),
                    document=MATTERS.sha256,
                ),
                Field(
                    key="declared",
                    label=WORD,
                    input=InputKind.BOOLEAN,
                    refers=(
                        Referral(code=RenewabilityCode.DISCLOSURE_APPLIES, message=WORD, contact=AGENCY, when=(YES,)),
                    ),
                ),
                Field(
                    key="cars",
                    label=WORD,
                    input=InputKind.INTEGER,
                    refers=(Referral(code=RenewabilityCode.FLEET_SIZE, message=WORD, contact=AGENCY, at_least=10),),
                ),
            ),
        ),
        Step(
            key="apply",
            kind=StepKind.APPLICATION,
            title=WORD,
            requirements=(Confirmation(key="apply", label=WORD, statement="申し込む", binds=(Binds.REVIEW,)),),
        ),
    )
)
