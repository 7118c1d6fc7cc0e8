"""What the insurer shows of a contract for confirmation, in its own order (MS-REN-03)."""

from collections.abc import Iterator

from insurers.mitsui_sumitomo import mapping
from insurers.mitsui_sumitomo.wire import eg1, values
from insurers.script import Fact
from insurers.text import Text


def of(conditions: eg1.KyotsuJoken) -> Iterator[Fact]:
    """None of these can be changed through us; who and which car not online at all (MS-SCP-02)."""
    yield from _people(conditions)
    yield from _car(conditions.okuruma)
    yield from _drivers(conditions)
    yield from _grade(conditions.tokyu)
    if conditions.dantai:
        yield _fact("group", "団体名", "Group", conditions.dantai.dantai_mei)


def _people(conditions: eg1.KyotsuJoken) -> Iterator[Fact]:
    holder = conditions.keiyakusha
    yield _fact("policyholder", "契約者", "Policyholder", _name(holder.shimei))
    yield _fact("address", "住所", "Address", f"〒{holder.yubin_no} {holder.jusho}")
    yield _fact("phone", "電話番号", "Phone", holder.denwa)
    yield _fact(
        "named_insured", "記名被保険者", "Named insured, the main driver", _name(conditions.kimei_hihokensha.shimei)
    )
    yield _fact("vehicle_owner", "車両所有者", "Owner of the car", _name(conditions.sharyo_shoyusha.shimei))


def _car(car: values.Okuruma) -> Iterator[Fact]:
    yield _fact("vehicle", "車名", "Car", car.shamei)
    yield _fact("plate", "登録番号", "Registration number", car.toroku_no)
    yield _fact("model", "型式", "Model", car.katashiki)
    yield _fact("first_registered", "初度登録年月", "First registered", car.shodo_toroku)
    yield _fact("vehicle_class", "用途車種", "Class of vehicle", car.yoto_shashu)


def _drivers(conditions: eg1.KyotsuJoken) -> Iterator[Fact]:
    scope = mapping.driver_scope(conditions.joken)
    car = mapping.vehicle(conditions.okuruma, conditions.joken)
    yield _fact("driver_limitation", "運転者限定", "Who may drive", scope.insurer_limitation)
    yield _fact("age_condition", "運転者年令条件", "From which age", scope.insurer_age_condition)
    if scope.youngest_driver_birth_date:
        born = scope.youngest_driver_birth_date.isoformat()
        yield _fact("youngest_driver", "最も若い運転者の生年月日", "Youngest driver's date of birth", born)
    colour = _choice(conditions.sentakushi.menkyosho_iro, conditions.joken.menkyosho_iro)
    yield _fact("licence_colour", "運転免許証の色", "Colour of the licence", colour)
    yield _fact("use", "使用目的", "Use", car.insurer_use or "")


def _grade(tokyu: values.Tokyu) -> Iterator[Fact]:
    remark = "（予定）" if tokyu.zantei else ""
    yield _fact("grade", "ノンフリート等級", "Non-fleet grade", f"{tokyu.tokyu}等級{remark}")
    yield _fact("accident_term", "事故有係数適用期間", "Claims-loaded period", f"{tokyu.jiko_ari_kikan}年")


def _fact(key: str, ja: str, en: str, value: str) -> Fact:
    return Fact(key=key, label=Text(ja, en), value=value)


def _name(shimei: values.Shimei) -> str:
    return f"{shimei.sei} {shimei.mei}"


def _choice(choices: tuple[values.Sentaku, ...], code: str) -> str:
    return next((choice.meisho for choice in choices if choice.code == code), code)
