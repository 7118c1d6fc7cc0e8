"""The promises hold an honest insurer harmless, and each catches the liar it is there for."""

import hashlib
import inspect
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from insurers.account import Access, Active, Answer, Asks, Challenge, Credentials
from insurers.adapter import Applicant, File, Insurer
from insurers.answers import YES
from insurers.capability import Capability, CredentialPolicy, Level, Manifest, NumberShape, Portal
from insurers.claim import Claim
from insurers.conformance import Conformance, Moment, Trouble, complete
from insurers.contact import Contact
from insurers.coverage import Coverage, CoverageKind, CoverageOption, Covered, Peril, PerilCover
from insurers.document import Document
from insurers.errors import (
    AccessDenied,
    Changed,
    Drifted,
    Duplicate,
    ErrorCode,
    InsurerError,
    Mismatch,
    NotOffered,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.exchange import Exchange, Outcome
from insurers.hours import TOKYO, Hours, Service
from insurers.identity import InsurerCode, PlanCode, PolicyNumber, PolicyRef, SuccessorNumber
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.plan import Instalment, PaymentMethod, Plan, PlanQuery, Premium, PremiumNature
from insurers.policy import ContractForm, Policy, PolicyStatus, RenewabilityCode, RenewabilityReason, RenewalOffer
from insurers.registration import RegistrationMethod
from insurers.renewal import Draft, Proposal
from insurers.sandbox import Fault
from insurers.script import (
    Binds,
    Confirmation,
    DocumentToOpen,
    Field,
    InputKind,
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
CONTENT = "重要事項等説明書".encode()
MATTERS = Document(id="matters", title="重要事項等説明書", sha256=hashlib.sha256(CONTENT).hexdigest())
OURS = Access(insurer=PAPER, secret=b"himitsu")

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
DONE = {Capability.REGISTRATION: Level.NATIVE, Capability.RENEWAL: Level.NATIVE}
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
    number_shape=NumberShape(pattern=r"[AB]\d", words=WORD, example="A1"),
    contacts=(Contact(label=WORD, phone="0120-000-000"),),
    renewal_word=WORD,
)

SCRIPT = Script(
    (
        Step(key="plan", kind=StepKind.PLAN, title=WORD, requirements=(PlanChoice(key="plan", label=WORD),)),
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
                    refers=(Referral(code=RenewabilityCode.DISCLOSURE_APPLIES, message=WORD, when=(YES,)),),
                ),
                Field(key="cars", label=WORD, input=InputKind.INTEGER),
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


class Paper:
    """An insurer of paper, in memory: as honest as can be, and as small."""

    manifest = CARD

    def __init__(self) -> None:
        self.signed: dict[PolicyNumber, SuccessorNumber] = {}
        self.troubles: list[tuple[Moment, Fault]] = []
        self.told: list[Exchange] = []
        self.ended: set[Access] = set()

    def enter(self, access: Access) -> None:
        if access != OURS or access in self.ended:
            raise AccessDenied(PAPER)

    def stumble(self, moment: Moment, *faults: Fault) -> Fault | None:
        for fault in faults:
            if (moment, fault) in self.troubles:
                self.troubles.remove((moment, fault))
                return fault
        return None

    async def forget(self, access: Access) -> None:
        self.ended.add(access)

    async def begin_registration(
        self, method: str, applicant: Applicant, access: Access | None = None
    ) -> Asks | Active:
        if method != METHOD.key:
            raise NotOffered(PAPER)
        raise Mismatch(PAPER, "一致しません")

    async def sign_in(self, credentials: Credentials, device: Access | None = None) -> Asks | Active:
        raise NotOffered(PAPER)

    async def answer(self, challenge: Challenge, answer: Answer) -> Asks | Active:
        raise NotOffered(PAPER)

    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        self.enter(access)
        if self.stumble(Moment.READ, Fault.SILENCE):
            raise Unavailable(PAPER)
        if self.stumble(Moment.READ, Fault.GIBBERISH):
            raise Drifted(PAPER)
        self.told.append(Exchange(insurer=PAPER, operation="/policies/{number}", outcome=Outcome.ANSWERED, elapsed=0.0))
        mine = (KNOWN, ENDED) if numbers is None else tuple(number for number in numbers if number in (KNOWN, ENDED))
        return {number: self.policy(number) for number in mine}

    def policy(self, number: PolicyNumber) -> Policy:
        return Policy(
            ref=PolicyRef(PAPER, number),
            status=PolicyStatus.IN_FORCE,
            insurer_status="有効",
            starts_at=MORNING.replace(year=2025),
            ends_at=MORNING.replace(month=12),
            form=ContractForm.INDIVIDUAL,
            successor=self.signed.get(number),
        )

    async def renewal_offers(
        self, access: Access, numbers: Sequence[PolicyNumber]
    ) -> Mapping[PolicyNumber, RenewalOffer]:
        return {number: self.offer(number) for number in await self.policies(access, numbers)}

    def offer(self, number: PolicyNumber) -> RenewalOffer:
        successor, ref = self.signed.get(number), PolicyRef(PAPER, number)
        if successor or number == ENDED:
            renewed = RenewabilityReason(code=RenewabilityCode.ALREADY_RENEWED, message=WORD)
            return RenewalOffer(ref=ref, online=False, reasons=(renewed,), successor=successor)
        return RenewalOffer(ref=ref, online=True, opens_at=MORNING, closes_at=MORNING.replace(month=12))

    async def plans(self, access: Access, query: PlanQuery) -> Sequence[Plan]:
        self.enter(access)
        if query.changes and query.changes[0].option not in ("5-10", "10-10"):
            raise Rejected(PAPER, code=ErrorCode.PLAN_NOT_OFFERED)
        codes = (query.plan,) if query.plan else (PlanCode("1"), PlanCode("2"))
        return [self.plan(code, query) for code in codes]

    def plan(self, code: PlanCode, query: PlanQuery) -> Plan:
        chosen = query.changes[0].option if query.changes else "5-10"
        first = Yen(50_000 if chosen == "5-10" else 100_000)
        total = Yen(60_000 if chosen == "5-10" else 50_000)
        return Plan(
            insurer=PAPER,
            code=code,
            name="プラン",
            position=int(code),
            premium=Premium(
                nature=PremiumNature.INDICATION,
                total=total,
                payment=PaymentMethod.CREDIT_CARD,
                instalments=(Instalment(due_on=MORNING.date(), amount=total),),
            ),
            coverages=(
                Coverage(
                    kind=CoverageKind.OWN_DAMAGE,
                    insurer_label="車両保険",
                    included=True,
                    limit=Limit(kind=LimitKind.AMOUNT, amount=Yen(2_000_000)),
                    deductible=Deductible(first=first, second=Yen(100_000)),
                    perils=(PerilCover(peril=Peril.THEFT, covered=Covered.YES),),
                    options=tuple(
                        CoverageOption(value=value, label=value, selected=value == chosen)
                        for value in ("5-10", "10-10")
                    ),
                ),
            ),
            quoted_at=MORNING,
            changes=query.changes,
        )

    async def script(self, access: Access, number: PolicyNumber) -> Script:
        self.enter(access)
        return SCRIPT

    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        self.enter(access)
        now = self.plan(draft.plan.code, PlanQuery(number=draft.number, changes=draft.plan.changes))
        if draft.plan.fingerprint != now.fingerprint:
            raise Changed(PAPER, code=ErrorCode.PREMIUM_CHANGED)
        if draft.documents != (MATTERS,):
            raise Changed(PAPER, code=ErrorCode.DOCUMENT_CHANGED)
        return Proposal(
            ref=PolicyRef(PAPER, draft.number),
            draft=draft,
            plan=replace(now, premium=replace(now.premium, nature=PremiumNature.BINDABLE)),
            documents=(MATTERS,),
            statement="申し込む",
            rehearsed_at=MORNING,
        )

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        number = proposal.ref.number
        if number in self.signed:
            raise Duplicate(PAPER)
        if (await self.rehearse(access, proposal.draft)).fingerprint != proposal.fingerprint:
            raise Changed(PAPER)
        if self.stumble(Moment.APPLY, Fault.BUSY):
            raise Unavailable(PAPER)
        self.signed[number] = SuccessorNumber("N1")
        if self.stumble(Moment.APPLY, Fault.SILENCE, Fault.GIBBERISH):
            raise Unconfirmed(PAPER)
        return self.signed[number]

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        return self.signed.get(proposal.ref.number)

    async def claims(self, access: Access) -> Sequence[Claim]:
        raise NotOffered(PAPER)

    async def document(self, access: Access, number: PolicyNumber, document_id: str) -> File:
        if document_id != MATTERS.id:
            raise Rejected(PAPER)
        return File(document=MATTERS, content=CONTENT)


def order(paper: Paper) -> Trouble:
    async def trouble(moment: Moment, fault: Fault, *, times: int = 1) -> None:
        paper.troubles += [(moment, fault)] * times

    return trouble


# Any: fixtures of every type, by name.
def fixtures(paper: Paper) -> dict[str, Any]:
    plan = Paper().plan(PlanCode("1"), PlanQuery(number=KNOWN))
    return {
        "insurer": paper,
        "access": OURS,
        "known": KNOWN,
        "unknown": UNKNOWN,
        "draft": complete(KNOWN, plan, SCRIPT),
        "trouble": order(paper),
        "told": paper.told,
        "method": METHOD.key,
        "stranger": Applicant(values={"born": "1975-01-02", "password": "Himitsu-1"}),
    }


PROMISES = [name for name in dir(Conformance) if name.startswith("test_")]


async def keep(promise: str, paper: Paper) -> None:
    """Run one promise as pytest would: with a fixture for each parameter."""
    test = getattr(Conformance(), promise)
    given = fixtures(paper)
    kept = test(**{name: given[name] for name in inspect.signature(test).parameters})
    if inspect.isawaitable(kept):
        await kept


@pytest.mark.parametrize("promise", PROMISES)
async def test_an_honest_insurer_keeps_every_promise(promise: str) -> None:
    await keep(promise, Paper())


def test_paper_is_an_insurer() -> None:
    insurer: Insurer = Paper()

    assert PAPER == insurer.manifest.code


def card(**words: object) -> type[Paper]:
    return type("Misprinted", (Paper,), {"manifest": replace(CARD, **words)})


def method(*steps: Step) -> type[Paper]:
    return card(registration_methods=(replace(METHOD, script=Script(steps)),))


def script(at: int, **words: object) -> type[Paper]:
    """A renewal whose step at *at* is different."""
    steps = list(SCRIPT.steps)
    steps[at] = replace(steps[at], **words)

    class Scripted(Paper):
        async def script(self, access: Access, number: PolicyNumber) -> Script:
            return Script(tuple(steps))

    return Scripted


def planned(**words: object) -> type[Paper]:
    class Planner(Paper):
        def plan(self, code: PlanCode, query: PlanQuery) -> Plan:
            return replace(super().plan(code, query), **words)

    return Planner


def covered(**words: object) -> type[Paper]:
    own = Paper().plan(PlanCode("1"), PlanQuery(number=KNOWN)).coverages[0]
    return planned(coverages=(replace(own, **words),))


class Hoarder(Paper):
    async def forget(self, access: Access) -> None:
        """Keeps it after all."""


class Stickler(Paper):
    async def forget(self, access: Access) -> None:
        self.enter(access)


class Registrar(Paper):
    async def begin_registration(
        self, method: str, applicant: Applicant, access: Access | None = None
    ) -> Asks | Active:
        raise Mismatch(PAPER, f"生年月日 {applicant.values['born']} が一致しません")


class Gossip(Paper):
    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        self.told.append(Exchange(insurer=PAPER, operation=f"/policies/{KNOWN}", outcome=Outcome.ANSWERED, elapsed=0.0))
        return await super().policies(access, numbers)


class Blabber(Paper):
    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        return {number: self.policy(number) for number in numbers or (KNOWN, ENDED)}


class Wanderer(Paper):
    def policy(self, number: PolicyNumber) -> Policy:
        return replace(super().policy(number), starts_at=datetime.fromisoformat("2025-11-20T10:00:00+00:00"))


class Mumbler(Paper):
    def policy(self, number: PolicyNumber) -> Policy:
        return replace(super().policy(number), status=PolicyStatus.UNKNOWN, insurer_status=None)


class Stubborn(Paper):
    def offer(self, number: PolicyNumber) -> RenewalOffer:
        return RenewalOffer(ref=PolicyRef(PAPER, number), online=False)


class Deaf(Paper):
    """Quotes the same whatever is asked for."""

    def plan(self, code: PlanCode, query: PlanQuery) -> Plan:
        return replace(super().plan(code, PlanQuery(number=query.number)), changes=query.changes)


class Credulous(Paper):
    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        proposal = await super().rehearse(access, fixtures(self)["draft"])
        return replace(proposal, draft=draft)


class Fickle(Paper):
    rehearsals = 0

    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        self.rehearsals += 1
        return replace(await super().rehearse(access, draft), statement=f"{self.rehearsals}")


class Hasty(Paper):
    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        proposal = await super().rehearse(access, draft)
        self.signed[draft.number] = SuccessorNumber("N1")
        return proposal


class Twice(Paper):
    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        self.signed[proposal.ref.number] = SuccessorNumber(f"N{len(str(self.signed))}")
        return self.signed[proposal.ref.number]


class Optimist(Paper):
    """Calls what may have happened undone, which would have it pressed again."""

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        try:
            return await super().apply(access, proposal, key)
        except Unconfirmed:
            raise Unavailable(PAPER) from None


class Pessimist(Paper):
    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        try:
            return await super().apply(access, proposal, key)
        except Unavailable:
            raise Unconfirmed(PAPER) from None


class Forgetful(Paper):
    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        return None


class Forger(Paper):
    async def document(self, access: Access, number: PolicyNumber, document_id: str) -> File:
        return File(document=MATTERS, content=CONTENT + b"!")


class Confused(Paper):
    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        found = await super().policies(access, numbers)
        return dict(zip(found, reversed(list(found.values())), strict=True))


class Overworked(Paper):
    """Does not ask a second time."""

    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        if self.stumble(Moment.READ, Fault.BUSY):
            raise Unavailable(PAPER)
        return await super().policies(access, numbers)


class Boaster(Paper):
    async def claims(self, access: Access) -> Sequence[Claim]:
        return []


class Obliging(Paper):
    async def plans(self, access: Access, query: PlanQuery) -> Sequence[Plan]:
        return [self.plan(PlanCode("1"), query)]


class Inventive(Paper):
    scripts = 0

    async def script(self, access: Access, number: PolicyNumber) -> Script:
        self.scripts += 1
        return Script((replace(SCRIPT.steps[0], key=f"plan-{self.scripts}"), *SCRIPT.steps[1:]))


class Vague(Paper):
    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        return replace(await super().rehearse(access, draft), plan=draft.plan)


ASKED, APPLY = SCRIPT.steps[1:]
OPEN, KEPT, DECLARED = ASKED.requirements[:3]
SENDING, MAIL = METHOD.script.steps
assert isinstance(DECLARED, Field)

LIARS: list[tuple[str, type[Paper]]] = [
    ("test_a_code_is_fit_for_addresses", card(code="Paper & Co.")),
    (
        "test_the_example_of_a_policy_number_has_the_shape_it_explains",
        card(number_shape=replace(CARD.number_shape, example="9")),
    ),
    ("test_hours_are_stated_with_a_source_for_all_that_it_does", card(hours={})),
    ("test_there_is_somebody_to_ask", card(contacts=())),
    ("test_registration_is_offered_exactly_where_there_is_a_method", card(registration_methods=())),
    ("test_a_registration_is_sent_in_exactly_one_step", method(SENDING, replace(MAIL, sends=True))),
    ("test_a_registration_is_sent_in_exactly_one_step", method(MAIL)),
    ("test_every_step_after_the_sending_one_has_something_to_answer", method(SENDING, replace(MAIL, requirements=()))),
    (
        "test_nothing_sensitive_is_asked_before_the_sending_step",
        method(replace(SENDING, sends=False), replace(MAIL, sends=True)),
    ),
    ("test_registration_keys_are_unique", method(SENDING, replace(SENDING, sends=False))),
    ("test_an_unknown_number_is_absent_and_not_an_error", Blabber),
    ("test_many_go_in_and_a_mapping_comes_out", Blabber),
    ("test_no_number_in_is_no_policy_out", Blabber),
    ("test_an_access_that_the_insurer_never_gave_is_denied", Blabber),
    ("test_an_access_that_was_ended_is_denied", Hoarder),
    ("test_an_access_that_the_insurer_never_gave_needs_no_ending", Stickler),
    ("test_gibberish_on_a_read_has_drifted", Blabber),
    ("test_silence_on_a_read_is_unavailable", Blabber),
    ("test_policies_are_of_the_types_that_the_language_states", Mumbler),
    ("test_times_carry_their_zone", Wanderer),
    ("test_an_offer_says_until_when_or_why_not", Stubborn),
    ("test_the_known_policy_can_be_renewed", Stubborn),
    ("test_what_is_told_of_a_call_names_no_policy", Gossip),
    ("test_plans_are_told_apart_and_come_in_order", planned(code=PlanCode("1"))),
    ("test_plans_are_told_apart_and_come_in_order", planned(position=1)),
    (
        "test_a_quote_is_an_indication_in_whole_yen",
        planned(premium=Premium(nature=PremiumNature.BINDABLE, total=Yen(1), payment=PaymentMethod.CREDIT_CARD)),
    ),
    ("test_a_quote_is_an_indication_in_whole_yen", planned(insurer=InsurerCode("other"))),
    ("test_covers_are_comparable", covered(perils=())),
    ("test_covers_are_comparable", covered(limit=Limit(kind=LimitKind.AMOUNT))),
    ("test_covers_are_comparable", covered(options=(CoverageOption(value="5-10", label="5-10"),))),
    (
        "test_covers_are_comparable",
        planned(coverages=Paper().plan(PlanCode("1"), PlanQuery(number=KNOWN)).coverages * 2),
    ),
    ("test_every_change_that_is_offered_can_be_had_and_undone", Deaf),
    ("test_a_script_ends_with_the_consent_above_the_button", script(2, kind=StepKind.FINAL_REVIEW)),
    ("test_a_script_ends_with_the_consent_above_the_button", script(2, requirements=())),
    ("test_nothing_else_is_bound_to_the_review", script(1, requirements=(OPEN, KEPT, *APPLY.requirements))),
    ("test_keys_are_unique", script(1, requirements=(OPEN, KEPT, KEPT))),
    ("test_a_plan_is_chosen_once", script(0, requirements=())),
    ("test_a_renewal_asks_for_nothing_sensitive_and_is_not_sent_by_a_step", script(0, sends=True)),
    (
        "test_a_renewal_asks_for_nothing_sensitive_and_is_not_sent_by_a_step",
        script(1, requirements=SENDING.requirements),
    ),
    ("test_declarations_suggest_no_answer", script(1, requirements=(OPEN, KEPT, replace(DECLARED, suggested="false")))),
    ("test_a_confirmation_about_a_document_names_one_to_open", script(1, requirements=(KEPT,))),
    ("test_documents_have_the_bytes_that_their_hash_promises", Forger),
    ("test_a_document_that_does_not_exist_is_refused", Forger),
    ("test_a_rehearsal_can_be_repeated_and_ends_the_same", Fickle),
    ("test_a_rehearsal_signs_nothing", Hasty),
    ("test_another_premium_than_quoted_is_told_before_the_button", Credulous),
    ("test_another_document_than_read_is_told_before_the_button", Credulous),
    ("test_an_application_makes_one_successor_that_can_be_read_back", Forgetful),
    ("test_applying_again_never_signs_again", Twice),
    ("test_what_was_not_agreed_to_is_not_signed", Twice),
    ("test_an_answer_that_was_lost_is_found_by_asking_what_became_of_it", Optimist),
    ("test_an_answer_that_was_lost_is_found_by_asking_what_became_of_it", Forgetful),
    ("test_an_answer_that_nobody_can_read_is_unconfirmed", Optimist),
    ("test_a_busy_insurer_has_signed_nothing_and_may_be_asked_again", Pessimist),
    ("test_nobody_learns_what_did_not_match", Registrar),
    ("test_there_is_no_other_method", Registrar),
    ("test_all_of_an_account_are_its_policies_under_their_own_numbers", Confused),
    ("test_a_busy_insurer_is_asked_a_second_time", Overworked),
    ("test_what_it_does_not_do_is_not_offered", Boaster),
    ("test_an_option_that_nobody_offered_is_refused", Obliging),
    ("test_a_script_can_be_stored_and_asked_again", Inventive),
    ("test_a_proposal_is_the_draft_at_a_price_that_binds", Vague),
]

# The language keeps these for everybody, so no adapter can break them.
KEPT_BY_THE_LANGUAGE = {
    "test_a_proposal_survives_being_stored",
    "test_an_access_does_not_show_its_secret",
    "test_neither_draft_nor_proposal_shows_what_is_in_it",
}


def test_there_is_a_liar_for_every_promise() -> None:
    assert set(PROMISES) == {promise for promise, _ in LIARS} | KEPT_BY_THE_LANGUAGE


@pytest.mark.parametrize(("promise", "liar"), LIARS)
async def test_a_liar_is_caught(promise: str, liar: type[Paper]) -> None:
    with pytest.raises((AssertionError, InsurerError, msgspec.ValidationError)):
        await keep(promise, liar())


def test_a_script_that_does_not_answer_itself_says_what_is_missing() -> None:
    plan = Paper().plan(PlanCode("1"), PlanQuery(number=KNOWN))
    silent = Script(
        (
            Step(
                key="s",
                kind=StepKind.DETAILS,
                title=WORD,
                requirements=(Field(key="month", label=WORD, input=InputKind.YEAR_MONTH),),
            ),
        )
    )

    with pytest.raises(LookupError, match="month"):
        complete(KNOWN, plan, silent)
    assert {"month": "2028-02"} == complete(KNOWN, plan, silent, {"month": "2028-02"}).values


def test_a_customer_with_nothing_to_declare_answers_so() -> None:
    draft = fixtures(Paper())["draft"]

    assert {"plan": "1", "open": "true", "kept": "true", "declared": "false", "cars": "1"} == draft.values
    assert (MATTERS,) == draft.documents
