"""
Cars, of which each gets one contract.

Evidence of before stands in another form, hashed in another way, and this program can neither
read it nor go on with its chain. It may not be thrown away either, so a database that holds
some is left as it is. Every application that went out or waits has left evidence, so no car is
known of before, and none has to be looked for in what is sealed.
"""

import sqlalchemy as sa
from alembic import op

from gateway.store.errors import EarlierEvidence

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM consents LIMIT 1")).first():
        raise EarlierEvidence
    op.create_table(
        "cars",
        sa.Column("car", sa.Text, nullable=False),
        sa.Column("covered_by", sa.Text),
        sa.Column("covered_until", sa.DateTime(timezone=True)),
        sa.Column("held_by", sa.Text),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("car", name="pk_cars"),
    )
    op.create_index("ix_cars_held_by", "cars", ["held_by"])
