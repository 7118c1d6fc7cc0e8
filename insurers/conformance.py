"""
What every insurer's adapter must keep, as tests to subclass.

A module of tests subclasses `Conformance`, under a name that begins with `Test`, and supplies as
fixtures what the methods take: see `insurers/README.md`. Nothing here imports pytest, so a gateway
can ship without it: methods are found by their names, parameters are fixtures, and pytest-asyncio
in auto mode awaits them. An outermost conftest.py that says
`pytest.register_assert_rewrite("insurers.conformance")`, before anything imports this, has failures
told in values.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from insurers.account import Access
from insurers.adapter import Applicant, Insurer
from insurers.answers import NO, YES, Value
from insurers.capability import Capability, Level
from insurers.coverage import Coverage, CoverageChange, CoverageKind
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
from insurers.exchange import Exchange
from insurers.identity import PolicyNumber
from insurers.money import LimitKind, Yen
from insurers.plan import Plan, PlanQuery, PremiumNature
from insurers.policy import PolicyStatus
from insurers.renewal import Draft
from insurers.sandbox import Fault
from insurers.script import Binds, Confirmation, Field, InputKind, PlanChoice, Requirement, Script, Step, StepKind
from insurers.typed import read

KEY, ANOTHER_KEY = UUID(int=1), UUID(int=2)

TOKYO_OFFSET = timedelta(hours=9)

# Kinds of which a plan has one cover; of the rest it may have any number.
SINGLE = frozenset(CoverageKind) - {CoverageKind.OTHER}


class Moment(StrEnum):
    """Where trouble is ordered."""

    READ = "read"  # the look-up of policies
    APPLY = "apply"  # the apply button


class Trouble(Protocol):
    """Orders trouble at the insurer, for the next *times* that it is asked there."""

    async def __call__(self, moment: Moment, fault: Fault, *, times: int = 1) -> None: ...


class Introducing:
    """The card that an adapter shows before anything is asked. Fixture: `insurer`."""

    def test_a_code_is_fit_for_addresses(self, insurer: Insurer) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", insurer.manifest.code)

    def test_the_example_of_a_policy_number_has_the_shape_it_explains(self, insurer: Insurer) -> None:
        shape = insurer.manifest.number_shape

        assert shape.example == str(PolicyNumber.parse(shape.example))
        assert re.fullmatch(shape.pattern, shape.example)

    def test_hours_are_stated_with_a_source_for_all_that_it_does(self, insurer: Insurer) -> None:
        card = insurer.manifest
        done = {what for what, level in card.capabilities.items() if level in (Level.NATIVE, Level.EMULATED)}

        assert set() == done - set(card.hours)
        assert all(service.source for hours in card.hours.values() for service in hours.services)

    def test_there_is_somebody_to_ask(self, insurer: Insurer) -> None:
        assert insurer.manifest.contacts

    def test_registration_is_offered_exactly_where_there_is_a_method(self, insurer: Insurer) -> None:
        card = insurer.manifest
        offered = card.level(Capability.REGISTRATION) in (Level.NATIVE, Level.EMULATED)

        assert offered == bool(card.registration_methods)

    def test_a_registration_is_sent_in_exactly_one_step(self, insurer: Insurer) -> None:
        for method in insurer.manifest.registration_methods:
            assert 1 == sum(step.sends for step in method.script), method.key

    def test_every_step_after_the_sending_one_has_something_to_answer(self, insurer: Insurer) -> None:
        for method in insurer.manifest.registration_methods:
            assert [] == [step.key for step in _after_sending(method.script) if not step.requirements]

    def test_nothing_sensitive_is_asked_before_the_sending_step(self, insurer: Insurer) -> None:
        for method in insurer.manifest.registration_methods:
            allowed = {step.key for step in method.script if step.sends} | {
                step.key for step in _after_sending(method.script)
            }
            asking = {step.key for step in method.script if any(_sensitive(need) for need in step.requirements)}

            assert set() == asking - allowed

    def test_registration_keys_are_unique(self, insurer: Insurer) -> None:
        for method in insurer.manifest.registration_methods:
            assert [] == _repeated(method.script)

    async def test_what_it_does_not_do_is_not_offered(self, insurer: Insurer) -> None:
        nobody = Access(insurer=insurer.manifest.code, secret=b"")
        if insurer.manifest.level(Capability.CLAIM_STATUS) is Level.NONE:
            await refusal(insurer.claims(nobody), NotOffered)


class Reading:
    """
    Looking at an account. Fixtures: `insurer`; `access` to an account; `known`, a policy of it that
    can be renewed online now; `unknown`, somebody else's; `trouble`; `told`, what the listener heard.
    """

    async def test_an_unknown_number_is_absent_and_not_an_error(
        self, insurer: Insurer, access: Access, unknown: PolicyNumber
    ) -> None:
        assert {} == await insurer.policies(access, [unknown])
        assert {} == await insurer.renewal_offers(access, [unknown])

    async def test_many_go_in_and_a_mapping_comes_out(
        self, insurer: Insurer, access: Access, known: PolicyNumber, unknown: PolicyNumber
    ) -> None:
        assert {known} == set(await insurer.policies(access, [known, unknown, known]))
        assert {known} == set(await insurer.renewal_offers(access, [unknown, known]))

    async def test_no_number_in_is_no_policy_out(self, insurer: Insurer, access: Access) -> None:
        assert {} == await insurer.policies(access, [])
        assert {} == await insurer.renewal_offers(access, [])

    async def test_all_of_an_account_are_its_policies_under_their_own_numbers(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        everything = await insurer.policies(access)

        assert known in everything
        assert all(number == policy.ref.number for number, policy in everything.items())
        assert {insurer.manifest.code} == {policy.ref.insurer for policy in everything.values()}

    async def test_policies_are_of_the_types_that_the_language_states(self, insurer: Insurer, access: Access) -> None:
        for policy in (await insurer.policies(access)).values():
            assert policy == stored(policy)
            assert policy.starts_at < policy.ends_at
            assert policy.status is not PolicyStatus.UNKNOWN or policy.insurer_status
            check_covers(policy.coverages)

    async def test_times_carry_their_zone(self, insurer: Insurer, access: Access, known: PolicyNumber) -> None:
        answers = (
            await insurer.policies(access),
            await insurer.renewal_offers(access, [known]),
            await insurer.plans(access, PlanQuery(number=known)),
        )

        assert {TOKYO_OFFSET} == {moment.utcoffset() for moment in moments(answers)}

    async def test_an_offer_says_until_when_or_why_not(self, insurer: Insurer, access: Access) -> None:
        offers = await insurer.renewal_offers(access, list(await insurer.policies(access)))

        for number, offer in offers.items():
            assert offer == stored(offer)
            assert number == offer.ref.number
            assert offer.online is not bool(offer.reasons)
            assert not (offer.online and offer.successor)
            assert not (offer.opens_at and offer.closes_at) or offer.opens_at < offer.closes_at

    async def test_the_known_policy_can_be_renewed(self, insurer: Insurer, access: Access, known: PolicyNumber) -> None:
        assert (await insurer.renewal_offers(access, [known]))[known].online

    async def test_a_busy_insurer_is_asked_a_second_time(
        self, insurer: Insurer, access: Access, known: PolicyNumber, trouble: Trouble
    ) -> None:
        await trouble(Moment.READ, Fault.BUSY)

        assert known in await insurer.policies(access, [known])

    async def test_silence_on_a_read_is_unavailable(
        self, insurer: Insurer, access: Access, known: PolicyNumber, trouble: Trouble
    ) -> None:
        await trouble(Moment.READ, Fault.SILENCE, times=10)

        await refusal(insurer.policies(access, [known]), Unavailable)

    async def test_gibberish_on_a_read_has_drifted(
        self, insurer: Insurer, access: Access, known: PolicyNumber, trouble: Trouble
    ) -> None:
        await trouble(Moment.READ, Fault.GIBBERISH)

        await refusal(insurer.policies(access, [known]), Drifted)

    async def test_an_access_that_the_insurer_never_gave_is_denied(self, insurer: Insurer) -> None:
        await refusal(insurer.policies(Access(insurer=insurer.manifest.code, secret=b"{}")), AccessDenied)

    async def test_what_is_told_of_a_call_names_no_policy(
        self, insurer: Insurer, access: Access, known: PolicyNumber, told: Sequence[Exchange]
    ) -> None:
        await insurer.policies(access, [known])

        assert told
        assert [] == [exchange for exchange in told if str(known) in exchange.operation]

    async def test_an_access_that_was_ended_is_denied(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        await insurer.forget(access)
        await insurer.forget(access)

        await refusal(insurer.policies(access, [known]), AccessDenied)

    async def test_an_access_that_the_insurer_never_gave_needs_no_ending(self, insurer: Insurer) -> None:
        await insurer.forget(Access(insurer=insurer.manifest.code, secret=b"{}"))

    def test_an_access_does_not_show_its_secret(self, access: Access) -> None:
        assert "Access(…)" == repr(access)


class Quoting:
    """Plans and what they cost. Fixtures: `insurer`, `access`, `known`."""

    async def test_plans_are_told_apart_and_come_in_order(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        plans = await insurer.plans(access, PlanQuery(number=known))

        assert plans
        assert len(plans) == len({plan.code for plan in plans})
        assert [plan.position for plan in plans] == sorted({plan.position for plan in plans})

    async def test_a_quote_is_an_indication_in_whole_yen(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        for plan in await insurer.plans(access, PlanQuery(number=known)):
            assert plan == stored(plan)
            assert insurer.manifest.code == plan.insurer
            assert PremiumNature.INDICATION is plan.premium.nature
            assert plan.premium.total > Yen(0)
            assert () == plan.changes
            if plan.premium.instalments:
                assert plan.premium.total == sum((part.amount for part in plan.premium.instalments), Yen(0))

    async def test_covers_are_comparable(self, insurer: Insurer, access: Access, known: PolicyNumber) -> None:
        for plan in await insurer.plans(access, PlanQuery(number=known)):
            check_covers(plan.coverages)

    async def test_every_change_that_is_offered_can_be_had_and_undone(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        for plan in await insurer.plans(access, PlanQuery(number=known)):
            for change in _first_changes(plan):
                edited = await _quote(insurer, access, PlanQuery(number=known, plan=plan.code, changes=(change,)))

                assert plan.code == edited.code
                assert (change,) == edited.changes
                assert plan.fingerprint != edited.fingerprint, change
                assert change.option == _selected(edited, change.kind)

            assert (
                plan.fingerprint == (await _quote(insurer, access, PlanQuery(number=known, plan=plan.code))).fingerprint
            )

    async def test_an_option_that_nobody_offered_is_refused(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        plan = (await insurer.plans(access, PlanQuery(number=known)))[0]
        wish = CoverageChange(kind=CoverageKind.BODILY_INJURY_LIABILITY, option="no-such-option")

        error = await refusal(insurer.plans(access, PlanQuery(number=known, plan=plan.code, changes=(wish,))), Rejected)

        assert ErrorCode.PLAN_NOT_OFFERED is error.code


class Asking:
    """The script of a renewal. Fixtures: `insurer`, `access`, `known`."""

    async def test_a_script_ends_with_the_consent_above_the_button(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        script = await insurer.script(access, known)
        last = script.steps[-1]

        assert [last] == [step for step in script if step.kind is StepKind.APPLICATION]
        assert [(Binds.REVIEW,)] == [need.binds for need in last.requirements if isinstance(need, Confirmation)]
        assert 1 == len(last.requirements)

    async def test_nothing_else_is_bound_to_the_review(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        script = await insurer.script(access, known)

        assert 1 == sum(_binds(need, Binds.REVIEW) for step in script for need in step.requirements)

    async def test_a_script_can_be_stored_and_asked_again(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        script = await insurer.script(access, known)

        assert script == stored(script)
        assert script == await insurer.script(access, known)

    async def test_keys_are_unique(self, insurer: Insurer, access: Access, known: PolicyNumber) -> None:
        assert [] == _repeated(await insurer.script(access, known))

    async def test_a_plan_is_chosen_once(self, insurer: Insurer, access: Access, known: PolicyNumber) -> None:
        script = await insurer.script(access, known)

        assert 1 == sum(isinstance(need, PlanChoice) for step in script for need in step.requirements)

    async def test_a_renewal_asks_for_nothing_sensitive_and_is_not_sent_by_a_step(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        for step in await insurer.script(access, known):
            assert not step.sends
            assert [] == [need.key for need in step.requirements if _sensitive(need)]

    async def test_declarations_suggest_no_answer(self, insurer: Insurer, access: Access, known: PolicyNumber) -> None:
        for step in await insurer.script(access, known):
            for need in step.requirements:
                if isinstance(need, Field) and need.input is InputKind.BOOLEAN and need.refers:
                    assert need.suggested is None, need.key

    async def test_a_confirmation_about_a_document_names_one_to_open(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        script = await insurer.script(access, known)
        named = {
            need.document
            for step in script
            for need in step.requirements
            if isinstance(need, Confirmation) and Binds.DOCUMENT in need.binds
        }

        assert named
        assert set() == named - {document.sha256 for document in script.documents()}

    async def test_documents_have_the_bytes_that_their_hash_promises(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        for document in (await insurer.script(access, known)).documents():
            file = await insurer.document(access, known, document.id)

            assert document.sha256 == file.document.sha256 == hashlib.sha256(file.content).hexdigest()

    async def test_a_document_that_does_not_exist_is_refused(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        await refusal(insurer.document(access, known, "no-such-document"), Rejected)


class Applying:
    """
    From the draft to the next term. Fixtures: `insurer`, `access`, `known`, `trouble`; `draft`, a complete
    one for `known`, such as `complete` makes. Each test needs a world of its own.
    """

    async def test_a_rehearsal_can_be_repeated_and_ends_the_same(
        self, insurer: Insurer, access: Access, draft: Draft
    ) -> None:
        once, again = await insurer.rehearse(access, draft), await insurer.rehearse(access, draft)

        assert once.fingerprint == again.fingerprint

    async def test_a_proposal_is_the_draft_at_a_price_that_binds(
        self, insurer: Insurer, access: Access, draft: Draft
    ) -> None:
        proposal = await insurer.rehearse(access, draft)

        assert PremiumNature.BINDABLE is proposal.plan.premium.nature
        assert draft.plan.fingerprint == proposal.plan.fingerprint
        assert draft == proposal.draft
        assert (insurer.manifest.code, draft.number) == (proposal.ref.insurer, proposal.ref.number)
        assert {document.sha256 for document in draft.documents} == {file.sha256 for file in proposal.documents}
        assert proposal.statement

    async def test_a_proposal_survives_being_stored(self, insurer: Insurer, access: Access, draft: Draft) -> None:
        proposal = await insurer.rehearse(access, draft)

        assert proposal == stored(proposal)
        assert proposal.fingerprint == stored(proposal).fingerprint

    async def test_neither_draft_nor_proposal_shows_what_is_in_it(
        self, insurer: Insurer, access: Access, draft: Draft
    ) -> None:
        assert "Draft(…)" == repr(draft)
        assert "Proposal(…)" == repr(await insurer.rehearse(access, draft))

    async def test_a_rehearsal_signs_nothing(
        self, insurer: Insurer, access: Access, draft: Draft, known: PolicyNumber
    ) -> None:
        proposal = await insurer.rehearse(access, draft)

        assert await insurer.outcome(access, proposal, KEY) is None
        assert (await insurer.renewal_offers(access, [known]))[known].successor is None

    async def test_another_premium_than_quoted_is_told_before_the_button(
        self, insurer: Insurer, access: Access, draft: Draft
    ) -> None:
        quoted_for_less = msgspec.structs.replace(draft, plan=_one_yen_less(draft.plan))

        error = await refusal(insurer.rehearse(access, quoted_for_less), Changed)

        assert ErrorCode.PREMIUM_CHANGED is error.code

    async def test_another_document_than_read_is_told_before_the_button(
        self, insurer: Insurer, access: Access, draft: Draft
    ) -> None:
        older = tuple(msgspec.structs.replace(document, sha256="0" * 64) for document in draft.documents)

        error = await refusal(insurer.rehearse(access, msgspec.structs.replace(draft, documents=older)), Changed)

        assert ErrorCode.DOCUMENT_CHANGED is error.code

    async def test_an_application_makes_one_successor_that_can_be_read_back(
        self, insurer: Insurer, access: Access, draft: Draft, known: PolicyNumber
    ) -> None:
        proposal = await insurer.rehearse(access, draft)

        successor = await insurer.apply(access, proposal, KEY)

        assert successor == await insurer.outcome(access, proposal, KEY)
        assert successor == (await insurer.policies(access, [known]))[known].successor
        offer = (await insurer.renewal_offers(access, [known]))[known]
        assert (False, successor) == (offer.online, offer.successor)

    async def test_applying_again_never_signs_again(
        self, insurer: Insurer, access: Access, draft: Draft, known: PolicyNumber
    ) -> None:
        proposal = await insurer.rehearse(access, draft)
        successor = await insurer.apply(access, proposal, KEY)
        policies = set(await insurer.policies(access))

        for key in (KEY, ANOTHER_KEY):
            with suppress(Duplicate):
                assert successor == await insurer.apply(access, proposal, key)

        assert policies == set(await insurer.policies(access))
        assert successor == (await insurer.policies(access, [known]))[known].successor

    async def test_what_was_not_agreed_to_is_not_signed(self, insurer: Insurer, access: Access, draft: Draft) -> None:
        proposal = await insurer.rehearse(access, draft)
        agreed = msgspec.structs.replace(proposal, plan=_one_yen_less(proposal.plan))

        await refusal(insurer.apply(access, agreed, KEY), Changed)

        assert await insurer.outcome(access, proposal, KEY) is None

    async def test_an_answer_that_was_lost_is_found_by_asking_what_became_of_it(
        self, insurer: Insurer, access: Access, draft: Draft, trouble: Trouble
    ) -> None:
        proposal = await insurer.rehearse(access, draft)
        await trouble(Moment.APPLY, Fault.SILENCE)

        await refusal(insurer.apply(access, proposal, KEY), Unconfirmed)

        assert await insurer.outcome(access, proposal, KEY) is not None

    async def test_an_answer_that_nobody_can_read_is_unconfirmed(
        self, insurer: Insurer, access: Access, draft: Draft, trouble: Trouble
    ) -> None:
        proposal = await insurer.rehearse(access, draft)
        await trouble(Moment.APPLY, Fault.GIBBERISH)

        await refusal(insurer.apply(access, proposal, KEY), Unconfirmed)

        assert await insurer.outcome(access, proposal, KEY) is not None

    async def test_a_busy_insurer_has_signed_nothing_and_may_be_asked_again(
        self, insurer: Insurer, access: Access, draft: Draft, trouble: Trouble
    ) -> None:
        proposal = await insurer.rehearse(access, draft)
        await trouble(Moment.APPLY, Fault.BUSY)

        await refusal(insurer.apply(access, proposal, KEY), Unavailable)

        assert await insurer.outcome(access, proposal, KEY) is None
        assert str(await insurer.apply(access, proposal, KEY))


class Registering:
    """
    Opening an account. Fixtures: `insurer`; `method`, the key of a registration method; `stranger`, a
    whole applicant for it who differs from every contract in the birth date.
    """

    async def test_nobody_learns_what_did_not_match(self, insurer: Insurer, method: str, stranger: Applicant) -> None:
        error = await refusal(_registered(insurer, method, stranger), Mismatch)

        assert ErrorCode.IDENTITY_MISMATCH is error.code
        assert "Applicant(…)" == repr(stranger)
        entered = {
            word for value in stranger.values.values() for word in ((value,) if isinstance(value, str) else value)
        }
        assert [] == [word for word in entered - {YES, NO, ""} if word in f"{error!r} {error.words}"]

    async def test_there_is_no_other_method(self, insurer: Insurer, stranger: Applicant) -> None:
        await refusal(_registered(insurer, "no_such_method", stranger), NotOffered)


class Conformance(Introducing, Reading, Quoting, Asking, Applying, Registering):
    """All that an adapter promises."""


def complete(number: PolicyNumber, plan: Plan, script: Script, said: Mapping[str, Value] | None = None) -> Draft:
    """
    Answer all of *script*, up to the review, as a customer with nothing to declare.

    Boxes are ticked, documents opened, suggestions and recommendations kept, and nothing is
    answered that leads to the agency. *said* answers what has no such answer of its own.
    """
    known = said or {}
    needs = [need for step in script for need in step.requirements if not _binds(need, Binds.REVIEW)]
    values = {need.key: known.get(need.key) or _easiest(need, plan) for need in needs if need.required}
    return Draft(number=number, plan=plan, values=values, documents=script.documents())


def _easiest(need: Requirement, plan: Plan) -> Value:
    match need:
        case PlanChoice():
            return plan.code
        case Field():
            return read(need, _typed(need))
    return YES


def _typed(field: Field) -> str:
    if field.suggested is not None:
        return field.suggested
    if field.input is InputKind.BOOLEAN:
        return YES if any(NO in rule.when for rule in field.refers) else NO
    if field.input is InputKind.INTEGER:
        return "1"
    for option in sorted(field.options, key=lambda option: not option.recommended):
        return option.value
    raise LookupError(f"`said` has no answer to {field.key}, and the script suggests none")


Refusal = TypeVar("Refusal", bound=InsurerError)


async def refusal(asked: Awaitable[object], kind: type[Refusal]) -> Refusal:
    """Answer the error of *kind* by which *asked* ends, or fail."""
    try:
        answer = await asked
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was promised, and the answer was a {type(answer).__name__}")


Word = TypeVar("Word", bound=Struct)


def stored(value: Word) -> Word:
    """Answer *value* after it was written down and read back, which checks every type in it."""
    return msgspec.json.decode(msgspec.json.encode(value), type=type(value))


def moments(value: object) -> Iterator[datetime]:
    """Find every time in *value*, however deep."""
    match value:
        case datetime():
            yield value
        case Struct():
            for name in value.__struct_fields__:
                yield from moments(getattr(value, name))
        case Mapping():
            for part in value.values():
                yield from moments(part)
        case tuple() | list():
            for part in value:
                yield from moments(part)


def check_covers(covers: Sequence[Coverage]) -> None:
    """Check what a comparison relies on."""
    assert [] == [
        kind for kind, times in Counter(cover.kind for cover in covers).items() if times > 1 and kind in SINGLE
    ]
    for cover in covers:
        assert cover.insurer_label
        if cover.options:
            assert 1 == sum(option.selected for option in cover.options), cover.insurer_label
            assert len(cover.options) == len({option.value for option in cover.options})
        assert (cover.variant is None) == (cover.insurer_variant is None), cover.insurer_label
        assert bool(cover.perils) == (cover.kind is CoverageKind.OWN_DAMAGE and cover.included)
        assert len(cover.perils) == len({part.peril for part in cover.perils})
        if cover.limit is not None:
            assert cover.limit.amount is not None or cover.limit.kind is not LimitKind.AMOUNT
            assert cover.limit.amount is None or cover.limit.kind in (LimitKind.AMOUNT, LimitKind.ACTUAL_VALUE)


async def _quote(insurer: Insurer, access: Access, query: PlanQuery) -> Plan:
    (plan,) = await insurer.plans(access, query)
    return plan


async def _registered(insurer: Insurer, method: str, applicant: Applicant) -> object:
    return await insurer.begin_registration(method, applicant)


def _first_changes(plan: Plan) -> list[CoverageChange]:
    """One change for each cover that has a choice."""
    return [
        CoverageChange(kind=cover.kind, option=others[0])
        for cover in plan.coverages
        if (others := [option.value for option in cover.options if not option.selected])
    ]


def _selected(plan: Plan, kind: CoverageKind) -> str:
    return next(o.value for cover in plan.coverages if cover.kind is kind for o in cover.options if o.selected)


def _one_yen_less(plan: Plan) -> Plan:
    premium = msgspec.structs.replace(plan.premium, total=plan.premium.total - Yen(1))
    return msgspec.structs.replace(plan, premium=premium)


def _after_sending(script: Script) -> tuple[Step, ...]:
    sending = next(position for position, step in enumerate(script) if step.sends)
    return script.steps[sending + 1 :]


def _sensitive(need: Requirement) -> bool:
    return isinstance(need, Field) and (need.sensitive or need.input is InputKind.PASSWORD)


def _binds(need: Requirement, to: Binds) -> bool:
    return isinstance(need, Confirmation) and to in need.binds


def _repeated(script: Script) -> list[str]:
    steps = Counter(step.key for step in script)
    needs = Counter(need.key for step in script for need in step.requirements)
    return [key for counted in (steps, needs) for key, times in counted.items() if times > 1]
