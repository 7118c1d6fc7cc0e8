"""By which indexes queries are answered, as the database itself tells."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from gateway.store.engines import Reader

# Tables as large as the book.
LARGE = frozenset({"book_entries", "book_known"})
# What queries call them besides.
NAMED = frozenset({"entry", "known", "other"})

_SQLITE = re.compile(r"(?P<way>SEARCH|SCAN) (?P<table>\w+)(?: USING(?: COVERING)? (?:INDEX )?(?P<index>.+))?")


class Plans:
    """Every query that is asked in this process, once each."""

    def __init__(self, engine: Reader) -> None:
        self._engine = engine
        self._queries: dict[str, Any] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        # What SQLAlchemy hands to its listeners has no public types.
        def heard(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
            if statement.startswith(("SELECT", "WITH")):
                self._queries.setdefault(statement, parameters)

        event.listen(Engine, "before_cursor_execute", heard)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", heard)

    async def ways(self) -> set[str]:
        """
        Answer the ways on which large tables were reached.

        Raises:
            AssertionError: one was read as a whole.
        """
        found: set[str] = set()
        async with self._engine.connect() as connection:
            for statement, parameters in self._queries.items():
                if not any(table in statement for table in LARGE):
                    continue
                if connection.dialect.name == "sqlite":
                    asked = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                    found |= set(_sqlite(row.detail for row in asked))
                else:
                    asked = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
                    plan = asked.scalar_one()
                    found |= set(_postgresql(json.loads(plan) if isinstance(plan, str) else plan))
        whole = sorted(way for way in found if way.startswith("the whole of"))
        assert not whole, whole
        return found


def _sqlite(details: Iterator[str]) -> Iterator[str]:
    for detail in details:
        way = _SQLITE.match(detail)
        if way and (way["table"] in LARGE or way["table"] in NAMED):
            yield way["index"] if way["way"] == "SEARCH" and way["index"] else f"the whole of {way['table']}"


def _postgresql(plans: Any) -> Iterator[str]:
    for node in plans if isinstance(plans, list) else [plans]:
        if node.get("Relation Name") in LARGE and "Bitmap Heap" not in node.get("Node Type", ""):
            condition = node.get("Index Cond")
            index = node.get("Index Name")
            yield f"{index} {condition_columns(condition)}" if condition else f"the whole of {node['Relation Name']}"
        elif node.get("Node Type") == "Bitmap Index Scan":
            yield f"{node['Index Name']} {condition_columns(node.get('Index Cond', ''))}"
        for key in ("Plan", "Plans"):
            if key in node:
                yield from _postgresql(node[key])


def condition_columns(condition: str) -> str:
    """Answer which columns an index is searched by, and not for what."""
    columns = re.findall(r"\(?(\w+) (?:=|>=|<=|>|<)", condition)
    return f"({', '.join(dict.fromkeys(columns))})"
