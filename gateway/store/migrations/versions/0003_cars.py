"""Cars, of which each gets one contract."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
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
