"""What agents did to their book, reminders, and what customers were asked."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass
