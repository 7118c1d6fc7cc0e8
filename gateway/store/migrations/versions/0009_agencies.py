"""Agencies, those who work there, and what customers let them do."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    pass
