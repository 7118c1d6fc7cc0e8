"""Whoever types something else than a field's pattern wants is told what that is, and not that it was wrong."""

import ast
from collections.abc import Iterator
from pathlib import Path

import insurers

SOURCES = Path(insurers.__file__).parent


def fields() -> Iterator[tuple[str, set[str]]]:
    """Bring where each field is described, and what is said of it."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Field":
                yield f"{path.relative_to(SOURCES)}:{node.lineno}", {one.arg or "" for one in node.keywords}


def test_a_field_with_a_pattern_says_it_in_words() -> None:
    patterned = {place: said for place, said in fields() if "pattern" in said}

    assert patterned
    assert [] == [place for place, said in patterned.items() if "expected" not in said]
