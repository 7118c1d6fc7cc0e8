"""The promises about reading an account, and about opening one."""

from collections.abc import Sequence

from insurers.account import Access
from insurers.adapter import Applicant, Insurer
from insurers.answers import NO, YES
from insurers.conformance_proof import TOKYO_OFFSET, check_covers, moments, refusal, stored
from insurers.conformance_world import Moment, Trouble
from insurers.errors import AccessDenied, Drifted, ErrorCode, Mismatch, NotOffered, Unavailable
from insurers.exchange import Exchange
from insurers.identity import PolicyNumber
from insurers.plan import PlanQuery
from insurers.policy import PolicyStatus
from insurers.sandbox import Fault


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


async def _registered(insurer: Insurer, method: str, applicant: Applicant) -> object:
    return await insurer.begin_registration(method, applicant)
