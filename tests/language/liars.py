"""Insurers of paper who each break one promise, and which."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from insurers.account import Access, Active, Asks
from insurers.adapter import Applicant, File
from insurers.claim import Claim
from insurers.conformance import Moment
from insurers.coverage import CoverageOption
from insurers.errors import Drifted, Mismatch, NeedsCustomer, NotOnline, Unavailable, Unconfirmed
from insurers.exchange import Exchange, Outcome
from insurers.identity import InsurerCode, PlanCode, PolicyNumber, PolicyRef, SuccessorNumber
from insurers.money import Limit, LimitKind, Yen
from insurers.plan import PaymentMethod, Plan, PlanQuery, Premium, PremiumNature
from insurers.policy import Policy, PolicyStatus, RenewalOffer
from insurers.renewal import Draft, Proposal
from insurers.sandbox import Fault
from insurers.script import Field, Script, Step, StepKind
from tests.language.paper import (
    ACCOUNTS,
    CARD,
    CONTENT,
    CORPORATE,
    KNOWN,
    MATTERS,
    MATURITY,
    METHOD,
    MORNING,
    ONLY_THE_AGENCY,
    OURS,
    PAPER,
    RIDING,
    SCRIPT,
    Paper,
    fixtures,
    replace,
)


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


def offered(**words: object) -> type[Paper]:
    class Offering(Paper):
        def offer(self, number: PolicyNumber) -> RenewalOffer:
            return replace(super().offer(number), **words)

    return Offering


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
        self.world.told.append(
            Exchange(insurer=PAPER, operation=f"/policies/{KNOWN}", outcome=Outcome.ANSWERED, elapsed=0.0)
        )
        return await super().policies(access, numbers)


class Blabber(Paper):
    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        return {number: self.policy(number) for number in numbers or ACCOUNTS[OURS]}


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
        self.world.signed[draft.number] = SuccessorNumber("N1")
        return proposal


class Twice(Paper):
    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        self.world.signed[proposal.ref.number] = SuccessorNumber(f"N{len(str(self.world.signed))}")
        return self.world.signed[proposal.ref.number]


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


class Latecomer(Paper):
    """Tells the times of an offer in another zone than anybody here lives in."""

    def offer(self, number: PolicyNumber) -> RenewalOffer:
        return replace(super().offer(number), opens_at=MORNING.astimezone(UTC))


class Shrugging(Paper):
    """Sends people to an agency, and does not say to which."""

    def offer(self, number: PolicyNumber) -> RenewalOffer:
        offer = super().offer(number)
        return replace(offer, reasons=tuple(replace(reason, contact=None) for reason in offer.reasons))


class Curt(Paper):
    """Says so in the list, and nowhere else."""

    def require_online(self, number: PolicyNumber) -> None:
        if number == CORPORATE:
            raise NotOnline(PAPER, reason=replace(ONLY_THE_AGENCY, contact=None))


class Yielding(Paper):
    def require_online(self, number: PolicyNumber) -> None:
        """Lets everybody in."""


class Selective(Paper):
    """Has nobody next door who needs an agency, so nothing is shown of it."""

    def offer(self, number: PolicyNumber) -> RenewalOffer:
        return replace(super().offer(RIDING), ref=PolicyRef(PAPER, number))


class Gilded(Paper):
    """Charges for saying what was on the screen anyway."""

    def plan(self, code: PlanCode, query: PlanQuery) -> Plan:
        said = "blue" if "licence" in query.conditions else "gold"
        return super().plan(code, replace(query, conditions={"licence": said}))


class Colourblind(Paper):
    """Asks for a condition of every quote, and quotes without it."""

    def plan(self, code: PlanCode, query: PlanQuery) -> Plan:
        return super().plan(code, replace(query, conditions={}))


class Absentminded(Paper):
    """Quotes by the conditions, and rehearses without them."""

    def asked(self, draft: Draft) -> PlanQuery:
        return replace(super().asked(draft), conditions={})


class Lenient(Paper):
    def refer(self, draft: Draft) -> None:
        """Goes on with whoever should see the agency."""


class Tightlipped(Paper):
    def refer(self, draft: Draft) -> None:
        try:
            super().refer(draft)
        except NotOnline as error:
            raise NotOnline(PAPER, reason=replace(error.reason, contact=None)) from None


class Skimming(Paper):
    """Compares what it costs, and not what was read."""

    def agree(self, present: Proposal, agreed: Proposal) -> None:
        super().agree(present, replace(present, plan=agreed.plan))


class Remembering(Paper):
    """Knows what it pressed itself, and asks nobody."""

    def __init__(self, beside: Paper | None = None) -> None:
        super().__init__(beside)
        self.pressed = False

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        self.pressed = True
        return await super().apply(access, proposal, key)

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        return await super().outcome(access, proposal, key) if self.pressed else None


class Evasive(Paper):
    """Cannot say for certain, however long one waits."""

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        if found := await super().outcome(access, proposal, key):
            return found
        raise Unavailable(PAPER)


class Doubtful(Paper):
    """Calls in doubt what stopped far from the button."""

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        try:
            return await super().apply(access, proposal, key)
        except (Unavailable, Drifted):
            raise Unconfirmed(PAPER) from None


class Guarded(Paper):
    """Wants the customer back once its session has idled away."""

    def enter(self, access: Access) -> None:
        super().enter(access)
        if self.world.waited:
            raise NeedsCustomer(PAPER)


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
    ("test_a_not_found_is_proof_within_the_hour", card(settles_within=timedelta(0))),
    ("test_a_not_found_is_proof_within_the_hour", card(settles_within=timedelta(hours=2))),
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
    ("test_the_times_of_an_offer_are_in_order", offered(closes_at=MATURITY + timedelta(minutes=1))),
    ("test_the_times_of_an_offer_are_in_order", offered(opens_at=MATURITY, closes_at=MORNING)),
    ("test_the_times_of_an_offer_are_in_order", offered(decline_by=MATURITY + timedelta(minutes=1))),
    ("test_the_times_of_an_offer_are_in_order", offered(late_until=MATURITY)),
    ("test_the_times_of_an_offer_are_in_order", Latecomer),
    ("test_whoever_is_sent_to_an_agency_is_told_which", Shrugging),
    ("test_whoever_is_sent_to_an_agency_is_told_which", Curt),
    ("test_whoever_is_sent_to_an_agency_is_told_which", Yielding),
    ("test_whoever_is_sent_to_an_agency_is_told_which", Selective),
    ("test_a_condition_as_it_is_shown_changes_no_price", Gilded),
    (
        "test_every_referral_names_whom_to_ask",
        script(1, requirements=(OPEN, KEPT, replace(DECLARED, refers=(replace(DECLARED.refers[0], contact=None),)))),
    ),
    ("test_a_corrected_condition_is_rehearsed_at_the_price_that_was_quoted_for_it", Colourblind),
    ("test_a_corrected_condition_is_rehearsed_at_the_price_that_was_quoted_for_it", Absentminded),
    ("test_a_corrected_condition_is_rehearsed_at_the_price_that_was_quoted_for_it", Credulous),
    ("test_an_answer_for_the_agency_is_referred_to_it", Lenient),
    ("test_an_answer_for_the_agency_is_referred_to_it", Tightlipped),
    ("test_nothing_is_signed_when_a_document_or_the_consent_is_another_than_was_agreed_to", Skimming),
    ("test_nothing_is_signed_when_a_document_or_the_consent_is_another_than_was_agreed_to", Twice),
    ("test_an_answer_that_was_lost_is_found_by_asking_what_became_of_it", Remembering),
    ("test_an_application_that_was_lost_is_absent_once_it_has_settled", Evasive),
    ("test_an_application_that_was_lost_is_absent_once_it_has_settled", Optimist),
    ("test_silence_before_the_button_leaves_no_doubt", Doubtful),
    ("test_a_busy_insurer_before_the_button_leaves_no_doubt", Doubtful),
    ("test_gibberish_before_the_button_leaves_no_doubt", Doubtful),
    ("test_an_access_outlives_the_insurers_session", Guarded),
]
