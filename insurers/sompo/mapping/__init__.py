"""Sompo's words to ours, and ours to theirs. What a table does not hold is UNKNOWN."""
