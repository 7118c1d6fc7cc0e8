"""The evidence of a renewal as a file: written here, and checked anywhere."""
