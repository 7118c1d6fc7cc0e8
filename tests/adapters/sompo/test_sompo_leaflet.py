"""What the leaflets say around registering: how long it takes, where it leads, and whom to ask."""

from datetime import datetime

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.advice import advise
from insurers.capability import Capability
from insurers.hours import Openness
from insurers.identity import PolicyNumber
from insurers.sandbox import TOKYO
from insurers.sompo.desk import CONCURRENT_REQUESTS
from insurers.sompo.sandbox import AT_ONCE


def test_registering_takes_about_five_minutes(insurer: Insurer) -> None:
    method = insurer.manifest.method("provisional")

    assert method is not None
    assert 5 == method.estimated_minutes


def test_who_is_not_registered_is_told_to_register_first(insurer: Insurer) -> None:
    advice = advise(insurer.manifest.registration_methods, frozenset())

    assert advice.way is not None
    assert "provisional" == advice.way.method.key
    assert advice.way.why.ja


def test_card_registration_is_told_to_be_elsewhere(insurer: Insurer) -> None:
    notes = [note.ja for note in insurer.manifest.portal.preparation]

    assert [True] == ["取り扱っていません" in note for note in notes if "クレジットカードの登録" in note]


async def test_there_is_the_chat_to_ask_and_the_agency_of_each_contract(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    assert any("AIチャット" in contact.label.ja for contact in insurer.manifest.contacts)

    policy = (await insurer.policies(access, [known]))[known]

    assert policy.agency is not None
    assert policy.agency.contact.phone


def test_renewing_is_said_to_take_about_ten_minutes(insurer: Insurer) -> None:
    assert any("約10分" in note.ja for note in insurer.manifest.portal.preparation)


def test_a_renewal_may_be_applied_for_at_any_hour_of_the_year(insurer: Insurer) -> None:
    """SJ-HRS-01. At 03:00 on New Year's Day as well."""
    hours = insurer.manifest.hours[Capability.RENEWAL]

    assert Openness.OPEN is hours.openness(datetime(2027, 1, 1, 3, 0, tzinfo=TOKYO))
    assert ["SJ-HRS-01"] == [service.source for service in hours.services]


def test_orders_leave_places_to_those_who_only_read(insurer: Insurer) -> None:
    assert 2 * insurer.manifest.journeys_at_once == CONCURRENT_REQUESTS < AT_ONCE


async def test_the_list_of_contracts_is_an_entry_to_the_renewal(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    everything = await insurer.policies(access)
    offers = await insurer.renewal_offers(access, list(everything))

    assert set(everything) == set(offers)
    assert offers[known].online
