"""The sandbox and the page that it reads say the same."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

import insurers.mitsui_sumitomo.sandbox as sandbox
from insurers.mitsui_sumitomo.sandbox import personas, rating, texts
from insurers.mitsui_sumitomo.sandbox.choices import ITEMS
from insurers.mitsui_sumitomo.sandbox.contracts import Conditions, Grade
from insurers.mitsui_sumitomo.sandbox.problems import PROBLEMS
from insurers.sandbox import TOKYO

WIRE = (Path(sandbox.__file__).parents[1] / "WIRE.md").read_text()
PROBLEM_TABLE = WIRE[WIRE.index("## 9. Problems") : WIRE.index("## 10. Mails")]

LEAST = {"TAIBUTSU_KINGAKU": "3000MAN", "JINSHIN_KINGAKU": "3000MAN", "SHARYO_KATA": "NASHI"}


def test_the_wire_says_first_that_it_is_invented() -> None:
    assert WIRE.startswith("This wire is this project's invention")


def test_the_terms_of_use_stand_in_the_page() -> None:
    assert f"Edition `{texts.TERMS_EDITION}`" in WIRE
    assert f"「{texts.TERMS}」" in WIRE


def test_every_problem_is_in_the_table() -> None:
    assert set() == {code for code in PROBLEMS if f"`{code}`" not in PROBLEM_TABLE}


def test_every_problem_of_the_table_can_be_said() -> None:
    first_columns = [line.split("|")[1] for line in PROBLEM_TABLE.splitlines() if line.startswith("| `")]
    named = set(re.findall(r"`([a-z-]+)`", "".join(first_columns)))

    assert named == set(PROBLEMS)


def test_every_persona_is_named() -> None:
    assert set() == {one.code for one in personas.read().personas if f"`{one.code}`" not in WIRE}


def test_no_two_contracts_of_one_term_are_on_one_car() -> None:
    contracts = personas.contracts(personas.read(), datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)).values()
    plates = [contract.okuruma.toroku_no for contract in contracts if contract.keizokumoto_shoken_no is None]

    assert len(plates) == len(set(plates))


def test_every_choice_is_listed() -> None:
    rows = {line.split("`")[1]: line for line in WIRE.splitlines() if line.startswith("| `")}

    for item, offered in ITEMS.items():
        assert set() == {code for code in offered.choices if f"`{code}`" not in rows[item]}


@pytest.mark.parametrize(
    ("grade", "accident_term", "in_group", "yen"),
    [
        # Base 43,000 for class 1, by hand from WIRE.md §11; options 3,200 + 5,400.
        (6, 0, False, 51_600),
        (20, 0, False, 43_000 * 580 // 1000 + 8_600),
        (6, 3, False, 43_000 * 1150 // 1000 + 8_600),
        (3, 0, False, 43_000 * 1300 // 1000 + 8_600),
        (6, 0, True, 51_600 * 850 // 1000),
    ],
)
def test_the_price_is_the_one_that_the_page_computes(grade: int, accident_term: int, in_group: bool, yen: int) -> None:
    conditions = Conditions(
        untensha_gentei="NASHI",
        nenrei_joken="26SAI",
        saijakunen_seinengappi=date(1990, 1, 1),
        menkyosho_iro="BLUE",
        shiyo_mokuteki="NICHIJO_LEISURE",
    )
    risk = rating.Risk(1, 1_000_000, conditions, Grade(tokyu=grade, jiko_ari_kikan=accident_term), in_group)

    assert yen // 10 * 10 == rating.annual(risk, LEAST)


def test_a_grade_rises_to_twenty_and_an_accident_term_falls_to_nothing() -> None:
    assert Grade(tokyu=20, jiko_ari_kikan=0, zantei=True) == Grade(tokyu=20, jiko_ari_kikan=1).next_term()
    assert Grade(tokyu=8, jiko_ari_kikan=0, zantei=True) == Grade(tokyu=7, jiko_ari_kikan=0).next_term()
