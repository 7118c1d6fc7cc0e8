"""The conditions common to all plans: shown, corrected online where they may be, and held to (MS-REN-03, MS-SCP-02)."""

from collections import Counter
from collections.abc import Callable, Mapping
from uuid import UUID

import msgspec
import pytest

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance import complete
from insurers.coverage import CoverageChange, CoverageKind
from insurers.errors import Changed, Drifted, ErrorCode, Rejected
from insurers.identity import PlanCode, PolicyNumber
from insurers.mitsui_sumitomo.sandbox import conditions_stage, records
from insurers.mitsui_sumitomo.sandbox.contracts import Conditions
from insurers.plan import Plan, PlanQuery
from insurers.renewal import Draft
from insurers.script import Field, InputKind
from insurers.vehicle import DriverLimitation, LicenceColour, UsePurpose

KEYS = ["driver_limitation", "age_condition", "youngest_driver_birth_date", "licence_colour", "use_purpose"]

# What sandbox's taro shows, and what differs from it.
AS_SHOWN = {
    "driver_limitation": "FUFU",
    "age_condition": "35SAI",
    "youngest_driver_birth_date": "1975-01-01",
    "licence_colour": "GOLD",
    "use_purpose": "NICHIJO_LEISURE",
}
CORRECTED = {"driver_limitation": "KAZOKU", "licence_colour": "BLUE", "use_purpose": "TSUKIN_TSUGAKU"}


async def quoted(insurer: Insurer, access: Access, known: PolicyNumber, said: Mapping[str, str]) -> Plan:
    return (await insurer.plans(access, PlanQuery(number=known, conditions=said)))[0]


async def drafted(insurer: Insurer, access: Access, known: PolicyNumber, plan: Plan, said: Mapping[str, str]) -> Draft:
    draft = complete(known, plan, await insurer.script(access, known))
    return msgspec.structs.replace(draft, values={**draft.values, **said})


async def test_each_condition_can_be_corrected_and_stands_as_shown_until_then(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    step = (await insurer.script(access, known)).step("common_conditions")
    fields = [need for need in step.requirements if isinstance(need, Field) and need.reprices]

    assert KEYS == [field.key for field in fields]
    assert AS_SHOWN == {field.key: field.suggested for field in fields}
    assert not any(field.required for field in fields)
    assert [InputKind.DATE] == [field.input for field in fields if not field.options]
    gold = next(option for option in fields[3].options if option.value == "GOLD")
    assert ("ゴールド", "Gold") == (gold.label.ja, gold.label.en)


async def test_what_can_be_changed_online_says_so_and_nothing_else_does(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    script = await insurer.script(access, known)
    first = {fact.key: fact.changeable_online for fact in script.step("common_conditions").facts}
    last = script.step("final_review").facts

    assert KEYS == [key for key, changeable in first.items() if changeable]
    assert {"policyholder", "named_insured", "vehicle_owner", "vehicle", "plate"} <= set(first) - set(KEYS)
    said = {fact.key: fact.label.ja for fact in script.step("common_conditions").facts}
    assert "記名被保険者（ご契約のお車を主に使用される方）" == said["named_insured"]
    assert "車両所有者（ご契約のお車の所有者）" == said["vehicle_owner"]
    # What may have been corrected since is not shown again as it stood.
    assert [] == [fact.key for fact in last if fact.key in KEYS or fact.changeable_online]


async def test_conditions_as_shown_change_nothing(
    insurer: Insurer, access: Access, known: PolicyNumber, requests: Callable[[], Counter[str]]
) -> None:
    plain = await quoted(insurer, access, known, {})
    same = await quoted(insurer, access, known, AS_SHOWN)

    assert plain.fingerprint == same.fingerprint
    assert 0 == requests()["POST /eg1/kyotsu-joken"]


async def test_every_plan_is_priced_by_what_was_corrected(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    before = await insurer.plans(access, PlanQuery(number=known))
    after = await insurer.plans(access, PlanQuery(number=known, conditions=CORRECTED))
    wish = CoverageChange(kind=CoverageKind.RENTAL_CAR, option="RENTAL:7000")
    (edited,) = await insurer.plans(
        access, PlanQuery(number=known, plan=PlanCode("1"), changes=(wish,), conditions=CORRECTED)
    )

    assert all(old.premium.total < new.premium.total for old, new in zip(before, after, strict=True))
    assert (wish,) == edited.changes
    assert after[0].premium.total < edited.premium.total


async def test_corrected_conditions_are_signed(insurer: Insurer, access: Access, known: PolicyNumber) -> None:
    plan = await quoted(insurer, access, known, CORRECTED)
    proposal = await insurer.rehearse(access, await drafted(insurer, access, known, plan, CORRECTED))
    as_it_stands = await insurer.rehearse(
        access, await drafted(insurer, access, known, await quoted(insurer, access, known, {}), {})
    )

    successor = await insurer.apply(access, proposal, UUID(int=9))
    signed = (await insurer.policies(access))[PolicyNumber.parse(str(successor))]

    assert proposal.fingerprint != as_it_stands.fingerprint
    assert signed.premium is not None
    assert signed.driver_scope is not None
    assert signed.vehicle is not None
    assert plan.premium.total == proposal.plan.premium.total == signed.premium.total
    assert DriverLimitation.FAMILY is signed.driver_scope.limitation
    assert LicenceColour.BLUE is signed.driver_scope.licence_colour
    assert UsePurpose.COMMUTE_SCHOOL is signed.vehicle.use


async def test_a_price_of_other_conditions_is_not_signed(insurer: Insurer, access: Access, known: PolicyNumber) -> None:
    stale = await quoted(insurer, access, known, {})

    with pytest.raises(Changed) as refused:
        await insurer.rehearse(access, await drafted(insurer, access, known, stale, CORRECTED))

    assert ErrorCode.PREMIUM_CHANGED is refused.value.code


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"youngest_driver_birth_date": "2005-05-05"}, "年令条件の相違"),
        ({"age_condition": "18SAI"}, "選択肢なし"),
        ({"youngest_driver_birth_date": "2030-01-01"}, "選択肢なし"),
    ],
)
async def test_conditions_that_cannot_be_are_refused_in_the_insurers_words(
    insurer: Insurer, access: Access, known: PolicyNumber, said: dict[str, str], words: str
) -> None:
    with pytest.raises(Rejected) as refused:
        await quoted(insurer, access, known, said)

    assert (ErrorCode.INPUT_REFUSED, words) == (refused.value.code, refused.value.words)


async def test_an_insurer_that_does_not_hear_a_correction_is_not_understood(
    insurer: Insurer, access: Access, known: PolicyNumber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conditions_stage, "_changed", lambda present, *_: present)

    with pytest.raises(Drifted):
        await quoted(insurer, access, known, CORRECTED)


async def test_a_last_screen_with_other_conditions_than_were_confirmed_is_not_confirmed(
    insurer: Insurer,
    access: Access,
    known: PolicyNumber,
    monkeypatch: pytest.MonkeyPatch,
    requests: Callable[[], Counter[str]],
) -> None:
    plan = await quoted(insurer, access, known, CORRECTED)
    draft = await drafted(insurer, access, known, plan, CORRECTED)
    shown = records.conditions
    # The door and the correction still show it as it is said; the last screen does not.
    seen: list[object] = []

    def moved(of: Conditions) -> records.Told:
        seen.append(of)
        return shown(of) | ({"menkyoshoIro": "GREEN"} if len(seen) > 2 else {})

    monkeypatch.setattr(records, "conditions", moved)

    with pytest.raises(Drifted):
        await insurer.rehearse(access, draft)

    assert 0 == requests()["POST /eg1/saishu-kakunin"]
