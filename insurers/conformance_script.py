"""The promises about what a renewal asks."""

import hashlib
from collections import Counter

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance_proof import refusal, stored
from insurers.errors import Rejected
from insurers.identity import PolicyNumber
from insurers.script import Binds, Confirmation, Field, InputKind, PlanChoice, Requirement, Script, StepKind


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

        assert 1 == sum(binds(need, Binds.REVIEW) for step in script for need in step.requirements)

    async def test_a_script_can_be_stored_and_asked_again(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        script = await insurer.script(access, known)

        assert script == stored(script)
        assert script == await insurer.script(access, known)

    async def test_keys_are_unique(self, insurer: Insurer, access: Access, known: PolicyNumber) -> None:
        assert [] == repeated(await insurer.script(access, known))

    async def test_a_plan_is_chosen_once(self, insurer: Insurer, access: Access, known: PolicyNumber) -> None:
        script = await insurer.script(access, known)

        assert 1 == sum(isinstance(need, PlanChoice) for step in script for need in step.requirements)

    async def test_a_renewal_asks_for_nothing_sensitive_and_is_not_sent_by_a_step(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        for step in await insurer.script(access, known):
            assert not step.sends
            assert [] == [need.key for need in step.requirements if sensitive(need)]

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

    async def test_every_referral_names_whom_to_ask(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        fields = [
            need
            for step in await insurer.script(access, known)
            for need in step.requirements
            if isinstance(need, Field)
        ]

        assert [] == [field.key for field in fields for referral in field.refers if referral.contact is None]


def sensitive(need: Requirement) -> bool:
    return isinstance(need, Field) and (need.sensitive or need.input is InputKind.PASSWORD)


def binds(need: Requirement, to: Binds) -> bool:
    return isinstance(need, Confirmation) and to in need.binds


def repeated(script: Script) -> list[str]:
    steps = Counter(step.key for step in script)
    needs = Counter(need.key for step in script for need in step.requirements)
    return [key for counted in (steps, needs) for key, times in counted.items() if times > 1]
