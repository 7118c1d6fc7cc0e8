"""The promises about an insurer's card."""

import re
from datetime import timedelta

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.capability import Capability, Level
from insurers.conformance_proof import refusal
from insurers.conformance_script import repeated, sensitive
from insurers.errors import NotOffered
from insurers.identity import PolicyNumber
from insurers.script import Script, Step

# An application of which nobody knows longer than this is for people to ask about, not for a clock.
SETTLES_AT_MOST = timedelta(hours=1)


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
            asking = {step.key for step in method.script if any(sensitive(need) for need in step.requirements)}

            assert set() == asking - allowed

    def test_registration_keys_are_unique(self, insurer: Insurer) -> None:
        for method in insurer.manifest.registration_methods:
            assert [] == repeated(method.script)

    async def test_what_it_does_not_do_is_not_offered(self, insurer: Insurer) -> None:
        nobody = Access(insurer=insurer.manifest.code, secret=b"")
        if insurer.manifest.level(Capability.CLAIM_STATUS) is Level.NONE:
            await refusal(insurer.claims(nobody), NotOffered)

    def test_a_not_found_is_proof_within_the_hour(self, insurer: Insurer) -> None:
        assert timedelta(0) < insurer.manifest.settles_within <= SETTLES_AT_MOST


def _after_sending(script: Script) -> tuple[Step, ...]:
    sending = next(position for position, step in enumerate(script) if step.sends)
    return script.steps[sending + 1 :]
