"""A quote runs out, whether or not its insurer says when; and what was chosen is chosen for one policy."""

from datetime import datetime, timedelta

import msgspec
import pytest

from insurers.comparison import Choice, Comparison
from insurers.identity import PolicyNumber, PolicyRef
from insurers.quotation import STANDS, stands_until
from tests.store.invented import ACME, MATURITY, NOW, PLAN, REF, comparison

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "begins", "until"),
    [
        (None, NOW + 30 * STANDS, NOW + STANDS),
        (None, NOW + HOUR, NOW + HOUR),
        (NOW + 14 * STANDS, NOW + 30 * STANDS, NOW + 14 * STANDS),
        (NOW + 14 * STANDS, NOW + STANDS, NOW + STANDS),
    ],
    ids=["untold: a day", "untold: until the term begins", "as told", "told: until the term begins"],
)
def test_a_quote_stands_as_its_insurer_says_or_a_day_and_never_into_its_term(
    said: datetime | None, begins: datetime, until: datetime
) -> None:
    plan = msgspec.structs.replace(PLAN, quoted_at=NOW, valid_until=said)

    assert until == stands_until(plan, begins)


def test_a_later_choice_takes_the_place_of_the_same_policys_and_of_no_others() -> None:
    other = PolicyRef(ACME, PolicyNumber.parse("ANOTHER-1"))
    begun = comparison()
    elsewhere = Choice(policy=other, inquiry="q2", plan=PLAN, chosen_at=NOW)
    later = Choice(policy=REF, inquiry="q3", plan=PLAN, chosen_at=NOW + HOUR)

    both = msgspec.structs.replace(begun, choices=begun.chosen(elsewhere))
    after = msgspec.structs.replace(both, choices=both.chosen(later))

    assert ["q1", "q2"] == [choice.inquiry for choice in both.choices]
    assert (elsewhere, later) == (after.choice(other), after.choice(REF))
    assert 2 == len(after.choices)


def test_a_comparison_from_before_choices_were_each_policys_is_read_as_one_without() -> None:
    stored = msgspec.to_builtins(comparison())
    stored["choice"] = stored.pop("choices")[0]

    read = msgspec.convert(stored, Comparison)

    assert ((), MATURITY) == (read.choices, read.policies[0].maturity)
