"""
What the database itself refuses, whoever asks: to change or to delete evidence.

Only the sealed body may be written anew, because a rotation of the keys seals it again; what is
in it, its own hash and the next entry's hold together. SQLite deletes what an INSERT OR REPLACE
replaces without asking anybody, so there an insert is looked at; PostgreSQL's TRUNCATE asks apart.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, event, text

GUARDS: Mapping[str, str] = {
    "sqlite": """
        CREATE TRIGGER consents_stay BEFORE DELETE ON consents
        BEGIN SELECT RAISE(ABORT, 'evidence is only ever appended'); END
        ---
        CREATE TRIGGER consents_keep_their_place BEFORE UPDATE OF flow, sequence, at ON consents
        BEGIN SELECT RAISE(ABORT, 'evidence is only ever appended'); END
        ---
        CREATE TRIGGER consents_are_not_replaced BEFORE INSERT ON consents
        WHEN EXISTS (SELECT 1 FROM consents WHERE flow = NEW.flow AND sequence = NEW.sequence)
        BEGIN SELECT RAISE(ABORT, 'evidence is only ever appended'); END
        """,
    "postgresql": """
        CREATE OR REPLACE FUNCTION refuse_to_change_evidence() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'evidence is only ever appended'; END $$
        ---
        CREATE TRIGGER consents_stay BEFORE DELETE ON consents
        FOR EACH ROW EXECUTE FUNCTION refuse_to_change_evidence()
        ---
        CREATE TRIGGER consents_keep_their_place BEFORE UPDATE OF flow, sequence, at ON consents
        FOR EACH ROW EXECUTE FUNCTION refuse_to_change_evidence()
        ---
        CREATE TRIGGER consents_are_not_emptied BEFORE TRUNCATE ON consents
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_evidence()
        """,
}


def guarded(table: Table) -> Table:
    """Answer the table of the evidence, which is made together with its guard."""
    event.listen(table, "after_create", _guard)
    return table


def _guard(table: Table, connection: Connection, **said: object) -> None:
    for statement in GUARDS[connection.dialect.name].split("---"):
        connection.execute(text(statement.strip()))
