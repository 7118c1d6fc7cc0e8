"""Reading an account, end to end over a real socket."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import datetime, timedelta

import pytest

from insurers.account import Access, Credentials
from insurers.adapter import Insurer
from insurers.capability import Capability
from insurers.coverage import CoverageChange, CoverageKind, Covered, Peril
from insurers.errors import AccessDenied, Drifted, Duplicate, ErrorCode, NotOnline, Rejected, Unavailable
from insurers.hours import Openness
from insurers.http import InsurerHTTP, Patience, session
from insurers.identity import PlanCode, PolicyNumber, SuccessorNumber
from insurers.money import Yen
from insurers.plan import PlanQuery
from insurers.policy import RenewabilityCode
from insurers.sandbox import TOKYO, Address, Fault, TestClock
from insurers.sompo import MANIFEST, connect
from insurers.sompo.adapter import Sompo
from insurers.sompo.desk import CONCURRENT_REQUESTS
from tests.adapters.sompo.conftest import Control, Order, SignIn

MINUTE_SECONDS = 60.0


def number(text: str) -> PolicyNumber:
    return PolicyNumber.parse(text)


async def test_a_hundred_numbers_are_two_look_ups_in_one_session(
    insurer: Insurer, access: Access, known: PolicyNumber, requests: Counter[str]
) -> None:
    requests.clear()

    found = await insurer.policies(access, [known, *(number(f"Z{n:09}") for n in range(99))])

    assert {known} == set(found)
    assert {"POST /keiyaku/syokai": 2} == dict(requests)


async def test_what_cannot_be_a_number_of_the_insurer_spoils_nothing(
    insurer: Insurer, access: Access, known: PolicyNumber, requests: Counter[str]
) -> None:
    requests.clear()

    assert {} == await insurer.policies(access, [number("0123456789"), number("X")])
    assert {} == dict(requests)
    assert {known} == set(await insurer.policies(access, [number("0123456789"), known]))


async def test_a_policy_reads_as_its_certificate(insurer: Insurer, access: Access, known: PolicyNumber) -> None:
    policy = (await insurer.policies(access, [known]))[known]

    assert datetime(2027, 1, 4, 16, 0, tzinfo=TOKYO) == policy.ends_at
    assert policy.vehicle
    assert "横浜 501 さ 56-78" == policy.vehicle.plate
    assert policy.grade
    assert (15, 0) == (policy.grade.grade, policy.grade.accident_term)
    assert policy.agency
    assert "S1001" == policy.agency.code
    assert policy.premium
    assert 12 == len(policy.premium.instalments)
    assert policy.premium.total == sum((part.amount for part in policy.premium.instalments), Yen(0))


async def test_own_damage_of_two_types_differs_in_its_perils(insurer: Insurer, access: Access) -> None:
    perils = {
        str(found): {part.peril: part.covered for cover in policy.coverages for part in cover.perils}
        for found, policy in (await insurer.policies(access)).items()
    }

    full, limited = perils["A123456789"], perils["A123456790"]
    assert {Covered.YES} == set(full.values())
    assert Covered.CONDITIONAL is limited[Peril.COLLISION_WITH_CAR]
    assert Covered.NO is limited[Peril.COLLISION_UNIDENTIFIED]
    assert Covered.YES is limited[Peril.FLYING_OBJECT]


async def test_the_rider_is_shown_on_the_policy(insurer: Insurer, sign_in: SignIn) -> None:
    access = await sign_in("sj_auto_renewal_rider")

    policies = await insurer.policies(access)
    offers = await insurer.renewal_offers(access, [number("C800000001"), number("C800000002")])

    assert policies[number("C800000001")].auto_renewal is True
    assert offers[number("C800000001")].online is True
    renewed = offers[number("C800000002")]
    assert [RenewabilityCode.AUTO_RENEWAL_ACTIVE] == [reason.code for reason in renewed.reasons]
    assert renewed.successor


@pytest.mark.parametrize(
    ("name", "contract", "code"),
    [
        ("any_corporate_policyholder", "C500000001", RenewabilityCode.CORPORATE_POLICYHOLDER),
        ("any_already_renewed", "C110000001", RenewabilityCode.ALREADY_RENEWED),
    ],
)
async def test_an_offer_says_why_it_is_not_online(
    insurer: Insurer, sign_in: SignIn, name: str, contract: str, code: RenewabilityCode
) -> None:
    offer = (await insurer.renewal_offers(await sign_in(name), [number(contract)]))[number(contract)]

    assert [code] == [reason.code for reason in offer.reasons]
    assert offer.reasons[0].contact


async def test_a_policy_that_is_renewed_knows_its_successor(insurer: Insurer, sign_in: SignIn) -> None:
    access = await sign_in("any_already_renewed")

    found = (await insurer.policies(access, [number("C110000001")]))[number("C110000001")]

    assert SuccessorNumber("S600000011") == found.successor


async def test_an_edit_changes_the_price_and_a_reset_restores_it(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    plan = (await insurer.plans(access, PlanQuery(number=known)))[0]
    wish = CoverageChange(kind=CoverageKind.OWN_DAMAGE, option="21")

    (edited,) = await insurer.plans(access, PlanQuery(number=known, plan=plan.code, changes=(wish,)))
    (reset,) = await insurer.plans(access, PlanQuery(number=known, plan=plan.code))

    assert edited.premium.total < plan.premium.total
    assert (wish,) == edited.changes
    assert plan.fingerprint == reset.fingerprint


@pytest.mark.parametrize(
    ("plan", "kind", "option"),
    [
        ("01", CoverageKind.OWN_DAMAGE, "99"),
        ("01", CoverageKind.OWN_DAMAGE, "１１"),
        ("01", CoverageKind.OTHER, "01"),
        ("77", CoverageKind.OWN_DAMAGE, "11"),
        ("plan", CoverageKind.OWN_DAMAGE, "11"),
        (None, CoverageKind.OWN_DAMAGE, "11"),
    ],
)
async def test_what_is_not_offered_is_refused(
    insurer: Insurer, access: Access, known: PolicyNumber, plan: str | None, kind: CoverageKind, option: str
) -> None:
    wish = CoverageChange(kind=kind, option=option)
    query = PlanQuery(number=known, plan=PlanCode(plan) if plan else None, changes=(wish,))

    with pytest.raises(Rejected) as refused:
        await insurer.plans(access, query)

    assert ErrorCode.PLAN_NOT_OFFERED is refused.value.code


@pytest.mark.parametrize(
    ("name", "contract", "kind", "code"),
    [
        ("any_corporate_policyholder", "C500000001", NotOnline, ErrorCode.REFERRED_TO_AGENCY),
        ("any_already_renewed", "C110000001", Duplicate, ErrorCode.RENEWAL_ALREADY_SUBMITTED),
        ("sj_auto_renewal_rider", "C800000002", Duplicate, ErrorCode.AUTO_RENEWAL_ACTIVE),
        ("sj_otp", "A123456789", Rejected, ErrorCode.CONTRACT_NOT_ELIGIBLE),
    ],
)
async def test_what_cannot_be_renewed_is_neither_quoted_nor_scripted(
    insurer: Insurer, sign_in: SignIn, name: str, contract: str, kind: type[Rejected], code: ErrorCode
) -> None:
    access = await sign_in(name)

    for asked in (insurer.plans(access, PlanQuery(number=number(contract))), insurer.script(access, number(contract))):
        with pytest.raises(kind) as refused:
            await asked
        assert code is refused.value.code


async def test_a_contract_that_is_not_open_yet_says_so(insurer: Insurer, access: Access) -> None:
    with pytest.raises(NotOnline) as refused:
        await insurer.plans(access, PlanQuery(number=number("A123456790")))

    assert RenewabilityCode.TOO_EARLY is refused.value.reason.code


async def test_a_dead_session_is_opened_again_once(
    insurer: Insurer, access: Access, clock: TestClock, requests: Counter[str]
) -> None:
    await insurer.policies(access)
    clock.advance(timedelta(minutes=31))
    requests.clear()

    assert 2 == len(await insurer.policies(access))

    assert {"POST /keiyaku/syokai": 2, "POST /login/tanmatu": 1} == dict(requests)


async def test_callers_at_once_share_one_sign_in(
    insurer: Insurer, access: Access, clock: TestClock, requests: Counter[str]
) -> None:
    clock.advance(timedelta(minutes=31))
    requests.clear()

    found = await asyncio.gather(*(insurer.policies(access) for _ in range(4)))

    assert [2] * 4 == [len(policies) for policies in found]
    assert 1 == requests["POST /login/tanmatu"]


async def test_a_device_key_that_was_forgotten_is_denied(insurer: Insurer, access: Access, clock: TestClock) -> None:
    clock.advance(timedelta(days=366))

    with pytest.raises(AccessDenied):
        await insurer.policies(access)


async def test_more_callers_than_the_insurer_takes_wait_for_their_turn(
    address: Address, access: Access, clock: TestClock
) -> None:
    async with session(connections=CONCURRENT_REQUESTS) as client:
        # How long a turn takes is the machine's affair.
        patience = Patience(read=MINUTE_SECONDS, queue=MINUTE_SECONDS)
        http = InsurerHTTP(MANIFEST.code, client, address.url, concurrent=CONCURRENT_REQUESTS, patience=patience)
        insurer = Sompo(MANIFEST, http, http, clock)

        found = await asyncio.gather(*(insurer.policies(access) for _ in range(2 * CONCURRENT_REQUESTS + 1)))

    assert {2} == {len(policies) for policies in found}


async def test_gibberish_on_any_read_has_drifted(
    insurer: Insurer, access: Access, known: PolicyNumber, plan_fault: Order
) -> None:
    reads: dict[str, Awaitable[object]] = {
        "/koukai/itiran": insurer.renewal_offers(access, [known]),
        "/koukai/sisan": insurer.plans(access, PlanQuery(number=known)),
        "/koukai/tejyun": insurer.script(access, known),
    }
    for path, read in reads.items():
        plan_fault(path, Fault.GIBBERISH)

        with pytest.raises(Drifted):
            await read


async def test_a_session_that_cannot_be_opened_is_unavailable(
    insurer: Insurer, access: Access, clock: TestClock, plan_fault: Order
) -> None:
    clock.advance(timedelta(minutes=31))
    plan_fault("/login/tanmatu", Fault.BUSY, times=2)

    with pytest.raises(Unavailable):
        await insurer.policies(access)


async def test_a_certificate_is_a_document_with_its_title(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    listed = (await insurer.policies(access, [known]))[known].documents[0]

    file = await insurer.document(access, known, listed.id)

    assert (listed.title, listed.sha256) == (file.document.title, file.document.sha256)
    assert file.content.startswith(b"%PDF")


async def test_an_edition_that_was_revised_can_still_be_read(
    insurer: Insurer, access: Access, known: PolicyNumber, control: Control
) -> None:
    script = await insurer.script(access, known)
    read = next(document for document in script.documents() if document.title == "重要事項等説明書")
    await control("important-matters")

    file = await insurer.document(access, known, read.id)

    assert read.sha256 == file.document.sha256


async def test_somebody_elses_document_does_not_exist(
    insurer: Insurer, access: Access, sign_in: SignIn, known: PolicyNumber
) -> None:
    certificate = (await insurer.policies(access, [known]))[known].documents[0]
    other = await sign_in("sj_otp")

    with pytest.raises(Rejected):
        await insurer.document(other, number("C100000001"), certificate.id)


async def test_the_operator_says_where_the_insurer_is(
    address: Address, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TABANE_SOMPO_BASE_URL", address.url)

    async with connect(clock=clock) as insurer:
        with pytest.raises(Rejected):
            await insurer.sign_in(Credentials(user_id="nobody@example.jp", password="Mihon2027"))


async def test_an_insurer_without_an_address_is_not_connected(
    clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TABANE_SOMPO_BASE_URL", raising=False)

    with pytest.raises(ValueError):
        async with connect(clock=clock):
            pass


def test_the_insurer_is_open_all_day_and_all_year() -> None:
    new_years_day = datetime(2027, 1, 1, 3, 0, tzinfo=TOKYO)

    assert {Openness.OPEN} == {hours.openness(new_years_day) for hours in MANIFEST.hours.values()}
    assert "SJ-HRS-01" == MANIFEST.hours[Capability.RENEWAL].services[0].source
