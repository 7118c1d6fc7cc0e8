"""The cases, as they stand in `*.yaml`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from tests.compiled.cases.stage import COROUTINES, RESOLVERS, USUAL
from tests.compiled.cases.words import WORDS

FOLDER = Path(__file__).parent

COMPILED = "compiled"


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of which schema, and what must come of it; README.md explains each line."""

    name: str
    schema: str
    documents: tuple[str, ...]
    roots: tuple[Any, ...] = (None,)
    objects: dict[str, Any] = {}
    types: dict[str, Any] = {}
    variables: dict[str, Any] = {}
    options: dict[str, Any] = {}
    parsing: dict[str, bool] = {}
    assume_valid: bool = False
    shapes: tuple[str, ...] = USUAL
    executor: str = "plain"
    called: str = "execute"
    loop: bool = True
    signal: bool = False
    forgets: bool = False
    aborted: str | None = None
    hooks: bool = False
    steps: list[Any] = []
    way: str | None = COMPILED
    data: Any = None
    errors: list[Any] = []
    answers: list[Any] | None = None
    raises: str | None = None
    waits: bool | None = None
    calls: list[str] | None = None
    notes: list[str] | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """How it is run by whoever compiles: "compiled", or why it is not; in no way, where nothing is run."""
        return (self.way,) if self.way else ()

    def expected(self, shape: str) -> dict[str, Any]:
        """Answer what a run must tell, as far as the case says anything about it."""
        if shape == COROUTINES and len(self.shapes) > 1:
            return {}
        answers = self.answers
        if answers is None:
            nothing = self.raises and self.data is None and not self.errors
            answers = [] if nothing else [{"data": self.data} | ({"errors": self.errors} if self.errors else {})]
        calls = self.calls if shape == RESOLVERS else None
        said = {"waits": self.waits, "notes": self.notes, "paths": calls}
        return {"answers": answers, "raises": self.raises} | {
            key: value for key, value in said.items() if value is not None
        }


def cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.yaml")):
        # A loader of ours, which makes nothing but values and the words of this folder.
        told = yaml.load(file.read_text(encoding="utf-8"), Loader)  # noqa: S506
        yield from _cases(file.stem, told, {})


def _cases(name: str, told: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Case]:
    """What a case does not say itself, the one says that it stands in."""
    own = {key: value for key, value in told.items() if key != "cases"}
    for one, several in (("document", "documents"), ("root", "roots")):
        if one in own:
            own[several] = [own.pop(one)]
    merged = {**known, **own}
    if "cases" not in told:
        yield msgspec.convert({"name": name, **merged}, Case)
    for title, inner in told.get("cases", {}).items():
        yield from _cases(f"{name}: {title}", inner, merged)


class Loader(yaml.CSafeLoader):
    """Knows the words (`!later.raises text` is `later` of `raises` of a text), and lets nothing be said twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        assert len(node.value) == len(mapping), f"something is said twice{node.start_mark}"
        return mapping


def _word(loader: Loader, suffix: str, node: yaml.Node) -> object:
    *outer, word = suffix.split(".")
    said = WORDS[word](_plain(loader, node))
    for name in reversed(outer):
        said = WORDS[name](said)
    return said


def _plain(loader: Loader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    # What `3` or `null` is without a word before it.
    assert isinstance(node, yaml.ScalarNode)
    tag = loader.resolve(yaml.ScalarNode, node.value, (not node.style, True))  # type: ignore[no-untyped-call]
    return loader.construct_object(yaml.ScalarNode(tag, node.value), deep=True)


Loader.add_multi_constructor("!", _word)
