"""
What it takes to read documents, and that remembering them takes no more than its share.

`python -m tests.benchmarks.documents` tells what reading, validating and compiling the questions of `requests` take,
and then has a million documents compiled of which no two are alike.
"""

import argparse
import gc
import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import typer
from graphql import GraphQLSchema, parse, validate

import schema
from gateway.serving import OLD_ROUNDS, YOUNG_OBJECTS
from schema.execution.compiled import Compiled
from schema.execution.compiled.plans import MOST_BYTES, Plan, compiled
from schema.execution.executors import CompiledInOnePiece
from schema.execution.passage import RULES
from schema.execution.reading import Readings

QUESTIONS = Path(__file__).parent / "requests" / "queries"
ROUNDS = 200
MICROSECONDS = 1_000_000

# One of so many documents is as long as a screen; the others are short, as whoever wants to fill a memory sends them.
ONE_IN = 200


def least(*works: Callable[[], Any]) -> list[float]:
    """Answer the microseconds that each took in its fastest round. They take turns: no machine is always alike."""
    kept, times = [], []
    for _ in range(ROUNDS):
        taken = []
        for work in works:
            began = time.perf_counter()
            # What is made is kept, so that its end is nobody's time.
            kept.append(work())
            taken.append(time.perf_counter() - began)
        times.append(taken)
    return [min(one) * MICROSECONDS for one in zip(*times, strict=True)]


def prices(known: GraphQLSchema) -> Iterator[str]:
    yield "| question | parse µs | validate µs | compile µs | compile of parse and validate |"
    yield "| --- | --: | --: | --: | --: |"
    for path in sorted(QUESTIONS.glob("*.graphql")):
        text = path.read_text(encoding="utf-8")
        document = parse(text)
        variables = {"by": {"insurer": "x", "number": "1"}, "input": {}, "id": "1"}
        run = CompiledInOnePiece.build(known, document, raw_variable_values=variables)
        if not isinstance(run, Compiled):
            # Its variables are another question's.
            continue
        parsing, validating, compiling = least(
            partial(parse, text), partial(validate, known, document, RULES), partial(_plan, run)
        )
        yield (
            f"| {path.stem} | {parsing:.0f} | {validating:.0f} | {compiling:.0f} |"
            f" {compiling / (parsing + validating):.2f} |"
        )


def _plan(run: Compiled) -> Plan:
    found = compiled(run)
    assert isinstance(found, Plan), found
    return found


def flood(known: GraphQLSchema, documents: int) -> Iterator[str]:
    """Have so many documents read, validated, remembered and compiled, and tell what the process takes meanwhile."""
    readings, long = Readings(known), (QUESTIONS / "q1.graphql").read_text(encoding="utf-8")
    yield "| documents | memory MiB | plans | their bytes, as reckoned |"
    yield "| --: | --: | --: | --: |"
    for number in range(documents + 1):
        if number in {documents // 100, documents // 10, documents // 2, documents}:
            plans = CompiledInOnePiece.plans
            yield f"| {number:,} | {_memory():.0f} | {len(plans):,} | {plans.size:,} of {MOST_BYTES:,} |"
        odd = number % ONE_IN == 0
        text = long.replace("totalCount", f"x{number}: totalCount") if odd else f"{{ x{number}: __typename }}"
        reading = readings.read(text)
        # Validation takes most of the time, and what it leaves behind it leaves behind long documents, too.
        assert not odd or not reading.errors(RULES)
        readings.keep(reading)
        run = CompiledInOnePiece.build(known, reading.document)
        assert isinstance(run, CompiledInOnePiece)
        assert isinstance(CompiledInOnePiece.plans.plan(run), Plan)


def _memory() -> float:
    """Answer the most that this process has taken so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.documents", description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000, metavar="N", help="how many in all; 0 for none")
    wanted = parser.parse_args()
    known = schema.build()._schema  # noqa: SLF001 (as in `schema.execution.straight`)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, gc.get_threshold()[1], OLD_ROUNDS)
    for line in prices(known):
        typer.echo(line)
    typer.echo("")
    for line in flood(known, wanted.documents) if wanted.documents else ():
        typer.echo(line)


if __name__ == "__main__":
    main()
