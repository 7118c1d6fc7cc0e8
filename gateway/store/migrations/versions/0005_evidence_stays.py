"""The database itself refuses to change or to delete evidence."""

from alembic import op

revision = "0005"
down_revision = "0004"

GUARDS = {
    "sqlite": """
        CREATE TRIGGER consents_stay BEFORE DELETE ON consents
        BEGIN SELECT RAISE(ABORT, 'evidence is only ever appended'); END
        ---
        CREATE TRIGGER consents_keep_their_place BEFORE UPDATE OF flow, sequence, at ON consents
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
        """,
}


def upgrade() -> None:
    for statement in GUARDS[op.get_context().dialect.name].split("---"):
        op.execute(statement.strip())
