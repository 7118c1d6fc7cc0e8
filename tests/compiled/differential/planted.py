"""Copies of the compiler with one bug planted in each, to show that the cases find it."""

import importlib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from graphql.execution import Executor
from graphql.execution.incremental import IncrementalExecutor

from schema.execution import compiled
from tests.compiled.differential.hunting import Pair, hunted

# Every bug is found within so many cases of one of so many seeds.
ENOUGH = 2_000
SEEDS = 3


class Bug(NamedTuple):
    """
    A change of one place in a module's text: what stands there, and what is planted instead.

    `seed` is one of those by which it is found soon.
    """

    name: str
    module: str
    text: str
    planted: str
    seed: int = 1


CALLED = "function(value, field.info(run, at), **field.arguments(run))"
FORGETTING = "            known = known if self.node.arguments else {}\n"
CACHED = "            if not _UNCHANGING.issu"
INSIDE = "key, done, branch = repr(field."

BUGS = (
    Bug("null is not propagated", "oddities", "    raise Lacking", "    return None"),
    Bug("an awaitable is not awaited", "oddities", "        return True\n    kind", "        return False\n    kind"),
    Bug("the error of an item has another index", "trouble", "self._above, len(self._done)", "self._above, 0"),
    Bug("the error of an item is lost", "trouble", "self._run.handle_field_error(", "repr(self); ("),
    Bug("the error of a field is lost", "trouble", "    run.handle_field_error(said(error, field),", "    (error,"),
    Bug("an error has its first node only", "trouble", "field.type, field.details,", "field.type, field.details[:1],"),
    Bug("what failed is resolved again", "trouble", "for field in missing[1:]", "for field in missing"),
    Bug("what waits beside an error is dropped", "trouble", "run.settle_in_background([data", "repr([data"),
    Bug("a resolver is called twice", "sources", f"return {CALLED}", f"{CALLED}; return {CALLED}"),
    Bug("a permission is not asked for", "sources", "and not strawberry.extensions", "or True"),
    Bug("an attribute has the name of its field", "sources", "o.{strawberry.python_name}", "o.{field.name}"),
    Bug("a method that reads reads its own name", "sources", '["o", *names]', '["o", field.name]'),
    Bug("whoever asks for more is told of the context only", "accessors", "    return all(", "    return any("),
    Bug(
        "names in the code are mixed up",
        "names",
        'f"{hint}_{len(namespace)}"',
        'f"{hint}_{len(namespace) // 2}"',
    ),
    Bug("an input gets what was left out for another", "taking", "given = dict(absent)", "given = absent"),
    Bug("what stands in a list is taken as it is", "taking", "[each(value) for value in values]", "[*values]"),
    Bug("null in an input is left out", "taking", "if name in value:", "if value.get(name):"),
    Bug("a variable of an input is not converted", "coercing", "coerced[word] = inner(", "coerced[word] = ("),
    Bug("a variable that is left out has no default", "coercing", "if default is not None:", "if default == ():"),
    Bug("an argument that never changes is null", "sources", "zip(constants, words, strict=True)", "()"),
    Bug("an argument has the name of its field", "sources", "(value, **given", "(value, **field.arguments(run)"),
    Bug(
        "a default is forgotten",
        "fields",
        CACHED,
        f"            known = {{}} if not self.node.arguments else known\n{CACHED}",
    ),
    Bug("merged fields are lost", "fields", "self.details = details", "self.details = details[:1]"),
    Bug("a plan is taken whatever @skip asks", "reviewing", '{"skip", "include"}', '{"include"}'),
    Bug("fields of a mutation run at once", "plans", "is OperationType.MUTATION", "is None"),
    Bug(
        "the first member of a union is every one",
        "kinds",
        "_made.get(name)",
        "_made.get(min(self._made, default=name))",
    ),
    Bug("a type is not asked for its objects", "kinds", "        if not verdict:", "        if False:"),
    Bug("an alias is not looked at", "storing", f"{INSIDE}key)", f"{INSIDE}name)"),
    Bug("an error that is answered is none", "leaves", "isinstance(value, Exception)", "False", seed=11),
    Bug("what a scalar answers is not looked at", "leaves", "if type(converted) not in CALM:", "if False:", seed=14),
    Bug("all leaves of a schema's own are one", "leaves", 'f"own{number}"', '"own"'),
    Bug("what may not be null may", "writing", "maybe if nullable else lack", "maybe"),
    Bug("null is an error of no field", "oddities", "if isinstance(error, Lacking):", "if False:"),
    Bug("whole numbers are of any size", "leaves", "type({v}) is int and {v} in INT", "type({v}) is int", seed=4),
    Bug(
        "a place moves on", "places", "frozen(above), len(key) if isinstance(key, list) else key", "above, key", seed=11
    ),
    Bug("objects get what was for others", "levels", "zip(values, ", "zip(values[::-1], "),
    Bug("what went wrong is told again", "lasting", " or unlasting != run.unlasting", ""),
    Bug("whatever is asked for lasts", "sources", "info is None or asks_along(function, info, said.ways)", "True"),
    Bug("of an abstract type everything lasts", "plans", "tells=declared(field.parent) is not None", "tells=False"),
    Bug("what is written anew is told again", "lasting", "kept if write_anew is None else", "kept if True else"),
)


@contextmanager
def planted(bug: Bug) -> Iterator[Pair]:
    """
    Answer the executors of a compiler that has this bug, and of nothing else.

    Raises:
        LookupError: the text in which it would be planted is no longer there.
    """
    name = f"planted_{BUGS.index(bug)}"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, name)
        copy.mkdir()
        for module in Path(compiled.__file__).parent.glob("*.py"):
            text = module.read_text()
            if module.stem == bug.module:
                if bug.text not in text:
                    raise LookupError(f"{bug.name}: {bug.module} has no {bug.text!r} any more")
                text = text.replace(bug.text, bug.planted)
            (copy / module.name).write_text(text.replace(compiled.__name__, name))
        sys.path.insert(0, folder)
        try:
            mixin: type[Executor[Any]] = importlib.import_module(name).Compiled
            yield Pair(type("Whole", (mixin, Executor), {}), type("Parts", (mixin, IncrementalExecutor), {}))
        finally:
            sys.path.remove(folder)
            for module_name in [each for each in sys.modules if each.partition(".")[0] == name]:
                del sys.modules[module_name]


def cases_until_found(bug: Bug) -> int | None:
    """Answer the number of cases after which a bug was found, or None. What hypothesis draws may differ by machine."""
    needed = 0
    with planted(bug) as pair:
        for seed in range(bug.seed, bug.seed + SEEDS):
            found, tally = hunted(seed, ENOUGH, pair, shrinks=False)
            needed += tally.counted["cases"]
            if found:
                return needed
    return None
