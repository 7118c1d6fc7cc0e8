"""The words of the cases: what `!raises`, `!later` and the others in `*.yaml` do."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from typing import Any

from graphql import GraphQLError, Undefined

from tests.compiled.cases import documents, sequences
from tests.compiled.cases.stage import Call, Word


class Wrong(Exception):
    """What goes wrong because a case says so."""


def wrong(said: Any, arguments: Mapping[str, Any]) -> Exception:
    """Answer an exception; said as a mapping it is graphql-core's own, with extensions."""
    if isinstance(said, dict):
        return GraphQLError(said["message"], extensions=said["extensions"])
    return Wrong(str(said).format(**arguments))


class Raises(Word):
    def __init__(self, said: Any) -> None:
        self.said = said

    def answer(self, call: Call) -> object:
        raise wrong(self.said, call.arguments)


class Error(Raises):
    """Answers an exception instead of raising it."""

    def answer(self, call: Call) -> object:
        return wrong(self.said, call.arguments)


class Before(Word):
    """Does something before what another word does, or before a value."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner


class Later(Before):
    """A coroutine that does not wait."""

    async def answer(self, call: Call) -> object:
        return call.value(self.inner)


class Slow(Before):
    """A coroutine that lets others go first."""

    async def answer(self, call: Call) -> object:
        await asyncio.sleep(0)
        return call.value(self.inner)


class Awaited(Before):
    """Something to await that is no coroutine, and that Python does not miss where nobody does."""

    def answer(self, call: Call) -> object:
        return Promise(lambda: call.value(self.inner))


class Promise:
    def __init__(self, value: Callable[[], object]) -> None:
        self._value = value

    def __await__(self) -> Generator[None, None, object]:
        yield from ()
        return self._value()


class Noted(Before):
    """Says when its value is made."""

    def answer(self, call: Call) -> object:
        call.stage.notes.append(f"asked {call.info.path.key}")
        return call.value(self.inner)


class Keeps(Before):
    """Keeps its arguments; `!kept name` answers them."""

    def answer(self, call: Call) -> object:
        call.stage.memory.update(call.arguments)
        return call.value(self.inner)


class Named(Word):
    def __init__(self, name: Any) -> None:
        self.name = str(name)


class Lacks(Named):
    """A property that fails for want of an attribute of its own, which Python takes for one that is not there."""

    alone = AttributeError("something else")

    def answer(self, call: Call) -> object:
        return None


class Stops(Named):
    """Raises what ends an iteration, where there is none."""

    def answer(self, call: Call) -> object:
        raise StopIteration(self.name)


class Takes(Named):
    """Takes the last of a list that it was given as an argument, and answers it."""

    def answer(self, call: Call) -> object:
        return call.arguments[self.name].pop()


class Kept(Named):
    def answer(self, call: Call) -> object:
        return call.stage.memory.get(self.name)


class Aborts(Named):
    """Aborts the operation for this reason, and answers "done"."""

    def answer(self, call: Call) -> object:
        call.stage.abort.abort(Wrong(self.name))
        return "done"


class Shows(Named):
    """The Python of one argument, or null where there is none; of all arguments with `!shows all`."""

    def answer(self, call: Call) -> object:
        if self.name == "all":
            return repr(dict(call.arguments))
        return repr(call.arguments[self.name]) if self.name in call.arguments else None


class Gives(Named):
    """One argument, as it came."""

    def answer(self, call: Call) -> object:
        return call.value(call.arguments[self.name])


class An(Named):
    """One of the case's objects, new each time."""

    def answer(self, call: Call) -> object:
        return call.stage.source(call.stage.objects[self.name])


class Reads(Named):
    """What an object that a type is asked about has by this name; nothing, where it has none."""

    def answer(self, call: Call) -> object:
        source, name = call.source, self.name
        found = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
        return found(call.info) if callable(found) else found


class Has(Reads):
    def answer(self, call: Call) -> object:
        return super().answer(call) is not None


class Source(Named):
    """The source itself; of a scalar, the value that came."""

    def answer(self, call: Call) -> object:
        return call.source


class Promised(Named):
    """A future that the steps of a case fulfil, or nobody."""

    def answer(self, call: Call) -> object:
        call.stage.notes.append(f"started {self.name}")
        return call.stage.promised(self.name)


class Waits(Named):
    """A coroutine that waits for such a future, and says where it is cancelled."""

    async def answer(self, call: Call) -> object:
        call.stage.notes.append(f"started {self.name}")
        try:
            return call.value(await call.stage.promised(self.name))
        except asyncio.CancelledError:
            call.stage.notes.append(f"cancelled {self.name}")
            raise


class Meets(Word):
    """A coroutine that goes on when so many of them have come, and answers true."""

    def __init__(self, many: int) -> None:
        self.many = many

    async def answer(self, call: Call) -> object:
        memory = call.stage.memory
        memory["met"] = memory.get("met", 0) + 1
        everybody = call.stage.promised("everybody")
        if memory["met"] == self.many:
            everybody.set_result(True)
        return await everybody


class Tracks(Named):
    """Lets the execution wait for a future that is not its answer."""

    def answer(self, call: Call) -> object:
        call.info.async_helpers.track([call.stage.promised(self.name)])
        return "ok"


class Gathers(Word):
    """Waits for several things, by what resolvers are given for that."""

    def __init__(self, several: list[Any]) -> None:
        self.several = several

    def answer(self, call: Call) -> object:
        return call.info.async_helpers.gather(call.value(self.several))


class EachLater(Gathers):
    """A list of coroutines."""

    def answer(self, call: Call) -> object:
        return [Later(item).answer(call) for item in self.several]


WORDS: Mapping[str, Callable[[Any], object]] = {
    **sequences.WORDS,
    **documents.WORDS,
    "a": An,
    "aborts": Aborts,
    "an": An,
    "awaited": Awaited,
    "each_later": EachLater,
    "error": Error,
    "gathers": Gathers,
    "gives": Gives,
    "has": Has,
    "keeps": Keeps,
    "kept": Kept,
    "lacks": Lacks,
    "later": Later,
    "meets": Meets,
    "noted": Noted,
    "promised": Promised,
    "raises": Raises,
    "reads": Reads,
    "shows": Shows,
    "slow": Slow,
    "source": Source,
    "stops": Stops,
    "takes": Takes,
    "tracks": Tracks,
    "undefined": lambda _: Undefined,
    "waits": Waits,
}
