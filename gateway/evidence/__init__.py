"""The evidence of a renewal or a comparison as a file: written here, and checked anywhere."""
