"""Which promise is broken by which insurer of paper."""

from datetime import timedelta

from insurers.account import Access
from insurers.coverage import CoverageOption
from insurers.identity import InsurerCode, PlanCode, PolicyNumber, SuccessorNumber
from insurers.money import Limit, LimitKind, Yen
from insurers.plan import PaymentMethod, Plan, PlanQuery, Premium, PremiumNature
from insurers.policy import RenewalOffer
from insurers.script import Field, Script, Step, StepKind
from tests.language.liars_at_the_desk import (
    Blabber,
    Boaster,
    Colourblind,
    Confused,
    Curt,
    Deaf,
    Forger,
    Gilded,
    Gossip,
    Hoarder,
    Inventive,
    Latecomer,
    Mumbler,
    Obliging,
    Overworked,
    Registrar,
    Selective,
    Shrugging,
    Stickler,
    Stubborn,
    Wanderer,
    Yielding,
)
from tests.language.liars_elsewhere import (
    Absent,
    Acquisitive,
    Agreeable,
    Curious,
    Forgiving,
    Gatekeeping,
    Guessing,
    Piling,
    Shuffling,
    Stingy,
    Unforgiving,
    quoted,
)
from tests.language.liars_in_the_feed import LIARS_IN_THE_FEED
from tests.language.liars_on_the_walk import (
    Absentminded,
    Credulous,
    Doubtful,
    Evasive,
    Fickle,
    Forgetful,
    Guarded,
    Hasty,
    Lenient,
    Optimist,
    Pessimist,
    Remembering,
    Skimming,
    Tightlipped,
    Twice,
    Vague,
)
from tests.language.paper import Paper
from tests.language.paper_forms import CARD, FEED, KNOWN, MATURITY, METHOD, MORNING, SCRIPT, replace


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


BINDING = Premium(nature=PremiumNature.BINDABLE, total=Yen(1), payment=PaymentMethod.CREDIT_CARD)
ASKED, APPLY = SCRIPT.steps[1:]
OPEN, KEPT, DECLARED = ASKED.requirements[:3]
SENDING, MAIL = METHOD.script.steps
assert isinstance(DECLARED, Field)

LIARS: list[tuple[str, type[Paper]]] = [
    *LIARS_IN_THE_FEED,
    ("test_whoever_tells_agencies_of_their_policies_says_how", card(feed=None)),
    (
        "test_whoever_tells_agencies_of_their_policies_says_how",
        card(feed=replace(FEED, every=timedelta(0))),
    ),
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
        planned(premium=BINDING),
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
    ("test_the_times_of_an_offer_are_in_order", offered(decline_by=MATURITY, successor=SuccessorNumber("A2"))),
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
    ("test_whoever_quotes_for_others_risks_says_what_that_takes", card(quoting=None)),
    ("test_whoever_quotes_for_others_risks_says_what_that_takes", card(quotes_within=timedelta(hours=1))),
    ("test_a_quote_for_a_risk_is_a_comparable_indication_and_leaves_nothing_behind", quoted(premium=BINDING)),
    ("test_a_quote_for_a_risk_is_a_comparable_indication_and_leaves_nothing_behind", quoted(code=PlanCode("1"))),
    ("test_a_quote_for_a_risk_is_a_comparable_indication_and_leaves_nothing_behind", Acquisitive),
    ("test_what_differs_from_what_is_wanted_is_told_with_the_plan", quoted(departures=())),
    ("test_what_is_not_offered_is_offered_wider_where_anything_is", Stingy),
    (
        "test_a_change_to_a_quote_for_a_risk_can_be_had_and_undone_and_one_that_nobody_offered_is_refused",
        Absent,
    ),
    (
        "test_a_change_to_a_quote_for_a_risk_can_be_had_and_undone_and_one_that_nobody_offered_is_refused",
        Agreeable,
    ),
    ("test_each_variation_of_a_quote_is_what_that_change_alone_is_quoted_at", Absent),
    ("test_each_variation_of_a_quote_is_what_that_change_alone_is_quoted_at", Shuffling),
    ("test_each_variation_of_a_quote_is_what_that_change_alone_is_quoted_at", Piling),
    ("test_each_variation_of_a_renewal_is_what_that_change_alone_is_quoted_at", Deaf),
    ("test_each_variation_of_a_renewal_is_what_that_change_alone_is_quoted_at", Shuffling),
    ("test_each_variation_of_a_renewal_is_what_that_change_alone_is_quoted_at", Piling),
    ("test_a_grade_is_carried_over_for_seven_days_after_maturity_and_no_longer", Forgiving),
    ("test_a_grade_is_carried_over_for_seven_days_after_maturity_and_no_longer", Unforgiving),
    ("test_what_is_needed_is_enough_and_without_one_of_it_nothing_is_quoted", Curious),
    ("test_what_is_needed_is_enough_and_without_one_of_it_nothing_is_quoted", Guessing),
    ("test_an_account_is_wanted_exactly_where_the_card_says_so", Gatekeeping),
]
