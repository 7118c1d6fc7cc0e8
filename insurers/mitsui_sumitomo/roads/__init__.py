"""The roads to an account, screen by screen (WIRE.md §3, §4)."""
