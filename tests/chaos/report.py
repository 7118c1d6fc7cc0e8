"""What a trial came to: a table for people, and one line for programs."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from tests.chaos.trial import Count, Plan
from tests.chaos.verdict import Violation, Wrong

WIDTH = 34
SHOWN = 20


def table(count: Count) -> str:
    wrong = {kind: sum(one.wrong is kind for one in count.violations) for kind in Wrong}
    rows = {
        "renewals": count.renewals,
        "  acknowledged": count.acknowledged,
        "  queued at some time": count.queued,
        "  unanswered at some time": count.silences,
        "    then found by asking": count.found,
        "    then known never to have come": count.absent,
        "in the end": _words(count.finals),
        "presses of the button": count.presses,
        "applications signed": count.signed,
        "processes killed": _words({f"{kind}": times for kind, times in count.kills.items()}),
        "faults that came": _words(count.faults),
        "customers' troubles": _words(count.troubles),
        "seconds of trouble, and in all": f"{count.seconds_of_trouble:.0f}, {count.seconds:.0f}",
        "renewals per second": f"{count.per_second:.2f}",
        **{f"{kind}": times for kind, times in wrong.items()},
    }
    return "\n".join(f"{name:<{WIDTH}} {value}" for name, value in rows.items())


def line(plan: Plan, count: Count) -> str:
    told = {"plan": msgspec.structs.asdict(plan), **vars(count), "per_second": count.per_second}
    return json.dumps(msgspec.to_builtins(told), ensure_ascii=False)


def complaint(violations: list[Violation], folder: Path) -> Iterator[str]:
    """Say which promises were broken, and where to look."""
    for one in violations[:SHOWN]:
        yield f"{one.wrong}: {one.subject}: {one.words}"
    if len(violations) > SHOWN:
        yield f"… and {len(violations) - SHOWN} more, in the line above"
    yield f"What was told, in order: grep RENEWAL {folder / 'told.jsonl'}"
    yield f"What the processes said: grep RENEWAL {folder}/*.log"


def _words(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {times}" for name, times in sorted(counted.items())) or "none"
