"""What stands in one cell of a comparison on paper."""

import pytest

from gateway.demo import cells
from gateway.demo.client import Answer
from insurers.text import Language


def cell(verdict: str, **said: object) -> Answer:
    cover = {
        "included": True,
        "stated": True,
        "insurerLabel": "補償",
        "insurerVariant": None,
        "limit": None,
        "deductible": None,
    }
    return {"verdict": verdict, "coverage": {**cover, "perils": [], **said}}


@pytest.mark.parametrize(
    ("amount", "said"),
    [(100_000_000, "1億円"), (3_000_000_000, "30億円"), (50_000_000, "5,000万円"), (5_000, "5,000円")],
)
def test_amounts_are_said_as_leaflets_do(amount: int, said: str) -> None:
    limited = cell("BETTER", limit={"kind": "AMOUNT", "amount": amount, "basis": "PERSON", "abroad": None})

    assert f"▲{said}\n1名につき" == cells.cover(limited, Language.JA, named=False).plain


def test_a_sum_a_day_and_what_is_paid_abroad_are_said_beside_it() -> None:
    limits = [
        {"kind": "AMOUNT", "amount": 5_000, "basis": "DAY", "abroad": None},
        {"kind": "UNLIMITED", "amount": None, "basis": "ACCIDENT", "abroad": 100_000_000},
    ]

    said = [cells.cover(cell("EQUAL", limit=limit), Language.JA, named=False).plain for limit in limits]

    assert ["＝5,000円\n1日につき", "＝無制限\n国外 1億円"] == said


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        (cell("LOST", included=False), "－none"),
        ({"verdict": "EQUAL", "coverage": None}, "＝none"),
        (cell("UNKNOWN"), "？yes\n補償"),
        (cell("REFERENCE", included=False, stated=False), "？not stated"),
        (
            cell(
                "WORSE",
                perils=[{"peril": "FIRE", "covered": "YES"}],
                deductible={"first": 50_000, "second": 100_000, "carToCarZero": True},
            ),
            "▼deductible ¥50,000, then ¥100,000\n0 if by a car\n補償",
        ),
    ],
)
def test_a_cell_says_in_few_words_how_a_plan_has_a_cover(given: Answer, plain: str) -> None:
    assert plain == cells.cover(given, Language.EN, named=True).plain
