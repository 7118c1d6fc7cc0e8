"""What may be written down as wanted: what the customer says alone, in sums that can be meant."""

from collections.abc import Iterator

from gateway.journeys import acting
from insurers.consent import ConsentKind
from insurers.intention import Intention
from insurers.money import Yen
from insurers.text import Text
from schema.problems import Problem, invalid

LEAST = Yen(1)


def unsaid(intention: Intention) -> list[Problem]:
    """Answer why this is not written down; nothing where it is. An agent may go on without it (P-14)."""
    if not acting.may_confirm(ConsentKind.INTENTION_CONFIRMED):
        return [acting.customer_only(_INTENTION, "intention")]
    return [invalid(_TOO_LITTLE, "intention", *field) for field, sum_ in _sums(intention) if sum_ < LEAST]


def _sums(intention: Intention) -> Iterator[tuple[tuple[str, ...], Yen]]:
    if intention.budget is not None:
        yield ("budget",), intention.budget
    for place, must in enumerate(intention.must_have):
        if must.at_least is not None:
            yield ("mustHave", str(place), "atLeast"), must.at_least


_INTENTION = Text("ご意向の確認", "What you want")
_TOO_LITTLE = Text(
    f"{LEAST.amount}円以上でご指定ください。指定しない場合は省いてください。",
    f"Name {LEAST} or more, or leave it out.",
)
