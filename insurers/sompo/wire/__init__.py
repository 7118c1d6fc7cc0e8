"""Sompo's words, exactly as they travel. Nothing here knows our language."""
