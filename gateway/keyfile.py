"""Keys that a development gateway makes for itself, once, where nobody else may read them."""

import os
from collections.abc import Callable
from pathlib import Path

OWNER_ONLY = 0o600


def kept(file: Path, make: Callable[[], str]) -> str:
    """
    Answer what *file* holds; the first to ask makes it.

    Raises:
        OSError: the folder cannot be written, or the file is somebody else's.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        return file.read_text()
    except FileNotFoundError:
        made = make()
    # Written whole before it has its name: two processes that start together agree on one key.
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as paper:
        paper.write(made)
    try:
        os.link(draft, file)
    except FileExistsError:
        return file.read_text()
    finally:
        draft.unlink()
    return made
