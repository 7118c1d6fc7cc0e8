"""How an answer is held against a promise."""

from collections import Counter
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from msgspec import Struct

from insurers.coverage import Coverage, CoverageKind
from insurers.errors import InsurerError
from insurers.money import LimitKind
from insurers.policy import RenewabilityCode, RenewabilityReason

TOKYO_OFFSET = timedelta(hours=9)

# Kinds of which a plan has one cover; of the rest it may have any number.
SINGLE = frozenset(CoverageKind) - {CoverageKind.OTHER}

# What only an agency can deal with.
AGENCY_ONLY = frozenset(
    {
        RenewabilityCode.CORPORATE_POLICYHOLDER,
        RenewabilityCode.GROUP_CONTRACT,
        RenewabilityCode.GROUP_CONDITION_NOT_MET,
        RenewabilityCode.CHANGE_NEEDS_AGENCY,
        RenewabilityCode.DISCLOSURE_APPLIES,
        RenewabilityCode.RECENT_ACCIDENT,
        RenewabilityCode.FLEET_SIZE,
    }
)

Refusal = TypeVar("Refusal", bound=InsurerError)


async def refusal(asked: Awaitable[object], kind: type[Refusal]) -> Refusal:
    """Answer the error of *kind* by which *asked* ends, or fail."""
    try:
        answer = await asked
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was promised, and the answer was a {type(answer).__name__}")


Word = TypeVar("Word", bound=Struct)


def stored(value: Word) -> Word:
    """Answer *value* after it was written down and read back, which checks every type in it."""
    return msgspec.json.decode(msgspec.json.encode(value), type=type(value))


def moments(value: object) -> Iterator[datetime]:
    """Find every time in *value*, however deep."""
    match value:
        case datetime():
            yield value
        case Struct():
            for name in value.__struct_fields__:
                yield from moments(getattr(value, name))
        case Mapping():
            for part in value.values():
                yield from moments(part)
        case tuple() | list():
            for part in value:
                yield from moments(part)


def for_the_agency(reason: RenewabilityReason) -> bool:
    """Whether *reason* leaves the customer with an agency, by its code or by its words."""
    return reason.code in AGENCY_ONLY or "代理店" in reason.message.ja


def check_covers(covers: Sequence[Coverage]) -> None:
    """Check what a comparison relies on."""
    assert [] == [
        kind for kind, times in Counter(cover.kind for cover in covers).items() if times > 1 and kind in SINGLE
    ]
    for cover in covers:
        assert cover.insurer_label
        if cover.options:
            assert 1 == sum(option.selected for option in cover.options), cover.insurer_label
            assert len(cover.options) == len({option.value for option in cover.options})
        assert (cover.variant is None) == (cover.insurer_variant is None), cover.insurer_label
        assert bool(cover.perils) == (cover.kind is CoverageKind.OWN_DAMAGE and cover.included)
        assert len(cover.perils) == len({part.peril for part in cover.perils})
        if cover.limit is not None:
            assert cover.limit.amount is not None or cover.limit.kind is not LimitKind.AMOUNT
            assert cover.limit.amount is None or cover.limit.kind in (LimitKind.AMOUNT, LimitKind.ACTUAL_VALUE)
