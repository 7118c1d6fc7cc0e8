"""The agency's book: entries, the feeds that told of them, and what these changed."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    pass
