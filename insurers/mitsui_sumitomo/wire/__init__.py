"""Mitsui Sumitomo's words, exactly as they travel (WIRE.md). Nothing here knows our language."""
