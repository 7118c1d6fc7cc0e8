"""What the insurer shows of a contract for confirmation, in its own order (MS-REN-03, MS-REN-11)."""

from collections.abc import Iterator

from insurers.mitsui_sumitomo import mapping
from insurers.mitsui_sumitomo.wire import eg1, values
from insurers.script import Fact
from insurers.text import Text

# What can be changed online has one key, whether it is shown or asked (MS-REN-03).
DRIVER_LIMITATION = "driver_limitation"
AGE_CONDITION = "age_condition"
YOUNGEST_DRIVER = "youngest_driver_birth_date"
LICENCE_COLOUR = "licence_colour"
USE = "use_purpose"

LABELS = {
    DRIVER_LIMITATION: Text("運転者限定", "Who may drive"),
    AGE_CONDITION: Text("運転者年令条件", "From which age"),
    YOUNGEST_DRIVER: Text("最も若い運転者の生年月日", "Youngest driver's date of birth"),
    LICENCE_COLOUR: Text("運転免許証の色", "Colour of the licence"),
    USE: Text("使用目的", "Use"),
}


def at_first(conditions: eg1.KyotsuJoken) -> Iterator[Fact]:
    """As it stands. Who, and which car, cannot be changed online (MS-SCP-02)."""
    yield from _people(conditions)
    yield from _car(conditions.okuruma)
    yield from _drivers(conditions)
    yield from _grade(conditions)


def at_last(conditions: eg1.KyotsuJoken) -> Iterator[Fact]:
    """What the customer may have corrected meanwhile is not shown again as it stood."""
    yield from _people(conditions)
    yield from _car(conditions.okuruma)
    as_answered = "「各プラン共通の条件」でご確認、ご訂正いただいたとおり"
    yield _fact("driver_conditions", "運転者の条件", "Drivers, licence and use", as_answered)
    yield from _grade(conditions)


def _people(conditions: eg1.KyotsuJoken) -> Iterator[Fact]:
    holder = conditions.keiyakusha
    yield _fact("policyholder", "契約者", "Policyholder", _name(holder.shimei))
    yield _fact("address", "住所", "Address", f"〒{holder.yubin_no} {holder.jusho}")
    yield _fact("phone", "電話番号", "Phone", holder.denwa)
    # MS-SCP-03 says who these two are.
    main_driver, owner = _name(conditions.kimei_hihokensha.shimei), _name(conditions.sharyo_shoyusha.shimei)
    named_insured = "記名被保険者（ご契約のお車を主に使用される方）"
    yield _fact("named_insured", named_insured, "Named insured, the main driver", main_driver)
    yield _fact("vehicle_owner", "車両所有者（ご契約のお車の所有者）", "Owner of the car", owner)


def _car(car: values.Okuruma) -> Iterator[Fact]:
    yield _fact("vehicle", "車名", "Car", car.shamei)
    yield _fact("plate", "登録番号", "Registration number", car.toroku_no)
    yield _fact("model", "型式", "Model", car.katashiki)
    yield _fact("first_registered", "初度登録年月", "First registered", car.shodo_toroku)
    yield _fact("vehicle_class", "用途車種", "Class of vehicle", car.yoto_shashu)


def _drivers(conditions: eg1.KyotsuJoken) -> Iterator[Fact]:
    scope = mapping.driver_scope(conditions.joken)
    car = mapping.vehicle(conditions.okuruma, conditions.joken)
    colour = _choice(conditions.sentakushi.menkyosho_iro, conditions.joken.menkyosho_iro)
    shown = {
        DRIVER_LIMITATION: scope.insurer_limitation,
        AGE_CONDITION: scope.insurer_age_condition,
        YOUNGEST_DRIVER: conditions.joken.saijakunen_seinengappi,
        LICENCE_COLOUR: colour,
        USE: car.insurer_use,
    }
    for key, value in shown.items():
        if value:
            yield Fact(key=key, label=LABELS[key], value=value, changeable_online=True)


def _grade(conditions: eg1.KyotsuJoken) -> Iterator[Fact]:
    tokyu = conditions.tokyu
    remark = "（予定）" if tokyu.zantei else ""
    yield _fact("grade", "ノンフリート等級", "Non-fleet grade", f"{tokyu.tokyu}等級{remark}")
    yield _fact("accident_term", "事故有係数適用期間", "Claims-loaded period", f"{tokyu.jiko_ari_kikan}年")
    if conditions.dantai:
        yield _fact("group", "団体名", "Group", conditions.dantai.dantai_mei)


def _fact(key: str, ja: str, en: str, value: str) -> Fact:
    return Fact(key=key, label=Text(ja, en), value=value)


def _name(shimei: values.Shimei) -> str:
    return f"{shimei.sei} {shimei.mei}"


def _choice(choices: tuple[values.Sentaku, ...], code: str) -> str:
    return next((choice.meisho for choice in choices if choice.code == code), code)
