"""The conditions common to all plans (MS-REN-03): shown, corrected where they differ, and confirmed."""

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from insurers.answers import Value
from insurers.consent import ConsentKind
from insurers.mitsui_sumitomo import facts, renewability
from insurers.mitsui_sumitomo.wire import eg1, values
from insurers.script import Confirmation, Field, InputKind, Option, Step, StepKind
from insurers.text import Text

REALITY, AS_SHOWN, DIFFERS = "conditions_in_reality", "as_shown", "differs"
CONFIRMED = "conditions"


class Condition(Struct, frozen=True, kw_only=True):
    """One that can be changed online (WIRE.md §8.3): our key, the insurer's, and its choices in English."""

    key: str
    komoku: str
    choices: Mapping[str, str] = {}


CONDITIONS = (
    Condition(
        key=facts.DRIVER_LIMITATION,
        komoku="untenshaGentei",
        choices={"NASHI": "Anybody", "KAZOKU": "Family", "FUFU": "Self and spouse", "HONNIN": "Self only"},
    ),
    Condition(
        key=facts.AGE_CONDITION,
        komoku="nenreiJoken",
        choices={"ZENNENREI": "Any age", "21SAI": "21 and over", "26SAI": "26 and over", "35SAI": "35 and over"},
    ),
    Condition(key=facts.YOUNGEST_DRIVER, komoku="saijakunenSeinengappi"),
    Condition(
        key=facts.LICENCE_COLOUR,
        komoku="menkyoshoIro",
        choices={"GOLD": "Gold", "BLUE": "Blue", "GREEN": "Green"},
    ),
    Condition(
        key=facts.USE,
        komoku="shiyoMokuteki",
        choices={
            "NICHIJO_LEISURE": "Daily and leisure",
            "TSUKIN_TSUGAKU": "To work or to school",
            "GYOMU": "Business",
        },
    ),
)


def step(shown: eg1.KyotsuJoken) -> Step:
    return Step(
        key="common_conditions",
        kind=StepKind.CONTRACT_BASICS,
        title=Text("各プラン共通の条件", "Conditions common to all plans"),
        help=Text(
            "運転免許証をご準備のうえご確認ください。運転者の条件・免許証の色・使用目的が実際と異なる場合は、"
            "ここで訂正してください。保険料を計算し直します。その他の変更は、取扱代理店までお問い合わせください。",
            "Check them with the main driver's licence at hand. Correct here who drives, the licence or the use where "
            "they differ; all plans are then priced anew. For any other change, ask the agency.",
        ),
        facts=tuple(facts.at_first(shown)),
        requirements=(
            *_corrections(shown),
            Field(
                key=REALITY,
                label=Text("条件は実際と同じですか。", "Are the conditions as they are in reality?"),
                input=InputKind.SELECT,
                options=(
                    Option(
                        value=AS_SHOWN,
                        label=Text(
                            "表示のとおり、またはここで訂正したとおりです", "They are as shown, or as corrected here"
                        ),
                    ),
                    Option(
                        value=DIFFERS, label=Text("ほかに実際と異なる条件があります", "Something else is different")
                    ),
                ),
                refers=(
                    renewability.referral(renewability.NOT_CHANGEABLE, shown.toriatsukai_dairiten, when=(DIFFERS,)),
                ),
            ),
            Confirmation(
                key=CONFIRMED,
                label=Text("各プラン共通の条件の確認", "The conditions are right"),
                statement=shown.kakunin_bun,
                # Who drives with which licence and what for is the insured's to disclose (告知義務).
                proves=ConsentKind.DECLARATION,
            ),
        ),
    )


def _corrections(shown: eg1.KyotsuJoken) -> Iterator[Field]:
    stands, choices = told(shown.joken), _choices(shown.sentakushi)
    for one in CONDITIONS:
        options = choices.get(one.komoku, ())
        yield Field(
            key=one.key,
            label=facts.LABELS[one.key],
            input=InputKind.SELECT if options else InputKind.DATE,
            required=False,
            options=tuple(
                Option(value=choice.code, label=Text(choice.meisho, one.choices.get(choice.code, choice.meisho)))
                for choice in options
            ),
            suggested=stands[one.komoku],
            reprices=True,
        )


def _choices(offered: eg1.Sentakushi) -> Mapping[str, tuple[values.Sentaku, ...]]:
    return {
        "untenshaGentei": offered.untensha_gentei,
        "nenreiJoken": offered.nenrei_joken,
        "menkyoshoIro": offered.menkyosho_iro,
        "shiyoMokuteki": offered.shiyo_mokuteki,
    }


def answered(said: Mapping[str, Value]) -> dict[str, str]:
    """Read what the customer says of these conditions, by the insurer's names."""
    given = {one.komoku: said.get(one.key) for one in CONDITIONS}
    return {komoku: value for komoku, value in given.items() if isinstance(value, str) and value}


def differing(answers: Mapping[str, str], shown: values.Joken) -> dict[str, str]:
    stands = told(shown)
    return {komoku: value for komoku, value in answers.items() if value != stands[komoku]}


def told(joken: values.Joken) -> dict[str, str | None]:
    by_name: dict[str, str | None] = msgspec.to_builtins(joken)
    return by_name
