"""The three plans that are offered for a next term, and how one is changed (WIRE.md §8.1, §9.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.covers import (
    COVERS,
    INJURY,
    LAWYER,
    LIABILITY,
    NOT_TAKEN,
    OWN_DAMAGE,
    PROPERTY,
    RENTAL,
    ROADSIDE,
    SAFE_RENEWAL,
    TREATMENT,
    Cover,
    Option,
)
from insurers.sompo.sandbox.replies import Refusal


@dataclass(frozen=True)
class Plan:
    """`against_current` names the option of each cover in which the plan differs from the current term."""

    code: str
    name: str
    against_current: Mapping[str, str]
    recommended: bool = False
    same_as_current: bool = False

    def covers(self, contract: Contract) -> dict[str, str]:
        """Answer the plan's initial settings for *contract*."""
        wanted = {**contract.covers, **self.against_current}
        if not contract.car.agreed_value:
            wanted[OWN_DAMAGE] = NOT_TAKEN
        return wanted


_FULLER = {
    PROPERTY: "01",
    INJURY: "13",
    TREATMENT: "01",
    OWN_DAMAGE: "10",
    LAWYER: "02",
    LIABILITY: "01",
    ROADSIDE: "01",
    RENTAL: "02",
}
PLANS: Mapping[str, Plan] = {
    "01": Plan("01", "おすすめプラン", {PROPERTY: "01", INJURY: "12", LAWYER: "02"}, recommended=True),
    "02": Plan("02", "現在と同条件プラン", {}, same_as_current=True),
    "03": Plan("03", "充実プラン", _FULLER),
}


def offered(cover: Cover, contract: Contract) -> list[Option]:
    """Answer what may be chosen of *cover* for this contract online."""
    options = list(cover.options.values())
    if cover.code == SAFE_RENEWAL:
        return [cover.options[contract.covers[SAFE_RENEWAL]]]
    if cover.code == OWN_DAMAGE and not contract.car.agreed_value:
        return [option for option in options if option.code == NOT_TAKEN]
    return options


def changed(covers: Mapping[str, str], changes: Iterable[Mapping[str, str]], contract: Contract) -> dict[str, str]:
    """
    Apply HENKOU lines to a plan's initial settings.

    Raises:
        Refusal: 56, a cover or an option that is not offered.
    """
    result = dict(covers)
    for change in changes:
        cover = COVERS.get(change.get("HOSYOU_CD", ""))
        if cover is None:
            raise Refusal("56", KOUMOKU="HOSYOU_CD")
        option = change.get("SENTAKU_CD", "")
        if option not in {choice.code for choice in offered(cover, contract)}:
            raise Refusal("56", KOUMOKU="SENTAKU_CD")
        result[cover.code] = option
    return result
