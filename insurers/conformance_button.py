"""The promises about the one call that is for good, and about finding out what became of it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import msgspec

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance_proof import refusal
from insurers.conformance_rehearsal import one_yen_less
from insurers.conformance_world import ANOTHER_KEY, KEY, Moment, Trouble, Wait
from insurers.document import Document
from insurers.errors import Changed, Drifted, Duplicate, ErrorCode, Unavailable, Unconfirmed
from insurers.identity import PolicyNumber
from insurers.renewal import Draft
from insurers.sandbox import Fault

# Where an insurer does not say when it ends an idle session, this is long enough.
IDLE = timedelta(hours=1)

# More often than any adapter asks again.
ALWAYS = 10


class Applying:
    """
    From a proposal to the next term. Fixtures: `insurer`, `access`, `known`, `draft`, `trouble`; `another`,
    a second adapter to the same insurer; `wait`. Each test needs a world of its own.
    """

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
        agreed = msgspec.structs.replace(proposal, plan=one_yen_less(proposal.plan))

        await refusal(insurer.apply(access, agreed, KEY), Changed)

        assert await insurer.outcome(access, proposal, KEY) is None

    async def test_nothing_is_signed_when_a_document_or_the_consent_is_another_than_was_agreed_to(
        self, insurer: Insurer, access: Access, draft: Draft, known: PolicyNumber
    ) -> None:
        proposal = await insurer.rehearse(access, draft)
        older = _moved(proposal.documents)

        for agreed in (
            msgspec.structs.replace(proposal, documents=older),
            msgspec.structs.replace(proposal, documents=older, draft=msgspec.structs.replace(draft, documents=older)),
            msgspec.structs.replace(proposal, statement=f"{proposal.statement}。"),
        ):
            error = await refusal(insurer.apply(access, agreed, KEY), Changed)

            assert ErrorCode.DOCUMENT_CHANGED is error.code
        assert await insurer.outcome(access, proposal, KEY) is None
        assert (await insurer.policies(access, [known]))[known].successor is None

    async def test_an_answer_that_was_lost_is_found_by_asking_what_became_of_it(
        self,
        insurer: Insurer,
        another: Insurer,
        access: Access,
        draft: Draft,
        known: PolicyNumber,
        trouble: Trouble,
        wait: Wait,
    ) -> None:
        proposal = await insurer.rehearse(access, draft)
        await trouble(Moment.APPLY, Fault.SILENCE)

        await refusal(insurer.apply(access, proposal, KEY), Unconfirmed)
        await wait(insurer.manifest.settles_within)

        found = await another.outcome(access, proposal, KEY)
        assert found
        assert found == (await another.policies(access, [known]))[known].successor

    async def test_an_application_that_was_lost_is_absent_once_it_has_settled(
        self, insurer: Insurer, another: Insurer, access: Access, draft: Draft, trouble: Trouble, wait: Wait
    ) -> None:
        proposal = await insurer.rehearse(access, draft)
        await trouble(Moment.APPLY, Fault.LOST)

        await refusal(insurer.apply(access, proposal, KEY), Unconfirmed)
        await wait(insurer.manifest.settles_within)

        assert await another.outcome(access, proposal, KEY) is None
        successor = await another.apply(access, proposal, ANOTHER_KEY)
        assert successor == await insurer.outcome(access, proposal, ANOTHER_KEY)

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

    async def test_silence_before_the_button_leaves_no_doubt(
        self, insurer: Insurer, another: Insurer, access: Access, draft: Draft, trouble: Trouble
    ) -> None:
        proposal = await insurer.rehearse(access, draft)
        await trouble(Moment.WALK, Fault.SILENCE, times=ALWAYS)

        await refusal(another.apply(access, proposal, KEY), Unavailable)

        assert await insurer.outcome(access, proposal, KEY) is None

    async def test_a_busy_insurer_before_the_button_leaves_no_doubt(
        self, insurer: Insurer, another: Insurer, access: Access, draft: Draft, trouble: Trouble
    ) -> None:
        proposal = await insurer.rehearse(access, draft)
        await trouble(Moment.WALK, Fault.BUSY, times=ALWAYS)

        await refusal(another.apply(access, proposal, KEY), Unavailable)

        assert await insurer.outcome(access, proposal, KEY) is None

    async def test_gibberish_before_the_button_leaves_no_doubt(
        self, insurer: Insurer, another: Insurer, access: Access, draft: Draft, trouble: Trouble
    ) -> None:
        proposal = await insurer.rehearse(access, draft)
        await trouble(Moment.WALK, Fault.GIBBERISH, times=ALWAYS)

        await refusal(another.apply(access, proposal, KEY), Drifted)

        assert await insurer.outcome(access, proposal, KEY) is None

    async def test_an_access_outlives_the_insurers_session(
        self, insurer: Insurer, another: Insurer, access: Access, draft: Draft, wait: Wait
    ) -> None:
        """What was rehearsed is replayed into a session of its own, without the customer."""
        proposal = await insurer.rehearse(access, draft)
        idle = insurer.manifest.portal.idle_timeout_minutes
        await wait(timedelta(minutes=idle) if idle else IDLE)

        again = await insurer.rehearse(access, draft)

        assert proposal.fingerprint == again.fingerprint
        assert str(await another.apply(access, proposal, KEY))


def _moved(documents: Sequence[Document]) -> tuple[Document, ...]:
    return tuple(msgspec.structs.replace(document, sha256="0" * 64) for document in documents)
