"""Thousands of rows in one statement, in the way that each kind of database takes them fastest."""

import json
from collections.abc import Collection, Sequence
from typing import Any, cast

from psycopg import AsyncConnection, sql
from psycopg.types.string import BytesBinaryDumper
from sqlalchemy import ARRAY, Column, ColumnElement, Table, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection as Connection

# A row's values in the order of the columns, whatever their types, as the driver takes them.
Values = tuple[Any, ...]

# SQLite takes some 32,000 bound values in a statement.
KEYS_AT_ONCE = 10_000

# What COPY calls the types of columns; each is written in its own binary form.
_TYPES = {"BIGINT": "int8", "INTEGER": "int4", "SMALLINT": "int2", "BOOLEAN": "bool", "TEXT": "text", "BYTEA": "bytea"}


async def insert(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Values]) -> None:
    """Write new rows. Nothing may stand in their way."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        await _copy(connection, table, columns, rows)
    else:
        places = ", ".join("?" for _ in columns)
        names = ", ".join(columns)
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({places})"  # noqa: S608 - our own names
        await connection.exec_driver_sql(statement, list(rows))


async def each(connection: Connection, statement: str, rows: Sequence[Values]) -> None:
    """Carry out a statement for each of *rows*; `?` is the place of a value."""
    if rows:
        await connection.exec_driver_sql(placed(connection, statement), list(rows))


async def found(
    connection: Connection, statement: str, given: Values, keys: Collection[int] | Collection[bytes]
) -> list[Any]:
    """
    Answer the rows of a query that ends with `among`: what is one of *keys*.

    In *statement*, `?` is the place of each of *given*, and `among` follows the column of the keys.
    """
    listed = list(keys)
    rows: list[Any] = []
    for start in range(0, len(listed), KEYS_AT_ONCE):
        page = listed[start : start + KEYS_AT_ONCE]
        rows += (await _among(connection, statement, given, page)).all()
    return rows


async def changed(connection: Connection, statement: str, given: Values, keys: Collection[int]) -> None:
    """Carry out an update that ends with `among`, as `found` reads it."""
    listed = list(keys)
    for start in range(0, len(listed), KEYS_AT_ONCE):
        await _among(connection, statement, given, listed[start : start + KEYS_AT_ONCE])


# A result is typed by its columns, which stand in the statement's text.
async def _among(connection: Connection, statement: str, given: Values, keys: Sequence[Any]) -> Any:
    if connection.dialect.name == "postgresql":
        one = statement.replace("?", "%s").replace("among", "= ANY(%b)")
        return await connection.exec_driver_sql(one, (*given, keys))
    places = ", ".join("?" for _ in keys)
    return await connection.exec_driver_sql(statement.replace("among", f"IN ({places})"), (*given, *keys))


def among(connection: Connection, column: Column[Any], keys: Collection[str]) -> ColumnElement[bool]:
    """Say that *column* is one of *keys*, in words that are the same however many they are."""
    if connection.dialect.name == "postgresql":
        return column == func.any(literal(list(keys), ARRAY(column.type)))
    listed = func.json_each(literal(json.dumps(list(keys)))).table_valued("value")
    return column.in_(select(listed.c.value))


def placed(connection: Connection, statement: str) -> str:
    """Answer a statement with its places as the driver writes them."""
    return statement.replace("?", "%s") if connection.dialect.name == "postgresql" else statement


async def fresh_ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """Answer as many ids as are wanted that nothing in *table* had before; each is greater than the one before."""
    if connection.dialect.name == "postgresql":
        statement = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        return list((await connection.exec_driver_sql(statement, (table.name, count))).scalars())
    # There is one writer at a time, and it is this one.
    last = (await connection.execute(select(func.coalesce(func.max(table.c.id), 0)))).scalar_one()
    return range(last + 1, last + 1 + count)


async def _copy(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Values]) -> None:
    driver = cast(AsyncConnection, (await connection.get_raw_connection()).driver_connection)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table.name), names)
    types = [_TYPES[table.c[column].type.compile(connection.dialect)] for column in columns]
    async with driver.cursor() as cursor, cursor.copy(statement) as copy:
        # The one that is registered for whatever DB-API calls binary looks at each value in Python.
        cursor.adapters.register_dumper(bytes, BytesBinaryDumper)
        copy.set_types(types)
        for row in rows:
            await copy.write_row(row)
