"""Names in the source of an operation's functions."""

from typing import Any


# A name may mean anything: a function, a constant of the operation, whatever a schema's author wrote.
def bound(namespace: dict[str, Any], hint: str, value: Any) -> str:
    """Answer a new name for *value*: it begins with the hint, and no other value in there has it."""
    name = f"{hint}_{len(namespace)}"
    namespace[name] = value
    return name
