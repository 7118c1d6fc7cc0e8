"""Whatever is deferred or streamed, the parts make the whole, for readers of ids and for readers of paths."""

import asyncio
import json
from itertools import count

import strawberry
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult

from schema.execution.executors import InOnePiece, InParts, run_by
from schema.execution.frames import Frames
from tests.api.arriving import by_ids, by_paths
from tests.api.frontend import Json


@strawberry.type
class Knot:
    number: int

    @strawberry.field
    async def one(self) -> "Knot":
        await asyncio.sleep(0)
        return Knot(number=self.number * 10)

    @strawberry.field
    async def many(self) -> strawberry.Streamable["Knot"]:
        for last in range(3):
            yield Knot(number=self.number * 10 + last)
            # Every second one takes its time.
            await asyncio.sleep(0.001 * (last % 2))

    @strawberry.field
    def pair(self) -> list["Knot"]:
        return [Knot(number=self.number * 10 + last) for last in range(2)]


@strawberry.type
class Query:
    @strawberry.field
    def root(self) -> Knot:
        return Knot(number=1)


BUILT = strawberry.Schema(query=Query, config=StrawberryConfig(enable_experimental_incremental_execution=True))
FIELDS = (
    "... @defer",
    '... @defer(label: "{}")',
    "one",
    "o{}: one",
    "m{}: many",
    "m{}: many @stream",
    "m{}: many @stream(initialCount: 2)",
    "p{}: pair @stream(initialCount: 1)",
)
# A selection: what is selected, and what of each of these.
SELECTIONS = st.recursive(
    st.just(()), lambda inner: st.lists(st.tuples(st.sampled_from(FIELDS), inner), max_size=3).map(tuple), max_leaves=8
)
Selection = tuple[tuple[str, "Selection"], ...]


def written(selection: Selection, numbers: "count[int]") -> str:
    parts = (f"{field.format(next(numbers))} {written(inner, numbers)}" for field, inner in selection)
    return "{ number " + " ".join(parts) + " }"


async def answered(document: str) -> tuple[Json, list[Json]]:
    whole = await run_by(InOnePiece, BUILT).execute(document)
    assert whole.errors is None
    assert whole.data is not None
    frames = Frames()
    told: list[Json] = []
    async for result in await run_by(InParts, BUILT).stream(document):
        if isinstance(result, ExecutionResult):
            told.append({"data": result.data, "hasNext": False})
        else:
            told.append(frames.frame(result))
    return whole.data, told


@given(SELECTIONS)
@settings(max_examples=60)
def test_the_parts_of_any_document_make_its_whole(selection: Selection) -> None:
    whole, frames = asyncio.run(answered("{ root " + written(selection, count()) + " }"))

    on_the_wire = json.dumps(frames)

    assert whole == by_ids(json.loads(on_the_wire))
    assert whole == by_paths(json.loads(on_the_wire))
