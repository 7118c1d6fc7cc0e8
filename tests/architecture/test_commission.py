"""What an insurer pays for a sale is nowhere in our code, and so can steer nobody (P-11)."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

OURS = ("insurers", "schema", "gateway")

WORDS = re.compile(
    r"commission|kickback|rebate|brokerage|remunerat|incentive|sponsor|referral[_ ]?fee|affiliate"
    r"|手数料|コミッション|キックバック|リベート|報奨金|販売奨励|インセンティブ|成約報酬",
    re.IGNORECASE,
)


def speaking(files: Iterable[Path], root: Path) -> Iterator[str]:
    for file in files:
        where = file.relative_to(root).as_posix()
        if file.suffix == ".py" and where.startswith(OURS) and WORDS.search(file.read_text(encoding="utf-8")):
            yield where


def test_no_word_of_commission_stands_in_our_code(tracked: list[Path], root: Path) -> None:
    assert [] == list(speaking(tracked, root))


@pytest.mark.parametrize("word", ["commission_rate", "KICKBACK", "代理店手数料", "rebate", "SalesIncentive"])
@pytest.mark.parametrize("where", OURS)
def test_such_a_word_is_seen_wherever_it_stands(tmp_path: Path, where: str, word: str) -> None:
    planted = tmp_path / where / "ranking.py"
    planted.parent.mkdir()
    planted.write_text(f"def order(plan):\n    return plan.{word}\n", encoding="utf-8")

    assert [f"{where}/ranking.py"] == list(speaking([planted], tmp_path))
