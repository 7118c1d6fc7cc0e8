"""The three recommended plans: 1 as now, 2 more cover, 3 less premium (WIRE.md §6.4, §11)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .choices import DEDUCTIBLE, ITEMS, NONE, OWN_DAMAGE, USUAL_DEDUCTIBLE, Choices
from .contracts import Contract, Quirk

RECOMMENDED_MOST = 2
LEAST = 3
EVERY = (1, RECOMMENDED_MOST, LEAST)

DESCRIPTIONS: Mapping[int, str] = {
    1: "現在のご契約と同じ補償内容のプラン",
    2: "補償を充実させたプラン",
    3: "保険料を抑えたプラン",
}


@dataclass
class PlanDesk:
    """One plan on the screen of one session, edited or not."""

    number: int
    initial: Choices
    chosen: Choices
    needs_requote: bool = False

    def edit(self, chosen: Choices) -> None:
        self.needs_requote = self.needs_requote or chosen != self.chosen
        self.chosen = chosen

    def requote(self) -> None:
        self.needs_requote = False

    def reset(self) -> None:
        self.chosen, self.needs_requote = self.initial, False


def recommended(contract: Contract) -> dict[int, PlanDesk]:
    numbers = (LEAST,) if Quirk.PLAN3_NOMI in contract.quirks else EVERY
    return {number: _desk(number, contract.erabi) for number in numbers}


def initial(number: int, present: Choices) -> dict[str, str]:
    """What a plan offers at first to somebody who has, or wants, these."""
    return INITIAL[number](present)


def is_recommended_most(number: int, offered: Mapping[int, PlanDesk]) -> bool:
    return number == RECOMMENDED_MOST or len(offered) == 1


def _desk(number: int, present: Choices) -> PlanDesk:
    first = initial(number, present)
    return PlanDesk(number, first, first)


def _as_now(present: Choices) -> dict[str, str]:
    return dict(present)


def _more(present: Choices) -> dict[str, str]:
    amounts = list(ITEMS["JINSHIN_KINGAKU"].choices)
    up = min(amounts.index(present["JINSHIN_KINGAKU"]) + 1, len(amounts) - 1)
    return {
        **present,
        "JINSHIN_KINGAKU": amounts[up],
        "JINSHIN_HANI": "SHAGAI",
        OWN_DAMAGE: "IPPAN",
        DEDUCTIBLE: present.get(DEDUCTIBLE, USUAL_DEDUCTIBLE),
        "BENGOSHI": "JIDOSHA_NICHIJO",
        "RENTAL": "5000" if present["RENTAL"] == NONE else present["RENTAL"],
    }


def _less(present: Choices) -> dict[str, str]:
    chosen = {**present, "BENGOSHI": "JIDOSHA", "NICHIJO_BAISHO": NONE, "RENTAL": NONE}
    if present[OWN_DAMAGE] != NONE:
        chosen |= {OWN_DAMAGE: "10GENTEI", DEDUCTIBLE: "10-10"}
    return chosen


INITIAL: Mapping[int, Callable[[Choices], dict[str, str]]] = {1: _as_now, RECOMMENDED_MOST: _more, LEAST: _less}
