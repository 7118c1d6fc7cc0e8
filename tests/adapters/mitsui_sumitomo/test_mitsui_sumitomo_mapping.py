"""The insurer's words to ours."""

from datetime import datetime

import pytest

from insurers.capability import Capability
from insurers.coverage import Coverage, CoverageChange, CoverageKind, CoverageVariant, Covered, Peril
from insurers.errors import (
    AccessDenied,
    Changed,
    Closed,
    Duplicate,
    ErrorCode,
    Expired,
    InsurerError,
    Mismatch,
    NotOnline,
    Rejected,
)
from insurers.hours import TOKYO, Openness
from insurers.mitsui_sumitomo import choices, covers, mapping, refusals, renewability, wanted
from insurers.mitsui_sumitomo.manifest import MANIFEST
from insurers.mitsui_sumitomo.sandbox.contracts import Why
from insurers.mitsui_sumitomo.wire import eg1, values
from insurers.money import NOTHING_BORNE, Deductible, Limit, LimitKind, Yen
from insurers.plan import PaymentMethod, PremiumNature
from insurers.policy import RenewabilityCode
from insurers.risk import WantedCover
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour

AGENCY = values.Dairiten("S1001", "見本代理店", "03-0000-0111", "平日 9:00～17:00", "https://agency.example/")


def line(code: str, **said: object) -> values.Hosho:
    fields: dict[str, object] = {
        "meisho": code,
        "kanyu": True,
        "naiyo": "",
        "hoken_kingaku": None,
        "menseki": None,
        "kata": None,
        "jiko_keitai": None,
    }
    return values.Hosho(code=code, **(fields | said))  # type: ignore[arg-type]  # Each test gives its own few fields.


def perils(**lines: str) -> tuple[values.JikoKeitai, ...]:
    return tuple(values.JikoKeitai(code, code, hosho) for code, hosho in lines.items())


@pytest.mark.parametrize(
    ("sum_insured", "limit"),
    [
        (values.Kingaku(True, None, "1MEI"), Limit(kind=LimitKind.UNLIMITED, per_person=True)),
        (values.Kingaku(False, 500_000, "1JIKO"), Limit(kind=LimitKind.AMOUNT, amount=Yen(500_000))),
        (values.Kingaku(False, None, "1JIKO"), Limit(kind=LimitKind.UNKNOWN)),
        (values.Kingaku(False, 5_000, "1NICHI"), Limit(kind=LimitKind.AMOUNT, amount=Yen(5_000), per_day=True)),
    ],
)
def test_a_sum_insured_is_a_limit(sum_insured: values.Kingaku, limit: Limit) -> None:
    assert limit == covers.coverage(line("TAIBUTSU", hoken_kingaku=sum_insured)).limit


@pytest.mark.parametrize("kanyu", [True, False, None])
def test_a_rider_of_the_renewal_is_a_cover_that_may_not_be_stated(kanyu: bool | None) -> None:
    rider = covers.coverage(line("JIDO_KEIZOKU", kanyu=kanyu))

    assert (CoverageKind.AUTO_RENEWAL_RIDER, kanyu is True, kanyu is not None) == (
        rider.kind,
        rider.included,
        rider.stated,
    )


def test_a_zero_between_cars_is_asked_for_as_the_next_wider_which_is_to_bear_nothing_first() -> None:
    borne = Deductible(first=Yen(50_000), second=Yen(100_000), car_to_car_zero=True)

    assert "0-10" == dict(wanted.choices(WantedCover(kind=CoverageKind.OWN_DAMAGE, deductible=borne)))["SHARYO_MENSEKI"]


def test_own_damage_is_for_the_cars_agreed_value() -> None:
    cover = covers.coverage(
        line(
            "SHARYO",
            kata="10GENTEI",
            hoken_kingaku=values.Kingaku(False, 1_900_000, "1JIKO"),
            menseki=values.Menseki(50_000, 100_000),
            jiko_keitai=perils(KURUMA_SHOTOTSU="ARI", DENCHU_GUARDRAIL="NASHI", TENPUKU_TSUIRAKU="NASHI"),
        )
    )

    assert Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(1_900_000)) == cover.limit
    assert Deductible(first=Yen(50_000), second=Yen(100_000)) == cover.deductible
    assert (CoverageVariant.LIMITED, "車両保険「10補償限定」特約") == (cover.variant, cover.insurer_variant)
    assert {
        Peril.COLLISION_WITH_CAR: Covered.YES,
        Peril.COLLISION_WITH_OBJECT: Covered.NO,
        Peril.ROLLOVER: Covered.NO,
    } == {part.peril: part.covered for part in cover.perils}


@pytest.mark.parametrize(
    ("bicycles", "others", "covered"),
    [
        ("ARI", "ARI", Covered.YES),
        ("ARI", "JOKENTSUKI", Covered.CONDITIONAL),
        ("ARI", "SHIRANAI", Covered.UNKNOWN),
    ],
)
def test_two_lines_of_one_peril_are_one(bicycles: str, others: str, covered: Covered) -> None:
    (part,) = covers.perils(perils(JITENSHA_HOKOSHA=bicycles, SONOTA=others))

    assert (Peril.OTHER, covered) == (part.peril, part.covered)


def test_a_cover_that_no_table_knows_is_other_and_keeps_its_words() -> None:
    cover = covers.coverage(line("PET", meisho="ペット特約", kata="INU"))

    assert (CoverageKind.OTHER, "ペット特約") == (cover.kind, cover.insurer_label)
    assert (CoverageVariant.UNKNOWN, "INU") == (cover.variant, cover.insurer_variant)
    assert cover.deductible is None


@pytest.mark.parametrize(
    ("said", "deductible"),
    [
        (line("TAIBUTSU"), NOTHING_BORNE),
        (line("JINSHIN"), NOTHING_BORNE),
        (line("TAIBUTSU", menseki=values.Menseki(50_000, 50_000)), Deductible(first=Yen(50_000), second=Yen(50_000))),
        (line("TAIBUTSU", kanyu=False), None),
        (line("SHARYO"), None),
    ],
)
def test_only_own_damage_without_a_deductible_leaves_it_untold(
    said: values.Hosho, deductible: Deductible | None
) -> None:
    assert deductible == covers.coverage(said).deductible


@pytest.mark.parametrize(
    ("word", "nature"),
    [
        ("GAISAN", PremiumNature.INDICATION),
        ("KAKUTEI", PremiumNature.BINDABLE),
        ("KEIYAKU", PremiumNature.BINDABLE),
        ("SHIRANAI", PremiumNature.INDICATION),
    ],
)
def test_a_price_never_looks_firmer_than_it_is(word: str, nature: PremiumNature) -> None:
    said = values.Hokenryo(60_000, word, None, -3_000, "KYUYO_KOJO", 1, (values.Bunkatsu(1, "2027-02-25", 60_000),))
    premium = covers.premium(said)

    assert (nature, Yen(-3_000)) == (premium.nature, premium.change_from_current)
    assert PaymentMethod.PAYROLL_DEDUCTION is premium.payment
    assert premium.total == premium.instalments[0].amount


def test_drivers_are_told_in_the_insurers_spelling() -> None:
    scope = mapping.driver_scope(values.Joken("FUFU", "35SAI", "1975-01-01", "GOLD", "NICHIJO_LEISURE"))

    assert (DriverLimitation.SELF_AND_SPOUSE, "本人・配偶者限定") == (scope.limitation, scope.insurer_limitation)
    assert (AgeCondition.AGE_35_PLUS, "35才以上") == (scope.age_condition, scope.insurer_age_condition)
    assert LicenceColour.GOLD is scope.licence_colour


def test_a_word_that_no_table_knows_is_unknown_and_shown() -> None:
    scope = mapping.driver_scope(values.Joken("TOMODACHI", "99SAI", None, "AKA", "UCHU"))

    assert (DriverLimitation.UNKNOWN, "TOMODACHI") == (scope.limitation, scope.insurer_limitation)
    assert (AgeCondition.UNKNOWN, "99SAI") == (scope.age_condition, scope.insurer_age_condition)
    assert scope.licence_colour is None


def edit(komoku: str, hosho_code: str, genzai: str, *codes: str) -> eg1.HenkoKomoku:
    return eg1.HenkoKomoku(
        komoku, hosho_code, komoku, genzai, genzai, tuple(values.Sentaku(code, code) for code in codes)
    )


def test_what_can_be_chosen_apart_in_one_cover_is_one_choice() -> None:
    options = choices.options(
        [
            edit("JINSHIN_KINGAKU", "JINSHIN", "1OKU", "5000MAN", "1OKU"),
            edit("JINSHIN_HANI", "JINSHIN", "SHANAI", "SHANAI", "SHAGAI"),
        ]
    )

    assert 4 == len(options)
    assert ["JINSHIN_KINGAKU:1OKU,JINSHIN_HANI:SHANAI"] == [option.value for option in options if option.selected]


def test_no_deductible_goes_with_no_own_damage_cover() -> None:
    chosen = edit("SHARYO_MENSEKI", "SHARYO", "5-10", "0-10", "5-10")
    options = choices.options([edit("SHARYO_KATA", "SHARYO", "IPPAN", "NASHI", "IPPAN"), chosen])

    assert [
        "SHARYO_KATA:NASHI",
        "SHARYO_KATA:IPPAN,SHARYO_MENSEKI:0-10",
        "SHARYO_KATA:IPPAN,SHARYO_MENSEKI:5-10",
    ] == [option.value for option in options]


def test_own_damage_cover_can_be_had_anew_with_any_deductible() -> None:
    options = choices.options([edit("SHARYO_KATA", "SHARYO", "NASHI", "NASHI", "IPPAN")])

    assert 4 == len(options)
    assert ["SHARYO_KATA:NASHI"] == [option.value for option in options if option.selected]


def test_a_change_is_read_as_the_insurers_edits() -> None:
    cover = covers.coverage(
        line("JINSHIN"),
        [edit("JINSHIN_KINGAKU", "JINSHIN", "1OKU", "1OKU"), edit("JINSHIN_HANI", "JINSHIN", "SHANAI", "SHAGAI")],
    )
    change = CoverageChange(kind=CoverageKind.PERSONAL_INJURY, option="JINSHIN_KINGAKU:1OKU,JINSHIN_HANI:SHAGAI")

    assert {"JINSHIN_KINGAKU": "1OKU", "JINSHIN_HANI": "SHAGAI"} == choices.edits([change], [cover])


@pytest.mark.parametrize("option", ["", "JINSHIN_KINGAKU:9OKU", "RENTAL:5000"])
def test_a_change_that_was_not_offered_is_refused(option: str) -> None:
    cover = Coverage(kind=CoverageKind.PERSONAL_INJURY, insurer_label="人身傷害", included=True)

    with pytest.raises(ValueError):
        choices.edits([CoverageChange(kind=CoverageKind.PERSONAL_INJURY, option=option)], [cover])


@pytest.mark.parametrize(
    ("code", "kind", "detail"),
    [
        ("identity-mismatch", Mismatch, ErrorCode.IDENTITY_MISMATCH),
        ("link-used", Expired, ErrorCode.LINK_ALREADY_USED),
        ("keyword-locked", Expired, ErrorCode.TOO_MANY_ATTEMPTS),
        ("user-id-taken", Rejected, ErrorCode.EMAIL_ALREADY_REGISTERED),
        ("easy-login-revoked", AccessDenied, ErrorCode.CREDENTIALS_REJECTED),
        ("premium-changed", Changed, ErrorCode.PREMIUM_CHANGED),
        ("document-changed", Changed, ErrorCode.DOCUMENT_CHANGED),
        ("already-renewed", Duplicate, ErrorCode.RENEWAL_ALREADY_SUBMITTED),
    ],
)
def test_a_refusal_is_an_error_by_what_may_be_done_next(code: str, kind: type[InsurerError], detail: ErrorCode) -> None:
    error = refusals.error(values.Problem(code=code, title="見出し", detail="説明"))

    assert error is not None
    assert (kind, detail, "見出し") == (type(error), error.code, error.words)


def test_a_refusal_that_is_not_listed_means_nothing_to_us() -> None:
    assert refusals.error(values.Problem(code="bad-request", title="", detail="")) is None


def test_closed_says_when_it_opens_though_that_is_after_midnight() -> None:
    error = refusals.error(values.Problem(code="closed", title="", detail="", saikai_nichiji="2026-11-29 31:00"))

    assert isinstance(error, Closed)
    assert datetime(2026, 11, 30, 7, 0, tzinfo=TOKYO) == error.opens_at


@pytest.mark.parametrize(
    ("code", "riyu", "reason"),
    [
        ("referred-to-agency", "DANTAI_JOKEN", RenewabilityCode.GROUP_CONDITION_NOT_MET),
        ("referred-to-agency", "KOKUCHI_JIKO", RenewabilityCode.DISCLOSURE_APPLIES),
        ("referred-to-agency", "SHOYU_DAISU", RenewabilityCode.FLEET_SIZE),
        ("not-eligible", "HOJIN", RenewabilityCode.CORPORATE_POLICYHOLDER),
        ("not-eligible", None, RenewabilityCode.UNKNOWN),
        ("renewal-not-open", None, RenewabilityCode.TOO_EARLY),
        ("renewal-closed", None, RenewabilityCode.TOO_LATE),
        ("not-eligible", "JIKO", RenewabilityCode.RECENT_ACCIDENT),
        ("agency-only", None, RenewabilityCode.CHANGE_NEEDS_AGENCY),
    ],
)
def test_what_only_the_agency_can_do_says_why_and_whom_to_ask(
    code: str, riyu: str | None, reason: RenewabilityCode
) -> None:
    error = refusals.error(values.Problem(code=code, title="", detail="", riyu=riyu, toriatsukai_dairiten=AGENCY))

    assert isinstance(error, NotOnline)
    assert reason is error.reason.code
    assert error.reason.contact is not None
    assert "03-0000-0111" == error.reason.contact.phone


def test_a_renewal_that_is_not_open_says_when_it_opens() -> None:
    told = values.Problem(code="renewal-not-open", title="", detail="", uketsuke_kaishi="2027-04-29 07:00")
    error = refusals.error(told)

    assert isinstance(error, NotOnline)
    assert datetime(2027, 4, 29, 7, 0, tzinfo=TOKYO) == error.opens_at


def test_a_model_that_is_not_known_is_no_risk_that_is_refused() -> None:
    error = refusals.error(values.Problem(code="model-unknown", title="", detail="", toriatsukai_dairiten=AGENCY))

    assert isinstance(error, NotOnline)
    assert (ErrorCode.MODEL_UNKNOWN, True) == (error.code, "型式" in error.reason.message.ja)
    assert error.reason.contact is not None


def test_every_reason_of_the_insurers_is_known() -> None:
    assert set() == set(Why) - set(renewability.REASONS)


def test_a_contract_that_its_rider_renewed_is_told_apart() -> None:
    by_hand, by_rider = (
        refusals.error(values.Problem(code="already-renewed", title="", detail="", riyu=riyu))
        for riyu in ("KEIZOKU_ZUMI", "JIDO_KEIZOKU")
    )

    assert isinstance(by_hand, Duplicate)
    assert isinstance(by_rider, Duplicate)
    assert (ErrorCode.RENEWAL_ALREADY_SUBMITTED, ErrorCode.AUTO_RENEWAL_ACTIVE) == (by_hand.code, by_rider.code)


@pytest.mark.parametrize(
    ("moment", "reading", "renewing"),
    [
        (datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO), Openness.OPEN, Openness.OPEN),
        (datetime(2026, 11, 20, 6, 59, tzinfo=TOKYO), Openness.OPEN, Openness.CLOSED),
        (datetime(2026, 11, 21, 2, 29, tzinfo=TOKYO), Openness.OPEN, Openness.OPEN),
        (datetime(2026, 11, 21, 2, 30, tzinfo=TOKYO), Openness.OPEN, Openness.CLOSED),
        # Sunday's business day ends at 26:00 for renewals, when the portal shuts (D1).
        (datetime(2026, 11, 23, 1, 59, tzinfo=TOKYO), Openness.OPEN, Openness.OPEN),
        (datetime(2026, 11, 23, 2, 0, tzinfo=TOKYO), Openness.CLOSED, Openness.CLOSED),
        (datetime(2026, 11, 23, 4, 0, tzinfo=TOKYO), Openness.OPEN, Openness.CLOSED),
        (datetime(2026, 12, 31, 12, 0, tzinfo=TOKYO), Openness.OPEN, Openness.UNKNOWN),
    ],
)
def test_a_renewal_needs_portal_and_eg1(moment: datetime, reading: Openness, renewing: Openness) -> None:
    assert reading is MANIFEST.hours[Capability.POLICY_READ].openness(moment)
    assert renewing is MANIFEST.hours[Capability.RENEWAL].openness(moment)
    # A renewal's document is to be had in e-G1 only.
    assert renewing is MANIFEST.hours[Capability.DOCUMENT_DOWNLOAD].openness(moment)
