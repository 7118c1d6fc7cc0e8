"""The promises about the walk to the button, which may be taken as often as one likes."""

from contextlib import suppress

import msgspec

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance_draft import leading_away, other_conditions, referrals
from insurers.conformance_plans import quote
from insurers.conformance_proof import refusal, stored
from insurers.conformance_world import KEY
from insurers.errors import Changed, ErrorCode, NotOnline, Rejected
from insurers.identity import PolicyNumber
from insurers.money import Yen
from insurers.plan import Plan, PlanQuery, PremiumNature
from insurers.renewal import Draft
from insurers.script import Script


class Rehearsing:
    """
    From the draft to a proposal. Fixtures: `insurer`, `access`, `known`; `draft`, a complete one for
    `known`, such as `complete` makes.
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
        quoted_for_less = msgspec.structs.replace(draft, plan=one_yen_less(draft.plan))

        error = await refusal(insurer.rehearse(access, quoted_for_less), Changed)

        assert ErrorCode.PREMIUM_CHANGED is error.code

    async def test_another_document_than_read_is_told_before_the_button(
        self, insurer: Insurer, access: Access, draft: Draft
    ) -> None:
        older = tuple(msgspec.structs.replace(document, sha256="0" * 64) for document in draft.documents)

        error = await refusal(insurer.rehearse(access, msgspec.structs.replace(draft, documents=older)), Changed)

        assert ErrorCode.DOCUMENT_CHANGED is error.code

    async def test_a_corrected_condition_is_rehearsed_at_the_price_that_was_quoted_for_it(
        self, insurer: Insurer, access: Access, draft: Draft
    ) -> None:
        script = await insurer.script(access, draft.number)
        if any(other_conditions(script)):
            corrected = await _corrected(insurer, access, draft, script)
            unquoted = msgspec.structs.replace(corrected, plan=draft.plan)

            assert corrected.plan.fingerprint == (await insurer.rehearse(access, corrected)).plan.fingerprint
            assert ErrorCode.PREMIUM_CHANGED is (await refusal(insurer.rehearse(access, unquoted), Changed)).code

    async def test_an_answer_for_the_agency_is_referred_to_it(
        self, insurer: Insurer, access: Access, draft: Draft
    ) -> None:
        proposal = await insurer.rehearse(access, draft)

        for field, referral in referrals(await insurer.script(access, draft.number)):
            declared = msgspec.structs.replace(draft, values={**draft.values, field.key: leading_away(field, referral)})
            agreed = msgspec.structs.replace(proposal, draft=declared)

            rehearsed = (await refusal(insurer.rehearse(access, declared), NotOnline)).reason
            applied = (await refusal(insurer.apply(access, agreed, KEY), NotOnline)).reason

            assert rehearsed == applied, field.key
            assert (referral.code, referral.contact) == (applied.code, applied.contact), field.key


async def _corrected(insurer: Insurer, access: Access, draft: Draft, script: Script) -> Draft:
    """Answer *draft* with the first condition that has another price, at that price."""
    for condition in other_conditions(script):
        with suppress(Rejected):
            plan = await quote(
                insurer, access, PlanQuery(number=draft.number, plan=draft.plan.code, conditions=condition)
            )
            if plan.fingerprint != draft.plan.fingerprint:
                return msgspec.structs.replace(draft, plan=plan, values={**draft.values, **condition})
    raise AssertionError("no condition that can be picked has a price of its own")


def one_yen_less(plan: Plan) -> Plan:
    premium = msgspec.structs.replace(plan.premium, total=plan.premium.total - Yen(1))
    return msgspec.structs.replace(plan, premium=premium)
