"""
What the leaflets require, what must never happen, and which tests hold it.

Each insurer's `WIRE.md` ends with tables `| id | what | test |`, and `gateway/README.md` has one `| id | never |
guard | test |`. `requirements.json` says which ids each must have, and which belong to a part that is not built yet.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

HEADING = re.compile(r"^#+ (?:\d+\.? )?(.*?)(?:: every requirement and its test)?\s*$", re.MULTILINE)
# The first cell names it and the last one its tests; what stands between is for people.
ROW = re.compile(r"^\| *([A-Z]{2}-[A-Z]{3}-\d{2}|P-\d+) *\|.*\|([^|]*)\|$", re.MULTILINE)
SEPARATOR = re.compile(r"<br ?/?>|,|\s")
# What a cell begins with when the part of the product that its row belongs to is not built yet.
LATER = "later:"
LISTS = Path("tests/architecture/requirements.json")
# Promises that every adapter inherits; a class of tests may have its tests from there.
PROMISES = "insurers/conformance*.py"


class Requirement(NamedTuple):
    """`tests` is empty for what belongs to a part of the product that is not built yet."""

    id: str
    tests: tuple[str, ...]


class Lists(NamedTuple):
    """Which ids each letter must have under which heading, and which of them no test can hold yet."""

    wanted: dict[str, dict[str, list[str]]]
    later: list[str]


def lists(root: Path) -> Lists:
    return Lists(**json.loads((root / LISTS).read_text(encoding="utf-8")))


def tables(letter: str, titles: Iterable[str]) -> dict[str, list[Requirement]]:
    """Read the tables of a letter under these headings, told without their numbers; a missing one is left out."""
    parts = HEADING.split(letter)[1:]
    texts = dict(zip(parts[::2], parts[1::2], strict=True))
    return {
        title: [Requirement(identity, tuple(_tests(cell))) for identity, cell in ROW.findall(texts[title])]
        for title in titles
        if title in texts
    }


def named(root: Path) -> dict[str, tuple[str, ...]]:
    """Answer the tests that hold each requirement, by its id; it may stand under several headings."""
    held: dict[str, tuple[str, ...]] = {}
    for letter, titles in lists(root).wanted.items():
        for rows in tables((root / letter).read_text(encoding="utf-8"), titles).values():
            held |= {each.id: held.get(each.id, ()) + each.tests for each in rows}
    return held


def exists(root: Path, test: str) -> bool:
    """Answer whether `tests/FILE.py::test` or `tests/FILE.py::Class::test` is defined there. Nothing is imported."""
    path, *names = without_example(test).split("::")
    file = root / path
    if not (path.startswith("tests/") and Path(path).name.startswith("test_") and file.is_file()):
        return False
    module = _parsed(file)
    if len(names) == 1:
        return names[0] in _functions(module)
    sources = [*(_parsed(promises) for promises in root.glob(PROMISES)), module]
    known = {each.name: each for source in sources for each in _classes(source)}
    here = {each.name for each in _classes(module)}
    return len(names) == 2 and names[0] in here and names[1] in _inherited(names[0], known)


def without_example(test: str) -> str:
    """Drop the brackets of a parametrized test."""
    return test.partition("[")[0]


def _tests(cell: str) -> Iterator[str]:
    if not cell.strip().startswith(LATER):
        yield from (word for word in (part.strip("`") for part in SEPARATOR.split(cell)) if word)


@cache
def _parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _functions(scope: ast.Module | ast.ClassDef) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {each.name for each in scope.body if isinstance(each, kinds) and each.name.startswith("test")}


def _classes(module: ast.Module) -> list[ast.ClassDef]:
    return [each for each in module.body if isinstance(each, ast.ClassDef)]


def _inherited(name: str, known: dict[str, ast.ClassDef]) -> set[str]:
    if name not in known:
        return set()
    bases = [base.id for base in known[name].bases if isinstance(base, ast.Name) and base.id != name]
    return _functions(known[name]).union(*(_inherited(base, known) for base in bases))
