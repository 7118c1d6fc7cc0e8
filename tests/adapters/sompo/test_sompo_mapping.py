"""Sompo's words to ours, down the tables of WIRE.md."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

import insurers.sompo
from insurers.adapter import Applicant
from insurers.coverage import CoverageChange, CoverageKind, CoverageOption, CoverageVariant, Covered, Peril
from insurers.errors import (
    AccessDenied,
    Changed,
    Duplicate,
    ErrorCode,
    Expired,
    InsurerError,
    Locked,
    Mismatch,
    NotOnline,
    Rejected,
    Unavailable,
)
from insurers.identity import SuccessorNumber
from insurers.money import NOTHING_BORNE, Deductible, Limit, LimitKind, Yen
from insurers.person import PersonName
from insurers.plan import PaymentMethod
from insurers.policy import ContractForm, Policy, PolicyStatus, RenewabilityCode
from insurers.sompo.mapping import applicant, cover, policy
from insurers.sompo.mapping.premium import PAYMENTS
from insurers.sompo.mapping.refusals import REFUSALS, ProcedureLost, refusal
from insurers.sompo.wire import lines
from insurers.sompo.wire.contracts import Contract, Hosyou, Keiyaku, Kiken, Kousin
from insurers.sompo.wire.quotes import Sentaku
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour, UsePurpose, VehicleKind

JST = timezone(timedelta(hours=9))
WIRE = (Path(insurers.sompo.__file__).parent / "WIRE.md").read_text(encoding="utf-8")
AGENCY = "&DAIRITEN_CD=SJ1&DAIRITEN_MEI=Mihon&DAIRITEN_TEL=03-0000-1042&DAIRITEN_URL="

KEIYAKU = Keiyaku(
    syoken_no="A123456789",
    syouhin_cd="01",
    syouhin_mei="THE クルマの保険",
    keiyaku_jyotai="20",
    keiyaku_keitai="20",
    siki_ymd="20260105",
    siki_ji="1600",
    manki_ymd="20270105",
    manki_ji="1600",
    keiyakusya_sei="三住",
    keiyakusya_mei="太郎",
    kimei_sei="三住",
    kimei_mei="太郎",
    syoyusya_sei="三住",
    syoyusya_mei="太郎",
    dantai_cd="M0012345",
    dantai_mei="見本物産グループ団体扱",
    syain_no="*****6789",
    hokenryo="57600",
    haraikomi_cd="10",
    haraikomi_kaisuu="12",
    syamei="ハイランダ",
    toroku_no="横浜　５０１　さ　５６−７８",
    syadai_no="MHN10-0045678",
    katasiki="MHN10",
    syodo_ym="R03.06",
    yoto_syasyu_cd="01",
    ryoritu_class="09080710",
    kyoutei_gaku="2000000",
    siyou_cd="10",
    gentei_cd="20",
    nenrei_cd="35",
    saijyakunen_ymd="S52.03.03",
    menkyo_iro_cd="10",
    menkyo_kousin_ym="R10.02",
    toukyu="15",
    jikoyu_nen="0",
    toukyu_kari="0",
    ansin_kousin="0",
    ansin_kigen="",
    mae_syoken_no="",
    koukaigo_syoken_no="",
    dairiten_cd="SJ10420",
    dairiten_mei="見本保険サービス株式会社",
    dairiten_tel="03-0000-1042",
    dairiten_url="",
)
KOUSIN = Kousin(
    syoken_no="A123456789",
    syamei="ハイランダ",
    siki_ymd="20260105",
    manki_ymd="20270105",
    kousin_jyotai="20",
    uketuke_kaisi="20261106000000",
    uketuke_syuryo="20270105160000",
    koukaigo_syoken_no="",
    riyuu_cd="",
    riyuu_bun="",
    ansin_kousin="0",
    ansin_kigen="",
    ukkari_kigen="20270204160000",
    dairiten_cd="SJ10420",
    dairiten_mei="見本保険サービス株式会社",
    dairiten_tel="03-0000-1042",
    dairiten_url="",
)
OWN_DAMAGE = Hosyou(
    hosyou_cd="31",
    hosyou_mei="車両保険",
    sentaku_cd="11",
    sentaku_mei="一般条件 免責5-10万円",
    kanyu="1",
    kata_mei="一般条件",
    gendo_cd="30",
    hokenkin="2000000",
    gendo_tani="20",
    menseki_1="50000",
    menseki_2="100000",
    kurumatai_menzero="0",
    bikou="",
)


def policy_of(record: Keiyaku) -> Policy:
    return policy.policy(Contract(record, (), (), (), ()))


def test_a_contract_is_a_policy_in_our_words() -> None:
    found = policy_of(KEIYAKU)

    assert ("sompo", "A123456789") == (found.ref.insurer, str(found.ref.number))
    assert (PolicyStatus.IN_FORCE, "有効") == (found.status, found.insurer_status)
    assert datetime(2026, 1, 5, 16, 0, tzinfo=JST) == found.starts_at
    assert datetime(2027, 1, 5, 16, 0, tzinfo=JST) == found.ends_at
    assert ContractForm.GROUP_HANDLED is found.form
    assert PersonName(family="三住", given="太郎") == found.holder
    assert found.premium
    assert (Yen(57600), PaymentMethod.PAYROLL_DEDUCTION) == (found.premium.total, found.premium.payment)
    assert found.group_scheme
    assert "見本物産グループ団体扱" == found.group_scheme.name
    assert found.auto_renewal is False
    assert found.successor is None


def test_a_car_and_its_drivers_are_in_our_words() -> None:
    found = policy_of(KEIYAKU)

    assert found.vehicle
    assert ("ハイランダ", "横浜 501 さ 56-78") == (found.vehicle.name, found.vehicle.plate)
    assert date(2021, 6, 1) == found.vehicle.first_registered
    assert ("MHN10", VehicleKind.ORDINARY) == (found.vehicle.model, found.vehicle.kind)
    assert (UsePurpose.DAILY_LEISURE, "日常・レジャー") == (found.vehicle.use, found.vehicle.insurer_use)
    assert found.driver_scope
    assert DriverLimitation.SELF_AND_SPOUSE is found.driver_scope.limitation
    assert AgeCondition.AGE_35_PLUS is found.driver_scope.age_condition
    assert date(1977, 3, 3) == found.driver_scope.youngest_driver_birth_date
    assert LicenceColour.GOLD is found.driver_scope.licence_colour
    assert found.grade
    assert (15, 0, False) == (found.grade.grade, found.grade.accident_term, found.grade.provisional)


def test_a_code_that_is_not_listed_is_unknown_and_not_a_guess() -> None:
    strange = dict.fromkeys(
        ("keiyaku_jyotai", "keiyaku_keitai", "siyou_cd", "gentei_cd", "nenrei_cd", "yoto_syasyu_cd"), "77"
    )
    found = policy_of(replace(KEIYAKU, **strange))

    assert (PolicyStatus.UNKNOWN, "77") == (found.status, found.insurer_status)
    assert ContractForm.UNKNOWN is found.form
    assert found.vehicle
    assert (UsePurpose.UNKNOWN, VehicleKind.UNKNOWN) == (found.vehicle.use, found.vehicle.kind)
    assert found.driver_scope
    assert DriverLimitation.UNKNOWN is found.driver_scope.limitation
    assert AgeCondition.UNKNOWN is found.driver_scope.age_condition


def test_a_company_has_one_name() -> None:
    assert (
        PersonName(family="株式会社見本商事", given="")
        == policy_of(replace(KEIYAKU, keiyakusya_sei="株式会社見本商事", keiyakusya_mei="")).holder
    )


@pytest.mark.parametrize("field", ["manki_ymd", "hokenryo", "toukyu", "ansin_kousin", "syodo_ym"])
def test_a_value_of_another_notation_is_not_read(field: str) -> None:
    with pytest.raises(ValueError):
        policy_of(replace(KEIYAKU, **{field: "令和8年"}))


@pytest.mark.parametrize(
    ("state", "reason", "code"),
    [
        ("10", "", RenewabilityCode.TOO_EARLY),
        ("40", "", RenewabilityCode.ALREADY_RENEWED),
        ("50", "", RenewabilityCode.AUTO_RENEWAL_ACTIVE),
        ("60", "01", RenewabilityCode.CORPORATE_POLICYHOLDER),
        ("60", "02", RenewabilityCode.GROUP_CONTRACT),
        ("60", "03", RenewabilityCode.DISCLOSURE_APPLIES),
        ("60", "04", RenewabilityCode.RECENT_ACCIDENT),
        ("60", "99", RenewabilityCode.UNKNOWN),
        ("90", "", RenewabilityCode.TOO_LATE),
        ("77", "", RenewabilityCode.UNKNOWN),
    ],
)
def test_a_contract_that_is_not_open_says_why_and_whom_to_ask(state: str, reason: str, code: RenewabilityCode) -> None:
    offer = policy.offer(replace(KOUSIN, kousin_jyotai=state, riyuu_cd=reason))

    assert offer.online is False
    assert [(code, "03-0000-1042")] == [(why.code, why.contact and why.contact.phone) for why in offer.reasons]
    assert (reason == "04") == ("事故" in offer.reasons[0].message.ja)


def test_an_open_contract_says_until_when() -> None:
    offer = policy.offer(KOUSIN)

    assert (True, ()) == (offer.online, offer.reasons)
    assert datetime(2027, 1, 5, 16, 0, tzinfo=JST) == offer.closes_at


def test_the_riders_say_until_when_they_can_be_declined_or_still_renew() -> None:
    with_rider = policy.offer(replace(KOUSIN, ansin_kousin="1", ansin_kigen="20270105160000", ukkari_kigen=""))

    assert (datetime(2027, 1, 5, 16, 0, tzinfo=JST), None) == (with_rider.decline_by, with_rider.late_until)
    assert (None, datetime(2027, 2, 4, 16, 0, tzinfo=JST)) == (
        policy.offer(KOUSIN).decline_by,
        policy.offer(KOUSIN).late_until,
    )
    renewed = policy.offer(replace(KOUSIN, ansin_kigen="20270105160000", koukaigo_syoken_no="S000000001"))
    assert (None, None) == (renewed.decline_by, renewed.late_until)


def test_only_an_application_makes_a_successor_of_an_application() -> None:
    taken = replace(KOUSIN, kousin_jyotai="40", koukaigo_syoken_no="S700000001")

    assert policy.Fate(known=True, successor=SuccessorNumber("S700000001")) == policy.fate(taken)
    assert policy.Fate(known=True, by_rider=True) == policy.fate(replace(taken, kousin_jyotai="50"))
    assert policy.Fate(known=True) == policy.fate(KOUSIN)
    assert policy.Fate(known=False) == policy.fate(replace(KOUSIN, kousin_jyotai="30"))


def test_an_application_that_was_taken_has_a_number() -> None:
    with pytest.raises(ValueError):
        policy.fate(replace(KOUSIN, kousin_jyotai="40"))


@pytest.mark.parametrize(
    ("degrees", "covered"),
    [
        (("10", "10"), Covered.YES),
        (("10", "00"), Covered.CONDITIONAL),
        (("00", "10"), Covered.CONDITIONAL),
        (("10", "77"), Covered.UNKNOWN),
    ],
)
def test_perils_that_nobody_knows_are_one_and_none_of_them_is_lost(degrees: tuple[str, str], covered: Covered) -> None:
    first, second = degrees
    strange = [Kiken("10", "その他の偶然な事故", first, ""), Kiken("11", "いん石", second, "落下中に限ります")]

    (found,) = cover.perils(strange)

    assert (Peril.OTHER, covered) == (found.peril, found.covered)
    assert "その他の偶然な事故、いん石（落下中に限ります）" == found.note


def test_own_damage_is_told_by_its_perils() -> None:
    perils = [
        Kiken("01", "他の自動車との衝突", "20", "相手自動車が確認できる場合に限ります"),
        Kiken("02", "相手不明の当て逃げ", "00", ""),
        Kiken("05", "火災・爆発", "10", ""),
        Kiken("06", "盗難", "77", ""),
    ]
    options = [Sentaku("31", "00", "付帯なし"), Sentaku("31", "11", "一般条件"), Sentaku("41", "01", "限定型")]

    (found,) = cover.covers([OWN_DAMAGE], perils, options)

    assert CoverageKind.OWN_DAMAGE is found.kind
    assert (CoverageVariant.FULL, "一般条件") == (found.variant, found.insurer_variant)
    assert Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(2_000_000)) == found.limit
    assert Deductible(first=Yen(50_000), second=Yen(100_000)) == found.deductible
    assert {
        Peril.COLLISION_WITH_CAR: Covered.CONDITIONAL,
        Peril.COLLISION_UNIDENTIFIED: Covered.NO,
        Peril.FIRE: Covered.YES,
        Peril.THEFT: Covered.UNKNOWN,
    } == {part.peril: part.covered for part in found.perils}
    assert (
        CoverageOption(value="00", label="付帯なし"),
        CoverageOption(value="11", label="一般条件", selected=True),
    ) == found.options


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        (
            {"hosyou_cd": "42", "gendo_cd": "20", "hokenkin": "", "bikou": "国外は1億円まで"},
            Limit(kind=LimitKind.UNLIMITED, abroad=Yen(100_000_000)),
        ),
        ({"hosyou_cd": "42", "gendo_cd": "20", "hokenkin": "", "bikou": "国外も"}, Limit(kind=LimitKind.UNLIMITED)),
        (
            {"hosyou_cd": "52", "gendo_cd": "10", "hokenkin": "5000", "gendo_tani": "30"},
            Limit(kind=LimitKind.AMOUNT, amount=Yen(5_000), per_day=True),
        ),
    ],
)
def test_a_limit_says_how_far_it_goes_abroad_and_whether_it_is_for_a_day(said: dict[str, str], limit: Limit) -> None:
    (found,) = cover.covers([replace(OWN_DAMAGE, kata_mei="", **said)], [])

    assert limit == found.limit


def test_a_cover_that_is_not_taken_has_neither_limit_nor_perils() -> None:
    nothing = replace(
        OWN_DAMAGE, sentaku_cd="00", kanyu="0", kata_mei="", gendo_cd="00", hokenkin="", menseki_1="", menseki_2=""
    )

    (found,) = cover.covers([nothing], [])

    assert (False, None, None, None, None, ()) == (
        found.included,
        found.variant,
        found.insurer_variant,
        found.limit,
        found.deductible,
        found.perils,
    )


@pytest.mark.parametrize(("code", "words"), cover.VARIANTS)
def test_every_type_of_a_cover_is_called_as_in_the_wire(code: str, words: str) -> None:
    covers_and_options = WIRE.split("## 9.2", 1)[1]

    assert words in next(row for row in covers_and_options.splitlines() if row.startswith(f"| `{code}` |"))


def test_a_type_that_no_table_knows_is_unknown_and_keeps_its_words() -> None:
    (found,) = cover.covers([replace(OWN_DAMAGE, kata_mei="新型")], [])

    assert (CoverageVariant.UNKNOWN, "新型") == (found.variant, found.insurer_variant)


@pytest.mark.parametrize(("code", "deductible"), [("12", NOTHING_BORNE), ("31", None)])
def test_only_own_damage_without_a_deductible_leaves_it_untold(code: str, deductible: Deductible | None) -> None:
    (found,) = cover.covers([replace(OWN_DAMAGE, hosyou_cd=code, menseki_1="", menseki_2="")], [])

    assert deductible == found.deductible


def test_a_wish_names_cover_and_option_by_their_codes() -> None:
    assert ("31", "11") == cover.change(CoverageChange(kind=CoverageKind.OWN_DAMAGE, option="11"))
    assert cover.change(CoverageChange(kind=CoverageKind.OTHER, option="01")) is None


def _listed(first: str, rows: str) -> Mapping[str, str]:
    """The first two columns of the rows of WIRE.md's section *first* that begin with a code."""
    section = WIRE.split(first, 1)[1].split("\n#", 1)[0]
    return dict(re.findall(rows, section, re.MULTILINE))


def test_every_code_of_the_wire_has_a_meaning_and_its_words() -> None:
    listed = _listed("# 2 KEKKA_CD", r"^\| `(\d\d)` \| ([^|]+?) \|")

    assert {code: words for code, words in listed.items() if code not in ("00", "41")} == {
        code: words for code, (words, _) in REFUSALS.items()
    }


def test_every_cover_and_peril_of_the_wire_has_a_word() -> None:
    covers = _listed("## 9.2", r"^\| `(\d\d)` \| ([^|]+?) \|")
    perils = _listed("## 5.4", r"^\| `(\d\d)` \| ([^|]+?) \|")

    assert set(covers) == set(cover.KINDS)
    assert set(perils) == set(cover.PERILS)
    assert {"10", "20", "30"} == set(PAYMENTS)


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ("10&KOUMOKU=SEI,MAIL", Rejected, ErrorCode.EMAIL_INVALID),
        ("10&KOUMOKU=PASSWORD", Rejected, ErrorCode.PASSWORD_NOT_ACCEPTED),
        ("10&KOUMOKU=JYUSYO", Rejected, ErrorCode.INPUT_REFUSED),
        ("12", Rejected, ErrorCode.INPUT_REFUSED),
        ("20", Rejected, ErrorCode.EMAIL_ALREADY_REGISTERED),
        ("22", Mismatch, ErrorCode.IDENTITY_MISMATCH),
        ("23", Rejected, ErrorCode.NUMBER_IS_SUCCESSOR),
        (f"24{AGENCY}", NotOnline, ErrorCode.CONTRACT_NOT_ELIGIBLE),
        ("25", Rejected, ErrorCode.TOO_MANY_POLICIES),
        ("26", NotOnline, ErrorCode.TOO_MANY_ATTEMPTS),
        ("32", Expired, ErrorCode.LINK_EXPIRED),
        ("33&NOKORI=2", Rejected, ErrorCode.CREDENTIALS_REJECTED),
        ("33&NOKORI=0", Expired, ErrorCode.TOO_MANY_ATTEMPTS),
        ("35", Expired, ErrorCode.LINK_ALREADY_USED),
        ("40", Rejected, ErrorCode.CREDENTIALS_REJECTED),
        ("42&NOKORI=1", Rejected, ErrorCode.ONE_TIME_PASSWORD_REJECTED),
        ("42&NOKORI=0", Expired, ErrorCode.TOO_MANY_ATTEMPTS),
        ("43", Expired, ErrorCode.ONE_TIME_PASSWORD_REJECTED),
        ("27", Rejected, ErrorCode.POLICY_ALREADY_REGISTERED),
        ("28&KAIJYO_NITIJI=20261121184500", Locked, ErrorCode.ACCOUNT_LOCKED),
        ("44&KAIJYO_NITIJI=20261121184500", Locked, ErrorCode.ACCOUNT_LOCKED),
        ("45", AccessDenied, ErrorCode.CREDENTIALS_REJECTED),
        ("46", Expired, ErrorCode.SESSION_TIMEOUT),
        ("51", Changed, ErrorCode.PREMIUM_CHANGED),
        ("53&SYORUI_NO=JY-202611-01", Changed, ErrorCode.DOCUMENT_CHANGED),
        ("54&KOUMOKU=KAKUNIN_01", Rejected, ErrorCode.CONFIRMATION_REQUIRED),
        ("56&KOUMOKU=SENTAKU_CD", Rejected, ErrorCode.PLAN_NOT_OFFERED),
        (f"57{AGENCY}", NotOnline, ErrorCode.REFERRED_TO_AGENCY),
        ("60&UKETUKE_KAISI=20270405000000", NotOnline, ErrorCode.CONTRACT_NOT_ELIGIBLE),
        (f"61{AGENCY}", NotOnline, ErrorCode.REFERRED_TO_AGENCY),
        ("62", Duplicate, ErrorCode.RENEWAL_ALREADY_SUBMITTED),
        (f"63&RIYUU_CD=03{AGENCY}", NotOnline, ErrorCode.REFERRED_TO_AGENCY),
        ("64", Duplicate, ErrorCode.AUTO_RENEWAL_ACTIVE),
        ("71", ProcedureLost, ErrorCode.SESSION_TIMEOUT),
        ("72&GENZAI_STEP=05", ProcedureLost, ErrorCode.SESSION_TIMEOUT),
        ("91", Unavailable, ErrorCode.RATE_LIMITED),
    ],
)
def test_a_refusal_is_sorted_by_what_may_be_done_next(said: str, kind: type[InsurerError], code: ErrorCode) -> None:
    number, _, beside = said.partition("&")
    heard = f"KEKKA_CD={number}&KEKKA_BUN=%8E%4F%8F%5A&SYORI_NITIJI=20261121184500{'&' if beside else ''}{beside}"

    error = refusal(lines.read(heard.encode()))

    assert (kind, code) == (type(error), error and error.code)
    # Never what travelled, which might be anything.
    assert error is not None
    assert REFUSALS[number][0] == error.words


def test_a_refusal_names_the_agency() -> None:
    heard = f"KEKKA_CD=63&KEKKA_BUN=&SYORI_NITIJI=20261121184500&RIYUU_CD=01{AGENCY}"

    error = refusal(lines.read(heard.encode()))

    assert isinstance(error, NotOnline)
    assert RenewabilityCode.CORPORATE_POLICYHOLDER is error.reason.code
    assert error.reason.contact
    assert "03-0000-1042" == error.reason.contact.phone


def test_a_code_that_is_not_listed_means_nothing() -> None:
    assert refusal(lines.read(b"KEKKA_CD=01&KEKKA_BUN=&SYORI_NITIJI=20261121184500")) is None


def test_what_was_entered_is_written_as_the_insurer_writes() -> None:
    entered = Applicant(
        values={
            "email": "taro@example.jp",
            "password": "Himawari2026",
            "family_name": "三住",
            "given_name": "ﾀﾛｳ",
            "birth_date": "1975-01-01",
            "postal_code": "1010099",
            "address": "東京都千代田区神田見本町３－９～１０",
            "phone": "09012345678",
            "maturity_mail": "false",
            "policy_numbers": ("A123456789",),
        }
    )

    assert [
        ("MAIL", "taro@example.jp"),
        ("PASSWORD", "Himawari2026"),
        ("SEI", "三住"),
        ("MEI", "タロウ"),
        ("SEINEN_YMD", "S50.01.01"),
        ("YUBIN_NO", "1010099"),
        ("JYUSYO", "東京都千代田区神田見本町３−９〜１０"),
        ("TEL_NO", "090-1234-5678"),
        ("MANKI_MAIL", "0"),
    ] == applicant.fields(entered)
    assert ("A123456789",) == applicant.numbers(entered)
