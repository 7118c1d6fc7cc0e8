"""The promises about whether, when and by whom a policy is renewed."""

from collections.abc import Sequence

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance_proof import AGENCY_ONLY, TOKYO_OFFSET, for_the_agency, moments, refusal
from insurers.errors import NotOnline
from insurers.identity import PolicyNumber
from insurers.plan import PlanQuery


class Offering:
    """
    When a policy renews, and whom to ask where it does not. Fixtures: `insurer`, `access`; `neighbours`,
    accesses to other accounts: one with a policy that only its agency can renew and, where the
    insurer has riders, one with a rider.
    """

    async def test_the_times_of_an_offer_are_in_order(
        self, insurer: Insurer, access: Access, neighbours: Sequence[Access]
    ) -> None:
        for each in (access, *neighbours):
            policies = await insurer.policies(each)
            for number, offer in (await insurer.renewal_offers(each, list(policies))).items():
                maturity = policies[number].ends_at
                opens, closes = offer.opens_at or offer.closes_at or maturity, offer.closes_at or maturity

                assert {TOKYO_OFFSET} >= {moment.utcoffset() for moment in moments(offer)}, number
                assert opens <= closes <= maturity, number
                assert (offer.decline_by or maturity) <= maturity, number
                assert offer.late_until is None or maturity < offer.late_until, number
                # What has a next term can neither be declined any more nor come late.
                assert offer.successor is None or (offer.decline_by, offer.late_until) == (None, None), number

    async def test_whoever_is_sent_to_an_agency_is_told_which(
        self, insurer: Insurer, access: Access, neighbours: Sequence[Access]
    ) -> None:
        referred: list[tuple[Access, PolicyNumber]] = []
        for each in (access, *neighbours):
            for number, offer in (await insurer.renewal_offers(each, list(await insurer.policies(each)))).items():
                reasons = [reason for reason in offer.reasons if for_the_agency(reason)]
                referred += [(each, number)] if any(reason.code in AGENCY_ONLY for reason in reasons) else []

                assert [] == [reason.code for reason in reasons if reason.contact is None], number

        assert referred
        for each, number in referred:
            query = PlanQuery(number=number)
            told = [
                (await refusal(insurer.script(each, number), NotOnline)).reason,
                (await refusal(insurer.plans(each, query), NotOnline)).reason,
            ]

            assert [] == [reason.code for reason in told if not (for_the_agency(reason) and reason.contact)], number
