"""
What the leaflets require of registration, sign-in, reset and linking, and which tests hold it.

Each insurer's `WIRE.md` ends with a table `| id | what | test |`; `requirements.json` says which ids it must have.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HEADING = re.compile(r"^#+ .*every requirement and its test\s*$", re.MULTILINE)
ROW = re.compile(r"^\| *([A-Z]{2}-[A-Z]{3}-\d{2}) *\|(?:[^|]*)\|([^|]*)\|$", re.MULTILINE)
SEPARATOR = re.compile(r"<br ?/?>|,|\s")
LISTS = Path("tests/architecture/requirements.json")
# Promises that every adapter inherits; a class of tests may have its tests from there.
PROMISES = Path("insurers/conformance.py")
OPEN = "?"


class Requirement(NamedTuple):
    id: str
    tests: tuple[str, ...]


def wanted(root: Path) -> dict[str, list[str]]:
    """Answer the ids that each letter must have, by the letter's path."""
    lists: dict[str, list[str]] = json.loads((root / LISTS).read_text(encoding="utf-8"))
    return lists


def table(letter: str) -> list[Requirement]:
    """Read the table at the end of a `WIRE.md`; there is none where its heading is not."""
    heading = HEADING.search(letter)
    rows = ROW.findall(letter, heading.end()) if heading else []
    return [Requirement(identity, tuple(_tests(cell))) for identity, cell in rows]


def named(root: Path) -> dict[str, tuple[str, ...]]:
    """Answer the tests that hold each requirement, by its id."""
    letters = [(root / letter).read_text(encoding="utf-8") for letter in wanted(root)]
    return {each.id: tuple(test for test in each.tests if test != OPEN) for text in letters for each in table(text)}


def exists(root: Path, test: str) -> bool:
    """Answer whether `tests/FILE.py::test` or `tests/FILE.py::Class::test` is defined there. Nothing is imported."""
    path, *names = without_example(test).split("::")
    file = root / path
    if not (path.startswith("tests/") and Path(path).name.startswith("test_") and file.is_file()):
        return False
    module = _parsed(file)
    if len(names) == 1:
        return names[0] in _functions(module)
    known = {each.name: each for source in (_parsed(root / PROMISES), module) for each in _classes(source)}
    here = {each.name for each in _classes(module)}
    return len(names) == 2 and names[0] in here and names[1] in _inherited(names[0], known)


def without_example(test: str) -> str:
    """Drop the brackets of a parametrized test."""
    return test.partition("[")[0]


def _tests(cell: str) -> Iterator[str]:
    return (word for word in (part.strip().strip("`") for part in SEPARATOR.split(cell)) if word)


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
